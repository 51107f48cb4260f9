"""Dates are the shop's, on every day of the year."""

from __future__ import annotations

import pytest

from mappings.compiled import Row
from mappings.engine import map_record
from tests.mappings.snapshots import one_row, snapshot_of


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-01-12T10:30:00Z", "2026-01-12"),
        ("2026-01-11T23:00:00Z", "2026-01-12"),
        ("2026-01-11T22:59:59Z", "2026-01-11"),
        ("2026-07-01T22:00:00+00:00", "2026-07-02"),
        ("2026-03-28T23:00:00Z", "2026-03-29"),
        ("2026-03-29T00:59:59Z", "2026-03-29"),
        ("2026-03-29T01:00:00Z", "2026-03-29"),
        ("2026-03-29T21:59:59Z", "2026-03-29"),
        ("2026-03-29T22:00:00Z", "2026-03-30"),
        ("2026-03-29T02:30:00", "2026-03-29"),
        ("2026-10-24T21:59:59Z", "2026-10-24"),
        ("2026-10-24T22:00:00Z", "2026-10-25"),
        ("2026-10-25T00:30:00Z", "2026-10-25"),
        ("2026-10-25T01:30:00Z", "2026-10-25"),
        ("2026-10-25T22:59:59Z", "2026-10-25"),
        ("2026-10-25T23:00:00Z", "2026-10-26"),
        ("2026-10-25T02:30:00", "2026-10-25"),
        ("2018-05-29T09:02:27+0200", "2018-05-29"),
        ("2026-10-25", "2026-10-25"),
    ],
)
def test_an_order_has_the_date_that_its_customer_saw(moment: str, day: str) -> None:
    draft = map_record(one_row(transform="local_date"), "product", {"value": moment})

    assert draft.fields == {"target": day}


@pytest.mark.parametrize(
    ("moment", "local"),
    [
        ("2026-03-29T00:59:59Z", "2026-03-29T01:59:59+01:00"),
        ("2026-03-29T01:00:00Z", "2026-03-29T03:00:00+02:00"),
        ("2026-10-25T00:30:00Z", "2026-10-25T02:30:00+02:00"),
        ("2026-10-25T01:30:00Z", "2026-10-25T02:30:00+01:00"),
    ],
)
def test_a_moment_keeps_its_offset_through_both_switches(moment: str, local: str) -> None:
    draft = map_record(one_row(transform="iso_datetime"), "product", {"value": moment})

    assert draft.fields == {"target": local}


def test_a_shop_elsewhere_has_its_own_day() -> None:
    snapshot = snapshot_of(Row("product", "day", "at", "local_date"), zone="America/New_York")

    draft = map_record(snapshot, "product", {"at": "2026-01-12T03:00:00Z"})

    assert draft.fields == {"day": "2026-01-11"}


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_what_is_no_date_is_left_out(moment: str) -> None:
    draft = map_record(one_row(transform="local_date"), "product", {"value": moment})

    assert [problem.code for problem in draft.left_out] == ["value_left_out"]
