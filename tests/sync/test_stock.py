"""Stock to BlueJet: the moved variants and no others, amounts as the shop means them, BlueJet's own warehouses left alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest

from clients.bluejet.values import number
from mappings.changes import announce as announce_mapping
from mappings.models import WarehouseMapping
from shops.models import FlowSetting
from sync.models import RecordLink, SyncJob
from tests.sync.happenings import ORDERS, STOCK, announce, bring, finished, guid_of, issues_of, look_at, place, planned
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

COLUMNS = {"data": ("mnozstvi", "mnozstvirezervovane"), "rest": ("quantity", "reserved")}
BRNO = 1


@pytest.fixture
def holds(portal: Portal) -> Holdings:
    bring(portal, "SPO01", "SPO02")
    return Holdings(portal)


@pytest.fixture
def looked(portal: Portal) -> None:
    """Let the portal have read every stock's movements already."""
    cursor = {"movements": {str(stock): portal.shoptet.state.stock.last_id for stock in portal.shoptet.state.stock.movements}}
    FlowSetting.objects.filter(shop=portal.shop, flow=STOCK).update(cursor=cursor)


def move(portal: Portal, code: str, stock: int = BRNO, **wishes: Any) -> None:
    """Let goods come or go, and Shoptet announce it."""
    portal.control(f"/products/{quote(code, safe='')}/stock", {"stock": stock, **wishes})
    announce(portal, "stock:movement", str(stock))


def cards(holds: Holdings, code: str) -> dict[str, tuple[Decimal, ...]]:
    """Return what BlueJet says of a variant: on hand and reserved, by Shoptet's stock."""
    found = [row for row in holds.records("stock_card") if row["mark"].endswith(f":{code}")]
    return {row["mark"].split(":")[1]: tuple(number(row.get(name)) or Decimal(0) for name in COLUMNS[holds.dialect]) for row in found}


def level(portal: Portal, code: str, stock: int = BRNO) -> tuple[Decimal, ...]:
    """Return what the shop says: on hand and reserved."""
    known = portal.shoptet.state.stock.level(stock, code)
    return known.real, known.claim


def asked_codes() -> set[str]:
    return set(SyncJob.objects.filter(flow=STOCK).exclude(key__startswith="movements:").values_list("key", flat=True))


@pytest.mark.usefixtures("looked")
def test_a_movement_asks_for_exactly_the_variants_that_moved(portal: Portal, holds: Holdings) -> None:
    portal.control("/products/SPO01/stock", {"stock": BRNO, "change": 5})
    portal.control("/products/SPO01/stock", {"stock": BRNO, "change": -2})
    move(portal, "SPO02", change=7)

    portal.work(STOCK)

    assert asked_codes() == {"SPO01", "SPO02"}
    assert cards(holds, "SPO01")["1"] == level(portal, "SPO01")
    assert cards(holds, "SPO02")["1"] == level(portal, "SPO02")


@pytest.mark.usefixtures("looked")
def test_what_open_orders_hold_is_reserved_and_the_rest_available(portal: Portal, holds: Holdings) -> None:
    move(portal, "SPO01", real=10)
    code = place(portal, "SPO01")
    portal.control(f"/orders/{code}", {"amounts": {"SPO01": 3}})
    announce(portal, "stock:movement", str(BRNO))

    portal.work()

    known = portal.shoptet.state.stock.level(BRNO, "SPO01")
    (card,) = [row for row in holds.records("stock_card") if row["mark"] == "shoptet:1:SPO01"]
    assert known.claim == 3
    assert cards(holds, "SPO01")["1"] == (known.real, known.claim)
    assert number(card.get("available", known.amount)) == known.amount


@pytest.mark.usefixtures("looked")
def test_placing_an_order_refreshes_the_stock_of_its_lines(portal: Portal, holds: Holdings) -> None:
    place(portal, "SPO01")

    portal.work(ORDERS)

    assert asked_codes() == {"SPO01"}
    assert SyncJob.objects.get(flow=STOCK).asked_by == "order lines"


@pytest.mark.usefixtures("looked")
@pytest.mark.parametrize("way", ["cancel", "delete"])
def test_what_an_order_reserved_is_free_again_when_it_is_cancelled_or_deleted(portal: Portal, holds: Holdings, way: str) -> None:
    move(portal, "SPO01", real=10)
    code = place(portal, "SPO01")
    portal.work()
    reserved = cards(holds, "SPO01")["1"]

    portal.control(f"/orders/{code}/cancel" if way == "cancel" else f"/orders/{code}", method="POST" if way == "cancel" else "DELETE")
    announce(portal, f"order:{way}", code)
    portal.work()

    assert (reserved, cards(holds, "SPO01")["1"]) == ((10, 1), (10, 0))


def test_the_first_look_reads_everything(portal: Portal, holds: Holdings) -> None:
    announce(portal, "stock:movement", str(BRNO))

    portal.work(STOCK, rounds=1)

    assert asked_codes() == {code for _, code in portal.shoptet.state.catalogue.variants()}


@pytest.mark.usefixtures("looked")
def test_the_second_look_reads_only_what_is_new(portal: Portal, holds: Holdings) -> None:
    move(portal, "SPO01", change=1)
    portal.work(STOCK)
    wanted = portal.job(STOCK, "SPO01").wanted

    move(portal, "SPO02", change=1)
    portal.work(STOCK)

    assert portal.job(STOCK, "SPO01").wanted == wanted


