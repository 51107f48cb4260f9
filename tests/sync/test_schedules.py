"""The sweepers' rows of beat: every ten seconds, unless somebody made them otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask, PeriodicTasks

from sync.schedules import sweep_more_often

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("schedules")]
NAME = "13_Sweep_Jobs"


def as_it_was_made() -> PeriodicTask:
    """Return the row as databases of before have it."""
    interval = IntervalSchedule.objects.get_or_create(every=1, period="minutes")[0]
    PeriodicTask.objects.filter(name=NAME).update(interval=interval, expire_seconds=60)
    return PeriodicTask.objects.get(name=NAME)


def change() -> int:
    return sweep_more_often(PeriodicTask, IntervalSchedule, PeriodicTasks)


def timing(task: PeriodicTask) -> tuple[Any, ...]:
    task.refresh_from_db()
    return task.interval and (task.interval.every, task.interval.period), task.expire_seconds, task.enabled


def test_a_new_installation_sweeps_every_ten_seconds_and_lets_what_was_not_taken_up_expire() -> None:
    sweepers = PeriodicTask.objects.filter(name__in=[NAME, "14_Sweep_Events"])

    assert [timing(task) for task in sweepers] == [((10, "seconds"), 10, True)] * 2


def test_a_row_that_nobody_edited_gets_the_new_interval_and_a_running_beat_learns_of_it() -> None:
    task = as_it_was_made()
    PeriodicTasks.objects.all().delete()

    changed = change()

    assert (changed, timing(task)) == (1, ((10, "seconds"), 10, True))
    assert PeriodicTasks.objects.get().last_update is not None


@pytest.mark.parametrize(
    "edited",
    [
        {"enabled": False},
        {"expire_seconds": 300},
        {"expire_seconds": None},
        {"queue": "bulk"},
        {"args": "[1]"},
        {"every": 5},
        {"crontab": True},
    ],
    ids=str,
)
def test_a_row_that_somebody_edited_stays_as_it_is(edited: dict[str, Any]) -> None:
    task = as_it_was_made()
    changes = dict(edited)
    if "every" in changes:
        changes = {"interval": IntervalSchedule.objects.create(every=changes["every"], period="minutes")}
    if "crontab" in changes:
        changes = {"interval": None, "crontab": CrontabSchedule.objects.create(minute="*/5")}
    PeriodicTask.objects.filter(pk=task.pk).update(**changes)
    before = timing(task)

    assert (change(), timing(task)) == (0, before)
