"""Text as PostgreSQL can hold it: what JSON can spell and no table can store is mended where it enters."""

from __future__ import annotations

import re
from typing import Any

# NUL, and halves of a surrogate pair: neither text nor jsonb holds them, and halves cannot even be sent on.
FOREIGN = re.compile("[\x00\ud800-\udfff]")
REPLACEMENT = "\ufffd"
# How a body spells them; a whole pair begins like a half, and is found to be well when the text is looked at.
SPELT = (b"\x00", b"\\u0000", b"\\ud", b"\\uD")


def may_hold_foreign(content: bytes) -> bool:
    """Tell whether a JSON body may spell a character that cannot be stored; cheap, so that clean bodies are not walked."""
    return any(spelt in content for spelt in SPELT)


def storable(value: Any) -> Any:
    """Return the value with each foreign character, in texts and in names of fields, replaced by the sign for one (U+FFFD)."""
    if isinstance(value, str):
        return FOREIGN.sub(REPLACEMENT, value)
    if isinstance(value, dict):
        return {storable(key): storable(member) for key, member in value.items()}
    if isinstance(value, list):
        return [storable(member) for member in value]
    return value