@pytest.mark.usefixtures("looked")
def test_the_cursor_of_movements_moves_forward_only(portal: Portal, holds: Holdings) -> None:
    move(portal, "SPO01", change=1)
    portal.work(STOCK)
    setting = FlowSetting.objects.get(shop=portal.shop, flow=STOCK)
    far = {**setting.cursor["movements"], "1": setting.cursor["movements"]["1"] + 1000}
    FlowSetting.objects.filter(pk=setting.pk).update(cursor={"movements": far})

    move(portal, "SPO01", change=1)
    portal.work(STOCK)

    setting.refresh_from_db()
    assert setting.cursor["movements"] == far


@pytest.mark.usefixtures("looked")
def test_a_warehouse_whose_master_is_bluejet_is_left_alone(portal: Portal, holds: Holdings) -> None:
    WarehouseMapping.objects.filter(shop=portal.shop, shoptet_id="1").update(master="bluejet")
    move(portal, "SPO01", change=1)

    portal.work(STOCK)

    assert set(cards(holds, "SPO01")) == {"2", "3"}
    assert portal.job(STOCK, "SPO01").state == "done"


@pytest.mark.usefixtures("looked")
@pytest.mark.parametrize("dialect", ["data"])
def test_a_card_that_bluejet_has_of_the_product_in_the_warehouse_is_adopted(portal: Portal, holds: Holdings) -> None:
    warehouse = WarehouseMapping.objects.get(shop=portal.shop, shoptet_id="1").bluejet_value
    product = RecordLink.objects.get(kind="product", key="SPO01").bluejet_id
    known = portal.bluejet.store.insert("stock_card", productid=product, skladid=warehouse, mnozstvi="1")

    move(portal, "SPO01", real=42)
    portal.work(STOCK)

    assert RecordLink.objects.get(kind="stock_card", key="1:SPO01").bluejet_id == known
    assert cards(holds, "SPO01")["1"][0] == 42
    assert len([row for row in portal.bluejet.store.rows("stock_card") if row["productid"] == product]) == 3


@pytest.mark.usefixtures("looked")
@pytest.mark.parametrize("dialect", ["data"])
def test_a_stock_without_a_warehouse_parks_the_variant_and_brings_the_other_stocks(portal: Portal, holds: Holdings) -> None:
    WarehouseMapping.objects.get(shop=portal.shop, shoptet_id="2").delete()
    move(portal, "SPO01", change=1)

    portal.work(STOCK)

    job = portal.job(STOCK, "SPO01")
    assert (job.state, issues_of(job)) == ("parked", ["unmapped_warehouse"])
    assert set(cards(holds, "SPO01")) == {"1", "3"}


@pytest.mark.usefixtures("looked")
@pytest.mark.parametrize("dialect", ["data"])
def test_mapping_the_warehouse_brings_what_waited_for_it(portal: Portal, holds: Holdings) -> None:
    warehouse = WarehouseMapping.objects.get(shop=portal.shop, shoptet_id="2")
    warehouse.delete()
    move(portal, "SPO01", change=1)
    portal.work(STOCK)

    WarehouseMapping.objects.create(shop=portal.shop, shoptet_id="2", bluejet_value=warehouse.bluejet_value)
    announce_mapping(portal.shop.pk, "warehouse", "2")
    portal.work(STOCK)

    assert portal.job(STOCK, "SPO01").state == "done"
    assert cards(holds, "SPO01")["2"] == level(portal, "SPO01", 2)


@pytest.mark.usefixtures("looked")
@pytest.mark.parametrize("dialect", ["data"])
def test_the_card_of_a_product_that_is_not_there_yet_waits_for_it(portal: Portal, holds: Holdings) -> None:
    move(portal, "SPO03", change=1)

    portal.work(STOCK)
    waiting = portal.job(STOCK, "SPO03")
    portal.work()

    assert (waiting.state, issues_of(waiting)) == ("waiting", ["waits_for_product"])
    assert portal.job(STOCK, "SPO03").state == "done"
    assert cards(holds, "SPO03")["1"] == level(portal, "SPO03")


@pytest.mark.usefixtures("looked")
def test_a_variant_that_moved_and_was_deleted_is_skipped(portal: Portal, holds: Holdings) -> None:
    move(portal, "SPO01", change=1)
    guid = guid_of(portal, "SPO01")
    portal.control("/products/SPO01", method="DELETE")

    portal.work(STOCK)

    job = portal.job(STOCK, "SPO01")
    assert guid
    assert (job.state, issues_of(job)) == ("done", ["source_missing"])


@pytest.mark.usefixtures("looked")
def test_an_amount_that_did_not_change_is_not_written(portal: Portal, holds: Holdings) -> None:
    move(portal, "SPO01", change=3)
    portal.work(STOCK)
    writes = holds.writes()

    portal.control("/products/SPO01/stock", {"stock": BRNO, "change": 2})
    move(portal, "SPO01", change=-2)
    portal.work(STOCK)

    assert holds.writes() == writes


def test_an_amount_that_a_run_read_before_a_movement_does_not_come_back(portal: Portal, holds: Holdings) -> None:
    portal.control("/products/SPO01/stock", {"stock": BRNO, "real": 5})
    portal.run(STOCK)
    portal.control("/products/SPO01/stock", {"stock": BRNO, "real": 4})
    run = planned(portal, STOCK)
    portal.control("/products/SPO01/stock", {"stock": BRNO, "real": 5})
    look_at(portal, STOCK, "SPO01")
    portal.work(STOCK)

    finished(run)

    assert cards(holds, "SPO01")["1"] == level(portal, "SPO01")
