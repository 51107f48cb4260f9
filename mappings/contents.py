"""The whole of a shop's mappings as plain JSON: what a version, a draft and an edited page hold."""

from __future__ import annotations

from typing import Any


class BadContent(ValueError):
    """This is not a set of mappings; the text says where it goes wrong, for people."""


def normal_content(content: Any) -> dict[str, Any]:
    """Return the content with every column of every row, or raise BadContent; a wrong value in a known column is kept for the check."""
    raise NotImplementedError
