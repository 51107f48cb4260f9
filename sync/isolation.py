"""One failure stays with the record that it is about: what is done for many at once is done for each alone where that fails."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

from django.db import connection, transaction

from shops.database_trouble import DATABASE_TROUBLE, is_database_there, is_lost

logger = logging.getLogger(__name__)
Thing = TypeVar("Thing")

# DATABASE_TROUBLE, the database's own (gone, locked, no room), says nothing about a record, so it ends the batch that met it.
__all__ = ["DATABASE_TROUBLE", "apart", "beside", "is_database_gone", "savepoint"]


def apart(work: Callable[[Sequence[Thing]], object], things: Sequence[Thing], failed: Callable[[Thing, Exception], object]) -> None:
    """Do the work for all at once, or where that fails for each alone; `failed` is told of those that fail alone.

    The work has to bear being repeated. The database's own trouble is raised.
    """
    if not things:
        return
    try:
        work(things)
    except DATABASE_TROUBLE:
        raise
    except Exception as error:
        if len(things) == 1:
            failed(things[0], error)
            return
        for thing in things:
            apart(work, [thing], failed)


def beside(what: str, work: Callable[[], object]) -> bool:
    """Do what goes along with a record without being part of it; return whether it went well, and tell the log where not."""
    try:
        work()
    except DATABASE_TROUBLE:
        raise
    except Exception:
        logger.exception("%s failed; the records are not held up by it", what)
        return False
    return True


def savepoint() -> AbstractContextManager[object]:
    """Return what keeps a statement that fails from spoiling a transaction around it; none is opened where there is none."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def is_database_gone(error: Exception) -> bool:
    """Whether the work broke off because the database went away, back or not: it says nothing of any record, and all is done again."""
    return is_lost(error) or (isinstance(error, DATABASE_TROUBLE) and not is_database_there())
