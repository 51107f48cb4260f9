"""The database's own trouble is no record's fault: it ends the batch, and what it ended is tried again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import OperationalError

from sync import sweepers
from sync.fetching import fetch_requests
from sync.flow import Context, Flow, Request
from sync.models import SyncJob
from tests.sync.happenings import PRODUCTS, guid_of, issues_of, look_at
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

PassTime = Callable[[float], None]
pytestmark = pytest.mark.parametrize("dialect", ["data"])
CODES = ("SPO01", "SPO02", "SPO03", "SPO04")


@pytest.fixture
def holds(portal: Portal, pass_time: PassTime) -> Holdings:
    return Holdings(portal)


@pytest.fixture
def guids(portal: Portal, holds: Holdings) -> list[str]:
    guids = [guid_of(portal, code) for code in CODES]
    look_at(portal, PRODUCTS, *guids)
    return guids


def trouble(patch: pytest.MonkeyPatch, strikes: Callable[[Sequence[Request]], bool]) -> None:
    """Let the database fail a batch right after it was fetched."""

    def fetch_and_fail(ctx: Context, flow: Flow, requests: Sequence[Request]) -> None:
        fetch_requests(ctx, flow, requests)
        if strikes(requests):
            raise OperationalError("deadlock detected")

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


def test_jobs_whose_database_is_gone_come_back_with_a_try_counted(
    portal: Portal, holds: Holdings, pass_time: PassTime, guids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        trouble(patch, lambda requests: True)
        patch.setattr("sync.pipeline.is_database_there", lambda: False)
        patch.setattr("sync.work.is_database_there", lambda: False)
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
