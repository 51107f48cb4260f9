"""What BlueJet answers: rows of columns, the outcome of a write per row, and its explanations of a refusal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from clients.bluejet.evidences import Evidence
from clients.bluejet.records import BlueJetRow
from clients.bluejet.values import text
from clients.errors import MalformedAnswer, PartnerMessage

PARTNER = "BlueJet"

_TAG = re.compile(r"<[^>]+>")
_MESSAGE_KEYS = ("message", "exceptionmessage", "error", "title", "detail")


@dataclass(frozen=True)
class ResultRow:
    """What the answer to a write says of one row."""

    reference: str
    id: str
    action: str
    message: str
    no: str


def short(body: Any, limit: int = 200) -> str:
    """Cut what was received down to what an error can carry."""
    raw = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, default=str)
    return raw if len(raw) <= limit else f"{raw[:limit]}…"


def malformed(what: str, request: str, body: Any) -> MalformedAnswer:
    """Make the error for an answer that is JSON but not what was asked for."""
    return MalformedAnswer(what, partner=PARTNER, request=request, received=short(body))


def explain(response: requests.Response) -> tuple[PartnerMessage, ...]:
    """Read the partner's explanation of a refusal: JSON with some message, else text."""
    try:
        body = response.json()
    except ValueError:
        plain = " ".join(_TAG.sub(" ", response.text).split())
        return (PartnerMessage("", plain[:300]),) if plain else ()
    return tuple(PartnerMessage("", line[:300]) for line in _messages(body))


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


def rows_of(body: Any, evidence: Evidence, request: str) -> list[BlueJetRow]:
    """Read the rows of a page; a row without its key is a malformed answer."""
    found = body.get("rows") if isinstance(body, Mapping) else None
    if not isinstance(found, list):
        raise malformed("the answer has no list of rows", request, body)
    return [_row(raw, evidence, request) for raw in found]


def _row(raw: Any, evidence: Evidence, request: str) -> BlueJetRow:
    columns = raw.get("columns") if isinstance(raw, Mapping) else None
    if not isinstance(columns, list):
        raise malformed("a row has no list of columns", request, raw)
    fields = {str(column["name"]).lower(): column.get("value") for column in columns if isinstance(column, Mapping) and "name" in column}
    row_id = text(fields.get(evidence.key))
    if not row_id:
        raise malformed(f"a row lacks its key “{evidence.key}”", request, sorted(fields))
    return BlueJetRow(evidence.kind, row_id, fields)


def total_of(body: Any, headers: Mapping[str, str], request: str) -> int:
    """Read how many rows there are in all, from the header or the body."""
    for value in (headers.get("X-Total-Count"), body.get("recordsCount") if isinstance(body, Mapping) else None):
        if text(value).isdigit():
            return int(text(value))
    raise malformed("the answer does not say how many rows there are", request, body)


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
