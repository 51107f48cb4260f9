"""A document is done only when the number of its lines and their sum, read back, agree with what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from clients.bluejet import BlueJetRow, Written
from clients.bluejet.values import number
from clients.errors import PartnerError
from sync.flow import Context, LineDraft, Outcome, Part
from sync.issues import Issue
from sync.outcomes import outcome_of, parked
from sync.push.changes import columns_held
from sync.push.comparing import is_held
from sync.push.kept_values import kept
from sync.push.lines import DELETED, LINES, match_lines, ours
from sync.push.plan import Plan
from sync.validation.money import read_back_agrees

OTHERS = "other_lines"


def confirm_document(ctx: Context, part: Part, written: Written) -> Outcome | None:
    """Read the lines back and keep their ids; return an outcome only where they do not agree."""
    try:
        seen = _read_lines(ctx, part.kind, written.id)
    except PartnerError as error:
        part.held.bluejet_id = written.id
        return outcome_of(error)
    return agree(ctx, part, seen, written.line_ids)


def agree(ctx: Context, part: Part, document: BlueJetRow, line_ids: Mapping[str, str]) -> Outcome | None:
    """Hold our own lines against the document as it was read; those that the office added are counted and told of, and stay."""
    plan = part.plan or Plan({})
    ids = match_lines(ctx, part, document.lines) or dict(line_ids)
    mine = ours(ctx, part, document.lines, ids.values()) if ids else list(document.lines)
    _keep(part, plan, document, ids)
    _tell_of_others(part, len(document.lines) - len(mine))
    drafts = [line for line in part.lines if line.key not in plan.lines.deleted]
    sent_total = sum((_expected(ctx, part, plan, line) for line in drafts), Decimal(0))
    seen_total = sum((_total(ctx, part.kind, row) for row in mine), Decimal(0))
    if read_back_agrees(len(drafts), sent_total, len(mine), seen_total):
        return None
    params = {"seen_lines": len(mine), "seen_total": seen_total, "lines": len(drafts), "total": sent_total}
    return parked(Issue("not_read_back", params=params))


def _expected(ctx: Context, part: Part, plan: Plan, line: LineDraft) -> Decimal:
    """Return the line's sum: what was sent, or, where the office changed the line and that stays, what the line said before."""
    changes = plan.lines.changes.get(line.key)
    column = _total_column(ctx, part.kind)
    if changes is not None and column in changes.seen:
        return number(changes.seen[column]) or Decimal(0)
    return Decimal(str(line.total or 0))


def _keep(part: Part, plan: Plan, document: BlueJetRow, ids: Mapping[str, str]) -> None:
    """Remember the lines' ids, and where BlueJet shows a line otherwise than it was sent: only what differs later is news."""
    part.held.lines = dict(ids)
    by_id = {row.id: columns_held(row.fields) for row in document.lines}
    seen = {line.key: _otherwise(line.fields, by_id[ids[line.key]]) for line in part.lines if ids.get(line.key) in by_id}
    lines = {key: values for key, values in seen.items() if values} | dict.fromkeys(sorted(plan.lines.deleted), DELETED)
    plan.seen.pop(LINES, None)
    if lines:
        plan.seen[LINES] = lines
    if document.fields:
        plan.seen.update(_otherwise(part.fields, columns_held(document.fields)))


def _otherwise(sent: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, Any]:
    pairs = {name: (value, held[name.lower()]) for name, value in sent.items() if name.lower() in held}
    return {name: kept("" if theirs is None else theirs) for name, (value, theirs) in pairs.items() if not is_held(value, theirs)}


def _tell_of_others(part: Part, count: int) -> None:
    """Say once how many lines the office added."""
    before = part.held.seen.get(OTHERS, 0)
    if part.plan is not None and count:
        part.plan.seen[OTHERS] = count
    if count and count != before:
        part.item.issues.append(Issue("lines_added_in_bluejet", "warning", LINES, {"count": count}))


def _read_lines(ctx: Context, kind: str, document_id: str) -> BlueJetRow:
    """Read the lines alone where they are records of their own, else the whole document."""
    line_kind = ctx.bluejet.evidences[kind].line_kind
    if ctx.bluejet.dialect == "data" and line_kind:
        return BlueJetRow(kind, document_id, {}, tuple(ctx.bluejet.find(line_kind, ctx.bluejet.evidences[line_kind].parent, document_id)))
    return ctx.bluejet.read(kind, document_id, with_lines=True) or BlueJetRow(kind, document_id, {})


def _total_column(ctx: Context, kind: str) -> str:
    line_kind = ctx.bluejet.evidences[kind].line_kind
    return ctx.bluejet.evidences[line_kind].total if line_kind else "total"


def _total(ctx: Context, kind: str, row: BlueJetRow) -> Decimal:
    return number(row.fields.get(_total_column(ctx, kind))) or Decimal(0)
