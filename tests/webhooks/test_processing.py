"""Taking events up: once each, and again where it is due."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from shops.models import Shop
from tests.contracts.receiver import deliver
from tests.webhooks.conftest import Handler
from tests.webhooks.test_receiver import recorded
from webhooks.instances import instances
from webhooks.models import WebhookEvent
from webhooks.processing import SHOP_INACTIVE, complete_event, replay_events, sweep_events, take_up
from webhooks.tasks import process_events

pytestmark = pytest.mark.django_db
Status = WebhookEvent.Status


@pytest.fixture
def event(shop: Shop, handlers: dict[str, Handler]) -> WebhookEvent:
    deliver(recorded("order_create.json"))
    return WebhookEvent.objects.get()


def test_an_event_goes_to_its_handler_once_however_often_it_is_announced(event: WebhookEvent, handlers: dict[str, Handler]) -> None:
    seen: list[int] = []
    handlers["order:create"] = seen.append

    process_events([event.pk, event.pk, event.pk])

    event.refresh_from_db()
    assert seen == [event.pk]
    assert event.status == Status.PROCESSING
    assert event.handed_over_at is not None


def test_an_event_that_nothing_acts_on_is_ignored_with_the_reason(event: WebhookEvent, handlers: dict[str, Handler]) -> None:
    del handlers["order:create"]

    take_up(event.pk)

    event.refresh_from_db()
    assert (event.status, event.error) == (Status.IGNORED, "Nothing in the portal acts on this event.")


def test_a_handler_that_fails_leaves_a_failed_event_with_the_error_and_none_of_its_writes(
    event: WebhookEvent, handlers: dict[str, Handler], shop: Shop
) -> None:
    def write_and_fail(event_pk: int) -> None:
        Shop.objects.update(name="half done")
        raise KeyError("code")

    handlers["order:create"] = write_and_fail

    take_up(event.pk)

    event.refresh_from_db()
    shop.refresh_from_db()
    assert (event.status, event.error, shop.name) == (Status.FAILED, "KeyError: 'code'", "Gastro")


def test_trouble_with_the_database_is_not_the_events_failure(event: WebhookEvent, handlers: dict[str, Handler]) -> None:
    def lose_the_connection(event_pk: int) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    handlers["order:create"] = lose_the_connection

    with pytest.raises(OperationalError):
        take_up(event.pk)

    event.refresh_from_db()
    assert event.status == Status.PROCESSING


def test_an_event_that_came_again_while_it_was_handled_stays_open(event: WebhookEvent, handlers: dict[str, Handler]) -> None:
    handlers["order:create"] = lambda event_pk: deliver(recorded("order_create.json")) and None

    take_up(event.pk)

    event.refresh_from_db()
    assert event.status == Status.PENDING
    assert not complete_event(event.pk)


def test_an_event_that_nobody_took_up_is_announced_again_and_not_at_every_sweep(event: WebhookEvent, announced: list[int]) -> None:
    WebhookEvent.objects.update(last_seen_at=timezone.now() - timedelta(seconds=30))

    counts = [sweep_events(), sweep_events()]

    assert counts == [1, 0]
    assert announced == [event.pk]


def test_a_fresh_event_is_left_to_its_announcement(event: WebhookEvent, announced: list[int]) -> None:
    assert sweep_events() == 0


def test_what_a_killed_worker_had_is_announced_again(event: WebhookEvent, announced: list[int]) -> None:
    long_ago = timezone.now() - timedelta(minutes=6)
    WebhookEvent.objects.update(status=Status.PROCESSING, claimed_at=long_ago, last_seen_at=long_ago)

    sweep_events()

    event.refresh_from_db()
    assert (event.status, announced) == (Status.PENDING, [event.pk])


def test_what_a_killed_worker_had_is_free_as_soon_as_its_claim_runs_out(event: WebhookEvent, announced: list[int]) -> None:
    counts = []
    for seconds in (5, -1):
        until = timezone.now() + timedelta(seconds=seconds)
        WebhookEvent.objects.update(status=Status.PROCESSING, claim=uuid.uuid4(), claimed_at=timezone.now(), claimed_until=until)
        counts.append(sweep_events())

    assert (counts, announced) == ([0, 1], [event.pk])


def test_the_events_of_one_message_are_all_claimed_before_the_first_is_looked_at(shop: Shop, handlers: dict[str, Handler]) -> None:
    events = several(shop, 3)
    claimed: list[int] = []
    handlers["order:update"] = lambda event_pk: claimed.append(
        WebhookEvent.objects.filter(status=Status.PROCESSING, claimed_until__gt=timezone.now()).count()
    )

    process_events(events)

    assert claimed == [3, 3, 3]
    assert sweep_events() == 0


def test_events_that_lost_their_worker_are_announced_each_alone(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that ends its worker must not take the others along for a day."""
    events, messages = several(shop, 3), list[list[int]]()
    gone = {"status": Status.PROCESSING, "claim": uuid.uuid4(), "claimed_until": timezone.now() - timedelta(seconds=1)}
    WebhookEvent.objects.update(**gone)
    monkeypatch.setattr("webhooks.processing.hand_over", lambda pks: messages.append(list(pks)))

    sweep_events()

    assert sorted(message for message in messages if message) == [[pk] for pk in sorted(events)]


