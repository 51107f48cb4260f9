"""What the answer to a write means for each row: confirmed only where it names the row's id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from clients.answers import Answer
from clients.bluejet.answers import PARTNER, ResultRow, result_rows
from clients.bluejet.plan import Mode
from clients.bluejet.records import Action, RowRefused, Written
from clients.bluejet.wire import WireObject
from clients.errors import OutcomeUnknown, PartnerMessage, Refused
from clients.redaction import scrub

BY_MODE: dict[Mode, Action] = {"insert": "inserted", "update": "updated", "upsert": "updated"}


def outcomes_of(answer: Answer, objects: Sequence[WireObject], mode: Mode) -> list[Written | RowRefused]:
    """Give the outcome of each object, in order, with the ids of its lines as far as the answer names them."""
    told = match(objects, result_rows(answer.body))
    return [_outcome(answer, row, told, mode) for row in objects]


def match(objects: Sequence[WireObject], rows: Sequence[ResultRow]) -> dict[str, ResultRow]:
    """Pair what was sent with what was answered: by reference, else by a known id, else by position where the counts agree."""
    named = {row.reference: row for row in rows if row.reference}
    if named:
        return named
    by_id = {row.id.casefold(): row for row in rows if row.id}
    known = {sent.reference: by_id[sent.id.casefold()] for sent in objects if sent.id and sent.id.casefold() in by_id}
    if known:
        return known
    for expected in ([part for sent in objects for part in sent.flattened()], list(objects)):
        if len(expected) == len(rows):
            return {sent.reference: row for sent, row in zip(expected, rows, strict=True) if row.no in ("", str(sent.no))}
    return {}


def _outcome(answer: Answer, sent: WireObject, told: dict[str, ResultRow], mode: Mode) -> Written | RowRefused:
    row = told.get(sent.reference)
    if row is not None and row.id:
        lines = {child.key: told[child.reference].id for child in sent.children if child.reference in told}
        return Written(row.id, _action(row, mode), {key: line_id for key, line_id in lines.items() if line_id})
    if row is not None and row.message:
        message = PartnerMessage("", scrub(row.message))
        return RowRefused(Refused("the partner refused the record", messages=(message,), **_facts(answer)))
    reason = "the answer to a write does not name the record's id"
    return RowRefused(OutcomeUnknown(reason, received=answer.received, **_facts(answer)))


def _action(row: ResultRow, mode: Mode) -> Action:
    return cast(Action, row.action) if row.action in ("inserted", "updated") else BY_MODE[mode]


def _facts(answer: Answer) -> dict[str, Any]:
    return {"partner": PARTNER, "request": answer.request, "status": answer.status, "request_id": answer.request_id}
