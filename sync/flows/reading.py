"""How a run finds out which records it has to look at: the change feed since a moment, or the whole list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from sync.flow import KeyPage


def changed_keys(pages: Iterable[Any]) -> Iterator[KeyPage]:
    """Turn the pages of a change feed into keys, with those that were deleted."""
    for page in pages:
        deleted = frozenset(change.key for change in page.items if change.deleted)
        yield KeyPage([change.key for change in page.items], page.total, deleted, bad=page.bad)


def listed_keys(pages: Iterable[Any], key: str) -> Iterator[KeyPage]:
    """Turn the pages of a list into keys."""
    for page in pages:
        yield KeyPage([str(row[key]) for row in page.items], page.total, bad=page.bad)


def keys_of(
    mode: str, since: datetime | None, *, changes: Callable[[datetime], Iterable[Any]], listing: Callable[[], Iterable[Any]], key: str
) -> Iterator[KeyPage]:
    """Read the change feed where there is a moment to start from, else everything."""
    if mode == "full" or since is None:
        return listed_keys(listing(), key)
    return changed_keys(changes(since))
