"""Hand work to Celery; if the broker does not take it, the sweeper will."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial

from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def enqueue_jobs(jobs: Iterable[tuple[int, float]]) -> None:
    """Enqueue (job id, delay in seconds) pairs; a broker that is down only costs time, never a job."""
    from sync.tasks import process_job

    for job_id, delay in jobs:
        try:
            process_job.apply_async((job_id,), countdown=delay or None, retry=False)
        except (OperationalError, RedisError, OSError) as error:
            logger.warning("The broker did not take job %s; the sweeper will: %s", job_id, error)
            return


def enqueue(task_name: str, *args: int | str) -> None:
    """Enqueue one of sync's tasks by name, on the same terms."""
    from sync import tasks

    try:
        getattr(tasks, task_name).apply_async(args, retry=False)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("The broker did not take %s%s; the sweeper will: %s", task_name, args, error)


def enqueue_after_commit(task_name: str, *args: int | str) -> None:
    """Enqueue once the surrounding transaction is through."""
    transaction.on_commit(partial(enqueue, task_name, *args))
