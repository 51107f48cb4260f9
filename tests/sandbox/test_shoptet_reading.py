"""Shoptet's stand-in: paging, filters, sections on demand and change feeds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from sandbox.shoptet.clock import wire_time
from tests.sandbox.fixtures import Caller, running_sandbox


@pytest.fixture(scope="module")
def shop() -> Iterator[Caller]:
    with running_sandbox(bucket_drain=1e9) as caller:
        yield caller


@pytest.mark.parametrize(
    ("path", "default", "largest"),
    [
        ("/api/products", 20, 1000),
        ("/api/orders", 50, 50),
        ("/api/customers", 20, 1000),
        ("/api/categories", 500, 1000),
        ("/api/stocks/1/supplies", 1000, 1000),
        ("/api/stocks/1/movements", 25, 1000),
        ("/api/pricelists/1", 100, 100),
        ("/api/webhooks/notifications", 20, 500),
    ],
)
def test_a_page_is_clamped_silently_to_the_endpoint_s_maximum(shop: Caller, path: str, default: int, largest: int) -> None:
    without_wish = shop.get(path)["paginator"]
    too_much = shop.get(path, itemsPerPage=5000)["paginator"]

    assert without_wish["itemsPerPage"] == default
    assert too_much["itemsPerPage"] == largest


def test_pages_together_hold_every_record_once(shop: Caller) -> None:
    pages = [shop.get("/api/products", page=page, itemsPerPage=100)["products"] for page in range(1, 5)]

    guids = [row["guid"] for page in pages for row in page]
    assert [len(page) for page in pages] == [100, 100, 100, 9]
    assert len(set(guids)) == 309


def test_a_page_that_is_not_a_number_is_refused(shop: Caller) -> None:
    answer = shop.call("GET", "/api/products?page=first")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["instance"] == "page"


def test_sections_come_only_on_demand_whatever_their_case(shop: Caller) -> None:
    bare = shop.get("/api/products/code/GN01%2F065")
    full = shop.get("/api/products/code/GN01%2F065", include="IMAGES,descriptiveparameters,perStockAmounts")

    assert "images" not in bare
    assert "perStockAmounts" not in bare["variants"][0]
    assert full["images"][0]["isMainImage"] is True
    assert full["descriptiveParameters"][0]["name"] == "Materiál"
    assert [row["stockId"] for row in full["variants"][0]["perStockAmounts"]] == [1, 2, 3]


def test_a_code_with_a_slash_is_found_by_its_quoted_form(shop: Caller) -> None:
    product = shop.get("/api/products/code/GN01%2F065")

    assert "GN01/065" in [variant["code"] for variant in product["variants"]]


def test_products_can_be_asked_for_by_code_but_not_more_than_fifty(shop: Caller) -> None:
    found = shop.get("/api/products", productCodes="GN01/065,BAR01,NENI")["products"]
    refused = shop.call("GET", "/api/products", params={"productCodes": ",".join(f"X{number}" for number in range(51))})

    assert len(found) == 2
    assert refused.status_code == 400


def test_orders_are_filtered_by_status_and_time(shop: Caller) -> None:
    since = shop.sandbox.state.clock.now() - timedelta(days=10)

    done = shop.get("/api/orders", statusId=-2)["orders"]
    young = shop.get("/api/orders", creationTimeFrom=wire_time(since))["orders"]

    assert {row["status"]["id"] for row in done} == {-2}
    assert 20 < len(young) < 40
    assert young == sorted(young, key=lambda row: row["creationTime"], reverse=True)


def test_a_plus_that_was_not_quoted_in_a_time_is_refused(shop: Caller) -> None:
    answer = shop.call("GET", "/api/orders/changes?from=2026-11-01T00:00:00+0100")

    assert answer.status_code == 400


def test_a_change_feed_needs_a_time_and_reaches_back_thirty_days(shop: Caller) -> None:
    without = shop.call("GET", "/api/orders/changes")
    shop.control("/clock", {"advance": 31 * 24 * 3600})
    later = shop.get("/api/orders/changes", **{"from": "2020-01-01T00:00:00+0100"})
    shop.control("/clock", {"offset": 0})

    assert without.status_code == 400
    assert later["paginator"]["totalCount"] == 0


def test_a_record_is_in_the_feed_once_with_its_last_change(shop: Caller) -> None:
    code = shop.control("/orders", {"items": ["BAR02"]})["code"]
    shop.control(f"/orders/{code}/pay")
    shop.control(f"/orders/{code}", method="DELETE")

    rows = shop.get("/api/orders/changes", itemsPerPage=1000, **{"from": "2026-01-01T00:00:00+0100"})["changes"]
    edits = shop.get("/api/orders/changes", itemsPerPage=1000, changeType="edit", **{"from": "2026-01-01T00:00:00+0100"})["changes"]

    assert [row["changeType"] for row in rows if row["code"] == code] == ["delete"]
    assert code not in [row["code"] for row in edits]


def test_a_stock_movement_is_no_product_change(shop: Caller) -> None:
    now = wire_time(shop.sandbox.state.clock.now())
    shop.control("/products/BAR04/stock", {"quantity": 77})
    shop.control("/products/BAR05/price", {"price": "123,50"})

    changed = [row["guid"] for row in shop.get("/api/products/changes", **{"from": now})["changes"]]
    supplies = shop.get("/api/stocks/1/supplies", changedFrom=now, include="changeTime")["supplies"]

    assert changed == [shop.get("/api/products/code/BAR05")["guid"]]
    assert "BAR04" in [row["code"] for row in supplies]


def test_movements_are_read_on_from_the_last_one_seen(shop: Caller) -> None:
    last = shop.get("/api/stocks/2/movements/last")["lastId"]
    shop.control("/products/BAR06/stock", {"stock": 2, "change": -3})

    rows = shop.get("/api/stocks/2/movements", lastId=last)["movements"]

    assert [(row["productCode"], row["amountChange"]) for row in rows] == [("BAR06", "-3.000")]
    assert shop.get("/api/stocks/2/movements/last")["lastId"] == rows[0]["id"]


def test_a_hundred_thousand_products_are_made_on_demand() -> None:
    with running_sandbox(products=100_000, customers=1, orders=0, bucket_drain=1e9) as caller:
        last_page = caller.get("/api/products", page=100, itemsPerPage=1000)
        guid = last_page["products"][-1]["guid"]
        code = caller.get(f"/api/products/{guid}")["variants"][0]["code"]
        caller.control(f"/products/{code}/price", {"price": "11"})

        assert last_page["paginator"]["totalCount"] == 100_000
        assert caller.get(f"/api/products/code/{code}")["variants"][0]["price"] == "11.00"
        assert caller.get("/api/stocks/1/supplies", code=code)["supplies"][0]["productGuid"] == guid
