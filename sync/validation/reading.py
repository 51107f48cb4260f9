"""Read amounts, texts and lists out of records that may hold anything."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

CENT = Decimal("0.01")
LARGEST_EXPONENT = 10  # below 100 billion; anything longer is not an amount, and would overflow the sums
FINEST = Decimal("1e-12")
SPACES = str.maketrans("", "", " \u00a0\u202f")


def amount(value: Any) -> Decimal | None:
    """Read a number, with decimal point or comma; what is not a finite, sensible number is None."""
    number = value if isinstance(value, Decimal) else _parsed(value)
    if number is None or not number.is_finite() or number.adjusted() > LARGEST_EXPONENT:
        return None
    exponent = number.as_tuple().exponent
    return number.quantize(FINEST) if isinstance(exponent, int) and exponent < -12 else number


def _parsed(value: Any) -> Decimal | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if not isinstance(value, (float, str)):
        return None
    try:
        return Decimal(str(value).translate(SPACES).replace(",", "."))
    except InvalidOperation:
        return None


def to_cents(value: Decimal) -> Decimal:
    """Round half up to two decimals, as invoices do."""
    return value.quantize(CENT, ROUND_HALF_UP)


def money(value: Any) -> Decimal | None:
    """Read an amount and round it to cents."""
    number = amount(value)
    return None if number is None else to_cents(number)


def text(value: Any) -> str:
    """Return a stripped text; what is not text or a number is empty."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return str(value)
    return ""


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a mapping; anything else is an empty one."""
    return value if isinstance(value, Mapping) else {}


def rows(value: Any) -> list[Mapping[str, Any]]:
    """Return the mappings of a list; anything else is left out."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, (list, tuple)) else []
