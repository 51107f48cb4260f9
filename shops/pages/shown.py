"""Stored values in a form that a person can read."""

from __future__ import annotations

import json
from typing import Any

from django.utils.text import Truncator


def pretty_json(value: Any) -> str:
    """Return JSON with a field to a line; what is no JSON comes back as it is."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def pretty_body(raw: bytes | memoryview | None) -> str:
    """Return a request's body as text, spread over lines where it is JSON."""
    text = bytes(raw or b"").decode("utf-8", errors="replace")
    try:
        return pretty_json(json.loads(text))
    except (ValueError, RecursionError):
        return text


def shorten(text: str, length: int = 120) -> str:
    """Return the beginning of a text that is too long for a cell."""
    return Truncator(" ".join(text.split())).chars(length)
