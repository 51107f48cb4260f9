"""What the client's calls return."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from clients.errors import MalformedAnswer


@dataclass(frozen=True)
class BadRecord:
    """One record of a detail that cannot be read, though others can: its key, and the error that says why."""

    key: str
    error: MalformedAnswer


@dataclass(frozen=True)
class Fetched:
    """One detail as records; `date` is Shoptet's own clock, `changed_at` the entity's last change.

    A record tells under `unread` which of its optional values could not be read; one that cannot be read at all is in `bad`.
    `left_out` names the sections that the shop does not give; a record whose fields they would fill names these in `leftOut`.
    """

    records: list[dict[str, Any]]
    changed_at: datetime | None
    date: datetime | None
    request_id: str = ""
    bad: list[BadRecord] = field(default_factory=list)
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Change:
    """One line of a change feed: the order's code or the GUID of a product or customer."""

    key: str
    changed_at: datetime | None
    deleted: bool


@dataclass(frozen=True)
class Page:
    """One page of a list; `total` counts the whole list, `number` starts at 1.

    `bad` says of each row that could not be read what is wrong with it; these are not among the items.
    """

    items: list[Any]
    total: int
    number: int
    date: datetime | None = None
    count: int = field(default=1)
    bad: list[str] = field(default_factory=list)
