"""The calls of the Shoptet client: what they send, and what they make of answers and refusals."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from clients.errors import MalformedAnswer, NotFound, OutcomeUnknown, PartnerError, Refused, Unauthorised
from clients.shoptet.client import ShoptetClient
from clients.shoptet.config import ADDON_HEADER, ShoptetConfig
from clients.shoptet.results import Change
from tests.clients.fake_partner import FakePartner, Reply, recorded, reply, session_on

TOKEN = "123456-p-secret-token-0123456789abcdef"
SINCE = datetime(2026, 3, 2, 9, 5, tzinfo=ZoneInfo("Europe/Prague"))
EXPIRED = Reply(401, {"data": None, "errors": [{"errorCode": "expired-token", "message": "Token is expired.", "instance": "unknown"}]})


def client_on(partner: FakePartner, **config: Any) -> ShoptetClient:
    settings = ShoptetConfig(**{"base_url": "https://api.example/api/", "token": TOKEN} | config)
    return ShoptetClient(settings, session=session_on(partner), sleep=lambda seconds: None)


@pytest.mark.parametrize("base_url", ["https://api.example", "https://api.example/", "https://api.example/api", "https://api.example/api/"])
def test_the_address_may_end_in_api_or_not(base_url: str) -> None:
    partner = FakePartner(reply("eshop"))

    client_on(partner, base_url=base_url).eshop()

    assert partner.requests[0].url == "https://api.example/api/eshop?include=orderAdditionalFields%2CimageCuts"


def test_the_private_token_travels_in_its_header() -> None:
    partner = FakePartner(reply("stocks"))

    ShoptetClient.for_token("https://api.example", TOKEN, session=session_on(partner)).stocks()

    assert partner.requests[0].headers["Shoptet-Private-API-Token"] == TOKEN
    assert partner.requests[0].headers["Content-Type"] == "application/json"


def test_an_order_is_fetched_with_its_sections() -> None:
    partner = FakePartner(reply("order__eur_with_set_coupon_and_gift"))

    fetched = client_on(partner).order("2026000057")

    assert partner.calls == ["GET /api/orders/2026000057"]
    assert partner.query() == {"include": "notes,shippingDetails,stockLocation,surchargeParameters"}
    assert [record["id"] for record in fetched.records] == ["2026000057"]
    assert fetched.changed_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert fetched.date == datetime(2026, 3, 2, 8, 5, tzinfo=UTC)
    assert fetched.request_id == "019c8c34-64f3-7328-af43-bf1e34fa39d7"


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("OBJ/2026 č. 1", "OBJ%2F2026%20%C4%8D.%201"),
        ("a?b#c", "a%3Fb%23c"),
        ("100%", "100%25"),
        ("../eshop", "..%2Feshop"),
        ("{code}", "%7Bcode%7D"),
    ],
)
def test_an_identifier_is_quoted_into_the_url(code: str, path: str) -> None:
    partner = FakePartner(reply("order__guest_bare"))

    client_on(partner).order(code)

    assert (partner.requests[0].url or "").partition("?")[0] == f"https://api.example/api/orders/{path}"


@pytest.mark.parametrize("code", ["", ".", ".."])
def test_an_identifier_that_would_name_another_address_is_not_sent(code: str) -> None:
    partner = FakePartner(reply("order__guest_bare"))

    with pytest.raises(Refused, match="identifier"):
        client_on(partner).order(code)

    assert partner.requests == []


def test_a_product_is_fetched_as_its_variants() -> None:
    partner = FakePartner(reply("product__two_variants"))
    client = client_on(partner)

    by_guid, by_code = client.product("1b02cb8e"), client.product_by_code("PAN-32/Č")

    assert [record["code"] for record in by_guid.records] == ["PAN-28", "PAN-32/Č"]
    assert by_code.records == by_guid.records
    assert partner.calls == ["GET /api/products/1b02cb8e", "GET /api/products/code/PAN-32%2F%C4%8C"]
    assert "perStockAmounts" in partner.query()["include"]


def test_a_change_feed_names_what_changed_and_what_is_gone() -> None:
    partner = FakePartner(reply("order_changes"))

    (page,) = client_on(partner).order_changes(SINCE)

    moment = datetime(2026, 3, 2, 8, 5, tzinfo=UTC)
    assert page.items == [Change("2026000057", moment, deleted=False), Change("2026000050", moment, deleted=True)]
    assert page.date == moment


def test_since_is_sent_with_its_plus_sign_encoded() -> None:
    partner = FakePartner(reply("order_changes"))

    list(client_on(partner).order_changes(SINCE))

    assert "from=2026-03-02T09%3A05%3A00%2B0100" in (partner.requests[0].url or "")


def test_each_list_asks_for_pages_as_large_as_the_endpoint_gives() -> None:
    partner = FakePartner(
        reply("orders"), reply("products"), reply("customers"), reply("customer_changes"), reply("supplies"), reply("notifications")
    )
    client = client_on(partner)

    for pages in (
        client.orders(),
        client.products(),
        client.customers(),
        client.customer_changes(SINCE),
        client.supplies("1"),
        client.notifications(),
    ):
        list(pages)

    assert [partner.query(index)["itemsPerPage"] for index in range(6)] == ["50", "1000", "1000", "20", "1000", "500"]


def test_orders_by_code_are_asked_for_50_at_a_time() -> None:
    partner = FakePartner(reply("orders"))

    pages = list(client_on(partner).orders(codes=[str(number) for number in range(120)]))

    assert [len(partner.query(index)["orderCodes"].split(",")) for index in range(3)] == [50, 50, 20]
    assert len(pages) == 3


def test_no_codes_mean_no_orders_and_not_all_of_them() -> None:
    partner = FakePartner(reply("orders"))

    assert list(client_on(partner).orders(codes=[])) == []
    assert partner.requests == []


def test_stock_is_read_per_stock() -> None:
    partner = FakePartner(reply("supplies"))

    (page,) = client_on(partner).supplies("1", changed_from=SINCE, code="PAN-28")

    assert partner.calls == ["GET /api/stocks/1/supplies"]
    assert partner.query()["changedFrom"] == "2026-03-02T09:05:00+0100"
    assert [record["id"] for record in page.items] == ["1:PAN-28", "1:PAN-32/Č", "1:SADA-1"]


def test_movements_are_read_after_the_last_one_known() -> None:
    partner = FakePartner(reply("movements"))

    (page,) = client_on(partner).movements("1", last_id=126221, with_orders=True)

    assert subset(partner.query(), "lastId", "include") == {"lastId": "126221", "include": "orderCode"}
    assert [movement["id"] for movement in page.items] == [126222, 126223]


def test_what_open_orders_wait_for_tells_what_was_handed_out_already() -> None:
    (page,) = client_on(FakePartner(reply("order_claims"))).order_claims()

    assert [(row["order"], row["code"], float(row["ordered"]), float(row["handed_out"])) for row in page.items] == [
        ("2026000057", "PAN-28", 2, 0),
        ("2026000057", "PAN-32/Č", 3, 1),
        ("OBJ/2026 č. 1", "PAN-28", 1.5, 0),
    ]


def subset(values: dict[str, str], *names: str) -> dict[str, str]:
    return {name: values[name] for name in names}


@pytest.mark.parametrize(("last_id", "expected"), [(126223, 126223), (0, 0), (None, 0)])
def test_the_last_movement_comes_with_shoptets_clock(last_id: int | None, expected: int) -> None:
    partner = FakePartner(Reply(body={"data": {"lastId": last_id, "lastChangeTime": None}}))

    assert client_on(partner).last_movement("1") == (expected, datetime(2026, 3, 2, 8, 5, tzinfo=UTC))


def test_what_a_shop_is_set_to() -> None:
    partner = FakePartner(
        reply("eshop"),
        reply("stocks"),
        reply("order_statuses"),
        reply("payment_methods"),
        reply("shipping_methods"),
        reply("customer_groups"),
        reply("price_lists"),
        reply("categories"),
    )
    client = client_on(partner)

    assert client.eshop()["id"] == "222651"
    assert [(row["id"], row["isDefault"]) for row in client.stocks()] == [("1", True), ("2", False)]
    assert [(row["id"], row["isDefault"]) for row in client.order_statuses()] == [("-1", True), ("-3", False), ("5", False)]
    assert [(row["name"], row["operator"]) for row in client.payment_methods()] == [("Kartou online", "comgate")]
    assert [(row["name"], row["operator"]) for row in client.shipping_methods()] == [("Zásilkovna", "")]
    assert [row["priceListId"] for row in client.customer_groups()] == ["2"]
    assert [row["name"] for row in client.price_lists()] == ["Výchozí", "VO"]
    assert [row["path"] for row in client.categories()] == ["Kuchyně > Pánve", "Kuchyně", "Bez čísla"]


def test_a_status_is_set_by_its_number_and_repeated_without_harm() -> None:
    partner = FakePartner(Reply(503), reply("order_status_changed"))

    client_on(partner).set_order_status("2026000057", "-3", suppress_emails=True)

    assert partner.calls == ["PATCH /api/orders/2026000057/status"] * 2
    assert partner.body() == {"data": {"statusId": -3}}
    assert partner.query() == {"suppressEmailSending": "true"}


def test_webhooks_are_registered_50_at_a_time() -> None:
    events = [f"event:{number}" for number in range(60)]
    taken = [Reply(201, {"data": {"webhooks": [{"id": 1, "event": event} for event in part]}}) for part in (events[:50], events[50:])]
    partner = FakePartner(*taken)

    registered = client_on(partner).register_webhooks([(event, "https://portal.example/") for event in events])

    assert [len(partner.body(index)["data"]) for index in range(2)] == [50, 10]
    assert [row["event"] for row in registered] == events


def test_a_registration_that_was_left_out_is_told() -> None:
    taken = recorded("webhooks_registered") | {"errors": [{"errorCode": "invalid-event", "message": "Unknown event", "instance": "x:y"}]}

    with pytest.raises(Refused, match="not registered: x:y") as caught:
        client_on(FakePartner(Reply(201, taken))).register_webhooks([("order:create", "https://p/"), ("x:y", "https://p/")])

    assert caught.value.messages[0].code == "invalid-event"


def test_a_registration_is_changed_and_ended() -> None:
    partner = FakePartner(reply("nothing"))
    client = client_on(partner)

    client.change_webhook("992801", "https://portal.example/new")
    client.delete_webhook("992801")

    assert partner.calls == ["PATCH /api/webhooks/992801", "DELETE /api/webhooks/992801"]
    assert partner.body(0) == {"data": {"url": "https://portal.example/new"}}


def test_a_new_signature_key_is_returned_and_never_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    key = client_on(FakePartner(reply("signature_key"))).renew_signature_key()

    assert key == "8a5e881b19ad6cc0bc986587b22e30be"
    assert key not in caplog.text


def test_a_key_renewal_whose_answer_lacks_the_key_is_an_unknown_outcome() -> None:
    with pytest.raises(OutcomeUnknown, match="signatureKey is missing"):
        client_on(FakePartner(Reply(body={"data": {}}))).renew_signature_key()


def test_the_delivery_log_keeps_what_was_posted_in_its_own_words() -> None:
    partner = FakePartner(reply("notifications"))

    (page,) = client_on(partner).notifications(status="failed", event="order:create", since=SINCE, active=False)

    (delivery,) = page.items
    assert (delivery["event"], delivery["instance"], delivery["status"]) == ("order:create", "2026000057", "failed")
    assert delivery["body"]["eventCreated"] == "2026-03-02T09:02:27+0100"
    assert partner.query()["active"] == "false"


def test_the_official_form_of_an_error_is_read() -> None:
    body = {"data": None, "errors": [{"errorCode": "unknown-order", "message": "No such order", "instance": "2026000099"}]}

    with pytest.raises(NotFound) as caught:
        client_on(FakePartner(Reply(404, body))).order("2026000099")

    (line,) = caught.value.messages
    assert (line.code, line.message, line.instance) == ("unknown-order", "No such order", "2026000099")
    assert "unknown-order: No such order" in str(caught.value)


def test_the_specifications_form_of_an_error_is_read() -> None:
    line = {
        "message": "Product with code 'ABC-001' already exists",
        "code": "PRODUCT_CODE_DUPLICATE",
        "field": "productCode",
        "statusCode": 409,
    }

    with pytest.raises(PartnerError) as caught:
        client_on(FakePartner(Reply(409, {"errors": [line], "data": None}))).product("x")

    (message,) = caught.value.messages
    assert (message.code, message.instance) == ("PRODUCT_CODE_DUPLICATE", "productCode")


@pytest.mark.parametrize("body", [{"errors": "no"}, {"errors": [None, 3]}, [], "text", None, {"error": 5}])
def test_an_error_in_no_known_form_is_still_an_error(body: Any) -> None:
    with pytest.raises(NotFound) as caught:
        client_on(FakePartner(Reply(404, body))).order("1")

    assert caught.value.messages == ()


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ({"data": None}, "answer.data is missing"),
        ([], "answer is not an object"),
        ({"data": {}}, "data.order is missing"),
        ({"data": {"order": []}}, "data.order is not an object"),
        ({"data": {"order": {"code": "1"}}}, "order.billingAddress is missing"),
    ],
)
def test_an_answer_that_lacks_a_field_is_malformed_and_names_it(body: Any, missing: str) -> None:
    with pytest.raises(MalformedAnswer, match=missing) as caught:
        client_on(FakePartner(Reply(body=body))).order("1")

    assert caught.value.received.startswith("application/json")
    assert caught.value.request == "GET /api/orders/{code}"


@pytest.mark.parametrize("paginator", [None, {}, {"totalCount": "many", "pageCount": 1}, {"totalCount": 1}])
def test_a_list_without_its_paginator_is_malformed(paginator: Any) -> None:
    with pytest.raises(MalformedAnswer):
        list(client_on(FakePartner(Reply(body={"data": {"orders": [], "paginator": paginator}}))).orders())


def test_a_deprecated_endpoint_is_warned_of_once(caplog: pytest.LogCaptureFixture) -> None:
    told = Reply(body=recorded("price_lists"), headers={"X-Shoptet-Deprecated": "yes", "Sunset": "Fri, 01 Jan 2027 00:00:00 GMT"})
    client = client_on(FakePartner(told))

    client.price_lists()
    client.price_lists()

    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert warnings == ["Shoptet will end GET /api/pricelists: deprecated yes, sunset Fri, 01 Jan 2027 00:00:00 GMT"]


class Provider:
    """A provider of add-on tokens, as the portal has one."""

    def __init__(self) -> None:
        self.token = "old-token"
        self.refreshed = 0

    def __call__(self) -> str:
        return self.token

    def refresh(self) -> str:
        self.refreshed += 1
        self.token = f"new-token-{self.refreshed}"
        return self.token


def test_an_expired_token_is_renewed_once_and_the_call_repeated() -> None:
    partner, provider = FakePartner(EXPIRED, reply("order_status_changed")), Provider()

    client_on(partner, token=provider, header=ADDON_HEADER).set_order_status("1", -1)

    assert [request.headers[ADDON_HEADER] for request in partner.requests] == ["old-token", "new-token-1"]


def test_a_token_that_is_expired_again_at_once_is_an_error() -> None:
    partner, provider = FakePartner(EXPIRED), Provider()

    with pytest.raises(Unauthorised):
        client_on(partner, token=provider).stocks()

    assert (len(partner.requests), provider.refreshed) == (2, 1)


def test_a_private_token_is_never_renewed() -> None:
    partner = FakePartner(EXPIRED)

    with pytest.raises(Unauthorised):
        client_on(partner).stocks()

    assert len(partner.requests) == 1


def test_a_right_that_is_missing_does_not_ask_for_a_new_token() -> None:
    denied = Reply(403, {"errors": [{"errorCode": "invalid-token-no-rights", "message": "no", "instance": "access-token"}]})
    provider = Provider()

    with pytest.raises(Unauthorised):
        client_on(FakePartner(denied), token=provider).stocks()

    assert provider.refreshed == 0


def test_the_token_does_not_show_when_a_client_or_its_settings_are_printed() -> None:
    client = client_on(FakePartner(reply("stocks")))

    assert TOKEN not in f"{client!r} {client.config!r}"
