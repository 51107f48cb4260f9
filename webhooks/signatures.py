"""Shoptet's signature of a delivery: hex HMAC-SHA1 over the raw body."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable


def sign(key: bytes, body: bytes) -> str:
    """Return the signature that Shoptet would send."""
    return hmac.new(key, body, hashlib.sha1).hexdigest()


def is_signed(body: bytes, signature: str, keys: Iterable[bytes]) -> bool:
    """Whether one of the keys made this signature; takes the same time wherever it differs."""
    given = signature.strip().lower().encode("utf-8", "replace")
    # As bytes, because compare_digest raises on text outside ASCII, and the header is a stranger's.
    return any(hmac.compare_digest(sign(key, body).encode(), given) for key in keys)
