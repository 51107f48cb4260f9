"""A job's last draft, kept in its row for people to read: whole where it is small, in short where it is not. Nothing is sent from it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sync.flow import Part
from sync.push.hashing import plain

# How much of one value, of one document's lines and of the whole draft is kept, in characters and in lines.
LONGEST_VALUE = 500
MOST_LINES = 200
LARGEST = 60_000
LONGEST_NAME = 1_600  # in its JSON, where a letter takes up to six characters
# The record that says what was left out; no record of BlueJet has this name.
IN_SHORT = "…"


def kept_draft(parts: Iterable[Part]) -> dict[str, Any] | None:
    """Return what is kept: each record's fields and lines, and under `…` how many records, lines and ends of values are missing."""
    kept: dict[str, Any] = {}
    missing = {"records": 0, "lines": 0, "values": 0}
    room = LARGEST
    for part in parts:  # what does not fit ends it, so that the first records are those that are shown
        name = f"{part.kind} {part.key}"
        shown = _fitted(_in_short(part, missing), room, missing) if room else None
        if shown is None:
            room = 0
            missing["records"] += 1
        else:
            room -= len(json.dumps({name: shown}))
            kept[name] = shown
    if any(missing.values()):
        kept[IN_SHORT] = missing
    return kept or None


def _fitted(shown: dict[str, Any], room: int, missing: dict[str, int]) -> dict[str, Any] | None:
    """Leave out the last lines of a document that is too large; None where not even its fields fit."""
    while len(json.dumps(shown)) + LONGEST_NAME > room:
        lines = shown["lines"]
        if not lines:
            return None
        shown["lines"] = lines[: len(lines) // 2]
        missing["lines"] += len(lines) - len(lines) // 2
    return shown


def _in_short(part: Part, missing: dict[str, int]) -> dict[str, Any]:
    missing["lines"] += max(0, len(part.lines) - MOST_LINES)
    lines = [_values(line.fields, missing) for line in part.lines[:MOST_LINES]]
    return {"fields": _values(part.fields, missing), "lines": lines}


def _values(fields: Mapping[str, Any], missing: dict[str, int]) -> dict[str, Any]:
    return {name: _cut(value, missing) for name, value in fields.items()}


def _cut(value: Any, missing: dict[str, int]) -> Any:
    """Keep the beginning of a long text; a long list or group of fields is kept as the beginning of its text."""
    if not isinstance(value, str):
        value = plain(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else ""
    if len(text) <= LONGEST_VALUE:
        return value
    missing["values"] += 1
    return f"{text[:LONGEST_VALUE]}…"
