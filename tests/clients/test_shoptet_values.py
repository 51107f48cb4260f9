"""Names, money and times: what holds for every value."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.shoptet.names import join_variant, split_name
from clients.shoptet.wire import WireError, decimal, moment, to_cents, wire_time, with_vat, without_vat

MONEY = st.decimals(min_value=Decimal("-1000000"), max_value=Decimal("1000000"), places=2)
RATES = st.sampled_from([Decimal(rate) for rate in ("0", "10", "12", "15", "20", "21", "23")])


@pytest.mark.parametrize(
    ("full_name", "expected"),
    [
        ("Jan Novák", ("Jan", "Novák")),
        ("  Jan   Novák ", ("Jan", "Novák")),
        ("Marie Nová Dvořáková", ("Marie Nová", "Dvořáková")),
        ("Ing. Jan Novák, Ph.D.", ("Jan", "Novák")),
        ("Ing. arch. Jan Novák CSc.", ("Jan", "Novák")),
        ("MUDr. Bc. Eva Malá MBA", ("Eva", "Malá")),
        ("prof. PhDr. Karel Veliký, DrSc.", ("Karel", "Veliký")),
        ("Jan Novák ml.", ("Jan", "Novák")),
        ("Ing Jan Novák", ("Jan", "Novák")),
        ("pan Novák", ("", "Novák")),
        ("Wei Ma", ("Wei", "Ma")),
        ("JAN MA", ("JAN", "MA")),
        ("Novák", ("", "Novák")),
        ("Ing.", ("", "Ing.")),
        ("J. Novák", ("J.", "Novák")),
        ("", ("", "")),
        (" , ", ("", "")),
    ],
)
def test_a_full_name_is_split_at_its_last_word_without_titles(full_name: str, expected: tuple[str, str]) -> None:
    assert split_name(full_name) == expected


@given(st.text())
def test_splitting_loses_no_one(full_name: str) -> None:
    first, last = split_name(full_name)

    words = full_name.replace(",", " ").replace(";", " ").split()
    assert bool(last) == bool(words)
    assert set(f"{first} {last}".replace(",", " ").replace(";", " ").split()) <= set(words)


@given(st.lists(st.sampled_from(["Jan", "Eva", "Nový", "Dvořák", "Žižka", "de"]), min_size=1, max_size=5))
def test_a_name_without_titles_comes_together_again(words: list[str]) -> None:
    first, last = split_name(" ".join(words))

    assert f"{first} {last}".strip() == " ".join(words)


@given(
    st.lists(st.sampled_from(["Ing.", "Mgr.", "MUDr.", "prof."]), max_size=3),
    st.lists(st.sampled_from(["Ph.D.", "CSc.", "MBA"]), max_size=2),
)
def test_no_number_of_titles_changes_who_it_is(before: list[str], after: list[str]) -> None:
    assert split_name(" ".join([*before, "Jan", "Novák", *after])) == ("Jan", "Novák")


@given(MONEY, RATES)
def test_vat_put_on_and_taken_out_again_is_the_same_to_the_cent(price: Decimal, rate: Decimal) -> None:
    assert without_vat(with_vat(price, rate), rate) == price


@given(st.decimals(min_value=Decimal("-1000000"), max_value=Decimal("1000000"), allow_nan=False, places=6))
def test_rounding_moves_no_amount_by_more_than_half_a_cent(value: Decimal) -> None:
    rounded = to_cents(value)

    assert abs(rounded - value) <= Decimal("0.005")
    assert rounded.as_tuple().exponent == -2
    assert str(rounded) != "-0.00"


def test_half_a_cent_is_rounded_away_from_zero() -> None:
    assert [to_cents(Decimal(text)) for text in ("0.125", "-0.125", "0.135")] == [Decimal("0.13"), Decimal("-0.13"), Decimal("0.14")]


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9).filter(lambda value: abs(value) > 1e-9))
def test_a_float_is_read_by_its_shortest_text_to_twelve_places(value: float) -> None:
    assert decimal(value, "price") == round(Decimal(repr(value)), 12)


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (datetime(2017, 12, 12, 22, 8, 1, tzinfo=ZoneInfo("Europe/Prague")), "2017-12-12T22:08:01+0100"),
        (datetime(2026, 7, 1, 8, 0, tzinfo=ZoneInfo("Europe/Prague")), "2026-07-01T08:00:00+0200"),
        (datetime(2026, 3, 2, 8, 5, 0, 999999, tzinfo=UTC), "2026-03-02T08:05:00+0000"),
        (datetime(2026, 3, 2, 8, 5, tzinfo=timezone(timedelta(hours=-3, minutes=-30))), "2026-03-02T08:05:00-0330"),
    ],
)
def test_a_time_is_sent_with_its_offset_and_never_later_than_meant(since: datetime, expected: str) -> None:
    assert wire_time(since) == expected


def test_a_time_without_an_offset_cannot_be_sent() -> None:
    with pytest.raises(ValueError, match="without its offset"):
        wire_time(datetime(2026, 3, 2))  # noqa: DTZ001


def test_both_hours_of_the_change_to_winter_time_are_told_apart() -> None:
    first, second = (moment({"t": f"2026-10-25T02:30:00+0{hours}00"}, "t", "order") for hours in (2, 1))

    assert first and second
    assert second - first == timedelta(hours=1)


def test_a_time_that_is_none_names_its_field() -> None:
    with pytest.raises(WireError, match="order.t is not a time"):
        moment({"t": "yesterday"}, "t", "order")


@pytest.mark.parametrize(
    ("name", "variant", "expected"),
    [("Nůž", "Délka: 20 cm", "Nůž, Délka: 20 cm"), ("Nůž", "", "Nůž"), ("", "20 cm", "20 cm"), ("Nůž 20 cm", "20 cm", "Nůž 20 cm")],
)
def test_a_variants_name_stands_behind_the_products_once(name: str, variant: str, expected: str) -> None:
    assert join_variant(name, variant) == expected
