"""Text as PostgreSQL can hold it: what JSON can spell and no table can store is mended where it enters."""

from __future__ import annotations

import re
from typing import Any

# NUL, and halves of a surrogate pair: neither text nor jsonb holds them, and halves cannot even be sent on.
FOREIGN = re.compile("[\x00\ud800-\udfff]")
REPLACEMENT = "\ufffd"
# How a body spells them; a whole pair looks the same from here, and is found to be well when the text is looked at.
SPELT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


def may_hold_foreign(content: bytes) -> bool:
    """Tell whether a JSON body may spell a character that cannot be stored; cheap, so that clean bodies are not walked."""
    return b"\x00" in content or (b"\\u" in content and SPELT.search(content) is not None)


def storable(value: Any) -> Any:
    """Return the value with each foreign character, in texts and in names of fields, replaced by the sign for one (U+FFFD)."""
    if isinstance(value, str):
        return FOREIGN.sub(REPLACEMENT, value)
    if isinstance(value, dict):
        return {storable(key): storable(member) for key, member in value.items()}
    if isinstance(value, list):
        return [storable(member) for member in value]
    return value
