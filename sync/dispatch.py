"""Hand work to Celery; if the broker does not take it, the sweeper will."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from sync.models.job import Priority

logger = logging.getLogger(__name__)


# Redis keeps a list for each of these and empties them in this order: an order must not stand behind a thousand stock cards.
QUEUE_PRIORITIES = {Priority.ORDERS: 0, Priority.CUSTOMERS: 3, Priority.STOCK: 6, Priority.CATALOGUE: 9, Priority.RECONCILIATION: 9}


def enqueue_jobs(job_ids: Iterable[int], *, priority: int, delay: float = 0.0) -> None:
    """Enqueue jobs of one priority, after a delay in seconds; a broker that is down only costs time, never a job."""
    from sync.tasks import process_job

    for job_id in job_ids:
        if not _send(process_job, (job_id,), priority=priority, countdown=delay or None):
            return


def enqueue(task_name: str, *args: int | str, priority: int = Priority.ORDERS, expires: float | None = None) -> None:
    """Enqueue one of sync's tasks by name, on the same terms; `expires` after so many seconds, for what will be enqueued again."""
    from sync import tasks

    _send(getattr(tasks, task_name), args, priority=priority, expires=expires)


def _send(task: Any, args: tuple[int | str, ...], *, priority: int, countdown: float | None = None, expires: float | None = None) -> bool:
    try:
        task.apply_async(args, retry=False, countdown=countdown, expires=expires, priority=QUEUE_PRIORITIES[Priority(priority)])
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("The broker did not take %s%s; the sweeper will find the work: %s", task.name, args, error)
        return False
    return True


def enqueue_after_commit(task_name: str, *args: int | str) -> None:
    """Enqueue once the surrounding transaction is through."""
    transaction.on_commit(partial(enqueue, task_name, *args))
