"""Answers of BlueJet in which something is odd: a value, a number beyond all measure, an id that is missing, a line that nobody knows.

What says whose a row is stays true or is missing: no program can see through a wrong one.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

from clients.answers import Answer, parse_json
from clients.bluejet.session import LOGIN, Login
from tests.campaigns.odd_values import odd_text

NOTHING = (None, "", [], {})
OF_ANY_KIND = (None, "", "NaN", "1e999999", 10**30, -(10**30), "9" * 400, True, [], {"x": [None]}, ["\x00"], "0001-01-01", 1e300)
STRANGERS = (None, 7, "x", [], {}, {"columns": None}, {"columns": [None, {"name": "x"}]}, {"id": None}, {"id": "\x00" * 3}, {"id": 10**60})
Places = Iterator[tuple[Any, Any, str]]


class OddHoldings:
    """Spoil every so many of BlueJet's answers while it is switched on."""

    def __init__(self, random: Random, share: float) -> None:
        self.random, self.share = random, share
        self.is_on = False
        self.spoilt = 0

    def between(self, send: Callable[..., Answer]) -> Callable[..., Answer]:
        """Return a sender whose answers may be odd."""

        def sending(login: Login, token: str, method: str, path: str, options: dict[str, Any]) -> Answer:
            answer = send(login, token, method, path, options)
            if not self.is_on or path == LOGIN or self.random.random() > self.share:
                return answer
            self.spoilt += 1
            return replace(answer, body=self.odd(answer.body))

        return sending

    def odd(self, body: Any) -> Any:
        """Return the body with one thing in it changed."""
        made = copy.deepcopy(body)
        places = list(_places(made, ""))
        if not places or self.random.random() < 0.03:
            return self.random.choice(OF_ANY_KIND)
        holder, step, name = self.random.choice(places)
        if isinstance(holder, list) and self.random.random() < 0.4:
            holder.insert(step, copy.deepcopy(self.random.choice(STRANGERS)))
        elif _says_whose(name):
            self._take_away(holder, step)
        elif not (isinstance(holder, dict) and step == "name" and "value" in holder):
            holder[step] = copy.deepcopy(self._odd_value())
        return parse_json(json.dumps(made, default=_number).encode())

    def _take_away(self, holder: Any, step: Any) -> None:
        if self.random.random() < 0.5 and isinstance(holder, dict):
            del holder[step]
        else:
            holder[step] = copy.deepcopy(self.random.choice(NOTHING))

    def _odd_value(self) -> Any:
        return odd_text(self.random) if self.random.random() < 0.5 else self.random.choice(OF_ANY_KIND)


def _places(value: Any, name: str) -> Places:
    steps = list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    named = str(value["name"]) if isinstance(value, dict) and "value" in value and "name" in value else ""
    for step, member in steps:
        called = named or (step if isinstance(step, str) else name)
        yield value, step, called
        yield from _places(member, called)


def _says_whose(name: str) -> bool:
    plain = name.lower()
    return plain.endswith("id") or plain in (
        "externiidsupl",
        "reference",
        "no",
        "code",
        "productcode",
        "email",
        "emailaddress1",
        "ico",
        "companyid",
    )


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) and abs(value) < 10**15 else str(value)
