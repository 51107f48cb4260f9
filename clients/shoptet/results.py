"""What the client's calls return."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Fetched:
    """One detail as records; `date` is Shoptet's own clock, `changed_at` the entity's last change.

    `left_out` names the sections that the shop does not give; a record whose fields they would fill names these in `leftOut`.
    """

    records: list[dict[str, Any]]
    changed_at: datetime | None
    date: datetime | None
    request_id: str = ""
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Change:
    """One line of a change feed: the order's code or the GUID of a product or customer."""

    key: str
    changed_at: datetime | None
    deleted: bool


@dataclass(frozen=True)
class Page:
    """One page of a list; `total` counts the whole list, `number` starts at 1."""

    items: list[Any]
    total: int
    number: int
    date: datetime | None = None
    count: int = field(default=1)
