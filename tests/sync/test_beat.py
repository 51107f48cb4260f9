"""Beat outlasts the database: it works by the schedule that it read last, and sends nothing twice for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django_celery_beat.models import PeriodicTask, PeriodicTasks
from django_celery_beat.schedulers import DatabaseScheduler, ModelEntry

from sync import beat
from sync.beat import PatientScheduler

# Beat closes connections that broke, which a test inside of one transaction could not bear.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("schedules")]
SWEEP = "13_Sweep_Jobs"
GONE = [OperationalError("connection refused"), InterfaceError("the connection is closed")]


@pytest.fixture
def scheduler(schedules: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[PatientScheduler]:
    """Return a scheduler that has read the rows."""
    monkeypatch.setattr(PatientScheduler, "_is_starting", False)
    made = PatientScheduler(app=current_app, max_interval=5)
    yield made
    made._finalize.cancel()


def go_away(patch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let no reading and no saving of the scheduler's get through."""

    def refuse(*_: Any, **__: Any) -> None:
        raise error

    patch.setattr(PeriodicTasks, "last_change", refuse)
    patch.setattr(DatabaseScheduler, "enabled_models", refuse)
    patch.setattr(ModelEntry, "save", refuse)


def time_to_read_again(scheduler: PatientScheduler) -> None:
    scheduler._last_full_sync -= timedelta(minutes=6)
    scheduler._looks_again_at = 0.0


@pytest.mark.parametrize("error", GONE, ids=["refused", "closed"])
def test_while_the_database_is_away_beat_goes_on_by_the_schedule_that_it_read_last(
    scheduler: PatientScheduler, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    before = set(scheduler.schedule)
    go_away(monkeypatch, error)

    time_to_read_again(scheduler)

    assert set(scheduler.schedule) == before > {SWEEP}
    assert scheduler.tick() <= 5


def test_what_was_sent_and_could_not_be_noted_is_not_due_again_and_noted_later(
    scheduler: PatientScheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    PeriodicTask.objects.filter(name=SWEEP).update(last_run_at=long_ago)
    time_to_read_again(scheduler)
    with monkeypatch.context() as patch:
        go_away(patch, GONE[0])
        scheduler.reserve(scheduler.schedule[SWEEP])
        scheduler.sync()
        time_to_read_again(scheduler)
        while_away = scheduler.schedule[SWEEP].is_due().is_due
    noted_while_away = PeriodicTask.objects.get(name=SWEEP).last_run_at

    time_to_read_again(scheduler)
    after = scheduler.schedule[SWEEP].is_due().is_due

    assert noted_while_away == long_ago
    assert (while_away, after) == (False, False)
    assert PeriodicTask.objects.get(name=SWEEP).last_run_at > timezone.now() - timedelta(minutes=1)


def test_what_staff_change_while_the_rows_cannot_be_read_counts_as_soon_as_they_can(
    scheduler: PatientScheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        go_away(patch, GONE[0])
        time_to_read_again(scheduler)
        assert SWEEP in scheduler.schedule
    PeriodicTask.objects.filter(name=SWEEP).update(enabled=False)

    scheduler._looks_again_at = 0.0

    assert SWEEP not in scheduler.schedule


def test_a_row_that_was_deleted_after_it_was_sent_keeps_no_other_from_being_noted(scheduler: PatientScheduler) -> None:
    for name in (SWEEP, "14_Sweep_Events"):
        scheduler.reserve(scheduler.schedule[name])
    PeriodicTask.objects.filter(name=SWEEP).delete()

    scheduler.sync()

    assert PeriodicTask.objects.get(name="14_Sweep_Events").total_run_count == 1
    assert not scheduler._dirty


def test_beat_that_starts_before_the_database_waits_for_it_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pauses: list[float] = []
    read = DatabaseScheduler.enabled_models

    def refuse_twice(self: DatabaseScheduler) -> Any:
        if len(pauses) < 2:
            raise GONE[0]
        return read(self)

    monkeypatch.setattr(DatabaseScheduler, "enabled_models", refuse_twice)
    monkeypatch.setattr(beat.time, "sleep", pauses.append)

    scheduler = PatientScheduler(app=current_app, max_interval=5)
    scheduler._finalize.cancel()

    assert SWEEP in scheduler.schedule
    assert len(pauses) == 2
    assert [line.getMessage() for line in caplog.records if line.name == "sync.beat"] == [
        "The database does not answer (connection refused). Beat waits for it.",
        "The database answers again.",
    ]


def test_beat_that_is_told_to_end_while_it_waits_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PatientScheduler, "_is_starting", True)

    with pytest.raises(SystemExit):
        PatientScheduler(app=current_app, max_interval=5)
