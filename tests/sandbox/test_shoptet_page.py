"""Shoptet's stand-in: the page on which a person plays the shop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.sandbox.fixtures import SMALL, Caller, running_sandbox


@pytest.fixture(scope="module")
def shop() -> Iterator[Caller]:
    with running_sandbox(**SMALL) as caller:
        yield caller


def submit(shop: Caller, path: str, **fields: Any) -> str:
    """Send a form and return the page that follows."""
    return requests.post(f"{shop.sandbox.url}{path}", data=fields, timeout=5).text


def show(shop: Caller, **headers: str) -> str:
    return requests.get(f"{shop.sandbox.url}/", headers=headers, timeout=5).text


def test_the_page_is_czech_unless_the_reader_prefers_english(shop: Caller) -> None:
    english = requests.get(f"{shop.sandbox.url}/?lang=en", timeout=5).text

    assert "Nová objednávka" in show(shop)
    assert "Nová objednávka" in show(shop, **{"Accept-Language": "cs,en;q=0.8"})
    assert "New order" in show(shop, **{"Accept-Language": "en-GB,en"})
    assert "New order" in english
    assert "http://fonts" not in english


def test_an_order_is_placed_paid_and_cancelled_on_the_page(shop: Caller) -> None:
    email = next(iter(shop.sandbox.state.customers.values()))["accounts"][0]["email"]

    page = submit(shop, "/order", code1="GN01/065", amount1="2,5", customer=email, coupon="GASTRO10", currency="EUR", gift="1", count="1")
    order = list(shop.sandbox.state.orders.values())[-1]
    submit(shop, "/pay", code=order["code"])
    submit(shop, "/cancel", code=order["code"])

    kept = shop.sandbox.state.orders[order["code"]]
    assert f"Objednávka {order['code']} byla vytvořena." in page
    assert order["price"]["currencyCode"] == "EUR"
    assert [item["itemType"] for item in order["items"]] == ["product", "discount-coupon", "gift", "shipping", "billing"]
    assert (kept["paid"], kept["status"]["id"]) == (True, -4)


def test_price_stock_and_customer_are_changed_on_the_page(shop: Caller) -> None:
    submit(shop, "/price", code="GN01/065", price="333,30")
    submit(shop, "/stock", code="GN01/065", stock="2", quantity="9")
    page = submit(shop, "/customer", fullName="Jan <b>Zlý</b>", email="zly@zakaznik.example", city="Brno")

    assert shop.get("/api/products/code/GN01%2F065")["variants"][2]["price"] == "333.30"
    assert shop.get("/api/stocks/2/supplies", code="GN01/065")["supplies"][0]["amount"] == "9.000"
    assert "zly@zakaznik.example byl zaregistrován" in page
    assert "<b>Zlý</b>" not in page


def test_a_fault_is_switched_on_and_off_on_the_page(shop: Caller) -> None:
    page = submit(shop, "/fault", fault="503", match="/api/stocks", times="", seconds="1")
    struck = shop.call("GET", "/api/stocks").status_code
    submit(shop, "/fault-off")

    assert "Zapnuté poruchy: 1" in page
    assert (struck, shop.call("GET", "/api/stocks").status_code) == (503, 200)


def test_what_cannot_be_done_is_said_on_the_page(shop: Caller) -> None:
    page = submit(shop, "/price", code="NENI", price="1")

    assert 'role="alert"' in page
    assert "NENI" in page


def test_another_site_cannot_send_the_forms(shop: Caller) -> None:
    answer = requests.post(f"{shop.sandbox.url}/order", data={"code1": "BAR01"}, headers={"Origin": "https://evil.example"}, timeout=5)

    assert answer.status_code == 403
