"""Every answer of Shoptet's stand-in conforms to Shoptet's OpenAPI file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from sandbox.shoptet.api.gateway import ROUTES
from sandbox.shoptet.faults import REFUSALS, STATUSES
from tests.contracts.openapi import OpenApi
from tests.sandbox.fixtures import Caller, Receiver, register, running_sandbox

LONG_AGO = {"from": "2026-01-01T00:00:00+0100"}
PRODUCT_SECTIONS = (
    "images,variantParameters,allCategories,flags,descriptiveParameters,measureUnit,surchargeParameters,setItems,filteringParameters,recyclingFee,"
    "warranty,gifts,alternativeProducts,relatedProducts,relatedVideos,relatedFiles,perStockAmounts,perPricelistPrices"
)
ORDER_SECTIONS = "notes,images,shippingDetails,stockLocation,surchargeParameters,paymentTransactions,productFlags"
ESHOP_SECTIONS = "orderAdditionalFields,orderStatuses,paymentMethods,shippingMethods,imageCuts,countries,cashDesk"
MOVEMENT_SECTIONS = "orderCode,productGuid,historicalProductGuid,sumAmount"

READS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("/api/eshop", "/api/eshop", {}),
    ("/api/eshop", "/api/eshop", {"include": ESHOP_SECTIONS}),
    ("/api/products", "/api/products", {"include": "images", "itemsPerPage": 1000}),
    ("/api/products/changes", "/api/products/changes", LONG_AGO),
    ("/api/products/code/{code}", "/api/products/code/GN01%2F065", {"include": PRODUCT_SECTIONS}),
    ("/api/categories", "/api/categories", {}),
    ("/api/pricelists", "/api/pricelists", {}),
    ("/api/pricelists/{id}", "/api/pricelists/2", {}),
    ("/api/orders", "/api/orders", {}),
    ("/api/orders/changes", "/api/orders/changes", {**LONG_AGO, "itemsPerPage": 1000}),
    ("/api/orders/claims", "/api/orders/claims", {"itemsPerPage": 250}),
    ("/api/orders/statuses", "/api/orders/statuses", {}),
    ("/api/orders/gifts", "/api/orders/gifts", {}),
    ("/api/orders/{code}/history", "/api/orders/OBJ-26-017/history", {}),
    ("/api/customers", "/api/customers", {"itemsPerPage": 1000}),
    ("/api/customers/changes", "/api/customers/changes", LONG_AGO),
    ("/api/customers/groups", "/api/customers/groups", {}),
    ("/api/stocks", "/api/stocks", {}),
    ("/api/stocks/{stockId}", "/api/stocks/3", {}),
    ("/api/stocks/{stockId}/supplies", "/api/stocks/1/supplies", {"include": "changeTime"}),
    ("/api/stocks/{stockId}/movements", "/api/stocks/1/movements", {"include": MOVEMENT_SECTIONS, "itemsPerPage": 1000}),
    ("/api/stocks/{stockId}/movements/last", "/api/stocks/3/movements/last", {}),
    ("/api/webhooks", "/api/webhooks", {}),
    ("/api/webhooks/notifications", "/api/webhooks/notifications", {}),
    ("/api/system/endpoints", "/api/system/endpoints", {}),
    ("/api/payment-methods", "/api/payment-methods", {}),
    ("/api/shipping-methods", "/api/shipping-methods", {}),
)


@pytest.fixture(scope="module")
def openapi() -> OpenApi:
    return OpenApi()


@pytest.fixture(scope="module")
def shop(openapi: OpenApi) -> Iterator[Caller]:
    with running_sandbox(bucket_drain=1e9) as caller:
        yield caller


def judge(openapi: OpenApi, caller: Caller, method: str, pattern: str, path: str, body: Any = None, **query: Any) -> tuple[int, Any]:
    """Call, judge the answer, and return its status and data."""
    answer = caller.call(method, path, body, params=query)
    problems = openapi.problems(method, pattern, answer.status_code, answer.json())
    assert problems == [], f"{method} {path} {answer.status_code}"
    return answer.status_code, answer.json()["data"]


def test_every_route_is_declared(openapi: OpenApi) -> None:
    undeclared = [(method, pattern) for method, pattern, _endpoint in ROUTES if openapi.declared(method, pattern) is None]

    assert undeclared == []


@pytest.mark.parametrize(("pattern", "path", "query"), READS, ids=lambda value: value if isinstance(value, str) else None)
def test_a_read_conforms(openapi: OpenApi, shop: Caller, pattern: str, path: str, query: dict[str, Any]) -> None:
    status, _data = judge(openapi, shop, "GET", pattern, path, **query)

    assert status == 200


def test_every_seeded_product_conforms_with_and_without_its_sections(openapi: OpenApi, shop: Caller) -> None:
    guids = [row["guid"] for row in shop.get("/api/products", itemsPerPage=1000)["products"]]

    for guid in guids:
        judge(openapi, shop, "GET", "/api/products/{guid}", f"/api/products/{guid}", include=PRODUCT_SECTIONS)
    judge(openapi, shop, "GET", "/api/products/{guid}", f"/api/products/{guids[0]}")


def test_every_seeded_order_conforms(openapi: OpenApi, shop: Caller) -> None:
    codes = [row["code"] for row in shop.get("/api/orders/changes", itemsPerPage=1000, **LONG_AGO)["changes"]]
    listed = [row["code"] for page in range(1, 5) for row in shop.get("/api/orders", page=page)["orders"]]

    assert len(listed) >= 150
    assert set(codes) <= set(listed)
    for code in listed:
        judge(openapi, shop, "GET", "/api/orders/{code}", f"/api/orders/{quote(code, safe='')}", include=ORDER_SECTIONS)


def test_every_seeded_customer_conforms(openapi: OpenApi, shop: Caller) -> None:
    guids = [row["guid"] for row in shop.get("/api/customers", itemsPerPage=1000)["customers"]]

    assert len(guids) == 400
    for guid in guids:
        judge(openapi, shop, "GET", "/api/customers/{guid}", f"/api/customers/{guid}")
    for part in ("accounts", "delivery-addresses"):
        judge(openapi, shop, "GET", f"/api/customers/{{guid}}/{part}", f"/api/customers/{guids[6]}/{part}")


def test_the_catalogue_s_detail_reads_conform(openapi: OpenApi, shop: Caller) -> None:
    category = shop.get("/api/categories")["categories"][5]["guid"]

    status, _data = judge(openapi, shop, "GET", "/api/categories/{categoryGuid}", f"/api/categories/{category}")

    assert status == 200


def test_writes_to_orders_conform(openapi: OpenApi, shop: Caller) -> None:
    code = shop.control(
        "/orders", {"items": [{"code": "SET-BAR"}, {"code": "KVV02", "amount": "0.750"}], "gift": "BAR01", "currency": "EUR"}
    )["code"]
    address = {"fullName": "Jan Novák", "street": "Rovná", "city": "Rovina", "zip": "12300", "countryCode": "CZ"}
    new = {"email": "foo@bar.example", "externalCode": "X-1", "currency": {"code": "CZK"}, "billingAddress": address,
           "items": [{"itemType": "product", "code": "BAR01", "vatRate": "21.00", "unitPriceWithVat": "121.00"}]}  # fmt: skip

    statuses = [
        judge(openapi, shop, "POST", "/api/orders", "/api/orders", {"data": new})[0],
        judge(openapi, shop, "PATCH", "/api/orders/{code}/status", f"/api/orders/{code}/status", {"data": {"statusId": -3, "paid": True}})[
            0
        ],
        judge(openapi, shop, "PATCH", "/api/orders/{code}/notes", f"/api/orders/{code}/notes", {"data": {"trackingNumber": "DR1"}})[0],
        judge(openapi, shop, "PATCH", "/api/orders/{code}/head", f"/api/orders/{code}/head", {"data": {"phone": "+420601601601"}})[0],
        judge(
            openapi,
            shop,
            "PATCH",
            "/api/orders/status-change",
            "/api/orders/status-change",
            {"data": {"statusId": -2, "orderCodes": [code, "no"]}},
        )[0],
        judge(openapi, shop, "POST", "/api/orders/{code}/history", f"/api/orders/{code}/history", {"data": {"text": "Odesláno"}})[0],
        judge(openapi, shop, "GET", "/api/orders/{code}/history", f"/api/orders/{code}/history")[0],
        judge(openapi, shop, "DELETE", "/api/orders/{code}", f"/api/orders/{code}")[0],
        judge(openapi, shop, "GET", "/api/orders/{code}", f"/api/orders/{code}")[0],
    ]

    assert statuses == [201, 200, 200, 200, 200, 201, 200, 200, 404]


def test_writes_to_products_and_stock_conform(openapi: OpenApi, shop: Caller) -> None:
    category = next(row["guid"] for row in shop.get("/api/categories")["categories"] if row["name"] == "Nože")
    new = {"name": "Nový nůž", "defaultCategoryGuid": category, "variants": [{"code": "NOVY 1"}]}
    _status, made = judge(openapi, shop, "POST", "/api/products", "/api/products", {"data": new})
    guid, amount = made["product"]["guid"], {"data": [{"productCode": "NOVY 1", "quantity": 5}, {"productCode": "NENI", "realStock": 5}]}
    price = {"data": [{"code": "NOVY 1", "priceWithVat": {"price": "242.00"}}, {"code": "NENI"}]}

    statuses = [
        judge(openapi, shop, "PATCH", "/api/products/{guid}", f"/api/products/{guid}", {"data": {"name": "Nový nůž II"}})[0],
        judge(
            openapi,
            shop,
            "PATCH",
            "/api/products/code/{code}",
            "/api/products/code/NOVY%201",
            {"data": {"variants": [{"code": "NOVY 1", "newCode": "N/2"}]}},
        )[0],
        judge(openapi, shop, "PATCH", "/api/stocks/{stockId}/movements", "/api/stocks/1/movements", amount)[0],
        judge(openapi, shop, "PATCH", "/api/pricelists/{id}", "/api/pricelists/1", price)[0],
        judge(openapi, shop, "DELETE", "/api/products/code/{code}", "/api/products/code/N%2F2")[0],
        judge(openapi, shop, "DELETE", "/api/products/{guid}", f"/api/products/{guid}")[0],
        judge(openapi, shop, "GET", "/api/products/{guid}", f"/api/products/{guid}")[0],
    ]

    assert statuses == [200, 200, 400, 400, 200, 404, 404]


@pytest.mark.parametrize("row", [{}, {"code": "NENI", "productCode": "NENI", "realStock": 5}], ids=["all rows", "a row is skipped"])
def test_a_write_of_many_rows_that_succeeds_conforms(openapi: OpenApi, shop: Caller, row: dict[str, Any]) -> None:
    stock = [{"productCode": "BAR01", "quantity": 5}, {"productCode": "SPO01", "amountChange": -1}]
    prices = [{"code": "BAR01", "price": {"price": "242.00"}}]
    codes = [shop.control("/orders", {"items": ["SPO01"]})["code"]]
    if row:
        stock, prices, codes = [*stock, row], [*prices, row], [*codes, "none"]  # type: ignore[list-item]

    answers = [
        judge(openapi, shop, "PATCH", "/api/stocks/{stockId}/movements", "/api/stocks/1/movements", {"data": stock})[0],
        judge(openapi, shop, "PATCH", "/api/pricelists/{id}", "/api/pricelists/1", {"data": prices})[0],
        judge(
            openapi,
            shop,
            "PATCH",
            "/api/orders/status-change",
            "/api/orders/status-change",
            {"data": {"statusId": -2, "orderCodes": codes}},
        )[0],
    ]

    assert answers == [200, 200, 200]


def test_new_registrations_conform(openapi: OpenApi, shop: Caller) -> None:
    rows = [{"event": "brand:create", "url": "https://portal.example/a"}, {"event": "brand:update", "url": "http://portal.example:8080/b"}]

    status, data = judge(openapi, shop, "POST", "/api/webhooks", "/api/webhooks", {"data": rows})

    assert (status, [hook["event"] for hook in data["webhooks"]]) == (201, ["brand:create", "brand:update"])


def test_writes_to_customers_conform(openapi: OpenApi, shop: Caller) -> None:
    new = {"account": {"email": "nova@zakaznik.example", "fullName": "Nová Zákaznice"}, "billingAddress": {"city": "Brno"}}
    _status, made = judge(openapi, shop, "POST", "/api/customers", "/api/customers", {"data": new})
    base, account = f"/api/customers/{made['customer']['guid']}", {"email": "druha@zakaznik.example"}
    _status, second = judge(openapi, shop, "POST", "/api/customers/{guid}/accounts", f"{base}/accounts", {"data": account})
    _status, place = judge(
        openapi, shop, "POST", "/api/customers/{guid}/delivery-addresses", f"{base}/delivery-addresses", {"data": {"countryCode": "CZ"}}
    )
    accounts, places = f"{base}/accounts/{second['account']['guid']}", f"{base}/delivery-addresses/{place['deliveryAddress']['guid']}"

    statuses = [
        judge(openapi, shop, "PATCH", "/api/customers/{guid}", base, {"data": {"remark": "VIP", "customerGroupCode": "vip"}})[0],
        judge(openapi, shop, "PATCH", "/api/customers/{guid}/accounts/{part}", accounts, {"data": {"phone": "+420601000000"}})[0],
        judge(openapi, shop, "GET", "/api/customers/{guid}/accounts/{part}", accounts)[0],
        judge(openapi, shop, "DELETE", "/api/customers/{guid}/accounts/{part}", accounts)[0],
        judge(openapi, shop, "PATCH", "/api/customers/{guid}/delivery-addresses/{part}", places, {"data": {"city": "Zlín"}})[0],
        judge(openapi, shop, "GET", "/api/customers/{guid}/delivery-addresses/{part}", places)[0],
        judge(openapi, shop, "DELETE", "/api/customers/{guid}/delivery-addresses/{part}", places)[0],
        judge(openapi, shop, "DELETE", "/api/customers/{guid}", base)[0],
        judge(openapi, shop, "GET", "/api/customers/{guid}", base)[0],
    ]

    assert statuses == [200, 200, 200, 200, 200, 200, 200, 200, 404]


def test_webhooks_and_their_log_conform(openapi: OpenApi, shop: Caller) -> None:
    receiver = Receiver()
    (number,) = register(shop, receiver, "order:create")
    shop.control("/orders", {"items": ["BAR01"]})
    shop.control("/webhooks/wait")

    statuses = [
        judge(openapi, shop, "GET", "/api/webhooks", "/api/webhooks")[0],
        judge(openapi, shop, "GET", "/api/webhooks/{id}", f"/api/webhooks/{number}")[0],
        judge(openapi, shop, "GET", "/api/webhooks/notifications", "/api/webhooks/notifications", status="success")[0],
        judge(openapi, shop, "POST", "/api/webhooks", "/api/webhooks", {"data": [{"event": "order:create", "url": receiver.url}]})[0],
        judge(openapi, shop, "PATCH", "/api/webhooks/{id}", f"/api/webhooks/{number}", {"data": {"url": f"{receiver.url}x"}})[0],
        judge(openapi, shop, "POST", "/api/webhooks/renew-signature-key", "/api/webhooks/renew-signature-key")[0],
        judge(openapi, shop, "DELETE", "/api/webhooks/{id}", f"/api/webhooks/{number}")[0],
        judge(openapi, shop, "GET", "/api/webhooks/{id}", f"/api/webhooks/{number}")[0],
    ]
    receiver.close()

    assert statuses == [200, 200, 200, 422, 200, 200, 200, 404]


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_an_error_has_the_envelope(openapi: OpenApi, shop: Caller, status: str) -> None:
    shop.fault(fault=status, times=1)

    answered, _data = judge(openapi, shop, "GET", "/api/customers", "/api/customers")

    assert answered == int(status)


@pytest.mark.parametrize("kind", sorted(REFUSALS))
def test_a_refusal_with_a_meaning_of_its_own_has_the_envelope(openapi: OpenApi, shop: Caller, kind: str) -> None:
    shop.fault(fault=kind, times=1)

    answered, _data = judge(openapi, shop, "GET", "/api/stocks", "/api/stocks")

    assert answered == REFUSALS[kind][0]


def test_a_missing_module_and_a_document_that_was_not_made_are_told_as_declared(openapi: OpenApi, shop: Caller) -> None:
    code = shop.control("/orders", {"items": ["BAR01"]})["code"]
    shop.control("/modules", {"off": ["stock"]})
    refused, _ = judge(openapi, shop, "GET", "/api/products/code/{code}", "/api/products/code/BAR01", include="perStockAmounts")
    shop.control("/modules", {"off": []})
    shop.fault(fault="document_not_generated", times=1)
    done, data = judge(openapi, shop, "PATCH", "/api/orders/{code}/status", f"/api/orders/{code}/status", {"data": {"statusId": -3}})

    assert (refused, done, data["order"]["code"]) == (403, 200, code)


@pytest.mark.parametrize("country", [{}, {"countryCode": ""}, {"countryCode": None}])
def test_an_order_without_the_country_of_its_billing_address_is_refused(openapi: OpenApi, shop: Caller, country: Any) -> None:
    address = {"fullName": "Jan Novák", "city": "Rovina", **country}
    new = {"externalCode": "X-2", "currency": {"code": "CZK"}, "billingAddress": address,
           "items": [{"itemType": "product", "code": "BAR01", "vatRate": "21.00", "unitPriceWithVat": "121.00"}]}  # fmt: skip
    code = shop.control("/orders", {"items": ["BAR01"]})["code"]

    made, _ = judge(openapi, shop, "POST", "/api/orders", "/api/orders", {"data": new})
    changed, _ = judge(openapi, shop, "PATCH", "/api/orders/{code}/head", f"/api/orders/{code}/head", {"data": {"billingAddress": address}})

    assert (made, changed) == (422, 422)


def test_an_unknown_address_and_a_missing_token_have_the_envelope(openapi: OpenApi, shop: Caller) -> None:
    unknown, _data = judge(openapi, shop, "GET", "/api/nonsense", "/api/nonsense")
    without = shop.call("GET", "/api/eshop", headers={"Shoptet-Private-API-Token": ""})

    assert unknown == 404
    assert without.status_code == 401
    assert openapi.problems("GET", "/api/eshop", 401, without.json()) == []
