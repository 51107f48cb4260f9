"""A record's way to BlueJet by mappings that need not be saved: field by field, with what would be sent; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from shops.models import Shop
from sync.issues import Issue
from sync.models import Preview

By = Literal["code", "number", "email", "last"]
Action = Literal["create", "update", "unchanged", "held_back"]


@dataclass(frozen=True)
class FieldPreview:
    """One row of the mappings at work on one record.

    `place` names the row in the content (`fields/12`); `column` is the target where it has a neutral name; `held` is what BlueJet
    holds now, None where it holds no such record; `problem` is a sentence.
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
    """One line of a document; `action` may also be "remove", and then there are no fields."""

    key: str
    title: str
    action: str
    fields: list[FieldPreview] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class RecordPreview:
    """One record: its source, its draft field by field, what was found, and what would be sent now."""

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


def request_preview(shop: Shop, entity: str, *, by: By, value: str = "", asked_by: str = "") -> Preview:
    """Ask a worker for records to look at; follow `state` and `fetched` of what is returned."""
    raise NotImplementedError


def preview_of(preview: Preview, content: Mapping[str, Any] | None = None) -> list[RecordPreview]:
    """Translate the preview's records by this content, or by the mappings in force; no partner is asked, nothing is written.

    Raises BadContent where the content is none.
    """
    raise NotImplementedError
