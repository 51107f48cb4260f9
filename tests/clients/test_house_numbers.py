"""A house number stands behind its street once, however people wrote the two."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.shoptet.house_numbers import join_house_number


@pytest.mark.parametrize(
    ("street", "number", "expected"),
    [
        ("Dlouhá 12", "12", "Dlouhá 12"),
        ("Dlouhá 12/3", "12/3", "Dlouhá 12/3"),
        ("Dlouhá 12 / 3", "12/3", "Dlouhá 12 / 3"),
        ("Dlouhá 12a", "12 A", "Dlouhá 12a"),
        ("Dlouhá 12 B", "12b", "Dlouhá 12 B"),
        ("12, Dlouhá", "12", "12, Dlouhá"),
        ("12 rue de Paris", "12", "12 rue de Paris"),
        ("Dlouhá12", "12", "Dlouhá12"),
        ("Dlouhá 12, Brno", "12", "Dlouhá 12, Brno"),
        ("Dlouhá č. p. 12", "12", "Dlouhá č. p. 12"),
        ("Lhota 12", "č.p. 12", "Lhota 12"),
        ("Lhota", "č.p. 12", "Lhota č.p. 12"),
        # The fuller of two forms.
        ("Dlouhá 12", "12/3", "Dlouhá 12/3"),
        ("Dlouhá 12", "12a", "Dlouhá 12a"),
        ("Dlouhá 12/3", "3", "Dlouhá 12/3"),
        ("Dlouhá 12-14", "12", "Dlouhá 12-14"),
        # A street's own number is not the house's.
        ("Ulice 5. května 12", "5", "Ulice 5. května 12 5"),
        ("5. května", "5", "5. května 5"),
        ("17 listopadu", "17", "17 listopadu 17"),
        ("Dlouhá 112", "12", "Dlouhá 112 12"),
    ],
)
def test_a_house_number_stands_once(street: str, number: str, expected: str) -> None:
    assert join_house_number(street, number) == expected


NAMES = st.sampled_from(["Dlouhá", "Nad Vodou", "5. května", "Sídliště II", "U Tří lvů", "28. října"])
NUMBERS = st.from_regex(r"[1-9][0-9]{0,3}[a-d]?(/[1-9][0-9]?[a-d]?)?", fullmatch=True)


@settings(max_examples=40, deadline=None)
@given(NAMES, NUMBERS, st.sampled_from([" ", "", ", ", "  ", " č. "]), st.booleans())
def test_a_number_that_is_written_twice_is_said_once(name: str, number: str, between: str, capitals: bool) -> None:
    street = f"{name}{between}{number}"

    assert join_house_number(street, number.upper() if capitals else number) == street


@settings(max_examples=40, deadline=None)
@given(NAMES, NUMBERS)
def test_a_number_that_only_its_own_field_has_is_said(name: str, number: str) -> None:
    joined = join_house_number(name, number)

    assert joined == f"{name} {number}"
    assert join_house_number(joined, number) == joined
