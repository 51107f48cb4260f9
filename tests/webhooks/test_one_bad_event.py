"""One event, or one line of the delivery log, that fails: the ones beside it are taken up, and it does not stay under way for ever."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, OperationalError
from django.utils import timezone

from shops.models import Shop
from tests.contracts.receiver import deliver
from tests.webhooks.conftest import Handler
from tests.webhooks.fake_shoptet import FakeShoptet
from tests.webhooks.test_receiver import recorded
from webhooks import catch_up
from webhooks.catch_up import recover_failed_deliveries
from webhooks.models import WebhookEvent
from webhooks.processing import sweep_events
from webhooks.tasks import process_events

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("handlers")]
Status = WebhookEvent.Status
BODIES = ("order_create.json", "order_update.json", "order_paid.json")


@pytest.fixture
def events(shop: Shop) -> list[int]:
    for name in BODIES:
        deliver(recorded(name))
    return list(WebhookEvent.objects.order_by("pk").values_list("pk", flat=True))


@pytest.fixture(autouse=True)
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    seen: list[int] = []
    monkeypatch.setattr(catch_up, "hand_over", seen.extend)
    monkeypatch.setattr("webhooks.processing.hand_over", seen.extend)
    return seen


def fails_with(error: Exception) -> Handler:
    def fail(event_pk: int) -> None:
        raise error

    return fail


def statuses() -> list[str]:
    return list(WebhookEvent.objects.order_by("pk").values_list("status", flat=True))


@pytest.mark.parametrize(
    ("error", "status"), [(OperationalError("deadlock detected"), Status.PROCESSING), (KeyError("code"), Status.FAILED)]
)
def test_an_event_that_fails_does_not_hold_those_that_came_with_it(
    events: list[int], handlers: dict[str, Handler], error: Exception, status: str
) -> None:
    handlers["order:update"] = fails_with(error)

    process_events(events)

    assert statuses() == [Status.PROCESSING, status, Status.PROCESSING]
    assert WebhookEvent.objects.filter(handed_over_at__isnull=False).count() == 2


def test_an_error_that_no_database_can_hold_is_shown_all_the_same(events: list[int], handlers: dict[str, Handler]) -> None:
    handlers["order:update"] = fails_with(ValueError("bad\x00 \ud800 key"))

    process_events(events)

    assert WebhookEvent.objects.get(pk=events[1]).error == "ValueError: bad\ufffd \ufffd key"


def test_an_event_that_no_worker_comes_back_from_for_a_day_is_shown_to_a_person(events: list[int]) -> None:
    old = timezone.now() - timedelta(hours=25)
    WebhookEvent.objects.update(status=Status.PROCESSING, claimed_at=old)
    WebhookEvent.objects.filter(pk=events[0]).update(last_seen_at=old)

    sweep_events()

    assert statuses() == [Status.FAILED, Status.PENDING, Status.PENDING]
    assert "came back" in WebhookEvent.objects.get(pk=events[0]).error


def logged(name: str, **changes: Any) -> dict[str, Any]:
    body = json.loads(recorded(name)) | changes
    return {"id": name, "event": body["event"], "status": "failed", "body": body}


@pytest.mark.parametrize("line", [{"id": "2"}, {"id": "2", "body": None}, {"id": "2", "body": [1]}, {"body": {"event": {}}}, {}])
def test_a_line_of_the_log_that_cannot_be_read_does_not_hold_the_lines_around_it(shop: Shop, line: dict[str, Any]) -> None:
    log = [logged(BODIES[0]), {"status": "failed", "event": "order:update"} | line, logged(BODIES[2])]

    done = recover_failed_deliveries(shop, FakeShoptet(log=log))

    assert (done.stored, done.unreadable) == (2, 1)


def test_a_delivery_that_cannot_be_stored_as_it_was_understood_is_kept_as_a_failed_event(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = catch_up.store_delivery

    def refusing(delivery: Any, *arguments: Any, **named: Any) -> Any:
        if delivery.event_type == "order:update":
            raise DataError("value too long for type character varying(255)")
        return store(delivery, *arguments, **named)

    monkeypatch.setattr(catch_up, "store_delivery", refusing)

    done = recover_failed_deliveries(shop, FakeShoptet(log=[logged(name) for name in BODIES]))

    assert done.stored == 2
    assert sorted(statuses()) == [Status.FAILED, Status.PENDING, Status.PENDING]
    assert "value too long" in WebhookEvent.objects.get(status=Status.FAILED).error
