"""The database's own trouble passes: a connection that is lost is waited for, and what a deadlock broke off is done again."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import Error, InterfaceError, OperationalError, connection

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")

DATABASE_TROUBLE = (OperationalError, InterfaceError)
# PostgreSQL's codes: the server ends or does not begin yet, has no room for one more, or closed a connection that stood idle.
ENDED = frozenset({"57P01", "57P02", "57P03", "57P05", "53300", "25P03"})
BROKEN_CONNECTION = "08"
# Two transactions waited for each other, or could not have come one after the other.
DEADLOCKED = frozenset({"40P01", "40001"})
# A lock was waited for too long, or the server ended a statement that took too long.
TOO_LONG = frozenset({"55P03", "57014"})
# Seconds that a task waits for the database before it lets its worker go.
PATIENCE = 60.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
TIMES = 5


def is_lost(error: BaseException | None) -> bool:
    """Whether the error says that the connection ended or could not be made, and nothing of what was asked."""
    if not isinstance(error, DATABASE_TROUBLE) or not _is_of_postgresql(error):
        return False
    code = _code(error)
    return code is None or code in ENDED or code.startswith(BROKEN_CONNECTION)


def is_deadlock(error: BaseException | None) -> bool:
    """Whether the database took back a transaction that was only in another one's way."""
    return isinstance(error, OperationalError) and _code(error) in DEADLOCKED


def is_busy(error: BaseException | None) -> bool:
    """Whether somebody else was in the way for too long: a person may try again."""
    if not isinstance(error, OperationalError):
        return False
    is_locked = getattr(error.__cause__, "sqlite_errorname", "").startswith("SQLITE_BUSY")
    return is_locked or is_deadlock(error) or _code(error) in TOO_LONG


def passes(error: BaseException | None) -> bool:
    """Whether the same work done again is likely to get through: what was in the way is not in the work."""
    return is_lost(error) or is_deadlock(error)


def is_database_there() -> bool:
    """Whether the database answers now, on a new connection where the old one broke."""
    if connection.in_atomic_block:
        return bool(connection.is_usable())  # whoever opened the transaction has to end it
    connection.close_if_unusable_or_obsolete()
    try:
        connection.ensure_connection()
    except Error:
        return False
    return bool(connection.is_usable())


def wait_until_there(patience: float = PATIENCE) -> bool:
    """Wait until the database answers on a sound connection; return False where that takes longer than so many seconds."""
    end, pause, waited = time.monotonic() + patience, SHORTEST_PAUSE, False
    while not is_database_there():
        if time.monotonic() > end or connection.in_atomic_block:
            return False
        if not waited:
            logger.warning("The database is away; waiting for it.")
        waited = True
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
    if waited:
        logger.warning("The database is back.")
    return True


def outlast(work: Callable[[], Answer], *, patience: float = PATIENCE, times: int = TIMES) -> Answer:
    """Do the work, and do it again where the database went away or broke it off as a deadlock; it has to bear being repeated.

    Raises the database's error where it stays away longer than `patience` seconds, or comes and goes too many times.
    """
    for _ in range(times):
        try:
            return work()
        except DATABASE_TROUBLE as error:
            if not passes(error) or not wait_until_there(patience):
                raise
            logger.warning("The database broke the work off (%s); it begins again.", _short(error))
    return work()


def repeat_deadlocked(transaction: Callable[[], Answer]) -> Answer:
    """Do a whole transaction, and do it again where it and another one waited for each other.

    Within a larger transaction the error is raised: all that belongs together has to be done again together.
    """
    for number in range(TIMES):
        try:
            return transaction()
        except OperationalError as error:
            if connection.in_atomic_block or not is_deadlock(error):
                raise
            logger.info("A transaction was in another one's way (%s); it begins again.", _short(error))
            # Not both at once again.
            time.sleep(random.uniform(0, SHORTEST_PAUSE * (number + 1)))  # noqa: S311
    return transaction()


def _is_of_postgresql(error: BaseException) -> bool:
    """SQLite has no connection to lose: its file is there or is not."""
    return type(error.__cause__).__module__.startswith("psycopg")


def _code(error: BaseException) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


def _short(error: BaseException) -> str:
    return str(error).partition("\n")[0]
