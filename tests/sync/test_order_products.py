"""What an order's lines refer to: products that are linked, were renamed, wait beside a parked sister, or are brought by nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from shops.models import FlowSetting
from tests.sync.happenings import ORDERS, PRODUCTS, STOCK, announce, bring, change, guid_of, issues_of, look_at, place
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

SISTERS = ("FRI01/230", "FRI01/400")
OFF, SHADOW = FlowSetting.Mode.OFF, FlowSetting.Mode.SHADOW


@pytest.fixture
def holds(portal: Portal) -> Holdings:
    return Holdings(portal)


def switch(portal: Portal, flow: str, mode: str) -> None:
    FlowSetting.objects.filter(shop=portal.shop, flow=flow).update(mode=mode)


def product_of(holds: Holdings, code: str) -> Any:
    """Return what the order's first line says of its product: BlueJet's id in one dialect, the code in the other."""
    fields = holds.document(code).lines[0].fields
    return fields.get("productid") if holds.dialect == "data" else fields.get("productId")


def told_by(holds: Holdings, product: Mapping[str, Any]) -> Any:
    return product["id"] if holds.dialect == "data" else product["code"]


def rename(portal: Portal, code: str, new_code: str) -> None:
    """Let the shop's staff give a variant another code, and Shoptet announce it."""
    guid = guid_of(portal, code)
    portal.control(f"/products/{code.replace('/', '%2F')}", {"variants": [{"code": code, "newCode": new_code}]})
    announce(portal, "product:update", guid)
    portal.work(PRODUCTS)


def test_an_order_does_not_wait_for_the_parked_sister_of_its_variant(portal: Portal, holds: Holdings) -> None:
    for _ in range(2):
        holds.office_adds("product", code=SISTERS[1], name="Fritéza")
    code = place(portal, SISTERS[0])

    portal.work()

    assert portal.job(PRODUCTS, guid_of(portal, SISTERS[0])).state == "parked"
    assert portal.job(ORDERS, code).state == "done"
    assert product_of(holds, code) == told_by(holds, holds.product(SISTERS[0]))


def test_an_order_of_the_parked_variant_itself_goes_on_waiting(portal: Portal, holds: Holdings) -> None:
    for _ in range(2):
        holds.office_adds("product", code=SISTERS[1], name="Fritéza")
    code = place(portal, SISTERS[1])

    portal.work()

    job = portal.job(ORDERS, code)
    assert (job.state, issues_of(job), holds.documents(code)) == ("waiting", ["waits_for_product"], [])


def test_a_run_that_links_a_variant_lets_its_order_go_on_although_the_sister_is_parked(portal: Portal, holds: Holdings) -> None:
    doubles = [holds.office_adds("product", code=code, name="Fritéza") for code in SISTERS for _ in range(2)]
    code = place(portal, SISTERS[0])
    portal.work()
    before = portal.job(ORDERS, code).state
    holds.office_deletes("product", doubles[0])

    portal.run(PRODUCTS)
    portal.work(ORDERS)

    assert (before, portal.job(ORDERS, code).state) == ("waiting", "done")


def test_the_line_of_a_variant_that_was_renamed_keeps_its_product(portal: Portal, holds: Holdings) -> None:
    bring(portal, SISTERS[0])
    code = place(portal, SISTERS[0])
    portal.work()
    rename(portal, SISTERS[0], "FRI01/231")

    change(portal, code, notes={"customerRemark": "Prosím zavolat"})
    portal.work()

    assert (portal.job(ORDERS, code).state, issues_of(portal.job(ORDERS, code))) == ("done", [])
    assert product_of(holds, code) == told_by(holds, holds.product("FRI01/231"))


def test_the_stock_cards_of_a_variant_that_was_renamed_are_kept(portal: Portal, holds: Holdings) -> None:
    bring(portal, SISTERS[0])
    look_at(portal, STOCK, SISTERS[0])
    portal.work(STOCK)
    before = {row["id"] for row in holds.records("stock_card")}

    rename(portal, SISTERS[0], "FRI01/231")
    portal.work(STOCK)

    cards = holds.records("stock_card")
    assert {row["id"] for row in cards} == before
    assert {row["mark"] for row in cards} == {f"shoptet:{stock}:FRI01/231" for stock in (1, 2, 3)}
    assert portal.job(STOCK, "FRI01/231").state == "done"


@pytest.mark.parametrize("mode", [OFF, SHADOW])
def test_where_nobody_brings_products_a_line_refers_to_what_bluejet_has_by_the_code(portal: Portal, holds: Holdings, mode: str) -> None:
    switch(portal, PRODUCTS, mode)
    known = holds.office_adds("product", code="SPO01", name="Sporák")

    code = place(portal, "SPO01")
    portal.work()

    assert (portal.job(ORDERS, code).state, issues_of(portal.job(ORDERS, code))) == ("done", [])
    assert product_of(holds, code) == (known if holds.dialect == "data" else "SPO01")


def test_where_nobody_brings_products_a_line_without_one_says_so_and_gets_it_once_somebody_does(portal: Portal, holds: Holdings) -> None:
    switch(portal, PRODUCTS, OFF)
    code = place(portal, "SPO01")
    portal.work()
    job, before = portal.job(ORDERS, code), product_of(holds, code)

    switch(portal, PRODUCTS, FlowSetting.Mode.LIVE)
    look_at(portal, ORDERS, code)
    portal.work()

    assert (job.state, issues_of(job), bool(before)) == ("done", ["product_not_brought"], False)
    assert product_of(holds, code) == told_by(holds, holds.product("SPO01"))


def test_the_stock_of_a_product_that_nobody_brings_is_left_alone_and_says_so(portal: Portal, holds: Holdings) -> None:
    switch(portal, PRODUCTS, OFF)

    look_at(portal, STOCK, "SPO01")
    portal.work()

    assert issues_of(portal.job(STOCK, "SPO01")) == ["product_not_brought"]


def test_a_document_whose_lines_are_all_gone_has_none_in_bluejet_either(portal: Portal, holds: Holdings) -> None:
    bring(portal, "SPO01")
    code = place(portal, "SPO01")
    portal.work()
    order, nothing = portal.shoptet.state.orders[code], dict.fromkeys(("withVat", "withoutVat", "vat", "toPay"), "0.00")
    portal.shoptet.state.orders[code] = {**order, "items": [], "price": {**order["price"], **nothing}}

    change(portal, code, notes={"customerRemark": "Nic neposílejte"})
    portal.work()

    assert portal.job(ORDERS, code).state == "done"
    assert (holds.document(code).lines, holds.document(code).total) == ((), 0)
