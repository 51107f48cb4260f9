"""The BlueJet stand-in's dialect `rest`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from sandbox.bluejet.server import BlueJetSandbox
from tests.sandbox.bluejet_caller import Caller

PRODUCT: dict[str, Any] = {
    "productCode": "PASTA-CARBONARA-500G",
    "title": "Carbonara Pasta 500g",
    "price": 149.90,
    "currency": "CZK",
    "stock": 250,
    "category": "Pasta & Sauces",
    "externalId": "shoptet:12345",
}
ORDER: dict[str, Any] = {
    "orderNumber": "2026-001",
    "orderDate": "2026-01-12",
    "customerName": "Jan Novák",
    "customerEmail": "jan@example.com",
    "lineItems": [{"productId": "PASTA-CARBONARA-500G", "quantity": 10, "unitPrice": 149.90, "total": 1499.00}],
    "totalAmount": 1499.00,
    "status": "Nabídka",
    "externalId": "shoptet:ORD-2026-001",
}


@pytest.fixture
def bluejet() -> Iterator[Caller]:
    caller = Caller(BlueJetSandbox(seed=False).start())
    yield caller
    caller.close()


def test_the_specifications_order_is_taken_as_it_is(bluejet: Caller) -> None:
    answer = bluejet.rest("POST", "orders", json=ORDER)

    kept = answer.json()
    assert answer.status_code == 201
    assert {name: kept[name] for name in ORDER if name != "lineItems"} == {name: ORDER[name] for name in ORDER if name != "lineItems"}
    assert kept["lineItems"][0]["id"]


def test_an_order_is_found_by_its_external_id(bluejet: Caller) -> None:
    bluejet.rest("POST", "orders", json={**ORDER, "externalId": "shoptet:other"})
    wanted = bluejet.rest("POST", "orders", json=ORDER).json()["id"]

    answer = bluejet.rest("GET", "orders", params={"externalId": "shoptet:ORD-2026-001"}).json()

    assert answer["total"] == 1
    assert answer["items"][0]["id"] == wanted


def test_a_put_changes_what_it_names(bluejet: Caller) -> None:
    id_ = bluejet.rest("POST", "orders", json=ORDER).json()["id"]

    answer = bluejet.rest("PUT", f"orders/{id_}", json={"status": "Objednávka"})

    assert answer.status_code == 200
    assert bluejet.store.get("orders", id_)["status"] == "Objednávka"
    assert bluejet.store.get("orders", id_)["totalAmount"] == 1499.0


def test_a_list_comes_in_pages_with_its_total(bluejet: Caller) -> None:
    for number in range(5):
        bluejet.rest("POST", "products", json={**PRODUCT, "productCode": f"P{number}"})

    answer = bluejet.rest("GET", "products", params={"page": 2, "pageSize": 2}).json()

    assert [item["productCode"] for item in answer["items"]] == ["P2", "P3"]
    assert (answer["total"], answer["page"], answer["pageSize"]) == (5, 2, 2)


def test_a_deleted_object_is_gone(bluejet: Caller) -> None:
    id_ = bluejet.rest("POST", "products", json=PRODUCT).json()["id"]

    assert bluejet.rest("DELETE", f"products/{id_}").status_code == 204
    assert bluejet.rest("GET", f"products/{id_}").status_code == 404
    assert bluejet.rest("GET", "products", params={"externalId": "shoptet:12345"}).json()["total"] == 0


@pytest.mark.parametrize(
    ("resource", "body", "field"),
    [
        ("products", {"title": "Bez kódu"}, "productCode"),
        ("products", {**PRODUCT, "price": "149,90"}, "price"),
        ("orders", {**ORDER, "status": "pending"}, "status"),
        ("orders", {**ORDER, "lineItems": [{"quantity": "deset"}]}, "lineItems[0].quantity"),
        ("contacts", {"phone": "123"}, "email"),
        ("stock", {"productCode": "P"}, "quantity"),
    ],
)
def test_a_field_that_does_not_fit_is_a_422_that_names_it(bluejet: Caller, resource: str, body: Any, field: str) -> None:
    answer = bluejet.rest("POST", resource, json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_stock_is_found_by_product_and_warehouse(bluejet: Caller) -> None:
    for warehouse in ("HLAVNI", "ESHOP"):
        bluejet.rest("POST", "stock", json={"productCode": "P", "warehouse": warehouse, "quantity": 3})

    answer = bluejet.rest("GET", "stock", params={"productCode": "P", "warehouse": "ESHOP"}).json()

    assert [item["warehouse"] for item in answer["items"]] == ["ESHOP"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"X-Token": "wrong"}, 401),
        ({"Authorization": "Bearer demo:wrong"}, 401),
        ({"Authorization": "Bearer demo:demo"}, 200),
        ({"Authorization": "Basic ZGVtbzpkZW1v"}, 200),
    ],
)
def test_a_request_needs_a_session_or_the_credentials(bluejet: Caller, headers: dict[str, str], status: int) -> None:
    answer = requests.get(f"{bluejet.sandbox.rest_url}/products", headers=headers, timeout=5)

    assert answer.status_code == status


def test_a_session_token_serves_as_a_bearer(bluejet: Caller) -> None:
    headers = {"Authorization": f"Bearer {bluejet.http.headers['X-Token']}"}

    assert requests.get(f"{bluejet.sandbox.rest_url}/products", headers=headers, timeout=5).status_code == 200
