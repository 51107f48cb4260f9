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
# Of a list that stands still no page is empty before the last one, and none comes twice.
MOST_BARREN_PAGES = 3
MOST_PAGES = 100_000

FetchPage = Callable[[int], Page]


@dataclass
class _Pass:
    """What one reading from the first page to the last has seen; `rows` counts those that came twice or cannot be read, too."""

    totals: list[int] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    rows: int = 0
    bad: int = 0

    def add(self, page: Page, key: Callable[[Any], str]) -> None:
        self.totals.append(page.total)
        self.keys.update(map(key, page.items))
        self.bad += len(page.bad)
        self.rows += len(page.items) + len(page.bad)

    @property
    def is_steady(self) -> bool:
        return len(set(self.totals)) <= 1

    @property
    def is_whole(self) -> bool:
        return self.is_steady and len(self.keys) + self.bad == (self.totals or [0])[-1]

    @property
    def is_short(self) -> bool:
        return self.is_steady and self.rows < (self.totals or [0])[-1]

    @property
    def only_grew(self) -> bool:
        return self.totals == sorted(self.totals)


def read_pages(fetch: FetchPage, *, key: Callable[[Any], str], name: str, most_passes: int = MOST_PASSES) -> Iterator[Page]:
    """Yield the pages of a list, every item once.

    When the total changes on the way, items move from page to page and one may be passed over: the list is read again,
    and what was not seen before is yielded, until a reading is steady and whole or two readings saw the same.
    Rows that cannot be read count as seen: they are told with the page that they were first met on, and hold nothing up.
    Raise `MalformedAnswer` if the list kept shrinking to the end, gives fewer rows than it says it has, or has no end;
    a list that only grows hides nothing that was there when the reading began.
    """
    yielded: set[str] = set()
    last: _Pass | None = None
    for _ in range(most_passes):
        this = _Pass()
        for page in _one_pass(fetch, key, this, name):
            fresh = _first_seen(page.items, key, yielded)
            if fresh or last is None:
                yield replace(page, items=fresh, bad=page.bad if last is None else [])
        if this.is_whole:
            return
        if last is not None and this.is_steady and this.keys == last.keys:
            if this.is_short:
                raise _malformed(name, f"says that it has {this.totals[-1]} rows and gives {this.rows}")
            return
        logger.info("the list %s moved while it was read: totals %s, %s seen", name, sorted(set(this.totals)), len(this.keys))
        last = this
    if last is not None and not last.only_grew:
        raise _malformed(name, "kept shrinking while it was read")


def _one_pass(fetch: FetchPage, key: Callable[[Any], str], this: _Pass, name: str) -> Iterator[Page]:
    number, barren = 1, 0
    before: list[Any] = []
    while True:
        try:
            page = fetch(number)
        except NotFound:
            # A list that shrank may have lost the page that it promised.
            if number == 1:
                raise
            this.totals.append(-1)
            return
        _refuse_contradiction(page, name)
        this.add(page, key)
        yield page
        if number >= page.count:
            return
        barren = barren + 1 if page.items == before or not (page.items or page.bad) else 0
        if barren >= MOST_BARREN_PAGES or number >= MOST_PAGES:
            raise _malformed(name, f"says that it has {page.count} pages, and page {number} brings nothing new")
        before = page.items
        number += 1


def _refuse_contradiction(page: Page, name: str) -> None:
    """Refuse a paginator that cannot be true, before so many pages are asked for, or none; a page holds one row at least."""
    if page.total < 0 or page.count < 0 or page.count > max(page.total, 1) or (page.total and not page.count):
        raise _malformed(name, f"says that it has {page.count} pages for {page.total} rows")


def _malformed(name: str, what: str) -> MalformedAnswer:
    return MalformedAnswer(f"the list {name} {what}", partner="Shoptet", request=f"GET {name}")


def _first_seen(items: list[Any], key: Callable[[Any], str], seen: set[str]) -> list[Any]:
    fresh = []
    for item in items:
        if key(item) not in seen:
            seen.add(key(item))
            fresh.append(item)
    return fresh
