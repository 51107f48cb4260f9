"""What BlueJet answers: rows of columns, the outcome of a write per row, and its explanations of a refusal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clients.answers import Answer
from clients.bluejet.evidences import Evidence
from clients.bluejet.records import BlueJetRow
from clients.bluejet.values import text
from clients.errors import PartnerMessage

PARTNER = "BlueJet"

_MESSAGE_KEYS = ("message", "exceptionmessage", "error", "title", "detail")


@dataclass(frozen=True)
class ResultRow:
    """What the answer to a write says of one row."""

    reference: str
    id: str
    action: str
    message: str
    no: str


def explain(body: Any) -> tuple[PartnerMessage, ...]:
    """Read the partner's explanation of a refusal; where it is no JSON, the transport shows how the text begins."""
    return tuple(PartnerMessage("", line) for line in _messages(body))


def _messages(body: Any) -> list[str]:
    if isinstance(body, str):
        return [body] if body.strip() else []
    if isinstance(body, list):
        return [line for item in body for line in _messages(item)]
    if not isinstance(body, Mapping):
        return []
    lowered = _lower(body)
    lines = [str(lowered[key]) for key in _MESSAGE_KEYS if isinstance(lowered.get(key), str) and lowered[key].strip()]
    return lines + _messages(lowered.get("errors"))


def rows_of(answer: Answer, evidence: Evidence) -> list[BlueJetRow]:
    """Read the rows of a page; a row without its key is a malformed answer."""
    found = answer.body.get("rows") if isinstance(answer.body, Mapping) else None
    if not isinstance(found, list):
        answer.reject("the answer has no list of rows")
    return [_row(raw, evidence, answer) for raw in found]


def _row(raw: Any, evidence: Evidence, answer: Answer) -> BlueJetRow:
    columns = raw.get("columns") if isinstance(raw, Mapping) else None
    if not isinstance(columns, list):
        answer.reject("a row has no list of columns")
    fields = {str(column["name"]).lower(): column.get("value") for column in columns if isinstance(column, Mapping) and "name" in column}
    row_id = text(fields.get(evidence.key))
    if not row_id:
        answer.reject(f"a row of {evidence.kind} lacks its key “{evidence.key}”")
    return BlueJetRow(evidence.kind, row_id, fields)


def total_of(answer: Answer) -> int:
    """Read how many rows there are in all, from the header or the body."""
    counted = answer.body.get("recordsCount") if isinstance(answer.body, Mapping) else None
    found = [int(text(value)) for value in (answer.headers.get("X-Total-Count"), counted) if text(value).isdecimal()]
    if not found:
        answer.reject("the answer does not say how many rows there are")
    return found[0]


def result_rows(body: Any) -> list[ResultRow]:
    """Find what the answer says of each row, however deep it is wrapped; the shape of the wrapping is not documented."""
    return list(_results(body))


def _results(body: Any) -> Iterator[ResultRow]:
    if isinstance(body, list):
        for item in body:
            yield from _results(item)
    if isinstance(body, Mapping):
        lowered = _lower(body)
        if "id" in lowered or "reference" in lowered:
            yield ResultRow(
                text(lowered.get("reference")),
                text(lowered.get("id")),
                text(lowered.get("action")).lower(),
                text(lowered.get("message")),
                text(lowered.get("no")),
            )
        for value in body.values():
            if isinstance(value, list | Mapping):
                yield from _results(value)


def _lower(body: Mapping[str, Any]) -> dict[str, Any]:
    return {str(key).lower(): value for key, value in body.items()}
