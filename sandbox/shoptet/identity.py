"""Identifiers that look real and are the same on every start: GUIDs, slugs, EANs, company numbers."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

NOT_SLUG = re.compile(r"[^a-z0-9]+")


def guid(*parts: object) -> str:
    """Return a GUID that depends on the parts only."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-11e9-{digest[12:16]}-{digest[16:28]}"


def plain(text: str) -> str:
    """Strip the accents."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


@lru_cache(maxsize=4096)
def slug(text: str) -> str:
    """Return a text as it stands in an address."""
    return NOT_SLUG.sub("-", plain(text).lower()).strip("-")


def ean13(number: int) -> str:
    """Return a valid Czech EAN-13 for a number."""
    body = f"859{number % 10**9:09d}"
    total = sum(int(digit) * (3 if position % 2 else 1) for position, digit in enumerate(body))
    return f"{body}{-total % 10}"


def company_number(number: int) -> str:
    """Return a valid eight-digit IČO for a number."""
    body = f"{10_000_00 + number % 8_999_999:07d}"
    remainder = sum(int(digit) * weight for digit, weight in zip(body, range(8, 1, -1), strict=True)) % 11
    return f"{body}{(11 - remainder) % 10}"
