"""Whole writes, laid over what was read, for an account whose updates empty the columns that they do not name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from clients.bluejet import BlueJetRow, LineWrite, Write
from clients.bluejet.evidences import Evidence
from clients.bluejet.values import number, text
from clients.errors import PartnerError, Refused
from shops.partial_updates import RESET, learn, read_only_columns, state_of
from sync.columns.reading import given_by_bluejet
from sync.flow import Context
from sync.push.changes import columns_held

NEVER_WRITTEN = frozenset({"id", "createdat", "modifiedat"})


def laid_over(ctx: Context, write: Write, row: BlueJetRow) -> Write:
    """Return the write with everything that the record holds and that can be written; its lines likewise."""
    held = {line.id: line for line in row.lines}
    line_kind = ctx.bluejet.evidences[write.kind].line_kind
    lines = tuple(_line_over(ctx, line_kind, line, held.get(line.id)) for line in write.lines)
    if state_of(ctx.account, write.kind) != RESET:
        return replace(write, lines=lines)
    return replace(write, fields=_over(ctx, write.kind, write.fields, row), lines=lines)


def whole_again(ctx: Context, write: Write, before: BlueJetRow, after: BlueJetRow) -> Write:
    """Return the write that gives back what an update emptied: the record and its lines as they were, with what the update brought."""
    evidence = ctx.bluejet.evidences[write.kind]
    fields = _over(ctx, write.kind, write.fields, before)
    if evidence.lines in fields and (write.lines or write.removed_lines):
        fields[evidence.lines] = after.fields.get(evidence.lines)
    held = {line.id: line for line in before.lines} if ctx.bluejet.dialect == "data" else {}
    changed = [line for line in write.lines if line.id in held]
    lines = tuple(replace(line, fields=_over(ctx, evidence.line_kind, line.fields, held[line.id])) for line in changed)
    return replace(write, fields=fields, lines=lines, removed_lines=())


def emptied_columns(ctx: Context, kind: str, named: Mapping[str, Any], before: BlueJetRow, after: BlueJetRow) -> set[str]:
    """Return the columns that were filled before an update that did not name them, and are empty after it."""
    spoken, then, now = {name.lower() for name in named}, columns_held(before.fields), columns_held(after.fields)
    left_out = spoken | _not_writable(ctx, kind)
    return {name for name, value in then.items() if name not in left_out and not _is_empty(value) and _is_empty(now.get(name))}


def has_unnamed(ctx: Context, kind: str, named: Mapping[str, Any], before: BlueJetRow) -> bool:
    """Whether the record has a filled column that the update does not name, so that it can tell."""
    left_out = {name.lower() for name in named} | _not_writable(ctx, kind)
    return any(not _is_empty(value) for name, value in columns_held(before.fields).items() if name not in left_out)


def without_refused(ctx: Context, write: Write, error: PartnerError, ours: Mapping[str, Any]) -> Write | None:
    """Return the write without the columns as read that BlueJet names in its refusal, and remember them; None where it names none."""
    if not isinstance(error, Refused):
        return None
    said = " ".join([str(error), *(line.message for line in error.messages)])
    refused = {name for name in write.fields if name not in ours and re.search(rf"\b{re.escape(name)}\b", said, re.IGNORECASE)}
    if not refused:
        return None
    learn(ctx.account, write.kind, read_only=refused)
    return replace(write, fields={name: value for name, value in write.fields.items() if name not in refused})


def _line_over(ctx: Context, kind: str, line: LineWrite, row: BlueJetRow | None) -> LineWrite:
    if row is None or not line.id or ctx.bluejet.dialect != "data" or state_of(ctx.account, kind) != RESET:
        return line
    return replace(line, fields=_over(ctx, kind, line.fields, row))


def _over(ctx: Context, kind: str, fields: Mapping[str, Any], row: BlueJetRow) -> dict[str, Any]:
    named, left_out = {name.lower() for name in fields}, _not_writable(ctx, kind)
    as_read = {name: value for name, value in row.fields.items() if name.lower() not in named | left_out and value is not None}
    return as_read | dict(fields)


def _not_writable(ctx: Context, kind: str) -> frozenset[str]:
    evidence: Evidence = ctx.bluejet.evidences[kind]
    return frozenset(name.lower() for name in given_by_bluejet(evidence)) | NEVER_WRITTEN | read_only_columns(ctx.account, kind)


def _is_empty(value: Any) -> bool:
    if isinstance(value, list | dict):
        return not value
    return text(value).lower() in ("", "false") or number(value) == 0
