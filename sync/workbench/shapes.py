"""What a page is given to show of a record under trial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sync.issues import Issue

Action = Literal["create", "update", "unchanged", "held_back", "skipped"]


@dataclass(frozen=True)
class FieldPreview:
    """One row of the mappings at work on one record.

    `place` names the row in the content (`fields/12`); `column` is the target where that is a neutral name; `value` is what the row
    gives, `problem` a sentence where it gives nothing; `held` is what BlueJet holds now, None where it holds no such record.
    `differs` says that it holds something else, whether or not that would be sent (`is_sent`) now.
    """

    place: str
    target: str
    column: str
    source: str
    source_value: Any
    transform: str
    value: Any
    required: bool
    create_only: bool
    active: bool
    problem: str = ""
    held: Any = None
    is_sent: bool = False
    differs: bool = False


@dataclass(frozen=True)
class Change:
    """One column that would be written: what BlueJet holds, and what it would get."""

    column: str
    before: Any
    after: Any


@dataclass(frozen=True)
class LinePreview:
    """One line of a document; `action` is create, update, unchanged or remove, and a line that goes has no fields."""

    key: str
    title: str
    action: str
    fields: list[FieldPreview] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class RecordPreview:
    """One record: its source, its draft field by field, what was found, and what would be sent now.

    `fields` hold a row of the content each, in force or not; `changes` only what would be written, so they are empty where
    `action` is "unchanged", "held_back" or "skipped".
    """

    sample: int
    entity: str
    kind: str
    key: str
    title: str
    changed_at: datetime | None
    taken_at: datetime
    action: Action
    fields: list[FieldPreview]
    lines: list[LinePreview]
    issues: list[Issue]
    changes: list[Change]
    bluejet_id: str = ""
    record: Mapping[str, Any] = field(default_factory=dict)
