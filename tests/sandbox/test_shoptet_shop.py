"""Shoptet's stand-in: the seeded shop, orders and their sums, stock, and a restart from the state file."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sandbox.shoptet.seed.fill import fill
from sandbox.shoptet.server import ShoptetSandbox
from sandbox.shoptet.shop import Shop
from tests.sandbox.fixtures import SMALL, Caller, running_sandbox

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def seeded() -> Shop:
    return fill(Shop())


@pytest.fixture
def shop() -> Iterator[Caller]:
    with running_sandbox(**SMALL) as caller:
        yield caller


def items_of(seeded: Shop, kind: str) -> list[dict[str, Any]]:
    return [item for order in seeded.orders.values() for item in order["items"] if item["itemType"] == kind]


def amounts(shop: Caller, code: str, stock: int = 1) -> tuple[str, str]:
    (row,) = shop.get(f"/api/stocks/{stock}/supplies", code=code)["supplies"]
    return row["amount"], row["claim"]


def test_the_shop_is_as_large_as_promised(seeded: Shop) -> None:
    companies = [row["billingAddress"]["companyId"] for row in seeded.customers.values() if row["billingAddress"]["companyId"]]

    assert seeded.catalogue.total >= 300
    assert seeded.catalogue.variant_total >= 500
    assert len(seeded.categories) >= 25
    assert len(seeded.customers) == 400
    assert len(seeded.orders) >= 150
    assert len(companies) - len(set(companies)) == 1


def test_the_same_seed_makes_the_same_shop_and_another_one_makes_another() -> None:
    first, again, other = (ShoptetSandbox(**{**SMALL, "seed": seed}).state for seed in (5, 5, 6))

    assert list(first.customers) == list(again.customers)
    assert [row["guid"] for row in first.catalogue.own()] == [row["guid"] for row in again.catalogue.own()]
    assert list(first.customers) != list(other.customers)


def test_every_order_adds_up_to_the_cent(seeded: Shop) -> None:
    for order in seeded.orders.values():
        sums = {part: sum(Decimal(item["itemPrice"][part]) for item in order["items"]) for part in ("withVat", "withoutVat", "vat")}

        assert sums == {part: Decimal(order["price"][part]) for part in sums}, order["code"]


def test_a_discount_over_several_rates_is_split_to_the_cent(seeded: Shop) -> None:
    discounts = items_of(seeded, "discount-coupon")

    for item in discounts:
        for part in ("withVat", "withoutVat", "vat"):
            assert sum(Decimal(row[part]) for row in item["itemPriceVatBreakdown"]) == Decimal(item["itemPrice"][part])
    assert max(len(item["itemPriceVatBreakdown"]) for item in discounts) == 3


def test_the_seed_holds_one_of_everything_that_trips_an_integration(seeded: Shop) -> None:
    orders = list(seeded.orders.values())

    assert any(order["price"]["toPay"] != order["price"]["withVat"] for order in orders)
    assert sum(order["price"]["currencyCode"] == "EUR" and order["price"]["exchangeRate"] != "1.00000000" for order in orders) >= 3
    assert any(order["customerGuid"] is None for order in orders)
    assert any(order["paid"] is None for order in orders)
    assert any(not order["code"].isdigit() for order in orders)
    assert {order["status"]["id"] for order in orders} == {-1, -2, -3, -4, 11}
    assert items_of(seeded, "gift") and items_of(seeded, "volume-discount") and items_of(seeded, "product-set")
    assert any(item["itemPrice"]["withVat"] == "0.00" for item in items_of(seeded, "product"))
    assert any(item["code"] and not seeded.catalogue.by_code(item["code"]) for item in items_of(seeded, "product"))
    assert any(item["code"] is None for item in items_of(seeded, "product"))
    assert any(item["surchargeParametersTexts"] for item in items_of(seeded, "product"))


def test_a_set_lists_its_parts_under_the_set_s_item(seeded: Shop) -> None:
    order = next(order for order in seeded.orders.values() if any(item["code"] == "SET-BISTRO" for item in order["items"]))

    item = next(item for item in order["items"] if item["code"] == "SET-BISTRO")
    parts = [row for row in order["completion"] if row.get("parentProductSetItemId") == item["itemId"]]
    assert item["itemType"] == "product-set"
    assert [row["amount"] for row in parts] == ["2.000"] * 3
    assert {row["itemId"] for row in parts} == {None}


def test_an_order_claims_stock_cancelling_gives_it_back_and_sending_takes_it_out(shop: Caller) -> None:
    shop.control("/products/BAR01/stock", {"quantity": 10})
    code = shop.control("/orders", {"items": [{"code": "BAR01", "amount": 4}]})["code"]

    seen = [amounts(shop, "BAR01")]
    for status in (-4, -1, -2, -4):
        shop.control(f"/orders/{code}/status", {"status": status})
        seen.append(amounts(shop, "BAR01"))

    assert seen == [("6.000", "4.000"), ("10.000", "0.000"), ("6.000", "4.000"), ("6.000", "0.000"), ("10.000", "0.000")]
    movements = shop.get("/api/stocks/1/movements", orderCode=code, include="orderCode")["movements"]
    assert [row["amountChange"] for row in movements] == ["-4.000", "4.000", "-4.000", "4.000"]


def test_an_ordered_set_takes_its_parts(shop: Caller) -> None:
    for part in ("SEJ01", "BAR01", "BAR03"):
        shop.control(f"/products/{part}/stock", {"quantity": 5})
    before = shop.get("/api/products/code/SET-BAR", include="setItems,perStockAmounts")

    shop.control("/orders", {"items": [{"code": "SET-BAR", "amount": 2}]})

    after = shop.get("/api/products/code/SET-BAR", include="perStockAmounts")
    assert before["variants"][0]["perStockAmounts"][0]["amount"] == "5.000"
    assert after["variants"][0]["perStockAmounts"][0]["amount"] == "3.000"
    assert [amounts(shop, part["code"]) for part in before["setItems"]] == [("3.000", "2.000")] * 3


def test_stock_is_set_by_what_can_be_ordered_or_by_what_lies_there(shop: Caller) -> None:
    shop.control("/products/BAR01/stock", {"quantity": 10})
    shop.control("/orders", {"items": [{"code": "BAR01", "amount": 3}]})

    shop.call("PATCH", "/api/stocks/1/movements", {"data": [{"productCode": "BAR01", "realStock": 20}]})
    by_real = amounts(shop, "BAR01")
    shop.call("PATCH", "/api/stocks/1/movements", {"data": [{"productCode": "BAR01", "quantity": 20}]})

    assert (by_real, amounts(shop, "BAR01")) == (("17.000", "3.000"), ("20.000", "3.000"))


def test_rows_that_were_skipped_are_named_beside_a_200_and_alone_they_are_a_400(shop: Caller) -> None:
    good, bad = {"productCode": "BAR01", "amountChange": 1}, {"productCode": "NENI", "amountChange": 1}

    mixed = shop.call("PATCH", "/api/stocks/1/movements", {"data": [good, bad]})
    alone = shop.call("PATCH", "/api/stocks/1/movements", {"data": [bad]})

    assert (mixed.status_code, mixed.json()["errors"][0]["instance"]) == (200, "NENI")
    assert alone.status_code == 400


def test_items_are_added_and_taken_out_of_an_order(shop: Caller) -> None:
    code = shop.control("/orders", {"items": [{"code": "BAR01", "amount": 2}, {"code": "BAR02"}]})["code"]

    order = shop.control(f"/orders/{code}", {"amounts": {"BAR01": 5, "BAR02": 0}, "add": [{"code": "BAR03"}]})

    goods = {item["code"]: item["amount"] for item in order["items"] if item["itemType"] == "product"}
    assert goods == {"BAR01": "5.000", "BAR03": "1.000"}
    assert sum(Decimal(item["itemPrice"]["withVat"]) for item in order["items"]) == Decimal(order["price"]["withVat"])


def test_an_order_can_be_made_at_a_given_time_on_either_side_of_a_time_change(shop: Caller) -> None:
    times = ("2026-03-29T01:59:59+0100", "2026-03-29T03:00:01+0200", "2026-10-25T02:30:00+0200", "2026-10-25T02:30:00+0100")

    created = [shop.control("/orders", {"items": ["BAR01"], "creationTime": time})["order"]["creationTime"] for time in times]

    assert created == list(times)


def test_a_deleted_record_is_a_404_afterwards(shop: Caller) -> None:
    product, customer = shop.get("/api/products/code/BAR02"), shop.get("/api/customers")["customers"][0]["guid"]

    shop.call("DELETE", f"/api/products/{product['guid']}")
    shop.call("DELETE", f"/api/customers/{customer}")

    assert shop.call("GET", f"/api/products/{product['guid']}").status_code == 404
    assert shop.call("GET", "/api/products/code/BAR02").status_code == 404
    assert shop.call("GET", f"/api/customers/{customer}").status_code == 404


def test_a_part_of_a_set_cannot_be_deleted(shop: Caller) -> None:
    assert shop.call("DELETE", "/api/products/code/BAR01").status_code == 409


def test_a_guest_can_be_registered_while_ordering(shop: Caller) -> None:
    guest = {"fullName": "Nina Nová", "email": "nina@zakaznik.example", "city": "Zlín"}

    order = shop.control("/orders", {"items": ["BAR01"], "guest": guest, "register": True})["order"]

    customer = shop.get(f"/api/customers/{order['customerGuid']}")["customer"]
    assert customer["accounts"][0]["email"] == "nina@zakaznik.example"


def test_a_restart_finds_the_shop_in_its_file(tmp_path: Path) -> None:
    options = {**SMALL, "state": str(tmp_path / "shop.json"), "port": 0}
    with running_sandbox(**{name: value for name, value in options.items() if name != "port"}) as shop:
        code = shop.control("/orders", {"items": ["GN01/065"]})["code"]
        shop.control("/products/GN01%2F065/price", {"price": 444})
        shop.call("POST", "/api/webhooks", {"data": [{"event": "order:create", "url": "https://portal.example/"}]})
        key = shop.call("POST", "/api/webhooks/renew-signature-key").json()["data"]["signatureKey"]
        supply = amounts(shop, "GN01/065")

    with running_sandbox(**{name: value for name, value in options.items() if name != "port"}) as shop:
        assert shop.get(f"/api/orders/{code}")["order"]["code"] == code
        assert shop.control("/products/GN01%2F065", method="GET")["variant"]["price"] == "444.00"
        assert [row["event"] for row in shop.get("/api/webhooks")["webhooks"]] == ["order:create"]
        assert shop.sandbox.state.registrations.key == key
        assert amounts(shop, "GN01/065") == supply


def test_the_command_serves_and_ends_on_a_signal() -> None:
    command = [sys.executable, "-m", "sandbox", "shoptet", "--port", "0", "--orders", "0", "--customers", "5"]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline() if process.stdout else ""
        url = re.search(r"http://\S+", line)
        page = urllib.request.urlopen(f"{url[0]}_sandbox/state", timeout=5).read() if url else b""  # noqa: S310 - our own server
        process.terminate()
        code = process.wait(timeout=10)

    assert b'"products":309' in page
    assert code == 0
