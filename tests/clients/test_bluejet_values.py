"""Values between BlueJet's text and ours."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from clients.bluejet.values import json_value, moment, number, same, since_time, wire_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1499.0000", Decimal("1499.0000")),
        ("1 499,50", Decimal("1499.50")),
        ("1\u00a0499,50", Decimal("1499.50")),
        ("1.499,50", Decimal("1499.50")),
        ("1,499.50", Decimal("1499.50")),
        ("-0,5", Decimal("-0.5")),
        ("1.499.000", Decimal("1499000")),
        (12, Decimal("12")),
        ("", None),
        (None, None),
        ("dohodou", None),
        ("NaN", None),
    ],
)
def test_a_number_is_read_however_a_czech_system_writes_it(text: object, expected: Decimal | None) -> None:
    assert number(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-12T10:30:00",
        "2026-01-12 10:30:00",
        "12.1.2026 10:30:00",
        "12. 1. 2026 10:30",
        "2026-01-12T09:30:00Z",
        "2026-01-12T10:30:00.0000000",
        "/Date(1768210200000)/",
    ],
)
def test_a_moment_without_an_offset_is_read_on_the_clock_of_prague(text: str) -> None:
    assert moment(text) == datetime(2026, 1, 12, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "bound"),
    [
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2026-10-25T01:30:00"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-10-25T02:30:00"),
        (datetime(2026, 10, 24, 23, 59, tzinfo=UTC), "2026-10-25T01:59:00"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "2026-03-29T03:00:00"),
    ],
)
def test_no_change_is_missed_when_the_clocks_go_back(since: datetime, bound: str) -> None:
    assert since_time(since) == bound


@pytest.mark.parametrize("text", ["", None, "zítra", "32.1.2026"])
def test_what_is_no_moment_is_none(text: str | None) -> None:
    assert moment(text) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (True, "1"),
        (False, "0"),
        (Decimal("149.90"), "149.90"),
        (Decimal("1E+3"), "1000"),
        (7, "7"),
        (date(2026, 1, 12), "2026-01-12"),
        (datetime(2026, 7, 12, 22, 30, tzinfo=UTC), "2026-07-13T00:30:00"),
        (["ž", 1], '["ž", 1]'),
        ("text", "text"),
    ],
)
def test_a_value_is_written_as_plain_text(value: object, expected: str) -> None:
    assert wire_text(value) == expected


def test_amounts_become_json_numbers_however_deep() -> None:
    body = {"lines": [{"price": Decimal("149.90"), "quantity": Decimal("10.0")}]}

    assert json_value(body) == {"lines": [{"price": 149.9, "quantity": 10}]}


@pytest.mark.parametrize(("left", "right"), [("Jan@Example.com ", "jan@example.com"), ("1.50", "1.5000"), (None, "")])
def test_values_are_the_same_where_the_database_says_so(left: object, right: object) -> None:
    assert same(left, right)


@pytest.mark.parametrize(("left", "right"), [("007", "7"), ("abc", "abd"), ("", "0")])
def test_values_differ_where_only_a_number_would_say_otherwise(left: object, right: object) -> None:
    assert not same(left, right)
