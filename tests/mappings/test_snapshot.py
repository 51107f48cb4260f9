"""A snapshot is loaded with few queries, and stays as it was."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries

from mappings.engine import map_record
from mappings.models import CategoryMapping, FieldMapping, MappingVersion, StatusMapping, WarehouseMapping
from mappings.packs import install_default
from mappings.snapshot import load_snapshot
from mappings.tables import TABLES, Target
from mappings.versions import record_version
from shops.models import Shop


@pytest.fixture
def mapped(shop: Shop) -> Shop:
    """Return a shop with the default rows and a row in three tables."""
    CategoryMapping.objects.create(shop=shop, shoptet_id="c1", shoptet_name="Pánve", bluejet_value="Nádobí", bluejet_name="Nádobí")
    StatusMapping.objects.create(shop=shop, shoptet_id="-1", bluejet_value="Stornovaná", document="order", cancels=True)
    WarehouseMapping.objects.create(shop=shop, shoptet_id="1", bluejet_value="w1", master="bluejet")
    install_default(shop)
    return shop


def test_a_snapshot_holds_the_shop_its_rows_and_its_tables(mapped: Shop) -> None:
    snapshot = load_snapshot(mapped.pk)

    assert (snapshot.shop_id, snapshot.version, snapshot.external_prefix) == (mapped.pk, 1, "shoptet")
    assert snapshot.time_zone == ZoneInfo("Europe/Prague")
    assert set(snapshot.tables) == set(TABLES)
    assert snapshot.tables["category"] == {"c1": Target("Nádobí", "Nádobí")}
    assert snapshot.tables["status"]["-1"].extra == {"document": "order", "cancels": True}
    assert snapshot.tables["warehouse"]["1"].extra == {"master": "bluejet"}
    assert "code" in [field.target for field in snapshot.fields["product", "to_bluejet"]]


def test_a_snapshot_costs_six_queries_however_much_there_is(mapped: Shop, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    CategoryMapping.objects.bulk_create(CategoryMapping(shop=mapped, shoptet_id=f"n{n}", bluejet_value="x") for n in range(300))

    with django_assert_num_queries(6):
        snapshot = load_snapshot(mapped.pk)

    assert len(snapshot.tables["category"]) == 301


def test_mapping_asks_the_database_nothing(mapped: Shop, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    snapshot = load_snapshot(mapped.pk)

    with django_assert_num_queries(0):
        draft = map_record(snapshot, "product", {"id": "A", "code": "A", "name": "Pánev", "categoryId": "c1"})

    assert draft.fields["category"] == "Nádobí"


def test_a_snapshot_keeps_what_it_began_with(mapped: Shop) -> None:
    snapshot = load_snapshot(mapped.pk)

    FieldMapping.objects.filter(shop=mapped).delete()

    assert map_record(snapshot, "product", {"id": "A", "code": "A"}).fields["code"] == "A"


def test_rows_that_are_switched_off_and_other_shops_rows_stay_out(mapped: Shop) -> None:
    other = Shop.objects.create(name="Other", eshop_id="2", bluejet=mapped.bluejet, external_prefix="other")
    FieldMapping.objects.filter(shop=mapped, target="popis").update(active=False)

    ours, theirs = load_snapshot(mapped.pk), load_snapshot(other.pk)

    assert "popis" not in [field.target for field in ours.fields["product", "to_bluejet"]]
    assert theirs.fields == {}
    assert theirs.tables["category"] == {}


def test_the_first_snapshot_of_a_shop_records_its_first_version(shop: Shop) -> None:
    snapshot = load_snapshot(shop.pk)

    assert snapshot.version == 1
    assert MappingVersion.objects.get(shop=shop).number == 1


def test_a_snapshot_names_the_latest_version(mapped: Shop) -> None:
    FieldMapping.objects.filter(shop=mapped, target="popis").delete()
    record_version(mapped)

    assert load_snapshot(mapped.pk).version == 2
