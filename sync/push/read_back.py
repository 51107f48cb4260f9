"""A document is done only when the number of its lines and their sum, read back, agree with what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from clients.bluejet import BlueJetRow, Written
from clients.bluejet.values import number
from clients.errors import PartnerError
from sync.flow import Context, Outcome, Part
from sync.issues import Issue
from sync.outcomes import outcome_of, parked
from sync.push.hashing import hash_of_seen
from sync.push.lines import LINES, filled_columns, match_lines, sent_lines
from sync.validation.money import read_back_agrees


def confirm_document(ctx: Context, part: Part, written: Written) -> Outcome | None:
    """Read the lines back and keep their ids; return an outcome only where they do not agree."""
    try:
        seen = _read_lines(ctx, part.kind, written.id)
    except PartnerError as error:
        part.held.bluejet_id = written.id
        return outcome_of(error)
    part.held.lines = match_lines(ctx, part, seen) or dict(written.line_ids)
    part.held.seen_hash = hash_of_seen(seen, filled_columns(sent_lines(part)))
    sent_total = sum((Decimal(str(line.total or 0)) for line in part.lines), Decimal(0))
    seen_total = sum((_total(ctx, part.kind, row) for row in seen), Decimal(0))
    if read_back_agrees(len(part.lines), sent_total, len(seen), seen_total):
        return None
    params = {"seen_lines": len(seen), "seen_total": seen_total, "lines": len(part.lines), "total": sent_total}
    return parked(Issue("not_read_back", params=params))


def note_drift(part: Part, seen: Sequence[BlueJetRow]) -> None:
    """Say so where the lines are not as they were read back last: somebody changed them in BlueJet, and they are written over.

    After a write without an answer nobody knows how they were.
    """
    link = part.held
    if link.seen_hash and not part.must_search and hash_of_seen(seen, filled_columns(link.sent.get(LINES, {}))) != link.seen_hash:
        part.item.issues.append(Issue("changed_in_bluejet", "warning"))


def _read_lines(ctx: Context, kind: str, document_id: str) -> tuple[BlueJetRow, ...] | list[BlueJetRow]:
    """Read the lines alone where they are records of their own, else the whole document."""
    line_kind = ctx.bluejet.evidences[kind].line_kind
    if ctx.bluejet.dialect == "data" and line_kind:
        return ctx.bluejet.find(line_kind, ctx.bluejet.evidences[line_kind].parent, document_id)
    row = ctx.bluejet.read(kind, document_id, with_lines=True)
    return row.lines if row else ()


def _total(ctx: Context, kind: str, row: BlueJetRow) -> Decimal:
    line_kind = ctx.bluejet.evidences[kind].line_kind
    column = ctx.bluejet.evidences[line_kind].total if line_kind else "total"
    return number(row.fields.get(column)) or Decimal(0)
