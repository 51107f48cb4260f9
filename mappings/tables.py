"""The tables of values as the engine sees them: a partner's value in, its counterpart out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TABLES = ("category", "status", "payment", "payment_state", "shipping", "warehouse", "price_list", "customer_group")

# The states of a payment are no list of Shoptet's: an order is paid, not paid, or it does not say.
PAID, UNPAID, UNKNOWN = "paid", "unpaid", "unknown"


@dataclass(frozen=True)
class Target:
    """The counterpart of one value: what BlueJet stores, its name, and what else the row says.

    `extra` of a status: `document` ("offer" or "order") and `cancels`; of a warehouse: `master` ("shoptet" or "bluejet").
    """

    value: str
    name: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Policy:
    """What a table does with a value that has no row: `missing` is "park" or "default"."""

    missing: str
    value: str = ""
    document: str = ""


Tables = Mapping[str, Mapping[str, Target]]
