"""The database's own trouble is no record's fault: it ends the batch, and what it ended is tried again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import psycopg
import pytest
from django.db import OperationalError
from psycopg.errors import AdminShutdown, CannotConnectNow

from sync import sweepers
from sync.fetching import fetch_requests
from sync.flow import Context, Flow, Request
from sync.models import RecordLink, SyncJob, SyncRun
from sync.runs import plan_run, start_run, work_on_run
from tests.sync.happenings import ORDERS, PRODUCTS, bring, guid_of, issues_of, look_at, place
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

PassTime = Callable[[float], None]
pytestmark = pytest.mark.parametrize("dialect", ["data"])
# How a connection ends: the server says that it stops, it begins just now, or it says nothing any more.
LOST = [
    pytest.param(error, id=type(error).__name__)
    for error in (
        AdminShutdown("terminating connection"),
        CannotConnectNow("starting up"),
        psycopg.OperationalError("the connection is closed"),
    )
]
CODES = ("SPO01", "SPO02", "SPO03", "SPO04")


@pytest.fixture
def holds(portal: Portal, pass_time: PassTime) -> Holdings:
    return Holdings(portal)


@pytest.fixture
def guids(portal: Portal, holds: Holdings) -> list[str]:
    guids = [guid_of(portal, code) for code in CODES]
    look_at(portal, PRODUCTS, *guids)
    return guids


def broken(lost: psycopg.Error) -> OperationalError:
    """Return the error as Django raises it."""
    error = OperationalError(str(lost))
    error.__cause__ = lost
    return error


def fails_with(error: Exception) -> Callable[..., None]:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    return fail


def trouble(patch: pytest.MonkeyPatch, strikes: Callable[[Sequence[Request]], bool], lost: psycopg.Error | None = None) -> None:
    """Let the database fail a batch right after it was fetched."""

    def fetch_and_fail(ctx: Context, flow: Flow, requests: Sequence[Request]) -> None:
        fetch_requests(ctx, flow, requests)
        if strikes(requests):
            raise broken(lost) if lost else OperationalError("no room on the disk")

    patch.setattr("sync.pipeline.fetch_requests", fetch_and_fail)


def states() -> dict[str, Any]:
    return {job.key: (job.state, job.tries) for job in SyncJob.objects.all()}


def test_a_batch_that_the_database_broke_off_is_taken_one_by_one_at_once(
    portal: Portal, holds: Holdings, guids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    trouble(monkeypatch, lambda requests: len(requests) > 1)

    portal.work(PRODUCTS, rounds=1)

    assert states() == dict.fromkeys(guids, ("done", 0))
    assert len(holds.records("product")) == len(guids)


def test_a_record_that_the_database_itself_fails_at_ends_alone_after_its_tries(
    portal: Portal, holds: Holdings, pass_time: PassTime, guids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, *sound = guids
    trouble(monkeypatch, lambda requests: any(request.key == bad for request in requests))

    for _ in range(3):
        portal.work(PRODUCTS)
        pass_time(100)

    assert states() == {bad: ("failed", 3)} | dict.fromkeys(sound, ("done", 0))
    assert issues_of(portal.job(PRODUCTS, bad)) == ["defect"]


def test_jobs_whose_database_stays_away_come_back_with_a_try_counted_when_their_claims_run_out(
    portal: Portal, holds: Holdings, pass_time: PassTime, guids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        trouble(patch, lambda requests: True)
        patch.setattr("sync.isolation.is_database_there", lambda: False)
        patch.setattr("sync.jobs.abandoned.wait_until_there", lambda: False)
        with pytest.raises(OperationalError):
            portal.work(PRODUCTS)
    gone = states()
    pass_time(200)
    sweepers.requeue_abandoned()
    back = states()
    portal.work(PRODUCTS)

    assert gone == dict.fromkeys(guids, ("running", 0))
    assert back == dict.fromkeys(guids, ("queued", 1))
    assert states() == dict.fromkeys(guids, ("done", 0))


@pytest.mark.parametrize("lost", LOST)
def test_jobs_whose_connection_was_lost_are_given_back_at_once_and_it_is_no_try_of_theirs(
    portal: Portal, holds: Holdings, guids: list[str], monkeypatch: pytest.MonkeyPatch, lost: psycopg.Error
) -> None:
    with monkeypatch.context() as patch:
        trouble(patch, lambda requests: True, lost)
        with pytest.raises(OperationalError):
            portal.work(PRODUCTS)
    given_back = states()
    portal.work(PRODUCTS)

    assert given_back == dict.fromkeys(guids, ("queued", 0))
    assert states() == dict.fromkeys(guids, ("done", 0))


@pytest.mark.parametrize("lost", LOST)
def test_a_chunk_whose_connection_was_lost_is_free_at_once_and_its_run_ends_whole(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch, lost: psycopg.Error
) -> None:
    run = start_run(portal.shop, PRODUCTS, trigger="test", mode=SyncRun.Mode.FULL, enqueue=False)
    plan_run(run.pk)
    with monkeypatch.context() as patch:
        trouble(patch, lambda requests: True, lost)
        with pytest.raises(OperationalError):
            work_on_run(run.pk)
    chunks = list(run.chunks.values_list("state", "tries", "claim"))
    while work_on_run(run.pk) is not None:
        pass

    run.refresh_from_db()
    assert chunks == [("queued", 0, None)]
    assert (run.state, run.read, run.created, run.failed) == ("completed", 46, 46, 0)


@pytest.mark.parametrize("lost", LOST)
def test_a_run_whose_plan_was_broken_off_with_the_connection_can_be_planned_at_once(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, lost: psycopg.Error
) -> None:
    run = start_run(portal.shop, PRODUCTS, trigger="test", mode=SyncRun.Mode.FULL, enqueue=False)
    with monkeypatch.context() as patch:
        patch.setattr("sync.runs.plan._plan", fails_with(broken(lost)))
        with pytest.raises(OperationalError):
            plan_run(run.pk)

    plan_run(run.pk)

    run.refresh_from_db()
    assert (run.state, run.expected) == ("running", 40)


@pytest.mark.parametrize("lost", LOST)
def test_a_document_that_was_being_written_is_searched_for_and_its_lease_does_not_stay(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch, pass_time: PassTime, lost: psycopg.Error
) -> None:
    bring(portal, "SPO01")
    code = place(portal, "SPO01")
    with monkeypatch.context() as patch:
        patch.setattr("sync.push.write._after_row", fails_with(broken(lost)))
        with pytest.raises(OperationalError):
            portal.work(ORDERS)
    leases = RecordLink.objects.filter(lease__isnull=False).count()
    portal.work()
    pass_time(70)
    portal.work()

    assert leases == 0
    assert len(portal.documents(code)) == 1
    assert portal.job(ORDERS, code).state == "done"
