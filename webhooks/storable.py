"""Takes out of a text or a JSON document what PostgreSQL cannot hold; the raw body keeps it."""

from __future__ import annotations

import re
from typing import Any

# NUL, and halves of a surrogate pair, which JSON can spell and neither text nor jsonb can store.
FOREIGN = re.compile("[\x00\ud800-\udfff]")


def storable(value: Any) -> Any:
    """Return the value with each foreign character replaced by the sign for one (U+FFFD)."""
    if isinstance(value, str):
        return FOREIGN.sub("\ufffd", value)
    if isinstance(value, dict):
        return {storable(key): storable(member) for key, member in value.items()}
    if isinstance(value, list):
        return [storable(member) for member in value]
    return value
