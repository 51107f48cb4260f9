"""What lies on the shelf, is reserved and may be ordered: of the two amounts that Shoptet tells, by what the shop means by the first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from shops.models import Shop

Meaning = Shop.StockAmount


def amounts_of(row: Mapping[str, Any], meaning: str) -> dict[str, Any]:
    """Return the row with `onHand`, `reserved` and `available`; all three are None where Shoptet does not tell the amount.

    A claim of null is none: that is what a shop shows that does not track claims. Amounts below zero are as they are.
    """
    amount, claim = _number(row["amount"]), _number(row["claim"]) or Decimal(0)
    if amount is None or _is_unread(row):
        return {**row, "amount": amount, "claim": claim, "onHand": None, "reserved": None, "available": None}
    on_hand = amount if meaning == Meaning.ON_SHELF else amount + claim
    return {**row, "amount": amount, "claim": claim, "onHand": on_hand, "reserved": claim, "available": on_hand - claim}


def cards_of(record: Mapping[str, Any], meaning: str) -> Iterator[dict[str, Any]]:
    """Split a variant into one record per stock."""
    unread = unread_amounts(record)
    for stock in record.get("stocks") or []:
        card = {
            "id": f"{stock['stockId']}:{record['code']}",
            "stockId": str(stock["stockId"]),
            "code": record["code"],
            "productGuid": record["guid"],
            "amount": stock["amount"],
            "claim": stock["claim"],
        }
        yield {**amounts_of(card, meaning), **unread}


def _number(value: Any) -> Decimal | None:
    return None if value is None or value == "" else Decimal(str(value))


def unread_amounts(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return those notes of a variant's record that tell of its stocks; a stock whose amounts cannot be read is not among its stocks."""
    found = [note for note in record.get("unread") or () if "perStockAmounts" in note["field"]]
    return {"unread": found} if found else {}


def _is_unread(row: Mapping[str, Any]) -> bool:
    """Whether one of the row's own two amounts came in a form that could not be read: a sum of it would be made up."""
    return any(str(note["field"]).rpartition(".")[2] in ("amount", "claim") for note in row.get("unread") or ())
