"""Roles stand for columns that differ between kinds of documents."""

from __future__ import annotations

from mappings.roles import resolve


def test_a_role_becomes_the_column_of_the_evidence() -> None:
    assert resolve({"@total": 10, "mena": "CZK"}, {"@total": "cenadphprodej"}) == {"cenadphprodej": 10, "mena": "CZK"}


def test_a_role_without_a_column_is_left_out() -> None:
    assert resolve({"@code": "1", "@total": 10, "mena": "CZK"}, {"@code": ""}) == {"mena": "CZK"}


def test_a_role_goes_before_a_row_for_the_same_column() -> None:
    assert resolve({"@total": 10, "cenadphprodej": 9}, {"@total": "cenadphprodej"}) == {"cenadphprodej": 10}
