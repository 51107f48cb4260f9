"""Jobs that wait for another record or a missing mapping, and what wakes them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from shops.database_trouble import repeat_deadlocked
from sync.dispatch import enqueue_jobs
from sync.jobs.locking import lock
from sync.models import SyncJob, WaitingJob
from sync.storable import storable_amount, storable_text

LONGEST_TOPIC = 300


def job_topic(flow: str, key: str) -> str:
    """Name the end of another job as something to wait for."""
    return storable_text(f"job:{flow}:{key}")[:LONGEST_TOPIC]


def value_topic(table: str, value: str) -> str:
    """Name a missing mapping as something to wait for."""
    return storable_text(f"value:{table}:{value}")[:LONGEST_TOPIC]


def wait(job: SyncJob, topics: Iterable[str], worth: Decimal | None = None) -> None:
    """Write down what the job waits for, before it is asked for, so that the answer cannot slip by.

    `worth` is the order's total in CZK, for those who decide what to map first.
    """
    names = sorted({storable_text(name)[:LONGEST_TOPIC] for name in topics})
    repeat_deadlocked(partial(_wait, job, names, storable_amount(worth, digits=16, places=2)))


def _wait(job: SyncJob, names: list[str], worth: Decimal | None) -> None:
    WaitingJob.objects.bulk_create(
        [WaitingJob(job=job, shop_id=job.shop_id, topic=name, worth=worth) for name in names], ignore_conflicts=True
    )
    if worth is not None:
        WaitingJob.objects.filter(job=job, topic__in=names).update(worth=worth)
    values = [name for name in names if name.startswith("value:")]
    WaitingJob.objects.filter(job=job, topic__in=values).update(fulfilled_at=None)


def came_meanwhile(job: SyncJob, topics: Iterable[str]) -> bool:
    """Whether one of the topics was fulfilled while the job was not yet seen to wait.

    Nobody waits for what was fulfilled before they looked, so no time needs to be compared.
    """
    names = [storable_text(name)[:LONGEST_TOPIC] for name in topics]
    return WaitingJob.objects.filter(job=job, topic__in=names, fulfilled_at__isnull=False).exists()


def forget(job: SyncJob) -> None:
    """Drop what a finished job waited for."""
    WaitingJob.objects.filter(job=job).delete()


def wake(shop_id: int, topics: Iterable[str]) -> int:
    """Let the jobs go on that wait for one of these topics; return how many."""
    return repeat_deadlocked(partial(_wake, shop_id, list(topics)))


def _wake(shop_id: int, topics: Iterable[str]) -> int:
    with transaction.atomic():
        ids = _lock_waiting(shop_id, topics)
        _unfulfilled(shop_id, topics).filter(job_id__in=ids).update(fulfilled_at=timezone.now())
        return _queue(ids)


def _unfulfilled(shop_id: int, topics: Iterable[str]) -> QuerySet[WaitingJob]:
    return WaitingJob.objects.filter(shop_id=shop_id, topic__in=list(topics), fulfilled_at__isnull=True)


def _lock_waiting(shop_id: int, topics: Iterable[str]) -> list[int]:
    """Lock the jobs that wait for one of these topics; return their ids."""
    ids = set(_unfulfilled(shop_id, topics).values_list("job_id", flat=True))
    return lock(SyncJob.objects.filter(pk__in=ids)) if ids else []


def _queue(ids: list[int]) -> int:
    """Queue those of these jobs, which are locked, that wait; and enqueue them once that is committed."""
    if not ids:
        return 0
    now, states = timezone.now(), [SyncJob.State.WAITING, SyncJob.State.PARKED]
    woken = list(SyncJob.objects.filter(pk__in=ids, state__in=states).order_by("priority", "pk").values_list("pk", "priority"))
    jobs = SyncJob.objects.filter(pk__in=[pk for pk, _ in woken])
    # What stood still for a person begins to wait anew.
    jobs.filter(state=SyncJob.State.PARKED).update(waits_since=None)
    jobs.update(state=SyncJob.State.QUEUED, next_try_at=now, changed_at=now)
    transaction.on_commit(partial(_enqueue, woken))
    return len(woken)


def _enqueue(woken: list[tuple[int, int]]) -> None:
    for job_id, priority in woken:
        enqueue_jobs([job_id], priority=priority)


def look_again(shop_id: int, topics: Iterable[str]) -> int:
    """Let the jobs that wait for one of these topics see whether what came so far is enough; return how many.

    Unlike `wake` this is no answer: what is still missing may still come.
    """
    return repeat_deadlocked(partial(_look_again, shop_id, list(topics)))


def _look_again(shop_id: int, topics: Iterable[str]) -> int:
    with transaction.atomic():
        ids = _lock_waiting(shop_id, topics)
        # Whoever looks just now may have looked too early.
        SyncJob.objects.filter(pk__in=ids, state=SyncJob.State.RUNNING).update(wanted=F("wanted") + 1)
        return _queue(ids)


def is_answered(job_id: int | None, topic: str) -> bool:
    """Whether the job waited for this before and was woken: what is still missing will not come."""
    return job_id is not None and WaitingJob.objects.filter(job_id=job_id, topic=topic, fulfilled_at__isnull=False).exists()
