"""What a line says of one piece, so that it multiplies out to what the line costs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sync.validation.reading import amount, money, to_cents

ONE, HUNDRED = Decimal(1), Decimal(100)
# BlueJet keeps amounts to four places.
PLACES = (2, 3, 4)
# Less of a piece is none: what it costs says nothing of the price.
SMALLEST = Decimal("0.000001")


def priced(line: Mapping[str, Any], total: Decimal, *, with_discount: bool) -> dict[str, Any]:
    """Return the line with unit prices and `discount` such that quantity × price × (1 − discount) is its total, to the cent.

    The list price and the discount in percent where they lead there; else the discounted price, and a discount of 0: one that was written
    before must not stay. What four places of a price cannot reach is in the line's total. A total without a quantity is one piece.
    """
    quantity = amount(line.get("quantity"))
    stated = {}
    if not quantity:
        quantity = ONE
        stated = {"quantity": ONE} if total else {}
    ratio = _ratio(line)
    is_discounted = with_discount and 0 <= ratio < 1 and _leads_to(amount(line.get("unitPrice")), quantity * ratio, total)
    factor = quantity * (ratio if is_discounted else ONE)
    return {
        **line,
        **stated,
        "discount": (ONE - ratio) * HUNDRED if is_discounted else Decimal(0),
        "unitPrice": _unit_price(amount(line.get("unitPrice")), factor, total),
        "unitPriceWithoutVat": _unit_price(amount(line.get("unitPriceWithoutVat")), factor, money(line.get("totalWithoutVat"))),
    }


def _ratio(line: Mapping[str, Any]) -> Decimal:
    ratio = amount(line.get("discountRatio"))
    return ONE if ratio is None else ratio


def _leads_to(price: Decimal | None, factor: Decimal, total: Decimal) -> bool:
    return price is not None and to_cents(price * factor) == total


def _unit_price(given: Decimal | None, factor: Decimal, total: Decimal | None) -> Decimal | None:
    if total is None or abs(factor) < SMALLEST or _leads_to(given, factor, total):
        return given
    prices = [(total / factor).quantize(ONE.scaleb(-places), ROUND_HALF_UP) for places in PLACES]
    return next((price for price in prices if _leads_to(price, factor, total)), prices[-1])
