"""A first pass over everything: what the shop holds arrives in BlueJet, once, complete to the line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from clients.bluejet.values import number
from shops.models import FlowName
from sync.models import RecordLink, SyncJob
from tests.sync.portal import Portal

CATALOGUE = (FlowName.PRODUCT_TO_BLUEJET, FlowName.CUSTOMER_TO_BLUEJET, FlowName.STOCK_TO_BLUEJET)


def test_a_full_pass_brings_every_product_customer_and_order(seeded_portal: Portal) -> None:
    runs = {flow: seeded_portal.run(flow) for flow in (*CATALOGUE, FlowName.ORDER_TO_BLUEJET)}

    assert not SyncJob.objects.exclude(state="done").exists()
    assert {run.state for run in runs.values()} == {"completed"}
    shop = seeded_portal.shoptet.state
    assert runs[FlowName.PRODUCT_TO_BLUEJET].created == shop.catalogue.variant_total
    assert runs[FlowName.CUSTOMER_TO_BLUEJET].created == len(shop.customers)
    assert runs[FlowName.ORDER_TO_BLUEJET].created == len(shop.orders)


def test_a_second_full_pass_writes_nothing(seeded_portal: Portal) -> None:
    for flow in (*CATALOGUE, FlowName.ORDER_TO_BLUEJET):
        seeded_portal.run(flow)
    commits = len(seeded_portal.bluejet.journal.commits)

    runs = [seeded_portal.run(flow) for flow in (*CATALOGUE, FlowName.ORDER_TO_BLUEJET)]

    assert [run.read - run.unchanged - run.skipped for run in runs] == [0, 0, 0, 0]
    assert len(seeded_portal.bluejet.journal.commits) == commits


@pytest.mark.parametrize("dialect", ["data"])
def test_every_document_holds_the_orders_lines_and_its_sum_to_the_cent(seeded_portal: Portal) -> None:
    for flow in (*CATALOGUE, FlowName.ORDER_TO_BLUEJET):
        seeded_portal.run(flow)

    for code, order in seeded_portal.shoptet.state.orders.items():
        (document,) = seeded_portal.documents(code)
        kind, id_column = ("offer", "nabidkaid") if "nabidkaid" in document else ("order", "objednavkaid")
        lines = seeded_portal.bluejet.store.lines(kind, document[id_column])
        total = sum((number(line["cenadphprodej"]) or Decimal(0) for line in lines), Decimal(0))
        assert total == number(document["cenadphprodej"]) == Decimal(order["price"]["toPay"])
        assert len(lines) >= len(order["items"])


@pytest.mark.parametrize("dialect", ["data"])
def test_customers_with_the_same_company_number_share_one_company(seeded_portal: Portal) -> None:
    seeded_portal.run(FlowName.CUSTOMER_TO_BLUEJET)

    numbers = [
        row["billingAddress"]["companyId"] for row in seeded_portal.shoptet.state.customers.values() if row["billingAddress"]["companyId"]
    ]
    companies = [row for row in seeded_portal.bluejet.store.rows("company") if row.get("externiidsupl")]
    assert len(numbers) > len(set(numbers))
    assert sorted(row["ico"] for row in companies if row.get("ico")) == sorted(set(numbers))


def test_orders_before_their_products_and_customers_wait_for_them_and_then_arrive(seeded_portal: Portal) -> None:
    run = seeded_portal.run(FlowName.ORDER_TO_BLUEJET)
    assert run.waiting > 0

    seeded_portal.work()

    assert not SyncJob.objects.exclude(state="done").exists()
    documents = RecordLink.objects.filter(kind__in=["offer", "order"]).exclude(bluejet_id="")
    assert documents.values("key").distinct().count() == len(seeded_portal.shoptet.state.orders)
