"""A job is a standing intention: what was wanted meanwhile is never lost, and no two workers share it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from shops.models import FlowName, Shop
from sync import waiting
from sync.flow import Outcome, Result
from sync.issues import Issue
from sync.jobs import Ask, ask, claim_due, claim_with, finish, replay_jobs
from sync.models import SyncJob, WaitingJob
from sync.models.job import Priority

pytestmark = pytest.mark.django_db
PassTime = Callable[[float], None]
ORDER = Ask(FlowName.ORDER_TO_BLUEJET, "2026000001", Priority.ORDERS)


def asked(shop: Shop, one: Ask = ORDER) -> SyncJob:
    return ask(shop, [one], asked_by="test")[0]


def claimed(job: SyncJob) -> SyncJob:
    return claim_with(job.pk, up_to=1)[0]


def state(job: SyncJob) -> str:
    return SyncJob.objects.get(pk=job.pk).state


def test_asking_five_times_makes_one_job_that_is_wanted_five_times(shop: Shop) -> None:
    for _ in range(5):
        asked(shop)

    job = SyncJob.objects.get()
    assert (job.wanted, job.done, job.state) == (5, 0, "queued")


def test_a_claimed_job_cannot_be_claimed_again(shop: Shop) -> None:
    job = asked(shop)

    first, second = claim_with(job.pk, up_to=1), claim_with(job.pk, up_to=1)

    assert [len(first), len(second)] == [1, 0]


def test_a_finished_job_reaches_what_was_wanted_when_it_was_claimed(shop: Shop) -> None:
    job = claimed(asked(shop))

    finish(job, Outcome(Result.CREATED))

    stored = SyncJob.objects.get()
    assert (stored.wanted, stored.done, stored.state) == (1, 1, "done")


def test_what_is_asked_while_a_job_runs_queues_it_again(shop: Shop) -> None:
    job = claimed(asked(shop))
    asked(shop)
    assert state(job) == "running"

    finish(job, Outcome(Result.CREATED))

    stored = SyncJob.objects.get()
    assert (stored.wanted, stored.done, stored.state) == (2, 1, "queued")


def test_what_may_be_collected_for_a_while_is_not_put_off_by_each_further_ask(shop: Shop, pass_time: PassTime) -> None:
    movements = Ask(FlowName.STOCK_TO_BLUEJET, "movements:1", Priority.STOCK, delay=300)
    asked(shop, movements)

    for _ in range(4):
        pass_time(80)
        asked(shop, movements)

    assert len(claim_due(shop.pk, FlowName.STOCK_TO_BLUEJET, up_to=1)) == 1


def test_an_urgent_ask_is_not_held_by_an_earlier_one_that_may_wait(shop: Shop) -> None:
    movements = Ask(FlowName.STOCK_TO_BLUEJET, "movements:1", Priority.STOCK, delay=300)
    asked(shop, movements)

    asked(shop, replace(movements, delay=0))

    assert len(claim_due(shop.pk, FlowName.STOCK_TO_BLUEJET, up_to=1)) == 1


def test_asking_while_a_job_runs_beats_even_parking(shop: Shop) -> None:
    job = claimed(asked(shop))
    asked(shop)

    finish(job, Outcome(Result.PARKED, [Issue("unmapped_status", params={"value": "7", "label": "Nová"})]))

    assert state(job) == "queued"


def test_a_worker_that_lost_its_claim_cannot_finish_the_job(shop: Shop) -> None:
    late = claimed(asked(shop))
    SyncJob.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    current = claimed(late)

    assert finish(late, Outcome(Result.CREATED)) is False
    assert state(current) == "running"


def test_asking_wakes_a_parked_job(shop: Shop) -> None:
    job = claimed(asked(shop))
    finish(job, Outcome(Result.PARKED, [Issue("unmapped_status")]))

    asked(shop)

    assert state(job) == "queued"


def test_a_defect_is_tried_three_times_and_then_failed(shop: Shop) -> None:
    job = asked(shop)
    for _ in range(3):
        SyncJob.objects.update(next_try_at=timezone.now())
        finish(claimed(job), Outcome(Result.ERROR, [Issue("defect", params={"reason": "KeyError: 'x'"})], traceback="Traceback …"))

    stored = SyncJob.objects.get()
    assert (stored.state, stored.tries, stored.traceback) == ("failed", 3, "Traceback …")


def test_waiting_for_a_partner_uses_up_no_try(shop: Shop) -> None:
    job = asked(shop)
    for _ in range(10):
        SyncJob.objects.update(next_try_at=timezone.now())
        finish(claimed(job), Outcome(Result.WAITING, wait_seconds=300.0, blocked_by="bluejet:1"))

    stored = SyncJob.objects.get()
    assert (stored.state, stored.tries, stored.blocked_by) == ("waiting", 0, "bluejet:1")


def test_the_end_of_a_product_wakes_the_order_that_waits_for_it(shop: Shop) -> None:
    order, product = asked(shop), asked(shop, Ask(FlowName.PRODUCT_TO_BLUEJET, "guid-1", Priority.CATALOGUE))
    topic = waiting.job_topic(FlowName.PRODUCT_TO_BLUEJET, "guid-1")
    finish(claimed(order), Outcome(Result.WAITING, topics=(topic,)))
    assert state(order) == "waiting"

    finish(claimed(product), Outcome(Result.CREATED))

    assert state(order) == "queued"
    assert waiting.is_answered(order.pk, topic)


def test_an_answer_that_comes_before_the_job_is_seen_to_wait_is_not_lost(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    order = claimed(asked(shop))
    topic = waiting.job_topic(FlowName.PRODUCT_TO_BLUEJET, "guid-1")
    wait = waiting.wait

    def wait_then_answer(job: SyncJob, topics: tuple[str, ...], worth: None) -> None:
        wait(job, topics, worth)
        waiting.wake(shop.pk, topics)

    monkeypatch.setattr(waiting, "wait", wait_then_answer)
    finish(order, Outcome(Result.WAITING, topics=(topic,)))

    assert state(order) == "queued"


def test_a_job_that_is_done_waits_for_nothing_any_more(shop: Shop) -> None:
    order = asked(shop)
    finish(claimed(order), Outcome(Result.WAITING, topics=("value:status:7",), wait_seconds=0.0))

    finish(claimed(order), Outcome(Result.CREATED))

    assert not WaitingJob.objects.exists()


def test_mapping_a_value_wakes_exactly_the_jobs_that_wait_for_it(shop: Shop) -> None:
    waits = asked(shop)
    other = asked(shop, Ask(FlowName.ORDER_TO_BLUEJET, "2026000002", Priority.ORDERS))
    finish(claimed(waits), Outcome(Result.PARKED, topics=("value:status:7",)))
    finish(claimed(other), Outcome(Result.PARKED, topics=("value:status:8",)))

    waiting.wake(shop.pk, ["value:status:7"])

    assert [state(waits), state(other)] == ["queued", "parked"]


def test_orders_are_claimed_before_the_catalogue(shop: Shop) -> None:
    asked(shop, Ask(FlowName.ORDER_TO_BLUEJET, "late", Priority.CATALOGUE))
    asked(shop)

    first = claim_due(shop.pk, FlowName.ORDER_TO_BLUEJET, up_to=1)

    assert [job.key for job in first] == [ORDER.key]


def test_a_deletion_that_was_announced_is_remembered_when_a_late_update_follows(shop: Shop) -> None:
    asked(shop, Ask(FlowName.ORDER_TO_BLUEJET, "2026000001", Priority.ORDERS, deleted=True))
    asked(shop)

    assert SyncJob.objects.get().deletion_announced


def test_a_replay_approves_what_was_held(shop: Shop) -> None:
    job = claimed(asked(shop, Ask(FlowName.ORDER_TO_BLUEJET, "2026000001", Priority.ORDERS, deleted=True)))
    finish(job, Outcome(Result.PARKED, [Issue("held_delete", params={"key": job.key})]))

    replay_jobs(SyncJob.objects.all(), by="jana")

    stored = SyncJob.objects.get()
    assert (stored.state, stored.approved, stored.deletion_announced, stored.asked_by) == ("queued", True, True, "jana")
