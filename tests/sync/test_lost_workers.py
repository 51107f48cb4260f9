"""A worker that does not come back: a single loss costs nothing but time, and a record that kills its workers goes alone and is shown."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from sync import sweepers
from sync.flow import Context, Flow, Request
from sync.jobs import claim_due, claim_with
from sync.models import SyncChunk, SyncJob, SyncRun
from sync.pipeline import run_batch
from sync.runs import plan_run, start_run, work_on_run
from tests.sync.happenings import ORDERS, PRODUCTS, announce, bring, guid_of, issues_of, lists_only, look_at, planned
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

PassTime = Callable[[float], None]
pytestmark = pytest.mark.parametrize("dialect", ["data"])
CODES = ("KON01", "KON02", "KON03", "KON04", "SPO02")
# Longer than a claim.
LONG = 200


class Killed(BaseException):
    """Stand for the end of a process: nothing of ours sees it coming."""


@pytest.fixture
def holds(portal: Portal, pass_time: PassTime) -> Holdings:
    return Holdings(portal)


@pytest.fixture
def guids(portal: Portal) -> list[str]:
    return [guid_of(portal, code) for code in CODES]


def lose_whoever_is_at(patch: pytest.MonkeyPatch, key: str, *, times: int = 1000) -> list[int]:
    """Let the first so many workers die that have this record; return the sizes of their batches as they come."""
    sizes: list[int] = []

    def deadly(ctx: Context, flow: Flow, requests: Sequence[Request]) -> None:
        if any(request.key == key for request in requests) and len(sizes) < times:
            sizes.append(len(requests))
            raise Killed
        run_batch(ctx, flow, requests)

    patch.setattr("sync.work.run_batch", deadly)
    patch.setattr("sync.runs.chunks.run_batch", deadly)
    return sizes


def until_all_is_quiet(work: Callable[[], Any], pass_time: PassTime, times: int = 6) -> None:
    """Send one worker after the other, each in a process of its own, with sweepers between them."""
    for _ in range(times):
        try:
            work()
        except Killed:
            pass_time(LONG)
        sweepers.requeue_abandoned()
        pass_time(LONG)


def states(portal: Portal, guids: Sequence[str]) -> list[str]:
    return [portal.job(PRODUCTS, guid).state for guid in guids]


def test_a_single_kill_fails_nothing_and_counts_as_a_try(
    portal: Portal, holds: Holdings, pass_time: PassTime, guids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_whoever_is_at(monkeypatch, guids[2], times=1)
    look_at(portal, PRODUCTS, *guids)

    with pytest.raises(Killed):
        portal.work(PRODUCTS)
    pass_time(LONG)
    taken_back = sweepers.requeue_abandoned()
    tries = set(SyncJob.objects.values_list("state", "tries"))
    until_all_is_quiet(lambda: portal.work(PRODUCTS), pass_time, times=2)

    assert (taken_back, tries) == (len(guids), {("queued", 1)})
    assert states(portal, guids) == ["done"] * len(guids)
    assert not SyncJob.objects.exclude(tries=0).exists()


def test_a_record_that_kills_its_workers_goes_alone_after_the_first_and_is_shown_after_the_third(
    portal: Portal, holds: Holdings, pass_time: PassTime, guids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = guids[2]
    sizes = lose_whoever_is_at(monkeypatch, bad)
    look_at(portal, PRODUCTS, *guids)

    until_all_is_quiet(lambda: portal.work(PRODUCTS), pass_time)

    job = portal.job(PRODUCTS, bad)
    assert sizes == [len(guids), 1, 1]
    assert (job.state, job.tries, issues_of(job)) == ("failed", 3, ["worker_lost"])
    assert states(portal, [guid for guid in guids if guid != bad]) == ["done"] * (len(guids) - 1)


def test_the_event_of_a_job_whose_workers_were_lost_says_so(
    portal: Portal, holds: Holdings, pass_time: PassTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(portal, "SPO01")
    code = portal.control("/orders", {"items": [{"code": "SPO01"}]})["code"]
    event = announce(portal, "order:create", code)
    lose_whoever_is_at(monkeypatch, code)

    until_all_is_quiet(lambda: portal.work(ORDERS), pass_time, times=5)

    event.refresh_from_db()
    assert event.status == "failed"
    assert "did not come back" in event.error


def test_an_event_whose_job_stopped_while_nobody_told_it_is_told_by_the_sweeper(
    portal: Portal, holds: Holdings, pass_time: PassTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(portal, "SPO01")
    code = portal.control("/orders", {"items": [{"code": "SPO01"}]})["code"]
    event = announce(portal, "order:create", code)
    monkeypatch.setattr("sync.jobs.abandoned.fail_events", lambda *_: None)
    lose_whoever_is_at(monkeypatch, code)
    until_all_is_quiet(lambda: portal.work(ORDERS), pass_time, times=5)

    event.refresh_from_db()
    before = event.status
    sweepers.tell_forgotten_events()

    event.refresh_from_db()
    assert (before, event.status) == ("processing", "failed")


def test_whoever_takes_a_lost_job_over_counts_the_try_even_before_the_sweeper_came(
    portal: Portal, holds: Holdings, pass_time: PassTime, guids: list[str]
) -> None:
    jobs = look_at(portal, PRODUCTS, *guids)
    claim_due(portal.shop.pk, PRODUCTS, up_to=10)
    pass_time(LONG)

    (taken,) = claim_with(jobs[0].pk, up_to=10)

    assert (taken.pk, taken.tries) == (jobs[0].pk, 1)


def test_what_is_asked_for_again_while_its_worker_dies_keeps_its_tries(
    portal: Portal, holds: Holdings, pass_time: PassTime, guids: list[str]
) -> None:
    for _ in range(2):
        look_at(portal, PRODUCTS, guids[0])
        claim_due(portal.shop.pk, PRODUCTS, up_to=10)
        look_at(portal, PRODUCTS, guids[0])
        pass_time(LONG)
        sweepers.requeue_abandoned()

    assert portal.job(PRODUCTS, guids[0]).tries == 1  # what is asked for before it is taken up begins anew
    claim_due(portal.shop.pk, PRODUCTS, up_to=10)
    look_at(portal, PRODUCTS, guids[0])
    assert portal.job(PRODUCTS, guids[0]).tries == 1


def test_a_chunk_that_dies_with_its_workers_becomes_jobs_and_only_the_deadly_record_fails(
    portal: Portal, holds: Holdings, pass_time: PassTime, guids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_whoever_is_at(monkeypatch, guids[2])
    lists_only(monkeypatch, PRODUCTS, *guids)
    run = planned(portal, PRODUCTS)

    until_all_is_quiet(lambda: work_on_run(run.pk), pass_time, times=5)
    until_all_is_quiet(lambda: portal.work(PRODUCTS), pass_time, times=5)

    run.refresh_from_db()
    held = [row["mark"] for row in holds.records("product")]
    failed = SyncJob.objects.exclude(state="done")
    assert (run.state, run.waiting) == ("completed", len(guids))
    assert not SyncChunk.objects.exclude(state="done").exists()
    assert list(failed.values_list("key", "state")) == [(guids[2], "failed")]
    assert len(held) == len(set(held)) == len(guids) - 1


def test_a_chunk_whose_worker_was_lost_once_is_tried_again_whole(
    portal: Portal, holds: Holdings, pass_time: PassTime, guids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_whoever_is_at(monkeypatch, guids[2], times=1)
    lists_only(monkeypatch, PRODUCTS, *guids)
    run = planned(portal, PRODUCTS)

    until_all_is_quiet(lambda: work_on_run(run.pk), pass_time, times=3)

    run.refresh_from_db()
    assert (run.state, run.failed, run.waiting) == ("completed", 0, 0)
    assert run.created == len(guids)
    assert not SyncJob.objects.exists()


def test_a_run_whose_planners_do_not_come_back_ends_with_a_sentence(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    run = start_run(portal.shop, PRODUCTS, trigger="test", enqueue=False)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sync.runs.plan._plan", deadly_plan)
        for _ in range(3):
            with pytest.raises(Killed):
                plan_run(run.pk)
            pass_time(LONG)
    plan_run(run.pk)

    run.refresh_from_db()
    assert (run.state, run.planners_lost) == ("failed", 3)
    assert "Start the pass once more" in run.error


def test_a_planner_that_was_lost_once_leaves_no_trace_in_the_plan_of_the_next(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    run = start_run(portal.shop, PRODUCTS, mode=SyncRun.Mode.FULL, trigger="test", enqueue=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sync.runs.plan._plan", deadly_plan)
        with pytest.raises(Killed):
            plan_run(run.pk)
    too_early = plan_run(run.pk), SyncChunk.objects.count()
    pass_time(LONG)

    plan_run(run.pk)

    run.refresh_from_db()
    assert too_early == (None, 0)
    assert (run.state, run.planners_lost, run.error) == ("running", 1, "")


def deadly_plan(*_: object) -> None:
    """End the worker in the middle of a plan."""
    raise Killed


def test_a_planner_that_was_taken_over_writes_nothing_more_and_fails_nothing(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start_run(portal.shop, PRODUCTS, mode=SyncRun.Mode.FULL, trigger="test", enqueue=False)
    taken = {"claim": uuid.uuid4(), "claimed_until": timezone.now() + timedelta(seconds=60)}
    ask_time = "sync.runs.plan._partner_time"
    monkeypatch.setattr(ask_time, lambda ctx: SyncRun.objects.filter(pk=run.pk).update(**taken) and timezone.now())

    plan_run(run.pk)

    run.refresh_from_db()
    assert (run.state, run.error, run.claim) == ("planning", "", taken["claim"])
    assert not SyncChunk.objects.exists()


@pytest.mark.parametrize(("lost", "expected"), [(False, []), (True, ["work_run"])], ids=["worked on", "lost"])
def test_the_sweeper_adds_a_worker_to_a_run_only_where_one_was_lost(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch, lost: bool, expected: list[str]
) -> None:
    monkeypatch.setattr("sync.runs.plan.CHUNK", 10)
    run, enqueued = planned(portal, PRODUCTS), list[str]()
    until = timezone.now() + timedelta(seconds=-1 if lost else 20)
    SyncChunk.objects.filter(run=run, number=1).update(state="running", claim=uuid.uuid4(), claimed_until=until)
    monkeypatch.setattr(sweepers, "enqueue", lambda name, *_, **__: enqueued.append(name))

    sweepers.resume_runs()

    assert enqueued == expected
