"""What the stand-in for Shoptet is made to answer: generated records in between those that it holds."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass
from random import Random
from typing import Any

import requests

from clients.shoptet.config import ORDER_SECTIONS, PRODUCT_SECTIONS
from tests.campaigns.odd_copies import odd_copy
from tests.campaigns.schema_values import SchemaValues
from tests.sync.portal import Portal

TOKEN_HEADER = "Shoptet-Private-API-Token"
WILD_SHARE = 0.4
WHOLE_SHARE = 0.7
# What makes an order add up, and what says whose it is and where it belongs.
WHOLE = ("items", "price", "status", "customerGuid")


@dataclass
class ShopAnswers:
    """Make answers and have the stand-in give them."""

    portal: Portal
    values: SchemaValues

    @property
    def random(self) -> Random:
        """The one source of chance."""
        return self.values.random

    def true_answer(self, path: str, include: str = "") -> dict[str, Any]:
        """Return what the stand-in itself answers to a path."""
        shoptet = self.portal.shoptet
        answer = requests.get(f"{shoptet.url}{path}", params={"include": include}, headers={TOKEN_HEADER: shoptet.token}, timeout=30)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def record(self, template: str, true: dict[str, Any], name: str) -> dict[str, Any]:
        """Return a `data` section for a path of the file: generated throughout, or a true one with a few odd values."""
        if self.random.random() < WILD_SHARE:
            return self._made_whole(self._generated(template, name), true, name)
        return dict(odd_copy(true["data"], self.random, changes=self.random.choice((1, 1, 2, 3, 6))))

    def _generated(self, template: str, name: str) -> dict[str, Any]:
        made = self.values.answer_of(template)
        data = made.get("data") if isinstance(made, dict) else None
        return data if isinstance(data, dict) else {name: {}}

    def _made_whole(self, data: dict[str, Any], true: dict[str, Any], name: str) -> dict[str, Any]:
        """Let most generated orders add up: those that do not are stopped before BlueJet, and so prove nothing of the way there."""
        if "price" in (order := true["data"].get("order", {})) and isinstance(data.get(name), dict) and self.random.random() < WHOLE_SHARE:
            data[name] |= copy.deepcopy({part: order[part] for part in WHOLE if part in order})
        return data

    def give(self, path: str, data: Any) -> None:
        """Have the stand-in answer a path with these data until the answers are cleared."""
        body = json.dumps({"data": data, "errors": None, "metadata": {"requestId": "generated"}})
        self.portal.control("/faults", {"fault": "answer", "match": f"^{re.escape(path)}$", "method": "GET", "body": body})

    def clear(self) -> None:
        """Let the stand-in answer as it is again."""
        self.portal.control("/faults", method="DELETE")


def sections_of(path: str) -> str:
    """Return the optional sections that the portal asks for."""
    if "/orders/" in path:
        return ",".join(ORDER_SECTIONS)
    return ",".join(PRODUCT_SECTIONS) if "/products/" in path else ""
