"""What stands still is said, and nothing else: a table of situations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from shops.models import FlowName, FlowSetting, Shop
from shops.work_signs import BEAT, BULK, INBOX, REALTIME, SWEEP_EVENTS, SWEEP_JOBS, WorkSign, note_work
from sync.models import Breaker, SyncChunk, SyncJob, SyncRun
from sync.partners import bluejet_name, shoptet_name
from sync.stalled import SCHEDULE_OFF, SWEEPING, stalled
from webhooks.models import WebhookEvent
from webhooks.processing import replay_events, sweep_events, take_up

ORDERS = FlowName.ORDER_TO_BLUEJET
Situation = Callable[[Shop], object]


pytestmark = pytest.mark.usefixtures("schedules")


@pytest.fixture
def running(shop: Shop) -> Shop:
    """Return a shop of yesterday, where beat and the sweepers were there just now and nothing else has happened for hours."""
    Shop.objects.update(created_at=ago(60 * 24))
    for name in (BEAT, SWEEP_JOBS, SWEEP_EVENTS):
        sign(name, 0)
    return shop


def ago(minutes: float) -> datetime:
    return timezone.now() - timedelta(minutes=minutes)


def sign(name: str, minutes: float) -> None:
    WorkSign.objects.update_or_create(name=name, defaults={"seen_at": ago(minutes)})


def event(shop: Shop, minutes: float, **facts: Any) -> WebhookEvent:
    made = WebhookEvent.objects.create(
        event_id=f"{shop.pk}:{WebhookEvent.objects.count()}",
        event_type="order:create",
        eshop_id=shop.eshop_id,
        shop=shop,
        instance="1",
        payload={"event": "order:create"},
        raw_body=b"{}",
    )
    WebhookEvent.objects.filter(pk=made.pk).update(**{"created_at": ago(minutes), "last_seen_at": ago(minutes)} | facts)
    return made


def job(shop: Shop, minutes: float, **facts: Any) -> None:
    SyncJob.objects.create(**{"shop": shop, "flow": ORDERS, "key": "1", "state": "queued", "next_try_at": ago(minutes)} | facts)


def run(shop: Shop, minutes: float, *chunks: dict[str, Any], **facts: Any) -> None:
    made = SyncRun.objects.create(**{"shop": shop, "flow": ORDERS, "state": "running"} | facts)
    SyncRun.objects.filter(pk=made.pk).update(started_at=ago(minutes))
    SyncChunk.objects.bulk_create(SyncChunk(run=made, number=number, **one) for number, one in enumerate(chunks))


def flow_off(shop: Shop) -> None:
    FlowSetting.objects.filter(flow=ORDERS).update(mode=FlowSetting.Mode.OFF)


def shop_off(shop: Shop) -> None:
    Shop.objects.update(active=False)


def down(partner: Callable[[Shop], str]) -> Situation:
    return lambda shop: Breaker.objects.create(partner=partner(shop), opened_at=ago(10), next_probe_at=ago(-1))


def schedule(task: str, **changes: Any) -> None:
    PeriodicTask.objects.filter(task=task).update(**changes)


def every_hour(task: str) -> None:
    schedule(task, interval=IntervalSchedule.objects.get_or_create(every=1, period="hours")[0], crontab=None)


def all_of(*situations: Situation) -> Situation:
    def happen(shop: Shop) -> None:
        for one in situations:
            one(shop)

    return happen


SITUATIONS: dict[str, tuple[Situation, list[str]]] = {
    "nothing has come for hours": (lambda shop: None, []),
    # the inbox
    "an event waits and nobody took one up": (lambda shop: event(shop, 4), [INBOX]),
    "it came just now": (lambda shop: event(shop, 2), []),
    "another was taken up a minute ago": (lambda shop: (event(shop, 10), sign(INBOX, 1)), []),
    "the last was taken up before it came": (lambda shop: (event(shop, 4), sign(INBOX, 90)), [INBOX]),
    "it comes again and again meanwhile": (lambda shop: event(shop, 30, last_seen_at=ago(1)), [INBOX]),
    "a worker took it and is gone": (lambda shop: event(shop, 9, status="processing", claimed_at=ago(8)), [INBOX]),
    "it was handed over long ago": (
        lambda shop: event(shop, 9, status="processing", claimed_at=ago(8), handed_over_at=ago(8)),
        [],
    ),
    "events of every other state": (lambda shop: [event(shop, 9, status=one) for one in ("completed", "failed", "ignored")], []),
    # single records
    "a job is due and nobody took one": (lambda shop: job(shop, 4), [REALTIME]),
    "it is due since a moment": (lambda shop: job(shop, 2), []),
    "it is due later": (lambda shop: job(shop, -60), []),
    "it waits for its next try, which has come": (lambda shop: job(shop, 4, state="waiting"), [REALTIME]),
    "others are being taken": (lambda shop: (job(shop, 9), sign(REALTIME, 1)), []),
    "somebody is at a long one": (
        lambda shop: (job(shop, 9), job(shop, 9, key="2", state="running", claimed_until=ago(-1))),
        [],
    ),
    "its worker is gone": (lambda shop: job(shop, 9, state="running", claimed_until=ago(4)), [REALTIME]),
    "it stopped for a person": (lambda shop: (job(shop, 9, state="parked"), job(shop, 9, key="2", state="failed")), []),
    "it is done": (lambda shop: job(shop, 9, state="done"), []),
    "its flow is off": (all_of(lambda shop: job(shop, 9), flow_off), []),
    "its shop is off": (all_of(lambda shop: job(shop, 9), shop_off), []),
    "BlueJet is down": (all_of(lambda shop: job(shop, 9), down(lambda shop: bluejet_name(shop.bluejet))), []),
    "Shoptet is down": (all_of(lambda shop: job(shop, 9), down(shoptet_name)), []),
    "another account's BlueJet is down": (all_of(lambda shop: job(shop, 9), down(lambda shop: "bluejet:999")), [REALTIME]),
    # runs
    "a run is not planned": (lambda shop: run(shop, 4, state="planning"), [BULK]),
    "it is being planned": (lambda shop: run(shop, 9, state="planning", claimed_until=ago(-1)), []),
    "its planner is gone": (lambda shop: run(shop, 9, state="planning", claimed_until=ago(4)), [BULK]),
    "nobody takes its chunks": (lambda shop: run(shop, 4, {}), [BULK]),
    "another of its chunks is worked on": (lambda shop: run(shop, 9, {}, {"state": "running", "claimed_until": ago(-1)}), []),
    "a chunk's worker is gone": (lambda shop: run(shop, 9, {"state": "running", "claimed_until": ago(4)}), [BULK]),
    "its chunks wait for a partner": (lambda shop: run(shop, 9, {"next_try_at": ago(-1)}), []),
    "it is done with": (lambda shop: run(shop, 9, {}, state="cancelled"), []),
    "a run's flow is off": (all_of(lambda shop: run(shop, 9, {}), flow_off), []),
    "a run's BlueJet is down": (all_of(lambda shop: run(shop, 9, {}), down(lambda shop: bluejet_name(shop.bluejet))), []),
    # the clock
    "beat is gone": (lambda shop: [sign(name, 4) for name in (BEAT, SWEEP_JOBS, SWEEP_EVENTS)], [BEAT]),
    "beat was never there": (lambda shop: WorkSign.objects.all().delete(), [BEAT]),
    "beat was never there, and the shop is new": (
        lambda shop: (WorkSign.objects.all().delete(), Shop.objects.update(created_at=ago(1))),
        [],
    ),
    "nobody sweeps, and an event waits": (lambda shop: (sign(SWEEP_JOBS, 9), event(shop, 4)), [INBOX]),
    "nobody sweeps": (lambda shop: (sign(SWEEP_JOBS, 9), sign(SWEEP_EVENTS, 9)), [SWEEPING]),
    "one of the sweepers does not come through": (lambda shop: sign(SWEEP_EVENTS, 9), [SWEEPING]),
    "staff let it sweep each hour only": (lambda shop: (every_hour(SWEEP_JOBS), sign(SWEEP_JOBS, 50)), []),
    "each hour, and that is over": (lambda shop: (every_hour(SWEEP_JOBS), sign(SWEEP_JOBS, 64)), [SWEEPING]),
    "staff switched a sweeper off": (lambda shop: schedule(SWEEP_JOBS, enabled=False), [SCHEDULE_OFF]),
    "a sweeper's row is not there": (lambda shop: PeriodicTask.objects.filter(task=SWEEP_EVENTS).delete(), [SCHEDULE_OFF]),
    # several at once
    "only the clock runs": (lambda shop: (event(shop, 5), job(shop, 5), run(shop, 5, {})), [INBOX, REALTIME, BULK]),
    "nothing runs": (lambda shop: (event(shop, 5), WorkSign.objects.all().delete()), [INBOX, BEAT]),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_stands_still_is_named_and_nothing_else(running: Shop, situation: str) -> None:
    happen, expected = SITUATIONS[situation]

    happen(running)

    assert [one.what for one in stalled()] == expected


def test_where_there_is_no_shop_yet_nothing_stands_still(db: None) -> None:
    assert stalled() == []


def test_an_old_event_that_a_person_replays_waits_since_then(running: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webhooks.processing.hand_over", lambda pks: None)
    old = event(running, 60 * 24, status="completed", claimed_at=ago(60 * 24))

    replay_events([old.pk])

    assert stalled() == []


def test_an_event_that_is_given_back_by_the_sweeper_waits_since_then(running: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webhooks.processing.hand_over", lambda pks: None)
    event(running, 9, status="processing", claimed_at=ago(8))

    sweep_events()

    assert stalled() == []


def test_what_takes_work_up_leaves_its_sign(running: Shop) -> None:
    waiting = event(running, 9)

    take_up(waiting.pk)

    assert WorkSign.objects.get(name=INBOX).seen_at > ago(1)


def test_a_sign_is_written_now_and_then_only(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        for _ in range(100):
            note_work(REALTIME)
