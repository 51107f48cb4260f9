"""Find out, once for each kind, what BlueJet does with the columns that an update does not name; what it emptied is given back at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from clients.bluejet import BlueJetRow, RowRefused, Write, Written
from clients.errors import PartnerError
from shops.partial_updates import KEPT, RESET, UNKNOWN, learn, state_of
from sync.flow import Context, Part
from sync.issues import Issue
from sync.leases import Writing, mark_unknown
from sync.outcomes import outcome_of
from sync.push.read_back import confirm_document
from sync.push.sending import forget_sending
from sync.push.whole import emptied_columns, has_unnamed, whole_again, without_refused
from sync.record import record_written

Named = Mapping[str, Any]
Tried = tuple[str, Named, BlueJetRow, BlueJetRow]


def can_tell(ctx: Context, part: Part, write: Write) -> bool:
    """Whether the update shows what is not known yet: it leaves out a column that is filled."""
    before = part.plan.row if part.plan is not None else None
    if before is None or not write.id:
        return False
    pairs = _pairs(ctx, write, before, before)
    return any(state_of(ctx.account, kind) == UNKNOWN and has_unnamed(ctx, kind, named, then) for kind, named, then, _ in pairs)


def look_after(ctx: Context, part: Part, write: Write, before: BlueJetRow) -> None:
    """Read the record whole after a partial update, give back what is gone, and learn from it.

    Where it cannot be read, the next update tells; what the link keeps of this one is given back then.
    """
    try:
        after = ctx.bluejet.read(write.kind, write.id, with_lines=True)
    except PartnerError:
        return
    if after is None:
        return
    tried = list(_pairs(ctx, write, before, after))
    if not any(_emptied(ctx, one) for one in tried):
        forget_sending(ctx, part)
    elif not _give_back(ctx, part, write, before, after):
        return
    lost = {name for one in tried for name in _learn(ctx, one)}
    if lost:
        part.item.issues.append(Issue("update_resets", "warning", params={"fields": ", ".join(sorted(lost))}))


def _confirm_again(ctx: Context, part: Part, write: Write) -> None:
    """A document was read back without what is there again now."""
    if ctx.bluejet.evidences[write.kind].is_document and part.purpose == "copy":
        written = Written(write.id, "updated")
        record_written(ctx, part, written, confirm_document(ctx, part, written))


def _pairs(ctx: Context, write: Write, before: BlueJetRow, after: BlueJetRow) -> Iterator[Tried]:
    """Yield what was updated: the header, and in a dialect where lines are records of their own each changed line."""
    if write.fields:
        lines = ctx.bluejet.evidences[write.kind].lines
        brought = {lines: ""} if lines and (write.lines or write.removed_lines) else {}
        yield write.kind, {**write.fields, **brought}, before, after
    if ctx.bluejet.dialect != "data":
        return
    then, now = ({line.id: line for line in row.lines} for row in (before, after))
    for line in write.lines:
        if line.id in then and line.id in now:
            yield ctx.bluejet.evidences[write.kind].line_kind, line.fields, then[line.id], now[line.id]


def _emptied(ctx: Context, tried: Tried) -> set[str]:
    return emptied_columns(ctx, *tried)


def _learn(ctx: Context, tried: Tried) -> set[str]:
    """Note what the update did to the kind; return what it emptied. A column that BlueJet refuses to be given back is its own."""
    kind, named, before, _after = tried
    lost = _emptied(ctx, tried)
    if lost:
        learn(ctx.account, kind, state=RESET)
    elif has_unnamed(ctx, kind, named, before):
        learn(ctx.account, kind, state=KEPT)
    return lost


def _give_back(ctx: Context, part: Part, write: Write, before: BlueJetRow, after: BlueJetRow) -> bool:
    """Write the record whole, as it was and with what the update brought; return False where that has to be done another time."""
    try:
        with ctx.bluejet.watched(Writing(ctx, [part]).check):
            _write_whole(ctx, whole_again(ctx, write, before, after), write.fields)
    except PartnerError as error:
        mark_unknown(ctx, [part])
        part.outcome = outcome_of(error)
        return False
    if not forget_sending(ctx, part):
        mark_unknown(ctx, [part])
    _confirm_again(ctx, part, write)
    return True


def _write_whole(ctx: Context, again: Write, ours: Named) -> None:
    """Write until BlueJet refuses no column any more that it works out itself."""
    while True:
        try:
            (result,) = ctx.bluejet.write([again])
        except PartnerError as error:
            result = RowRefused(error)
        if not isinstance(result, RowRefused):
            return
        smaller = without_refused(ctx, again, result.error, ours)
        if smaller is None:
            raise result.error
        again = smaller
