"""Read a list page by page, and once more where it moved under the reader."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from clients.errors import MalformedAnswer, NotFound
from clients.shoptet.results import Page

logger = logging.getLogger(__name__)
MOST_PASSES = 3

FetchPage = Callable[[int], Page]


@dataclass
class _Pass:
    """What one reading from the first page to the last has seen."""

    totals: list[int] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    @property
    def is_steady(self) -> bool:
        return len(set(self.totals)) <= 1

    @property
    def is_whole(self) -> bool:
        return self.is_steady and len(self.keys) == (self.totals or [0])[-1]

    @property
    def only_grew(self) -> bool:
        return self.totals == sorted(self.totals)


def read_pages(fetch: FetchPage, *, key: Callable[[Any], str], name: str, most_passes: int = MOST_PASSES) -> Iterator[Page]:
    """Yield the pages of a list, every item once.

    When the total changes on the way, items move from page to page and one may be passed over: the list is read again,
    and what was not seen before is yielded, until a reading is steady and whole or two readings saw the same.
    Raise `MalformedAnswer` if the list kept shrinking to the end; a list that only grows hides nothing that was there
    when the reading began.
    """
    yielded: set[str] = set()
    last: _Pass | None = None
    for _ in range(most_passes):
        this = _Pass()
        for page in _one_pass(fetch, key, this):
            fresh = _first_seen(page.items, key, yielded)
            if fresh or last is None:
                yield replace(page, items=fresh)
        if this.is_whole or (last is not None and this.is_steady and this.keys == last.keys):
            return
        logger.info("the list %s moved while it was read: totals %s, %s seen", name, sorted(set(this.totals)), len(this.keys))
        last = this
    if last is not None and not last.only_grew:
        raise MalformedAnswer(f"the list {name} kept shrinking while it was read", partner="Shoptet", request=f"GET {name}")


def _one_pass(fetch: FetchPage, key: Callable[[Any], str], this: _Pass) -> Iterator[Page]:
    number = 1
    while True:
        try:
            page = fetch(number)
        except NotFound:
            # A list that shrank may have lost the page that it promised.
            if number == 1:
                raise
            this.totals.append(-1)
            return
        this.totals.append(page.total)
        this.keys.update(map(key, page.items))
        yield page
        if number >= page.count or not page.items:
            return
        number += 1


def _first_seen(items: list[Any], key: Callable[[Any], str], seen: set[str]) -> list[Any]:
    fresh = []
    for item in items:
        if key(item) not in seen:
            seen.add(key(item))
            fresh.append(item)
    return fresh
