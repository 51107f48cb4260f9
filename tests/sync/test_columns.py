"""BlueJet's columns as its stand-in shows them, and the mappings held against them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from mappings.known_values import known_columns
from mappings.models import FieldMapping
from shops.models import BlueJetAccount, FlowName, Shop
from sync.columns import column_problems, columns_for, marks_for, read_account
from sync.columns.types import Type, fits, type_of_values, type_written
from sync.exchange_rates import refresh_all
from sync.models import BlueJetColumn, ColumnReading
from tests.sync.portal import Portal


def add_row(shop: Shop, target: str, **fields: Any) -> FieldMapping:
    """Add a row of a product."""
    return FieldMapping.objects.create(shop=shop, **{"entity": "product", "source": "name", "target": target} | fields)


def columns(account: BlueJetAccount, kind: str, **types: str) -> None:
    """Let columns of a kind have been read."""
    from django.utils import timezone

    now = timezone.now()
    rows = [BlueJetColumn(account=account, kind=kind, name=name, type=type_, seen_at=now) for name, type_ in types.items()]
    BlueJetColumn.objects.bulk_create(rows)


@pytest.fixture
def filled(portal: Portal) -> Portal:
    """Return a portal whose BlueJet holds the shop's products."""
    portal.run(FlowName.PRODUCT_TO_BLUEJET)
    return portal


def test_the_columns_of_every_kind_are_read_with_their_types(filled: Portal) -> None:
    readings = {reading.kind: reading for reading in read_account(filled.shop.bluejet)}

    names = {"data": ("cenadphprodej", "productid", "name"), "rest": ("priceWithVat", "id", "title")}[filled.shop.bluejet.dialect]
    found = {column.name: column for column in BlueJetColumn.objects.filter(kind="product")}
    price, identity, name = (found[column] for column in names)
    assert readings["product"].rows > 0
    assert (price.type, name.type) == (Type.AMOUNT, Type.TEXT)
    assert (identity.read_only, name.read_only) == (True, False)


def test_every_default_row_fits_the_columns(filled: Portal) -> None:
    read_account(filled.shop.bluejet)

    wrong = [problem for problem in column_problems(filled.shop) if problem.row.entity == "product"]

    assert wrong == []


def test_a_column_that_is_gone_is_forgotten_by_the_next_reading(filled: Portal) -> None:
    columns(filled.shop.bluejet, "product", oldcolumn=Type.TEXT)

    read_account(filled.shop.bluejet)

    assert not BlueJetColumn.objects.filter(name="oldcolumn").exists()


@pytest.mark.parametrize("dialect", ["data"])
def test_a_kind_that_cannot_be_read_says_so_and_stops_no_other(portal: Portal) -> None:
    account = portal.shop.bluejet
    account.evidences = {"order_line": {"no": 9999}}
    account.save()

    readings = {reading.kind: reading for reading in read_account(account)}

    assert readings["order_line"].error
    assert readings["warehouse"].rows > 0
    assert readings["product"].error == ""


def test_a_kind_without_records_is_not_judged(shop: Shop) -> None:
    add_row(shop, "whatever")

    assert column_problems(shop) == []
    assert columns_for(shop.pk, "product") is None


def test_what_does_not_exist_is_read_only_or_of_another_type_is_marked(shop: Shop) -> None:
    columns(shop.bluejet, "product", name=Type.TEXT, cena=Type.AMOUNT, productid=Type.ID, externiidsupl=Type.TEXT)
    BlueJetColumn.objects.filter(name="productid").update(read_only=True)
    rows = [
        add_row(shop, "name"),
        add_row(shop, "nazev"),
        add_row(shop, "productid"),
        add_row(shop, "cena", transform="strip_html"),
        add_row(shop, "@external_id", transform="external_id"),
        add_row(shop, "weg", active=False),
    ]

    problems = column_problems(shop)

    assert [(problem.row, problem.code) for problem in problems] == [
        (rows[1], "missing"),
        (rows[2], "read_only"),
        (rows[3], "wrong_type"),
    ]
    assert problems[0].sentence == "BlueJet shows no column “nazev” in products."
    assert set(marks_for(shop.pk)) == {rows[1].pk, rows[2].pk, rows[3].pk}


def test_a_row_of_an_order_must_fit_the_offer_and_the_order(shop: Shop) -> None:
    columns(shop.bluejet, "offer", nazev=Type.TEXT, pole1=Type.TEXT)
    columns(shop.bluejet, "order", nazev=Type.TEXT)
    add_row(shop, "nazev", entity="order")
    add_row(shop, "pole1", entity="order")

    assert [(problem.kind, problem.column) for problem in column_problems(shop)] == [("order", "pole1")]
    assert known_columns(shop.pk, "order") == {"nazev": "text"}


@pytest.mark.parametrize(
    ("values", "type_"),
    [
        (["", None], Type.UNKNOWN),
        (["149.90", "1 234,5", "7"], Type.AMOUNT),
        (["1", "250"], Type.NUMBER),
        (["00420", "12"], Type.TEXT),
        (["true", ""], Type.YES_NO),
        ([True], Type.YES_NO),
        ([Decimal("1.5")], Type.AMOUNT),
        (["2026-01-12T10:00:00", "12.1.2026"], Type.MOMENT),
        (["7d1c0001-0000-4000-8000-00000000000a"], Type.ID),
        ([["a"]], Type.STRUCTURE),
        (["12.5", "dvanáct"], Type.TEXT),
    ],
)
def test_a_columns_type_is_told_from_its_values(values: Iterable[Any], type_: Type) -> None:
    assert type_of_values(values) == type_


@pytest.mark.parametrize(
    ("transform", "column", "good"),
    [
        ("strip|money", "amount", True),
        ("bool_text:Ano/Ne", "yes_no", False),
        ("boolean", "yes_no", True),
        ("local_date", "moment", True),
        ("money", "moment", False),
        ("strip", "amount", True),
        ("money", "text", True),
        ("", "id", True),
        ("template:{name}", "id", False),
        ("unknown[", "amount", True),
    ],
)
def test_a_rows_type_is_told_from_its_last_transform(transform: str, column: str, good: bool) -> None:
    assert fits(type_written(transform), column) is good


@pytest.mark.parametrize("dialect", ["data"])
def test_the_command_lists_the_columns_and_ends_badly_where_a_mapping_is_wrong(filled: Portal) -> None:
    FieldMapping.objects.filter(shop=filled.shop).exclude(entity="product").delete()
    said = StringIO()

    call_command("bluejet_columns", stdout=said)
    add_row(filled.shop, "neexistuje")
    with pytest.raises(CommandError, match="1 field mappings need attention"):
        call_command("bluejet_columns", "--quiet", shop=filled.shop.eshop_id, stdout=said)

    assert "cenadphprodej" in said.getvalue()
    assert "every field mapping fits" in said.getvalue()
    assert "BlueJet shows no column “neexistuje” in products." in said.getvalue()
    assert ColumnReading.objects.filter(account=filled.shop.bluejet).count() == 10


@pytest.mark.parametrize("dialect", ["data"])
def test_the_shops_rates_come_from_shoptet(portal: Portal) -> None:
    assert refresh_all() == 1

    portal.shop.refresh_from_db()
    assert portal.shop.exchange_rates["EUR"] == "24.85000000"
