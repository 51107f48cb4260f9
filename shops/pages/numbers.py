"""Numbers as addresses and forms say them."""

from __future__ import annotations

# As many digits as every column with a number has room for.
MOST_DIGITS = 18


def whole_number(said: str) -> int | None:
    """Return the number that is said in digits; None where it is none, or one that no row could have."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= MOST_DIGITS else None
