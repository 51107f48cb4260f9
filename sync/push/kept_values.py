"""What a link keeps of a value: the value itself, of a long text only its fingerprint and length. A link of before has it in full."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from clients.bluejet.values import text
from sync.push.hashing import plain

# A shop with long descriptions would keep them a second time, once for each variant.
LONGEST = 1000
FINGERPRINT = re.compile(r"sha256:[0-9a-f]{64}:\d+")


def unified(value: Any) -> str:
    """Write a text in the one way in which people see it: accents, line ends and outer blanks are stored in more ways than one."""
    return unicodedata.normalize("NFC", text(value)).replace("\r\n", "\n").replace("\r", "\n").strip()


def kept(value: Any) -> Any:
    """Return what is kept of a value."""
    as_json = plain(value)
    if not isinstance(as_json, str) or len(as_json) <= LONGEST:
        return as_json
    seen = unified(as_json)
    return f"sha256:{hashlib.sha256(seen.encode('utf-8', 'surrogatepass')).hexdigest()}:{len(seen)}"


def kept_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of a record's or a line's values."""
    return {name: kept(value) for name, value in fields.items()}


def is_fingerprint(value: Any) -> bool:
    """Whether only a long text's fingerprint was kept."""
    return isinstance(value, str) and FINGERPRINT.fullmatch(value) is not None


def is_agreed(value: Any, before: Any) -> bool:
    """Whether a value is the one that was kept, but for the way in which a text is stored."""
    now = plain(value)
    if now == before or kept(now) == before:
        return True
    return isinstance(now, str) and isinstance(before, str) and unified(now) == unified(before)
