"""A first pass over everything: what the shop holds arrives in BlueJet, once, complete to the line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from clients.bluejet.values import number
from shops.models import FlowName
from sync.models import RecordLink, SyncJob
from tests.sync.portal import Portal

EVERYTHING = (FlowName.PRODUCT_TO_BLUEJET, FlowName.CUSTOMER_TO_BLUEJET, FlowName.STOCK_TO_BLUEJET, FlowName.ORDER_TO_BLUEJET)


@pytest.fixture
def small(portal: Portal) -> Portal:
    """Return the small shop with a dozen orders."""
    for index, (_, code) in enumerate(portal.shoptet.state.catalogue.variants(0, 12)):
        portal.control("/orders", {"items": [{"code": code}], "guest": {"fullName": "Jana Malá", "email": f"jana{index}@example.cz"}})
    return portal


@pytest.mark.thorough
def test_a_full_pass_brings_every_product_customer_and_order_to_the_cent(seeded_portal: Portal) -> None:
    runs = {flow: seeded_portal.run(flow) for flow in EVERYTHING if flow != FlowName.STOCK_TO_BLUEJET}

    shop = seeded_portal.shoptet.state
    assert not SyncJob.objects.exclude(state="done").exists()
    assert runs[FlowName.PRODUCT_TO_BLUEJET].created == shop.catalogue.variant_total
    assert runs[FlowName.CUSTOMER_TO_BLUEJET].created == len(shop.customers)
    assert runs[FlowName.ORDER_TO_BLUEJET].created == len(shop.orders)
    if seeded_portal.shop.bluejet.dialect == "data":
        assert [code for code in shop.orders if not _is_whole(seeded_portal, code)] == []


def _is_whole(portal: Portal, code: str) -> bool:
    """Whether BlueJet's one document of the order has all its lines, and their sum is what the customer pays."""
    order = portal.shoptet.state.orders[code]
    (document,) = portal.documents(code)
    kind, column = ("offer", "nabidkaid") if "nabidkaid" in document else ("order", "objednavkaid")
    lines = portal.bluejet.store.lines(kind, document[column])
    total = sum((number(line["cenadphprodej"]) or Decimal(0) for line in lines), Decimal(0))
    return len(lines) >= len(order["items"]) and total == number(document["cenadphprodej"]) == Decimal(order["price"]["toPay"])


def test_a_second_full_pass_writes_nothing(small: Portal) -> None:
    for flow in EVERYTHING:
        small.run(flow)
    commits = len(small.bluejet.journal.commits)

    runs = [small.run(flow) for flow in EVERYTHING]

    assert [run.read - run.unchanged - run.skipped for run in runs] == [0, 0, 0, 0]
    assert len(small.bluejet.journal.commits) == commits


@pytest.mark.parametrize("dialect", ["data"])
def test_customers_with_the_same_company_number_share_one_company(seeded_portal: Portal) -> None:
    seeded_portal.run(FlowName.CUSTOMER_TO_BLUEJET)

    customers = seeded_portal.shoptet.state.customers.values()
    numbers = [row["billingAddress"]["companyId"] for row in customers if row["billingAddress"]["companyId"]]
    companies = [row for row in seeded_portal.bluejet.store.rows("company") if row.get("externiidsupl")]
    assert len(numbers) > len(set(numbers))
    assert sorted(row["ico"] for row in companies if row.get("ico")) == sorted(set(numbers))


def test_orders_before_their_products_and_customers_wait_for_them_and_then_arrive(small: Portal) -> None:
    run = small.run(FlowName.ORDER_TO_BLUEJET)
    assert run.waiting == 12

    small.work()

    assert not SyncJob.objects.exclude(state="done").exists()
    documents = RecordLink.objects.filter(kind__in=["offer", "order"]).exclude(bluejet_id="")
    assert documents.values("key").distinct().count() == 12
