"""What every task of the portal does where the database goes away: it waits, begins again, and is not lost."""

from __future__ import annotations

from typing import Any

from celery import Task

from shops.database_trouble import outlast, passes

# Seconds until a task that waited in vain is tried again; meanwhile its worker is free to be stopped.
AGAIN_AFTER = 5


class PatientTask(Task):
    """A task that takes ids and may be repeated, so that the database's trouble costs time and nothing else."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Do the task; where the database stays away, hand it back to the broker for later."""
        try:
            return outlast(lambda: super(PatientTask, self).__call__(*args, **kwargs))
        except Exception as error:
            if not passes(error):
                raise
            raise self.retry(exc=error, countdown=AGAIN_AFTER, max_retries=None) from error
