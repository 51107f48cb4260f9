"""Shoptet's stand-in: webhooks are registered by the rules, signed, delivered, repeated and logged."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest

from sandbox.shoptet.server import ShoptetSandbox
from tests.sandbox.fixtures import SMALL, Caller, Receiver, register, running_sandbox


@pytest.fixture
def shop() -> Iterator[Caller]:
    with running_sandbox(**SMALL) as caller:
        yield caller


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


def bodies(receiver: Receiver) -> list[dict[str, object]]:
    return [json.loads(body) for _headers, body in receiver.received]


def refused(shop: Caller, *rows: dict[str, str]) -> tuple[int, str]:
    answer = shop.call("POST", "/api/webhooks", {"data": list(rows)})
    return answer.status_code, answer.json()["errors"][0]["message"]


def test_an_order_is_announced_with_shoptet_s_body_signed_over_its_raw_bytes(shop: Caller, receiver: Receiver) -> None:
    register(shop, receiver, "order:create", "stock:movement")

    code = shop.control("/orders", {"items": ["BAR01"]})["code"]
    shop.control("/webhooks/wait")

    headers, raw = next(row for row in receiver.received if b"order:create" in row[1])
    body = json.loads(raw)
    assert headers["Shoptet-Webhook-Signature"] == hmac.new(b"k" * 32, raw, hashlib.sha1).hexdigest()
    assert body == {"eshopId": 222651, "event": "order:create", "eventCreated": body["eventCreated"], "eventInstance": code}
    assert body["eventCreated"][-5:] in ("+0100", "+0200")
    assert {"event": "stock:movement", "eventInstance": "1"}.items() <= next(
        row for row in bodies(receiver) if row["event"] != "order:create"
    ).items()


def test_status_payment_and_deletion_are_announced_under_their_names(shop: Caller, receiver: Receiver) -> None:
    register(
        shop, receiver, "order:update", "order:paid", "order:delete", "customer:create", "product:update", "productVariantPrice:update"
    )
    code = shop.control("/orders", {"items": ["BAR01"]})["code"]

    shop.control(f"/orders/{code}/status", {"status": -3})
    shop.control(f"/orders/{code}/status", {"status": -3})
    shop.control(f"/orders/{code}/pay")
    shop.control(f"/orders/{code}", method="DELETE")
    shop.control("/customers", {"account": {"email": "new@zakaznik.example"}})
    shop.control("/products/GN01%2F065/price", {"price": 300})
    shop.control("/webhooks/wait")

    events = sorted(str(row["event"]) for row in bodies(receiver))
    assert events == [
        "customer:create",
        "order:delete",
        "order:paid",
        "order:update",
        "order:update",
        "product:update",
        "productVariantPrice:update",
    ]
    assert b'"eventInstance":"GN01\\/065"' in b"".join(raw for _headers, raw in receiver.received)


def test_what_is_not_registered_is_not_announced_and_what_is_suppressed_leaves_no_trace(shop: Caller, receiver: Receiver) -> None:
    register(shop, receiver, "order:delete")
    shop.control("/webhooks", {"suppressed": True})

    code = shop.control("/orders", {"items": ["BAR01"]})["code"]
    shop.control(f"/orders/{code}", method="DELETE")
    shop.control("/webhooks/wait")

    assert receiver.received == []
    assert shop.get("/api/webhooks/notifications")["notifications"] == []


def test_orders_placed_at_once_come_one_by_one_and_as_a_mass_event(shop: Caller, receiver: Receiver) -> None:
    register(shop, receiver, "order:create", "order:massCreate")

    codes = shop.control("/orders/bulk", {"items": ["BAR01"], "count": 5})["codes"]
    shop.control("/webhooks/wait")

    single = sorted(str(row["eventInstance"]) for row in bodies(receiver) if row["event"] == "order:create")
    mass = [json.loads(str(row["eventInstance"])) for row in bodies(receiver) if row["event"] == "order:massCreate"]
    assert single == codes
    assert mass == [codes]


def test_single_events_can_be_duplicated(shop: Caller, receiver: Receiver) -> None:
    register(shop, receiver, "order:create")
    shop.control("/webhooks", {"duplicates": 2})

    shop.control("/orders", {"items": ["BAR01"]})
    shop.control("/webhooks/wait")

    assert len(receiver.received) == 3


def test_a_delivery_is_tried_at_0_15_and_30_minutes_and_then_given_up(shop: Caller) -> None:
    receiver = Receiver(500, 503, 500)
    register(shop, receiver, "order:create")
    shop.control("/orders", {"items": ["BAR01"]})

    seen = []
    for minutes in (0, 14, 1.1, 15.1, 60):
        shop.control("/clock", {"advance": minutes * 60})
        shop.control("/webhooks/wait")
        seen.append(len(receiver.received))
    receiver.close()

    (row,) = shop.get("/api/webhooks/notifications", status="failed")["notifications"]
    assert seen == [1, 1, 2, 3, 3]
    assert (row["attempts"], row["active"], row["status"]) == (3, False, "failed")


def test_a_repeat_that_succeeds_is_a_success_with_the_same_body(shop: Caller) -> None:
    receiver = Receiver(404)
    register(shop, receiver, "order:create")
    shop.control("/orders", {"items": ["BAR01"]})
    shop.control("/webhooks/wait")
    waiting = shop.get("/api/webhooks/notifications", active="true")["notifications"]

    shop.control("/webhooks/repeat")
    shop.control("/webhooks/wait")
    receiver.close()

    assert [row["status"] for row in waiting] == ["failed"]
    assert [row["status"] for row in shop.get("/api/webhooks/notifications")["notifications"]] == ["success"]
    assert receiver.received[0][1] == receiver.received[1][1]


def test_scaled_time_makes_fifteen_minutes_short(receiver: Receiver) -> None:
    with running_sandbox(**SMALL, time_scale=9000) as shop:
        failing = Receiver(500)
        register(shop, failing, "order:create")
        shop.control("/orders", {"items": ["BAR01"]})
        shop.control("/webhooks/wait")
        shop.sandbox.state.clock.advance(0.1)
        shop.control("/webhooks/wait")
        failing.close()

    assert len(failing.received) == 2


def test_a_renewed_key_signs_from_then_on(shop: Caller, receiver: Receiver) -> None:
    register(shop, receiver, "order:create")

    key = shop.call("POST", "/api/webhooks/renew-signature-key").json()["data"]["signatureKey"]
    shop.control("/orders", {"items": ["BAR01"]})
    shop.control("/webhooks/wait")

    headers, raw = receiver.received[0]
    assert headers["Shoptet-Webhook-Signature"] == hmac.new(key.encode(), raw, hashlib.sha1).hexdigest()


def test_an_order_s_webhook_can_be_sent_again_many_times_at_once(shop: Caller, receiver: Receiver) -> None:
    register(shop, receiver, "order:create")
    code = shop.control("/orders", {"items": ["BAR01"]})["code"]
    shop.control("/webhooks/wait")

    answers = shop.control(f"/orders/{code}/resend", {"times": 5})["answers"]

    assert answers == ["200"] * 5
    assert len({raw for _headers, raw in receiver.received}) == 1


def test_an_event_has_one_address_only(shop: Caller, receiver: Receiver) -> None:
    register(shop, receiver, "order:create")

    status, message = refused(shop, {"event": "order:create", "url": receiver.url})

    assert (status, message) == (422, "Webhook already exists for this event")


def test_events_that_exclude_each_other_conflict_and_nothing_of_the_call_is_kept(shop: Caller, receiver: Receiver) -> None:
    order = refused(shop, {"event": "order:update", "url": receiver.url}, {"event": "order:cancel", "url": receiver.url})
    customer = refused(shop, {"event": "customer:disableOrders", "url": receiver.url}, {"event": "customer:update", "url": receiver.url})

    assert (order[0], customer[0]) == (409, 409)
    assert shop.get("/api/webhooks")["webhooks"] == []


@pytest.mark.parametrize(
    ("event", "url"),
    [
        ("order:nonsense", "https://portal.example/"),
        ("order:create", "ftp://portal.example/"),
        ("order:create", "https://portal.example:9000/"),
        ("order:create", f"https://portal.example/{'x' * 2000}"),
    ],
)
def test_an_unknown_event_or_a_wrong_address_is_refused(shop: Caller, event: str, url: str) -> None:
    assert refused(shop, {"event": event, "url": url})[0] == 422


def test_usual_ports_are_taken_and_strict_ports_refuse_this_machine_s_others(receiver: Receiver) -> None:
    sandbox = ShoptetSandbox(**SMALL, local_ports=False)
    hooks = sandbox.state.registrations

    hooks.register([{"event": "order:create", "url": "https://portal.example:8443/hook"}])

    with pytest.raises(Exception, match="not allowed"):
        hooks.register([{"event": "order:delete", "url": receiver.url}])


def test_a_registration_is_changed_and_deleted(shop: Caller, receiver: Receiver) -> None:
    (number,) = register(shop, receiver, "order:create")

    shop.call("PATCH", f"/api/webhooks/{number}", {"data": {"url": "https://portal.example/other"}})
    changed = shop.get(f"/api/webhooks/{number}")["webhook"]
    shop.call("DELETE", f"/api/webhooks/{number}")

    assert changed["url"] == "https://portal.example/other"
    assert changed["updated"] is not None
    assert shop.call("GET", f"/api/webhooks/{number}").status_code == 404
