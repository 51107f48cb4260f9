"""Find out what a shop's stock amount means, by reading only: whether it fell when an order came in, or stayed until the goods left.

Shoptet's claim rises with an open order. Where the amount is what may be ordered, the order itself moved it, and the log of movements
names the order; where it is what lies on the shelf, an order whose goods are still there has moved nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.dateparse import parse_datetime

from clients.errors import NotFound
from clients.shoptet.client import ShoptetClient
from sync.flows.stock.amounts import Meaning

# So many open orders are looked at: each costs a few requests.
ORDERS_LOOKED_AT = 10
# That nothing moved says less than that something did, so one such order alone decides nothing.
STILL_ENOUGH = 2


class Sign(StrEnum):
    """What one open order says."""

    MOVED = "moved"
    STILL = "still"
    NOTHING = "nothing"


class Why(StrEnum):
    """Why it was, or could not be, decided."""

    MOVED = "moved"
    STILL = "still"
    NO_ORDERS = "no_orders"
    TOO_FEW = "too_few"
    MIXED = "mixed"


@dataclass(frozen=True)
class Finding:
    """What the shop's amount means, UNKNOWN where it cannot be told; `orders` are those that were looked at."""

    meaning: str
    why: Why
    orders: tuple[str, ...] = ()


def find_meaning(client: ShoptetClient) -> Finding:
    """Look at some open orders and at the log of movements; changes nothing. Raises PartnerError."""
    claims = _open_claims(client)
    stocks = [int(stock["id"]) for stock in client.stocks()] if claims else []
    signs = {order: _sign(client, stocks, order, codes) for order, codes in claims.items()}
    return decide(signs)


def decide(signs: dict[str, Sign]) -> Finding:
    """Weigh what the orders say: they must not contradict one another."""
    seen, orders = Counter(signs.values()), tuple(signs)
    if not signs:
        return Finding(Meaning.UNKNOWN, Why.NO_ORDERS)
    if seen[Sign.MOVED] and seen[Sign.STILL]:
        return Finding(Meaning.UNKNOWN, Why.MIXED, orders)
    if seen[Sign.MOVED]:
        return Finding(Meaning.ORDERABLE, Why.MOVED, orders)
    if seen[Sign.STILL] >= STILL_ENOUGH:
        return Finding(Meaning.ON_SHELF, Why.STILL, orders)
    return Finding(Meaning.UNKNOWN, Why.TOO_FEW, orders)


def _open_claims(client: ShoptetClient) -> dict[str, set[str]]:
    """Return the variants of which some open orders wait for all pieces, by order: what was handed out moved the shelf, too."""
    claims: dict[str, set[str]] = {}
    for page in client.order_claims():
        for row in page.items:
            if row["ordered"] > 0 and not row["handed_out"]:
                claims.setdefault(row["order"], set()).add(row["code"])
        if len(claims) >= ORDERS_LOOKED_AT:
            break
    return dict(list(claims.items())[:ORDERS_LOOKED_AT])


def _sign(client: ShoptetClient, stocks: Sequence[int], order: str, codes: set[str]) -> Sign:
    """Read what the order moved; where that is nothing, the log has to be one that goes on after the order, or it says nothing."""
    named = [row for stock in stocks for row in _movements(client, stock, order_code=order)]
    if _fell(row for row in named if row["code"] in codes):
        return Sign.MOVED
    if named:  # moved and moved back, or of another variant: handed out in part, a part of a set, cancelled and taken up again
        return Sign.NOTHING
    placed = _placed_at(client, order)
    goes_on = placed is not None and any(_movements(client, stock, changed_from=placed) for stock in stocks)
    return Sign.STILL if goes_on else Sign.NOTHING


def _movements(client: ShoptetClient, stock: int, **which: Any) -> list[dict[str, Any]]:
    """Return one page of the log; it is enough for one order, and to see whether there is anything at all."""
    for page in client.movements(stock, with_orders=True, **which):
        return list(page.items)
    return []


def _fell(movements: Iterable[dict[str, Any]]) -> bool:
    return sum((row["change"] or Decimal(0) for row in movements), Decimal(0)) < 0


def _placed_at(client: ShoptetClient, order: str) -> datetime | None:
    try:
        (record,) = client.order(order).records
    except NotFound:
        return None
    return parse_datetime(str(record.get("createdAt") or ""))
