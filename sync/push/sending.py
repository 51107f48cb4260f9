"""What a write carries, kept until its end is known: so a later look tells our own lost write from somebody's change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clients.bluejet import Write
from sync.flow import Context, Part
from sync.models import RecordLink
from sync.push.hashing import plain
from sync.push.lines import LINES
from sync.storable import storable_json


def note_sending(ctx: Context, writes: Sequence[tuple[Part, Write]]) -> None:
    """Keep what the writes carry, before they begin, in one statement; of a trial also what it may empty."""
    _note(ctx, [(part, _as_it_was(part) | _carried(write)) for part, write in writes])


def forget_sending(ctx: Context, part: Part) -> None:
    """The write surely changed nothing."""
    _note(ctx, [(part, {})])


def _as_it_was(part: Part) -> dict[str, Any]:
    row = part.plan.row if part.plan is not None and part.is_trial else None
    return {} if row is None else {name: value for name, value in row.fields.items() if not isinstance(value, list | dict)}


def _note(ctx: Context, carried: Sequence[tuple[Part, Mapping[str, Any]]]) -> None:
    for part, values in carried:
        part.held.sending = storable_json(plain(values))
    RecordLink.objects.filter(lease=ctx.token).bulk_update([part.held for part, _ in carried], ["sending"])


def _carried(write: Write) -> dict[str, Any]:
    lines = {line.key: dict(line.fields) for line in write.lines}
    return dict(write.fields) | ({LINES: lines} if lines else {})