def several(shop: Shop, count: int) -> list[int]:
    """Store events that nobody took up yet."""
    facts = {"event_type": "order:update", "eshop_id": shop.eshop_id, "shop": shop, "payload": {}, "raw_body": b"{}"}
    return [WebhookEvent.objects.create(event_id=f"several:{number}", **facts).pk for number in range(count)]


@pytest.mark.parametrize(("age", "swept", "again"), [(60, 35, 1), (60, 20, 0), (600, 35, 0), (600, 310, 1)])
def test_a_young_event_is_announced_again_soon_and_an_old_one_seldom(
    event: WebhookEvent, announced: list[int], age: int, swept: int, again: int
) -> None:
    now = timezone.now()
    WebhookEvent.objects.update(last_seen_at=now - timedelta(seconds=age), swept_at=now - timedelta(seconds=swept))

    assert sweep_events() == again


def test_an_event_whose_jobs_are_under_way_is_left_alone(event: WebhookEvent, announced: list[int]) -> None:
    take_up(event.pk)
    long_ago = timezone.now() - timedelta(hours=6)
    WebhookEvent.objects.update(claimed_at=long_ago, last_seen_at=long_ago)

    assert sweep_events() == 0


def test_a_person_may_have_an_event_taken_up_once_more(event: WebhookEvent, announced: list[int]) -> None:
    WebhookEvent.objects.update(status=Status.FAILED, error="KeyError")

    count = replay_events([event.pk])

    event.refresh_from_db()
    assert (count, event.status, event.error, announced) == (1, Status.PENDING, "", [event.pk])


def test_a_body_that_was_refused_cannot_be_replayed(shop: Shop, announced: list[int]) -> None:
    deliver(b"{")

    assert replay_events(WebhookEvent.objects.values_list("pk", flat=True)) == 0


def test_what_comes_for_a_shop_that_is_off_waits_until_it_is_on(event: WebhookEvent, shop: Shop, announced: list[int]) -> None:
    deliver(recorded("addon_suspend.json"))
    take_up(WebhookEvent.objects.get(event_type="addon:suspend").pk)
    take_up(event.pk)
    event.refresh_from_db()
    held = (event.status, event.error)
    deliver(recorded("addon_approve.json"))
    take_up(WebhookEvent.objects.get(event_type="addon:approve").pk)

    event.refresh_from_db()
    shop.refresh_from_db()
    assert held == (Status.IGNORED, SHOP_INACTIVE)
    assert (event.status, shop.active) == (Status.PENDING, True)
    assert announced[-1] == event.pk


def test_an_older_event_of_the_add_on_that_comes_late_changes_nothing(shop: Shop, announced: list[int]) -> None:
    deliver(recorded("addon_approve.json").replace(b"15:13:39", b"15:13:50"))
    deliver(recorded("addon_suspend.json"))

    process_events(list(WebhookEvent.objects.order_by("pk").values_list("pk", flat=True)))

    shop.refresh_from_db()
    assert shop.active
    assert list(WebhookEvent.objects.order_by("pk").values_list("status", flat=True)) == [Status.COMPLETED, Status.IGNORED]


@pytest.mark.parametrize(
    ("event_type", "instance", "named"),
    [
        ("order:create", "2025000057", ["2025000057"]),
        ("order:create", "Order#12345", ["12345"]),
        ("order:massUpdate", '["1", 2, "1", "3/A"]', ["1", "2", "3/A"]),
        ("order:massUpdate", "2025000057", ["2025000057"]),
        ("order:massUpdate", "[]", []),
        ("order:massUpdate", '["Order#1", null, true]', ["1"]),
        ("product:massUpdate", "[not json", ["[not json"]),
        ("productVariant:update", "Product#2", ["Product#2"]),
        ("productVariant:update", "32/CER#1", ["32/CER#1"]),
        ("customer:import", "customers", ["customers"]),
        ("addon:suspend", "", []),
    ],
)
def test_an_event_names_its_records(event_type: str, instance: str, named: list[str]) -> None:
    assert instances(WebhookEvent(event_type=event_type, instance=instance)) == named
