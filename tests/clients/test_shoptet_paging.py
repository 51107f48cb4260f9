"""Lists that stand still, grow and shrink while they are read."""

from __future__ import annotations

import pytest

from clients.errors import MalformedAnswer, NotFound
from clients.shoptet.paging import read_pages
from clients.shoptet.results import Page


class Shop:
    """A list of keys in pages of two that changes after given reads."""

    def __init__(self, keys: str, changes: dict[int, str] | None = None, *, strict: bool = False) -> None:
        self.keys = keys
        self.changes = changes or {}
        self.strict = strict
        self.read: list[int] = []

    def fetch(self, number: int) -> Page:
        self.read.append(number)
        start = (number - 1) * 2
        if self.strict and start >= len(self.keys) and number > 1:
            raise NotFound("no such page", partner="Shoptet", status=404)
        page = Page(items=list(self.keys[start : start + 2]), total=len(self.keys), number=number, count=-(-len(self.keys) // 2))
        self.keys = self.changes.get(len(self.read), self.keys)
        return page

    def all(self) -> str:
        pages = read_pages(self.fetch, key=str, name="/api/orders")
        return "".join(item for page in pages for item in page.items)


def test_a_list_that_stands_still_is_read_once() -> None:
    shop = Shop("abcde")

    assert shop.all() == "abcde"
    assert shop.read == [1, 2, 3]


def test_an_empty_list_is_one_empty_page() -> None:
    shop = Shop("")

    assert [page.items for page in read_pages(shop.fetch, key=str, name="x")] == [[]]
    assert shop.read == [1]


def test_what_slips_to_an_earlier_page_when_the_list_shrinks_is_found_by_reading_again() -> None:
    # "a" goes after the first page was read: "c" slips onto that page and would be passed over.
    shop = Shop("abcde", {1: "bcde"})

    assert sorted(shop.all()) == ["a", "b", "c", "d", "e"]
    assert shop.read == [1, 2, 1, 2]


def test_a_list_that_grows_at_its_head_is_read_again_and_nothing_is_given_twice() -> None:
    shop = Shop("abcd", {1: "zabcd"})

    assert sorted(shop.all()) == ["a", "b", "c", "d", "z"]
    assert shop.read == [1, 2, 3, 1, 2, 3]


def test_one_gone_and_one_new_leave_the_total_alone_but_not_the_count_of_what_was_seen() -> None:
    shop = Shop("abcdef", {1: "zabcde"})

    assert sorted(shop.all()) == ["a", "b", "c", "d", "e", "z"]
    assert shop.read == [1, 2, 3, 1, 2, 3]


def test_a_page_that_is_gone_by_the_time_it_is_asked_for_ends_the_pass() -> None:
    shop = Shop("abcde", {2: "abcd"}, strict=True)

    assert sorted(shop.all()) == ["a", "b", "c", "d"]
    assert shop.read == [1, 2, 3, 1, 2]


def test_a_first_page_that_is_not_there_is_an_error() -> None:
    def fetch(number: int) -> Page:
        raise NotFound("no such stock", partner="Shoptet", status=404)

    with pytest.raises(NotFound):
        list(read_pages(fetch, key=str, name="x"))


def test_a_list_that_never_stops_shrinking_is_an_error_that_may_be_tried_again() -> None:
    shop = Shop("abcdefgh", {1: "bcdefgh", 5: "cdefgh", 8: "defgh", 9: "efgh"})

    with pytest.raises(MalformedAnswer, match="kept shrinking") as caught:
        shop.all()

    assert caught.value.retryable


def test_a_list_that_never_stops_growing_is_good_enough_after_three_readings() -> None:
    shop = Shop("abcd", {1: "abcde", 4: "abcdef", 7: "abcdefg"})

    assert set("abcd") <= set(shop.all())
    assert shop.read == [1, 2, 3, 1, 2, 3, 1, 2, 3, 4]


def test_a_total_that_counts_a_key_twice_is_believed_when_two_readings_agree() -> None:
    shop = Shop("abca")

    assert shop.all() == "abc"
    assert shop.read == [1, 2, 1, 2]
