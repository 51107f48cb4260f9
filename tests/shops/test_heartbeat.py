"""The heartbeat: it prolongs what this process holds and nothing else, outlasts the database, and ends with a task's time."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from pytest_django import Settings

from shops import heartbeat
from shops.heartbeat import Claim, ClaimLost, Heart, kept_alive
from shops.models import Shop
from sync.models import SyncJob
from tests.admin.rows import make_job

SOON_OVER = timedelta(seconds=1)


def take(shop: Shop, *keys: str) -> Claim:
    """Claim jobs; their claim is nearly over."""
    token = uuid.uuid4()
    jobs = [make_job(shop, key, state="running") for key in keys]
    SyncJob.objects.filter(pk__in=[job.pk for job in jobs]).update(claim=token, claimed_until=timezone.now() + SOON_OVER)
    return Claim(SyncJob, tuple(job.pk for job in jobs), token, 30)


def ends(*claims: Claim) -> list[datetime]:
    """Return when each claimed row is free."""
    return [SyncJob.objects.get(pk=pk).claimed_until or timezone.now() for claim in claims for pk in claim.rows]


def lose(pk: int) -> None:
    """Let another worker take a row over."""
    SyncJob.objects.filter(pk=pk).update(claim=uuid.uuid4())


def test_a_beat_prolongs_every_claim_that_is_worked_on_and_no_other(shop: Shop) -> None:
    heart = Heart()
    mine, second, left, foreign = take(shop, "1", "2", "3"), take(shop, "4"), take(shop, "5"), take(shop, "6")
    for claim in (mine, second, left):
        heart.beat_for(claim)
    heart.leave(left)

    went_well = heart.beat()

    later = timezone.now() + timedelta(seconds=20)
    assert went_well
    assert [end > later for end in ends(mine, second, left, foreign)] == [True, True, True, True, False, False]


def test_a_row_that_another_worker_took_over_is_not_prolonged_and_its_claim_is_known_to_be_lost(shop: Shop) -> None:
    claim = take(shop, "1", "2")
    lose(claim.rows[0])
    before = ends(claim)

    with pytest.raises(ClaimLost):
        claim.insist()

    assert (ends(claim)[0], ends(claim)[1] > before[1]) == (before[0], True)


def test_work_that_goes_on_beyond_the_time_limit_of_a_task_loses_its_claim(
    shop: Shop, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    heart, claim = Heart(), take(shop, "1")
    heart.beat_for(claim)
    before = ends(claim)
    now = time.monotonic()
    monkeypatch.setattr(heartbeat.time, "monotonic", lambda: now + settings.TASK_TIME_LIMIT + 1)

    heart.beat()

    assert ends(claim) == before
    assert "beyond the time limit" in caplog.text


def test_a_database_that_is_away_for_a_moment_costs_a_beat_and_not_the_claim(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    heart, claim = Heart(), take(shop, "1")
    heart.beat_for(claim)
    before = ends(claim)
    with monkeypatch.context() as patch:
        patch.setattr(Claim, "prolong", fails_with(OperationalError("server closed the connection unexpectedly")))
        in_trouble = heart.beat()

    went_well = heart.beat()

    assert (in_trouble, went_well) == (False, True)
    assert ends(claim)[0] > before[0]


def fails_with(error: Exception) -> Callable[..., bool]:
    """Return a method that fails."""

    def fail(*_: object) -> bool:
        raise error

    return fail


def test_a_claim_is_beaten_for_while_its_block_is_worked_on_even_where_that_breaks_off(shop: Shop) -> None:
    claim = take(shop, "1")
    within: list[int] = []

    with pytest.raises(KeyError), kept_alive(claim):
        within.append(len(heartbeat._heart._claims))
        raise KeyError("code")

    assert (within, heartbeat._heart._claims) == ([1], {})


def test_a_forked_worker_beats_for_nothing_that_its_parent_holds(shop: Shop) -> None:
    with kept_alive(take(shop, "1")):
        parents = heartbeat._heart
        heartbeat._begin_anew()
        childs = heartbeat._heart

    assert childs is not parents
    assert childs._living() == []
