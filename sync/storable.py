"""What every database can hold: texts, JSON documents, moments and keys, mended before they are stored."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from webhooks.storable import FOREIGN

FOREIGN_SIGN = "\ufffd"
LONGEST_KEY = 255
CUT = "…"
# Stands at the end of a key that was cut, so that two long ones stay two.
HASHED = 16
EARLIEST_YEAR, LATEST_YEAR = 1900, 9000


def storable_text(text: str, longest: int | None = None) -> str:
    """Replace what PostgreSQL cannot hold by the sign for a foreign character, and cut what is too long."""
    clean = FOREIGN.sub(FOREIGN_SIGN, text)
    return clean if longest is None or len(clean) <= longest else f"{clean[: longest - 1]}{CUT}"


def storable_json(value: Any) -> Any:
    """Return the document with storable texts and names; numbers that JSON does not know (NaN, Infinity) become their names."""
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, Mapping):
        return {storable_json(name): storable_json(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [storable_json(member) for member in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def storable_key(key: str) -> str:
    """Return the key as its column holds it: one that is too long is cut, and ends in a mark of the whole."""
    clean = storable_text(key)
    if len(clean) <= LONGEST_KEY:
        return clean
    mark = hashlib.sha256(clean.encode()).hexdigest()[:HASHED]
    return f"{clean[: LONGEST_KEY - HASHED - len(CUT)]}{CUT}{mark}"


def is_whole_key(key: str) -> bool:
    """Whether the partner knows the record by this very key: no character was replaced and nothing was cut off."""
    was_cut = len(key) == LONGEST_KEY and key[-HASHED - len(CUT)] == CUT
    return not was_cut and FOREIGN_SIGN not in key


def storable_moment(moment: datetime | None) -> datetime | None:
    """Return the moment, or None for one at the ends of the calendar, which no time zone and no database can be sure of."""
    if moment is None or not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        return None
    return moment


def storable_amount(amount: Decimal | None, *, digits: int, places: int) -> Decimal | None:
    """Return the amount, or None for one that a column of so many digits cannot hold."""
    if amount is None or not amount.is_finite() or abs(amount) >= Decimal(10) ** (digits - places):
        return None
    return amount
