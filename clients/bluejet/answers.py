"""What BlueJet answers: rows of columns, the outcome of a write per row, and its explanations of a refusal."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from clients.answers import Answer
from clients.bluejet.evidences import Evidence
from clients.bluejet.records import BlueJetRow
from clients.bluejet.values import id_text, same, text
from clients.errors import MalformedAnswer, PartnerMessage

logger = logging.getLogger(__name__)
PARTNER = "BlueJet"
LONGEST_COUNT = 19

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


@dataclass(frozen=True)
class BadRow:
    """A row of a page that cannot be used: why, and what can be read of it."""

    reason: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RowPage:
    """The rows of a page, the bad ones apart, and how many rows there are in all."""

    rows: list[BlueJetRow]
    bad: list[BadRow]
    total: int

    @property
    def size(self) -> int:
        """Return how many rows came."""
        return len(self.rows) + len(self.bad)


def page_of(answer: Answer, evidence: Evidence) -> RowPage:
    """Read a page; a row without its key costs that row."""
    rows, bad = rows_of(answer, evidence)
    return RowPage(rows, bad, total_of(answer))


def rows_of(answer: Answer, evidence: Evidence) -> tuple[list[BlueJetRow], list[BadRow]]:
    """Read the rows of a page, the bad ones apart."""
    found = answer.body.get("rows") if isinstance(answer.body, Mapping) else None
    if not isinstance(found, list):
        answer.reject("the answer has no list of rows")
    read = [_row(raw, evidence) for raw in found]
    return apart(read)


def apart(read: Iterable[BlueJetRow | BadRow]) -> tuple[list[BlueJetRow], list[BadRow]]:
    """Part what can be used from what cannot; the latter is said in the log."""
    rows: list[BlueJetRow] = []
    bad: list[BadRow] = []
    for row in read:
        if isinstance(row, BadRow):
            logger.warning("BlueJet: a row is left out: %s", row.reason)
            bad.append(row)
        else:
            rows.append(row)
    return rows, bad


def _row(raw: Any, evidence: Evidence) -> BlueJetRow | BadRow:
    columns = raw.get("columns") if isinstance(raw, Mapping) else None
    if not isinstance(columns, list):
        return BadRow("a row has no list of columns")
    fields = {str(column["name"]).lower(): column.get("value") for column in columns if isinstance(column, Mapping) and "name" in column}
    row_id = id_text(fields.get(evidence.key))
    if not row_id:
        return BadRow(f"a row of {evidence.kind} lacks its key “{evidence.key}”", fields)
    return BlueJetRow(evidence.kind, row_id, fields)


def without(rows: Iterable[BlueJetRow], name: str) -> list[BadRow]:
    """Return as bad what was brought for the value of a column and does not show that column."""
    return [
        BadRow(f"a row of {row.kind} does not show “{name}”, by which it was asked for", row.fields)
        for row in rows
        if name not in row.fields
    ]


def refuse_doubt(bad: Sequence[BadRow], name: str, wanted: str) -> None:
    """Raise where a row that cannot be used may be the wanted one: taken for missing, it would be made twice."""
    for row in bad:
        if name not in row.fields or same(row.fields[name], wanted):
            raise MalformedAnswer(row.reason, partner=PARTNER, request="GET data")


def total_of(answer: Answer) -> int:
    """Read how many rows there are in all, from the header or the body."""
    counted = answer.body.get("recordsCount") if isinstance(answer.body, Mapping) else None
    told = [text(value) for value in (answer.headers.get("X-Total-Count"), counted)]
    found = [int(count) for count in told if count.isdecimal() and len(count) <= LONGEST_COUNT]
    if not found:
        answer.reject("the answer does not say how many rows there are")
    return found[0]


def result_rows(body: Any) -> list[ResultRow]:
    """Find what the answer says of each row, however deep it is wrapped; the shape of the wrapping is not documented."""
    try:
        return list(_results(body))
    except RecursionError:
        return []  # whatever it says, no record of ours is named that deep


def _results(body: Any) -> Iterator[ResultRow]:
    if isinstance(body, list):
        for item in body:
            yield from _results(item)
    if isinstance(body, Mapping):
        lowered = _lower(body)
        if "id" in lowered or "reference" in lowered:
            yield ResultRow(
                text(lowered.get("reference")),
                id_text(lowered.get("id")),
                text(lowered.get("action")).lower(),
                text(lowered.get("message")),
                text(lowered.get("no")),
            )
        for value in body.values():
            if isinstance(value, list | Mapping):
                yield from _results(value)


def _lower(body: Mapping[str, Any]) -> dict[str, Any]:
    return {str(key).lower(): value for key, value in body.items()}
