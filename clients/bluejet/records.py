"""What goes into and comes out of a BlueJet client, whichever dialect it speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from clients.errors import OutcomeUnknown, PartnerError

Action = Literal["inserted", "updated"]


@dataclass(frozen=True)
class BlueJetRow:
    """One record as BlueJet holds it; `fields` by column name, lower case in the `data` dialect."""

    kind: str
    id: str
    fields: dict[str, Any]
    lines: tuple[BlueJetRow, ...] = ()


@dataclass(frozen=True)
class LineWrite:
    """One line of a document to write; without an `id` it is a new one. `key` is the caller's own name for it."""

    key: str
    fields: Mapping[str, Any]
    id: str = ""


@dataclass(frozen=True)
class Write:
    """One record to create (no `id`), to update (with `id`), or to insert or update by its external id (`upsert`).

    An update names only what changes: columns and lines that are not mentioned stay as they are.
    """

    kind: str
    fields: Mapping[str, Any]
    id: str = ""
    external_id: str = ""
    upsert: bool = False
    lines: tuple[LineWrite, ...] = ()
    removed_lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """A record that BlueJet confirmed by naming its id, with the ids of those lines that the answer named."""

    id: str
    action: Action
    line_ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RowRefused:
    """A record that is not confirmed, and why.

    `alone` is false where the error was the answer to several records at once: writing them apart may tell them apart.
    `id` is set where the record itself exists but is not whole, a document whose lines failed.
    """

    error: PartnerError
    alone: bool = True
    id: str = ""

    @property
    def is_outcome_unknown(self) -> bool:
        """Say that the write may have been applied, so that the caller looks before it writes again."""
        return isinstance(self.error, OutcomeUnknown)
