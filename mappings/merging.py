"""Two people's changes of the same mappings become one, column by column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Conflict:
    """One value that both changed: the draft's (`mine`) is kept. `column` is empty where one of them removed the whole row."""

    table: str
    name: str
    column: str
    base: Any
    theirs: Any
    mine: Any
