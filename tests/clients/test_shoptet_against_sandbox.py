"""The client reads a whole shop from the stand-in, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests

from clients.errors import (
    MalformedAnswer,
    NotFound,
    OutcomeUnknown,
    PartnerUnavailable,
    Unauthorised,
)
from clients.shoptet.client import ShoptetClient
from clients.transport import RetryPolicy
from sandbox.shoptet.server import ShoptetSandbox

LONG_AGO = timedelta(days=29)
AT_ONCE = RetryPolicy(delays=(0, 0, 0), timeout=5)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[ShoptetSandbox]:
    """Return a seeded shop with a bucket that never fills."""
    server = ShoptetSandbox(bucket_size=1_000_000, connections=50).start()
    yield server
    server.stop()


@pytest.fixture
def client(sandbox: ShoptetSandbox) -> Iterator[ShoptetClient]:
    """Return a client of the shop, and clear its faults afterwards."""
    with ShoptetClient.for_token(f"{sandbox.url}/api/", sandbox.token, policy=AT_ONCE) as opened:
        yield opened
    requests.delete(f"{sandbox.url}/_sandbox/faults", timeout=5)


def fault(sandbox: ShoptetSandbox, kind: str, **options: Any) -> None:
    """Switch on a fault."""
    requests.post(f"{sandbox.url}/_sandbox/faults", json={"fault": kind, **options}, timeout=5).raise_for_status()


def items(pages: Iterator[Any]) -> list[Any]:
    """Return what all pages hold."""
    return [item for page in pages for item in page.items]


def test_the_whole_catalogue_comes_through(sandbox: ShoptetSandbox, client: ShoptetClient) -> None:
    listed = items(client.products())
    records = [record for product in listed for record in client.product(product["guid"]).records]

    assert len({product["guid"] for product in listed}) == len(listed) >= 300
    assert len({record["code"] for record in records}) == len(records) == sandbox.state.catalogue.variant_total
    assert all(record["currency"] and record["vatRate"] >= 0 for record in records)
    assert client.product_by_code(records[-1]["code"]).records[-1]["code"] == records[-1]["code"]


def test_every_order_comes_through_and_its_lines_add_up(sandbox: ShoptetSandbox, client: ShoptetClient) -> None:
    codes = [order["code"] for order in items(client.orders())]
    orders = [client.order(code).records[0] for code in codes]

    assert sorted(codes) == sorted(sandbox.state.orders)
    assert [order["code"] for order in items(client.orders(codes=codes[:60]))] != []
    assert {sum((line["total"] for line in order["items"]), Decimal(0)) - order["total"] for order in orders} == {Decimal(0)}
    assert {order["currency"] for order in orders} == {"CZK", "EUR"}


def test_every_customer_comes_through(sandbox: ShoptetSandbox, client: ShoptetClient) -> None:
    listed = items(client.customers())
    records = [client.customer(customer["guid"]).records[0] for customer in listed]

    assert len(records) == len(sandbox.state.customers) >= 400
    assert all(record["lastName"] or record["company"] for record in records)
    assert any(record["isCompany"] for record in records)


def test_every_stock_gives_one_record_per_variant_and_agrees_with_the_product(sandbox: ShoptetSandbox, client: ShoptetClient) -> None:
    stocks = client.stocks()
    held = {record["id"]: record["amount"] for stock in stocks for record in items(client.supplies(stock["id"]))}
    product = client.product_by_code(next(iter(held)).partition(":")[2]).records[0]

    assert len(held) == len(stocks) * sandbox.state.catalogue.variant_total
    assert all(held[f"{row['stockId']}:{product['code']}"] == row["amount"] for row in product["stocks"])


def test_movements_are_read_from_where_one_left_off(client: ShoptetClient) -> None:
    stock = client.stocks()[0]["id"]
    moved = items(client.movements(stock, last_id=0))
    last_id, date = client.last_movement(stock)

    later = items(client.movements(stock, last_id=moved[0]["id"])) if moved else []

    assert last_id == max((movement["id"] for movement in moved), default=0)
    assert len(later) == max(len(moved) - 1, 0)
    assert date is not None


def test_the_change_feeds_are_read_to_their_end(client: ShoptetClient) -> None:
    since = datetime.now(UTC) - LONG_AGO

    for feed in (client.order_changes(since), client.product_changes(since), client.customer_changes(since)):
        pages = list(feed)
        assert sum(len(page.items) for page in pages) == pages[-1].total


def test_the_shops_settings_come_through(client: ShoptetClient) -> None:
    assert client.eshop()["timeZone"] == "Europe/Prague"
    assert all(category["path"].endswith(category["name"]) for category in client.categories())
    assert all(row["id"] and row["name"] for row in client.order_statuses() + client.payment_methods() + client.shipping_methods())
    assert client.customer_groups()
    assert client.server_time() is not None


def test_a_webhook_is_registered_changed_and_ended(client: ShoptetClient) -> None:
    (made,) = client.register_webhooks([("order:create", "http://127.0.0.1:8443/a")])
    client.change_webhook(made["id"], "http://127.0.0.1:8443/b")

    assert [(row["event"], row["url"]) for row in client.webhooks()] == [("order:create", "http://127.0.0.1:8443/b")]
    client.delete_webhook(made["id"])
    assert client.webhooks() == []
    assert items(client.notifications()) == []


def test_a_new_signature_key_is_another_one_each_time(client: ShoptetClient) -> None:
    assert client.renew_signature_key() != client.renew_signature_key()


def test_an_orders_status_is_set(client: ShoptetClient) -> None:
    code = items(client.orders())[0]["code"]
    wanted = [status["id"] for status in client.order_statuses() if status["id"] != client.order(code).records[0]["status"]][0]

    client.set_order_status(code, wanted)

    assert client.order(code).records[0]["status"] == wanted


def test_a_status_goes_through_although_somebody_else_was_there_first(sandbox: ShoptetSandbox, client: ShoptetClient) -> None:
    code = items(client.orders())[0]["code"]
    fault(sandbox, "already_changed", match="/status$", times=1)

    client.set_order_status(code, "-2")

    assert client.order_status(code) == "-2"


def test_a_document_that_was_not_made_is_told_and_the_status_is_set(sandbox: ShoptetSandbox, client: ShoptetClient) -> None:
    code = items(client.orders())[0]["code"]
    fault(sandbox, "document_not_generated", match="/status$", times=1)

    (told,) = client.set_order_status(code, "-4")

    assert (told.code, told.instance, client.order_status(code)) == ("document-not-generated", code, "-4")


@pytest.mark.parametrize("kind", ["concurrent_categories", "blocked_price_lists"])
def test_a_lock_of_any_kind_that_passes_is_not_noticed(sandbox: ShoptetSandbox, kind: str) -> None:
    fault(sandbox, kind, match="/api/webhooks", times=2)

    with ShoptetClient.for_token(sandbox.url, sandbox.token, sleep=lambda _: None) as patient:
        (made,) = patient.register_webhooks([("brand:create", "http://127.0.0.1:8443/a")])
        patient.delete_webhook(made["id"])


def test_a_product_of_a_shop_without_a_module_comes_without_its_section(sandbox: ShoptetSandbox, client: ShoptetClient) -> None:
    guid = items(client.products())[0]["guid"]
    requests.post(f"{sandbox.url}/_sandbox/modules", json={"off": ["stock", "sets"]}, timeout=5).raise_for_status()

    fetched = client.product(guid)
    requests.post(f"{sandbox.url}/_sandbox/modules", json={"off": []}, timeout=5).raise_for_status()

    assert fetched.left_out == {"perStockAmounts", "setItems"}
    assert fetched.records[0]["leftOut"] == ["setItems", "stocks"]


def test_a_list_that_shrinks_between_two_pages_is_read_again(sandbox: ShoptetSandbox, client: ShoptetClient) -> None:
    pages = client.orders()
    first = next(pages)
    gone, rest = first.items[0]["code"], set(sandbox.state.orders)
    requests.delete(f"{sandbox.url}/api/orders/{gone}", headers={"Shoptet-Private-API-Token": sandbox.token}, timeout=5).raise_for_status()

    seen = [order["code"] for order in first.items] + [order["code"] for order in items(pages)]

    assert len(seen) == len(set(seen))
    assert set(seen) == rest


def test_what_is_not_there_is_not_found(client: ShoptetClient) -> None:
    with pytest.raises(NotFound):
        client.order("nikde/nic")
    with pytest.raises(NotFound):
        client.product("00000000-0000-0000-0000-000000000000")


def test_a_wrong_token_is_told(sandbox: ShoptetSandbox) -> None:
    with ShoptetClient.for_token(sandbox.url, "wrong-token") as stranger, pytest.raises(Unauthorised) as caught:
        stranger.stocks()

    assert caught.value.messages
    assert "wrong-token" not in str(caught.value)


@pytest.mark.parametrize("kind", ["429", "503", "500", "drop_before", "truncated"])
def test_a_fault_that_passes_is_not_noticed(sandbox: ShoptetSandbox, client: ShoptetClient, kind: str) -> None:
    fault(sandbox, kind, match="/api/stocks", times=1, seconds=1)

    assert len(client.stocks()) == 3


@pytest.mark.parametrize(
    ("kind", "expected"), [("malformed", MalformedAnswer), ("truncated", MalformedAnswer), ("outage", PartnerUnavailable)]
)
def test_a_fault_that_stays_is_told_by_its_kind(
    sandbox: ShoptetSandbox, client: ShoptetClient, kind: str, expected: type[Exception]
) -> None:
    fault(sandbox, kind, match="/api/stocks")

    with pytest.raises(expected):
        client.stocks()


def test_a_missing_field_is_named(sandbox: ShoptetSandbox, client: ShoptetClient) -> None:
    fault(sandbox, "missing_field", match="/api/stocks", field="stocks")

    with pytest.raises(MalformedAnswer, match="data.stocks is missing"):
        client.stocks()


def test_a_write_whose_answer_is_lost_is_an_unknown_outcome(sandbox: ShoptetSandbox, client: ShoptetClient) -> None:
    fault(sandbox, "drop_after", match="renew-signature-key", times=1)

    with pytest.raises(OutcomeUnknown):
        client.renew_signature_key()
