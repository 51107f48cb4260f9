"""What one write has to carry so that BlueJet's record says what Shoptet says, and nothing that nobody changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from clients.bluejet import BlueJetRow, Write
from clients.bluejet.values import text
from sync.flow import Context, Part
from sync.push.changes import Changes, Guard, Known, columns_held, find_changes
from sync.push.groups import with_company
from sync.push.hashing import plain
from sync.push.kept_values import kept_fields
from sync.push.lines import CARRIED, LINES, LinePlan, emptied, lines_left, plan_lines, sent_lines
from sync.push.pairing import is_adoption, wins_first_pairing
from sync.push.sending import taken_away
from sync.push.sharing import guard_of, sent_by_others


@dataclass(frozen=True)
class Plan:
    """What goes out, what stays as the office made it, and what the link will know once it went.

    `row` is the record as it was read before, where it was.
    """

    fields: dict[str, Any]
    header: Changes = field(default_factory=Changes)
    lines: LinePlan = field(default_factory=LinePlan)
    row: BlueJetRow | None = None
    sent: dict[str, Any] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether BlueJet need not be written to."""
        return not (self.fields or self.lines.writes or self.lines.removed)


def plan_write(ctx: Context, part: Part, row: BlueJetRow | None) -> Plan:
    """Plan the write of a copy; `row` is BlueJet's record, None where it is not there, or need not be read."""
    wanted, guard = _wanted(ctx, part), guard_of(ctx, part)
    known = _known_header(ctx, part, guard)
    header = find_changes(
        wanted,
        known,
        columns_held(row.fields) if row else None,
        always=part.always,
        along=partial(_along, ctx, part, wanted),
        guard=guard,
    )
    as_they_are = is_adoption(part) and not wins_first_pairing(ctx, part)
    lines = plan_lines(ctx, part, row.lines if row else (), as_they_are=as_they_are)
    fields = taken_away(ctx, part, row) | header.fields | _marks(ctx, part, row)
    seen: dict[str, Any] = header.seen | ({LINES: lines.seen} if lines.seen else {})
    return Plan(fields, header, lines, row, _sent(part, header, lines), seen)


def plan_end(part: Part, row: BlueJetRow | None) -> Plan:
    """Plan what puts a record away; of a document that another one follows, what the office wrote there is told."""
    if row is None or part.purpose != "close":
        return Plan(part.fields, row=row)
    sent = {name: value for name, value in part.held.sent.items() if name != LINES}
    header = find_changes(sent | plain(part.fields), Known(sent, {}, part.held.seen), columns_held(row.fields))
    return Plan(part.fields, header, LinePlan(parting=lines_left(part, row.lines)), row)


def write_of(part: Part, plan: Plan, *, upsert: bool = False) -> Write:
    """Turn the plan into what the client takes."""
    mark = part.external_id if part.purpose == "copy" else ""
    return Write(part.kind, plan.fields, part.held.bluejet_id, mark, upsert, plan.lines.writes, plan.lines.removed)


def _known_header(ctx: Context, part: Part, guard: Guard) -> Known:
    link, carried = part.held, part.held.sending.get(CARRIED, {})
    if is_adoption(part) and guard is Guard.NONE:
        baseline = {} if wins_first_pairing(ctx, part) else plain(_wanted(ctx, part))
        return Known(baseline, carried)
    sent, seen = ({name: value for name, value in kept.items() if name != LINES} for kept in (link.sent, link.seen))
    return Known(sent, carried, seen, sent_by_others(ctx, part))


def _wanted(ctx: Context, part: Part) -> dict[str, Any]:
    """Return the fields that may go: all on creation, later without those of creation only; and what Shoptet emptied."""
    exists, mark = bool(part.held.bluejet_id), ctx.bluejet.evidences[part.kind].external_id
    fields = {name: value for name, value in part.fields.items() if name != mark and not (exists and name in part.create_only)}
    return fields | (emptied(part, part.empty, part.held.sent) if exists else {})


def _along(ctx: Context, part: Part, wanted: Mapping[str, Any], going: set[str]) -> set[str]:
    return with_company(ctx.bluejet.dialect, part.kind, going, wanted)


def _marks(ctx: Context, part: Part, row: BlueJetRow | None) -> dict[str, Any]:
    """Return what makes the record ours and alive, as far as it does not say so already."""
    evidence, link = ctx.bluejet.evidences[part.kind], part.held
    marks: dict[str, Any] = {}
    if evidence.external_id and _mark_held(part, row, evidence.external_id) != part.external_id:
        marks[evidence.external_id] = part.external_id
    if link.archived and evidence.archive_field:
        marks[evidence.archive_field] = evidence.live_value
    return marks


def _mark_held(part: Part, row: BlueJetRow | None, column: str) -> str:
    if row is not None:
        return text(columns_held(row.fields).get(column.lower()))
    is_known = part.held.bluejet_id and (part.held.pushed_at or part.held.sent)
    return part.held.external_id if is_known else ""


def _sent(part: Part, header: Changes, plan: LinePlan) -> dict[str, Any]:
    """Return what BlueJet will have been sent: this draft, but of what is not written any more only what went before."""
    link = part.held
    exists = bool(link.bluejet_id)
    before = {name: value for name, value in link.sent.items() if name in part.empty and name not in header.fields}
    if exists:
        before |= {name: value for name, value in link.sent.items() if name in part.create_only}
    fields = {name: value for name, value in part.fields.items() if not (exists and name in part.create_only)}
    lines: dict[str, Any] = {LINES: sent_lines(part, plan)} if part.lines else {}
    return {**before, **kept_fields(fields), **lines}
