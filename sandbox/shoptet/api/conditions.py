"""Conditions that the filters of a list put on its records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sandbox.http import Request
from sandbox.shoptet.api.envelope import moment
from sandbox.shoptet.clock import parse_time

Record = dict[str, Any]
Condition = Callable[[Record], bool]


def within_times(request: Request) -> Iterator[Condition]:
    """Yield the conditions of creationTimeFrom/To and changeTimeFrom/To. Raises ApiError."""
    for field in ("creationTime", "changeTime"):
        first, last = moment(request, f"{field}From"), moment(request, f"{field}To")
        if first or last:
            yield _between(field, first, last)


def _between(field: str, first: datetime | None, last: datetime | None) -> Condition:
    def holds(row: Record) -> bool:
        time = parse_time(row[field])
        return (first is None or time >= first) and (last is None or time <= last)

    return holds


def equal(request: Request, fields: dict[str, tuple[str, ...]]) -> Iterator[Condition]:
    """Yield a condition for each parameter that is given; `fields` says where in the record its value stands."""
    for name, place in fields.items():
        value = request.argument(name)
        if value:
            yield _equals(place, value)


def _equals(place: tuple[str, ...], value: str) -> Condition:
    def holds(row: Record) -> bool:
        found: Any = row
        for step in place:
            found = found.get(step) if found else None
        return str(found) == value

    return holds
