"""Transforms that reckon with VAT and currencies, split names, write texts of several fields, and give dates."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from mappings import engine
from mappings.chains import BadChain, parse_chain
from mappings.compiled import Row
from mappings.engine import map_record
from mappings.transforms import TRANSFORMS
from tests.mappings.snapshots import one_row, snapshot_of

RATES = {"CZK": Decimal(1), "EUR": Decimal("24.85"), "PLN": Decimal("5.70")}


@pytest.mark.parametrize(
    ("transform", "value", "result"),
    [
        ("add_vat:21", Decimal("100"), Decimal(121)),
        ("add_vat", "82,6446", Decimal("92.562")),
        ("remove_vat:21", Decimal("100"), Decimal("82.6446")),
        ("remove_vat|money", "112", Decimal("100.00")),
        ("remove_vat:0", "5", Decimal(5)),
        ("trim", "  a ", "a"),
        ("capitalize", "ostrý nůž", "Ostrý nůž"),
        ("first_name", "Ing. Jana Nováková, Ph.D.", "Jana"),
        ("last_name", "Ing. Jana Nováková, Ph.D.", "Nováková"),
        ('split:","|nth:2', "red, green,blue", "green"),
        ('split|join:" / "', "red, green", "red / green"),
        ("country_code", "Česká republika", "CZ"),
        ("country_code", "Atlantida", "Atlantida"),
        ('date_format:"D.M.YYYY"', "2026-01-05", "5.1.2026"),
        ('date_format:"DD.MM.YY HH:mm"', "2026-01-05T23:30:00+00:00", "06.01.26 00:30"),
        ("add_days:14", "2026-02-20T10:00:00+01:00", "2026-03-06"),
        ("add_days:-1", "2026-03-01", "2026-02-28"),
        ('constant:"e-shop"', "anything", "e-shop"),
        ('template:"{code} – {}"', "Pan", "P-1 – Pan"),
    ],
)
def test_each_transform_gives_what_it_says(transform: str, value: Any, result: Any) -> None:
    draft = map_record(one_row(transform=transform), "product", {"value": value, "vatRate": Decimal(12), "code": "P-1"})

    assert draft.fields == {"target": result}


@pytest.mark.parametrize(
    ("transform", "words"),
    [
        ("add_vat:many", "expects a rate from 0 to 100"),
        ("convert", "needs an argument"),
        ("convert:EURO", "expects a currency"),
        ("nth:0", "expects a whole number from 1"),
        ("add_days:soon", "expects a number of days"),
        ("date_format:XX", "expects a pattern such as"),
        ('date_format:"DD.MM. at HH"', "does not understand “. at”"),
        ("template:name", "expects from 1 to 20 fields in braces"),
        ('template:"{name"', "has a brace without its other half near “{name”"),
        ('template:"{a[0]}"', "does not understand {a[0]}"),
        ("strip|tim", "(character 7)"),
    ],
)
def test_a_wrong_argument_is_refused_with_a_sentence(transform: str, words: str) -> None:
    with pytest.raises(BadChain) as refusal:
        parse_chain(transform)

    assert words in str(refusal.value)


def test_a_template_leaves_out_what_the_record_lacks() -> None:
    snapshot = one_row("", 'template:"{brand} {name} ({billingAddress.city})"')

    full = map_record(snapshot, "product", {"brand": "Rational", "name": "SCC", "billingAddress": {"city": "Brno"}})
    part = map_record(snapshot, "product", {"name": "SCC", "brand": "", "billingAddress": None})
    nothing = map_record(snapshot, "product", {})

    assert full.fields == {"target": "Rational SCC (Brno)"}
    assert part.fields == {"target": "SCC ()"}
    assert nothing.fields == {}


def test_a_template_cannot_reach_anything_but_the_records_fields() -> None:
    draft = map_record(one_row("", 'template:"{name.__class__}{name}"'), "product", {"name": "Pan"})

    assert draft.fields == {"target": "Pan"}


def test_a_constant_with_a_source_is_written_only_where_the_source_has_a_value() -> None:
    snapshot = snapshot_of(Row("product", "always", "", "constant:A"), Row("product", "sometimes", "value", "constant:B"))

    with_value, without = (map_record(snapshot, "product", record) for record in ({"value": "x"}, {"value": ""}))

    assert with_value.fields == {"always": "A", "sometimes": "B"}
    assert without.fields == {"always": "A"}


def test_currencies_are_converted_by_the_orders_rate_and_else_by_the_shops() -> None:
    row = [Row("product", name, "value", transform) for name, transform in (("own", "czk"), ("shop", "czk:shop"), ("zloty", "convert:PLN"))]
    snapshot = replace(snapshot_of(*row), rates=RATES)

    order = map_record(snapshot, "product", {"value": "10", "currency": "EUR", "exchangeRate": Decimal("25")})
    product = map_record(snapshot, "product", {"value": "10", "currency": "EUR"})

    assert order.fields == {"own": Decimal("250.00"), "shop": Decimal("248.50"), "zloty": Decimal("43.86")}
    assert product.fields == {"own": Decimal("248.50"), "shop": Decimal("248.50"), "zloty": Decimal("43.60")}


def test_a_currency_without_any_rate_is_a_problem_with_its_name() -> None:
    draft = map_record(one_row(transform="czk"), "product", {"value": "10", "currency": "HUF"})

    assert draft.left_out[0].params["reason"] == "The record has no exchange rate, and the shop has none for HUF."


def test_a_shop_that_does_not_list_crowns_turns_nothing_into_them() -> None:
    snapshot = replace(one_row(transform="czk"), rates={"EUR": Decimal(1), "USD": Decimal("0.9")})

    drafts = [map_record(snapshot, "product", {"value": "10", "currency": currency}) for currency in ("EUR", "USD")]

    assert [(draft.fields, draft.left_out[0].code) for draft in drafts] == [({}, "value_left_out")] * 2


def test_a_record_that_takes_too_long_is_stopped_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "LONGEST_SECONDS", -1.0)

    draft = map_record(one_row(), "product", {"value": "a"})

    assert [problem.code for problem in draft.problems] == ["mapping_failed"]
    assert draft.fields == {}


def test_a_pause_of_the_interpreter_while_a_record_is_mapped_does_not_make_its_rows_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    elapsed = iter([0.0, 0.3, 0.3, 0.3])
    monkeypatch.setattr(engine, "thread_time", lambda: next(elapsed, 0.3))

    draft = map_record(one_row(), "product", {"value": "a"})

    assert (draft.fields, draft.problems) == ({"target": "a"}, [])


def test_only_a_transform_that_makes_its_own_value_does_without_a_source() -> None:
    assert {name for name, transform in TRANSFORMS.items() if transform.begins} == {"template", "constant"}
