"""What a write carries, kept until its end is known: so a later look tells our own lost write from somebody's change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from clients.bluejet import BlueJetRow, Write
from clients.errors import Stopped
from sync.flow import Context, Part
from sync.leases import save
from sync.models import RecordLink
from sync.partners import BLUEJET_LABEL
from sync.push.changes import Difference, columns_held
from sync.push.comparing import is_held
from sync.push.hashing import plain
from sync.push.lines import CARRIED, LINES
from sync.push.pairing import ADOPTED, is_adoption
from sync.push.whole import emptied_columns
from sync.storable import storable_json

# Beside what is carried: the record as it was, where the write may empty more than it names; and the office's values that it replaces.
BEFORE, LOST = "before", "lost"
Lost = tuple[str, Difference]


def note_sending(ctx: Context, writes: Sequence[tuple[Part, Write]]) -> None:
    """Keep what the writes are about to do, before they begin, in one statement; raise Stopped where a lease was lost."""
    for part, write in writes:
        part.held.sending = storable_json(plain(_note_of(part, write)))
    mine = RecordLink.objects.filter(lease=ctx.token)
    if mine.bulk_update([part.held for part, _ in writes], ["sending"]) < len(writes):
        raise Stopped("another worker took the record over", partner=BLUEJET_LABEL, maybe_applied=False)


def forget_sending(ctx: Context, part: Part) -> bool:
    """The write has ended, and what it carried is known or surely changed nothing; return whether the lease is still ours."""
    part.held.sending, part.held.unfinished_until = {}, None
    return save(ctx, part.held, ("sending", "unfinished_until"))


def lost_before(part: Part) -> Iterator[Lost]:
    """Yield the office's values that an earlier write may have replaced, by line key, as far as they are not there any more."""
    row = part.plan.row if part.plan is not None else None
    ids = part.plan.lines.ids if part.plan is not None else {}
    rows = {line.id: line.fields for line in row.lines} if row is not None else {}
    for kept in part.held.sending.get(LOST, ()):
        line, one = kept["line"], Difference(kept["column"], kept["ours"], kept["theirs"])
        held = columns_held(rows.get(ids.get(line, ""), {}) if line else row.fields if row is not None else {})
        if one.column.lower() not in held or not is_held(one.theirs, held[one.column.lower()]):
            yield line, one


def taken_away(ctx: Context, part: Part, row: BlueJetRow | None) -> dict[str, Any]:
    """Return what a write that broke off was to leave alone, or to give back, and that is empty now."""
    before = BlueJetRow(part.kind, part.held.bluejet_id, part.held.sending.get(BEFORE, {}))
    if row is None or not before.fields:
        return {}
    gone = emptied_columns(ctx, part.kind, part.held.sending.get(CARRIED, {}), before, row)
    return {name: value for name, value in before.fields.items() if name.lower() in gone}


def _note_of(part: Part, write: Write) -> dict[str, Any]:
    """What is carried is what the draft brings: what goes along as it was read is nobody's change."""
    plan = part.plan
    fields, lines = (write.fields, write.lines) if plan is None else (plan.fields, plan.lines.writes)
    whole = {} if plan is None or plan.row is None or not _goes_whole(part, write) else plan.row.fields
    noted: dict[str, Any] = {
        CARRIED: dict(fields),
        LINES: {line.key: dict(line.fields) for line in lines},
        BEFORE: {name: value for name, value in whole.items() if not isinstance(value, list | dict)},
        LOST: [{"line": line, "column": one.column, "ours": one.ours, "theirs": one.theirs} for line, one in _lost(part)],
    }
    if part.purpose == "copy" and is_adoption(part):
        noted[ADOPTED] = True
    return {name: value for name, value in noted.items() if value}


def _goes_whole(part: Part, write: Write) -> bool:
    return part.is_trial or (part.plan is not None and len(write.fields) > len(part.plan.fields))


def _lost(part: Part) -> Iterator[Lost]:
    """Yield what this write replaces, and what an earlier one of unknown end did."""
    yield from lost_before(part)
    if part.plan is None:
        return
    yield from (("", one) for one in part.plan.header.lost)
    for changes in (part.plan.lines.changes, part.plan.lines.parting):
        yield from ((key, one) for key, found in changes.items() for one in found.lost)
