"""Events that the portal does not know, and names that nobody would think of, are stored and named, never refused."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.shoptet.client import ShoptetClient
from shops.keys import read_keys
from shops.models import Shop
from tests.clients.fake_partner import FakePartner, Reply, session_on
from tests.contracts.receiver import deliver
from tests.webhooks.fake_shoptet import FakeShoptet
from webhooks import catch_up
from webhooks.bodies import LONGEST_EVENT
from webhooks.catch_up import recover_failed_deliveries
from webhooks.event_names import event_name
from webhooks.models import QuarantinedDelivery, WebhookEvent, WebhookRegistration
from webhooks.quarantine import release_quarantine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("handlers")]
Status = WebhookEvent.Status

# The name as it is sent, and as people read it.
ODD: list[tuple[Any, str]] = [
    ("shipment:teleported", "shipment:teleported"),
    ("x" * 500, "x" * 99 + "…"),
    ("ORDER:CREATE", "ORDER:CREATE"),
    ("brand: \t update", "brand: update"),
    ("   ", "(blank)"),
    ("zásilka:doručena", "zásilka:doručena"),
    ("brand\x00update", "brand\ufffdupdate"),
    ("brand\ud800update", "brand\ufffdupdate"),
    (7, "7"),
    (True, "true"),
    (1.5, "1.5"),
    (["order:create"], '["order:create"]'),
    ({"name": "order:create"}, '{"name": "order:create"}'),
]


def body(event: Any, **changes: Any) -> dict[str, Any]:
    return {"eshopId": 222651, "event": event, "eventCreated": "2026-02-08T15:13:39+0100", "eventInstance": "7"} | changes


@pytest.fixture(autouse=True)
def nobody_to_hand_over_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catch_up, "hand_over", lambda pks: None)


@pytest.mark.parametrize(("event", "named"), ODD)
def test_an_event_of_any_name_is_answered_200_stored_and_named(shop: Shop, event: Any, named: str) -> None:
    raw = json.dumps(body(event)).encode()

    answers = [deliver(raw).status_code, deliver(raw).status_code]

    stored = WebhookEvent.objects.get()
    assert answers == [200, 200]
    assert (stored.status, stored.event_type, stored.times_seen, bytes(stored.raw_body)) == (Status.IGNORED, named, 2, raw)
    assert event_name(stored.event_type) == named
    assert WebhookRegistration.objects.get(last_received_at__isnull=False).event_type == named


@pytest.mark.parametrize("missing", ["eventInstance", "eventCreated"])
@pytest.mark.parametrize("value", [None, "", {"a": 1}, "yesterday \x00"])
def test_an_unknown_event_may_lack_what_a_known_one_needs(shop: Shop, missing: str, value: Any) -> None:
    assert deliver(json.dumps(body("brand:merged", **{missing: value})).encode()).status_code == 200
    assert WebhookEvent.objects.get().event_type == "brand:merged"


def test_blanks_around_a_known_name_do_not_make_it_unknown(shop: Shop) -> None:
    deliver(json.dumps(body(" order:create ")).encode())

    assert (WebhookEvent.objects.get().event_type, WebhookEvent.objects.get().status) == ("order:create", Status.PENDING)


def test_two_unknown_events_whose_names_begin_alike_are_two(shop: Shop) -> None:
    for ending in ("a", "b"):
        deliver(json.dumps(body("x" * 200 + ending)).encode())

    assert WebhookEvent.objects.count() == 2


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=150),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(event=anything, instance=anything, created=anything)
def test_whatever_stands_in_a_signed_body_is_kept(shop: Shop, event: Any, instance: Any, created: Any) -> None:
    raw = json.dumps(body(event, eventInstance=instance, eventCreated=created)).encode()

    answer = deliver(raw)

    stored = WebhookEvent.objects.get(raw_body=raw)
    assert answer.status_code == (200 if event not in (None, "", [], {}) else 400)
    assert len(stored.event_type) <= LONGEST_EVENT
    assert stored.status == (Status.IGNORED if answer.status_code == 200 else Status.FAILED)


@pytest.mark.parametrize(("event", "named"), ODD)
def test_an_odd_event_comes_out_of_quarantine(shop: Shop, event: Any, named: str) -> None:
    raw = json.dumps(body(event)).encode()
    assert deliver(raw, key="the-next-key").status_code == 401
    assert QuarantinedDelivery.objects.count() == 1

    Shop.objects.filter(pk=shop.pk).update(webhook_key="the-next-key")

    assert release_quarantine(Shop.objects.get(pk=shop.pk)) == 1
    assert WebhookEvent.objects.get().event_type == named


def log_of(*rows: dict[str, Any]) -> ShoptetClient:
    data = {"notifications": list(rows), "paginator": {"totalCount": len(rows), "page": 1, "pageCount": 1}}
    partner = FakePartner(Reply(body={"data": data, "errors": None}))
    return ShoptetClient.for_token("https://api.example", "token-for-tests", session=session_on(partner))


def logged(number: int, event: Any, **data: Any) -> dict[str, Any]:
    return {"id": number, "event": event, "status": "failed", "created": "2026-02-08T15:13:39+0100", "data": {**body(event), **data}}


def test_the_delivery_log_is_read_whatever_events_stand_in_it(shop: Shop) -> None:
    odd = [logged(number, event) for number, (event, _) in enumerate(ODD, start=1)]
    bare = {"id": 98, "event": "brand:merged", "status": "failed", "created": "2026-02-08T15:13:39+0100", "data": None}
    last = logged(99, "order:create", payload={"price": 1.5})

    recover_failed_deliveries(shop, log_of(*odd, bare, last))

    stored = WebhookEvent.objects.order_by("pk")
    # Two of them differ by a character that the client has mended in both: one name, one instance, one second are one event.
    names = list(dict.fromkeys(named for _, named in ODD))
    assert [event.event_type for event in stored] == [*names, "brand:merged", "order:create"]
    assert [event.status for event in stored] == [Status.IGNORED] * (len(names) + 1) + [Status.PENDING]


def test_an_odd_event_that_was_delivered_is_not_caught_up_once_more(shop: Shop) -> None:
    for event, _ in ODD:
        deliver(json.dumps(body(event)).encode())

    done = recover_failed_deliveries(shop, log_of(*(logged(number, event) for number, (event, _) in enumerate(ODD, start=1))))

    assert (done.stored, WebhookEvent.objects.count()) == (0, len({named for _, named in ODD}))


def test_the_registrations_are_listed_whatever_events_stand_in_them(shop: Shop, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.PUBLIC_URL = "https://portal.example"
    shoptet = FakeShoptet(hooks={event: "https://other.example:99999/x" for event, _ in ODD if isinstance(event, str)})
    monkeypatch.setattr("webhooks.registration.shoptet_client", lambda shop: _Open(shoptet))
    out = StringIO()

    call_command("shoptet_webhooks", "list", stdout=out)

    names = [named for event, named in ODD if isinstance(event, str)]
    out.getvalue().encode()
    assert all(named in out.getvalue() for named in names)
    assert set(names) <= set(WebhookRegistration.objects.values_list("event_type", flat=True))


class _Open:
    def __init__(self, client: FakeShoptet) -> None:
        self.client = client

    def __enter__(self) -> FakeShoptet:
        return self.client

    def __exit__(self, *_: object) -> None:
        return None


def test_the_client_reads_registrations_of_any_event() -> None:
    rows = [{"id": number, "event": event, "url": "https://p/"} for number, (event, _) in enumerate(ODD, start=1)]
    partner = FakePartner(Reply(body={"data": {"webhooks": rows, "paginator": {"totalCount": len(rows), "pageCount": 1}}}))
    client = ShoptetClient.for_token("https://api.example", "token-for-tests", session=session_on(partner))

    assert len(client.webhooks()) == len(ODD)
    assert read_keys("nobody") is None
