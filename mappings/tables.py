"""The tables of values as the engine sees them: a partner's value in, its counterpart out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TABLES = ("category", "status", "payment", "shipping", "warehouse", "price_list", "customer_group")


@dataclass(frozen=True)
class Target:
    """The counterpart of one value: what BlueJet stores, its name, and what else the row says.

    `extra` of a status: `document` ("offer" or "order") and `cancels`; of a warehouse: `master` ("shoptet" or "bluejet").
    """

    value: str
    name: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


Tables = Mapping[str, Mapping[str, Target]]
