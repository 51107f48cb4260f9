"""Whether a document that BlueJet holds tells of the same order: by its dates and its sum."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from clients.bluejet.values import moment, same, wire_text

DATE = re.compile(r"\d{4}-\d\d-\d\d")


def tells_the_same(draft: Mapping[str, Any], held: Mapping[str, Any], total: str) -> bool:
    """Compare every date of the draft, and its total, with what is held; something must be known on both sides, and nothing differ."""
    known = {name.lower(): value for name, value in held.items() if value not in (None, "")}
    compared = [
        _agrees(value, known[name.lower()]) for name, value in draft.items() if _counts(name, value, total) and name.lower() in known
    ]
    return bool(compared) and all(compared)


def _counts(name: str, value: Any, total: str) -> bool:
    return name == total or bool(DATE.match(wire_text(value)))


def _agrees(value: Any, held: Any) -> bool:
    written = wire_text(value)
    first, second = moment(written), moment(held)
    return same(written, held) or (first is not None and second is not None and first.date() == second.date())
