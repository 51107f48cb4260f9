"""Catching up from Shoptet's own delivery log."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from shops.models import Shop
from tests.contracts.receiver import deliver
from tests.webhooks.fake_shoptet import FakeShoptet
from tests.webhooks.test_receiver import recorded
from webhooks import catch_up
from webhooks.catch_up import recover_failed_deliveries
from webhooks.models import WebhookEvent, WebhookRegistration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("handlers")]


def logged(name: str, *, status: str = "failed", **changes: Any) -> dict[str, Any]:
    body = json.loads(recorded(name)) | changes
    return {"id": f"{name}{changes}", "event": body["event"], "status": status, "body": body}


@pytest.fixture(autouse=True)
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    seen: list[int] = []
    monkeypatch.setattr(catch_up, "hand_over", seen.extend)
    return seen


def test_what_was_never_delivered_is_stored_and_taken_up(shop: Shop, handed_over: list[int]) -> None:
    shoptet = FakeShoptet(
        log=[logged("order_create.json"), logged("order_update.json", status="new"), logged("order_paid.json", status="success")]
    )

    done = recover_failed_deliveries(shop, shoptet)

    events = WebhookEvent.objects.order_by("pk")
    assert (done.read, done.stored) == (2, 2)
    assert [(event.event_type, event.source) for event in events] == [("order:create", "catch-up"), ("order:update", "catch-up")]
    assert handed_over == [event.pk for event in events]


def test_what_came_after_all_is_left_alone(shop: Shop, handed_over: list[int]) -> None:
    deliver(recorded("order_create.json"))
    WebhookEvent.objects.update(status=WebhookEvent.Status.COMPLETED)

    done = recover_failed_deliveries(shop, FakeShoptet(log=[logged("order_create.json")]))

    assert (done.stored, handed_over) == (0, [])
    assert WebhookEvent.objects.get().status == WebhookEvent.Status.COMPLETED


def test_a_delivery_that_comes_after_the_catch_up_is_the_same_event(shop: Shop) -> None:
    recover_failed_deliveries(shop, FakeShoptet(log=[logged("order_create.json", eventCreated="2025-02-08T15:13:39+01:00")]))

    deliver(recorded("order_create.json"))

    assert WebhookEvent.objects.get().times_seen == 2


def test_another_shops_notification_and_an_unreadable_one_are_left_out(shop: Shop) -> None:
    log = [logged("order_create.json", eshopId=7), logged("order_update.json", eventInstance=None)]

    done = recover_failed_deliveries(shop, FakeShoptet(log=log))

    assert (done.stored, done.unreadable) == (0, 1)


def test_the_log_is_read_from_the_last_time_on_with_an_overlap(shop: Shop) -> None:
    last = timezone.now() - timedelta(minutes=15)
    WebhookRegistration.objects.create(shop=shop, event_type="order:create", last_caught_up_at=last)
    shoptet = FakeShoptet()

    recover_failed_deliveries(shop, shoptet)

    noted = WebhookRegistration.objects.get().last_caught_up_at
    assert set(shoptet.asked_since) == {last - catch_up.OVERLAP}
    assert noted is not None
    assert noted > last


def test_the_first_time_the_whole_log_is_read(shop: Shop) -> None:
    shoptet = FakeShoptet()

    recover_failed_deliveries(shop, shoptet)

    since = shoptet.asked_since[0]
    assert since is not None
    assert timezone.now() - since >= catch_up.LOG_KEEPS
