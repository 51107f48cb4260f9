"""What stands in the way of putting a set of mappings into force, row by row, with a sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class RowProblem:
    """One thing that is wrong: where (`fields/3`, `tables/status/0`, or empty for the whole), in which column, and why."""

    place: str
    column: str
    sentence: str


def problems_of(content: Mapping[str, Any], dialect: str) -> list[RowProblem]:
    """Check a content (as `normal_content` returns it) as a whole."""
    raise NotImplementedError
