"""Which of the database's errors pass, and that work that is done again is done."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from celery import Celery
from django.db import DataError, InterfaceError, OperationalError, ProgrammingError, connection, transaction
from psycopg import errors

from integration_portal.celery import app
from shops import database_trouble
from shops.database_trouble import is_busy, is_deadlock, is_lost, outlast, passes, repeat_deadlocked, wait_until_there
from shops.patient_task import PatientTask

REFUSED = psycopg.OperationalError("connection refused")


def locked() -> sqlite3.Error:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorname = "SQLITE_BUSY"  # type: ignore[misc]
    return error


def raised(cause: Exception | None, kind: type[Exception] = OperationalError) -> Exception:
    """Return an error as Django raises it from its driver's."""
    error = kind(str(cause))
    error.__cause__ = cause
    return error


# The error, and whether the connection was lost, a deadlock was broken, a person may try again.
ERRORS: dict[str, tuple[Exception, bool, bool, bool]] = {
    "refused": (raised(REFUSED), True, False, False),
    "broken off": (raised(psycopg.OperationalError("server closed the connection unexpectedly")), True, False, False),
    "closed": (raised(psycopg.InterfaceError("the connection is closed"), InterfaceError), True, False, False),
    "no pooled connection in time": (raised(psycopg.OperationalError("couldn't get a connection after 30.00 sec")), True, False, False),
    "the server stops": (raised(errors.AdminShutdown()), True, False, False),
    "the server crashed": (raised(errors.CrashShutdown()), True, False, False),
    "the server starts": (raised(errors.CannotConnectNow()), True, False, False),
    "stood idle": (raised(errors.IdleSessionTimeout()), True, False, False),
    "stood idle in a transaction": (raised(errors.IdleInTransactionSessionTimeout()), True, False, False),
    "no room for one more": (raised(errors.TooManyConnections()), True, False, False),
    "no connection": (raised(errors.ConnectionDoesNotExist()), True, False, False),
    "failed connection": (raised(errors.ConnectionFailure()), True, False, False),
    "deadlock": (raised(errors.DeadlockDetected()), False, True, True),
    "not one after the other": (raised(errors.SerializationFailure()), False, True, True),
    "waited too long for a lock": (raised(errors.LockNotAvailable()), False, False, True),
    "took too long": (raised(errors.QueryCanceled()), False, False, True),
    "SQLite is being written": (raised(locked()), False, False, True),
    "SQLite has no such table": (raised(sqlite3.OperationalError("no such table")), False, False, False),
    "no room on the disk": (raised(errors.DiskFull()), False, False, False),
    "no such table": (raised(errors.UndefinedTable(), ProgrammingError), False, False, False),
    "value too long": (raised(errors.StringDataRightTruncation(), DataError), False, False, False),
    "without a cause": (raised(None), False, False, False),
    "our own": (KeyError("code"), False, False, False),
}


@pytest.mark.parametrize("name", ERRORS)
def test_what_each_error_of_the_database_means_is_known(name: str) -> None:
    error, lost, deadlock, busy = ERRORS[name]

    assert (is_lost(error), is_deadlock(error), is_busy(error), passes(error)) == (lost, deadlock, busy, lost or deadlock)


class Work:
    """Work that fails so many times and then answers."""

    def __init__(self, error: Exception, times: int) -> None:
        self.error, self.times, self.begun = error, times, 0

    def __call__(self) -> str:
        self.begun += 1
        if self.begun <= self.times:
            raise self.error
        return "done"


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, (_, lost, deadlock, _busy) in ERRORS.items() if lost or deadlock])
def test_work_that_the_database_broke_off_is_done_again(name: str) -> None:
    work = Work(ERRORS[name][0], times=2)

    assert (outlast(work), work.begun) == ("done", 3)


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, (_, lost, deadlock, _busy) in ERRORS.items() if not (lost or deadlock)])
def test_every_other_error_is_raised_at_once(name: str) -> None:
    work = Work(ERRORS[name][0], times=1)

    with pytest.raises(type(work.error)):
        outlast(work)

    assert work.begun == 1


@pytest.mark.django_db
def test_a_database_that_comes_and_goes_does_not_hold_a_worker_for_ever() -> None:
    work = Work(ERRORS["refused"][0], times=1000)

    with pytest.raises(OperationalError):
        outlast(work)

    assert work.begun == database_trouble.TIMES + 1


def test_it_is_waited_for_a_database_that_is_away_and_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([False, False, True])
    pauses: list[float] = []
    monkeypatch.setattr(database_trouble, "is_database_there", lambda: next(answers, False))
    monkeypatch.setattr(database_trouble.time, "sleep", pauses.append)

    assert wait_until_there()
    assert len(pauses) == 2
    assert not wait_until_there(patience=-1)


@pytest.mark.django_db(transaction=True)
def test_a_deadlocked_transaction_is_repeated_whole_and_a_part_of_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_trouble.time, "sleep", lambda seconds: None)
    whole, part = (Work(ERRORS["deadlock"][0], times=1) for _ in range(2))

    assert repeat_deadlocked(whole) == "done"
    with pytest.raises(OperationalError), transaction.atomic():
        assert connection.in_atomic_block
        repeat_deadlocked(part)

    assert (whole.begun, part.begun) == (2, 1)


def task_of(work: Callable[[], object]) -> Any:
    """Return a task of the portal's kind, of an app that no other test sees."""

    def run() -> object:
        return work()

    made = Celery("test", task_cls=PatientTask, set_as_current=False)
    return made.task(run, name="maintenance.test", shared=False)


def test_a_task_whose_database_stays_away_goes_back_to_the_broker_and_is_done_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_trouble, "wait_until_there", lambda patience: False)
    work = Work(ERRORS["refused"][0], times=3)

    # Without a broker what goes back to it is done at once.
    task_of(work).apply()

    assert work.begun == 4


def test_a_task_that_fails_by_itself_fails_and_does_not_come_again() -> None:
    work = Work(KeyError("code"), times=1)

    assert (task_of(work).apply().state, work.begun) == ("FAILURE", 1)


def test_every_task_of_the_portal_outlasts_the_database() -> None:
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if name.partition(".")[0] in ("inbox", "realtime", "bulk", "maintenance")}

    assert len(ours) > 15
    assert [name for name, task in ours.items() if not isinstance(task, PatientTask)] == []
