"""Raise what is wanted of a job and wake it, whatever its state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from shops.models import Shop
from sync.models import SyncJob


@dataclass(frozen=True)
class Ask:
    """One record that should be looked at."""

    flow: str
    key: str
    priority: int
    deleted: bool = False
    announced_at: datetime | None = None
    delay: float = 0.0


def ask(shop: Shop, asks: Iterable[Ask], *, asked_by: str, approved: bool = False) -> list[SyncJob]:
    """Raise `wanted` of each record's one job and enqueue it after commit; return the jobs as they are now."""
    wanted = {(one.flow, one.key): one for one in asks}
    if not wanted:
        return []
    now = timezone.now()
    with transaction.atomic():
        _insert_missing(shop, wanted.values(), now)
        jobs = _lock(shop, wanted)
        for job in jobs:
            _raise_wanted(job, wanted[job.flow, job.key], asked_by, approved, now)
        transaction.on_commit(partial(_enqueue, [(job.pk, wanted[job.flow, job.key].delay) for job in jobs]))
    return jobs


def _insert_missing(shop: Shop, asks: Iterable[Ask], now: datetime) -> None:
    rows = [SyncJob(shop=shop, flow=one.flow, key=one.key, priority=one.priority, next_try_at=now) for one in asks]
    rows.sort(key=lambda row: (row.flow, row.key))
    SyncJob.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def _lock(shop: Shop, wanted: dict[tuple[str, str], Ask]) -> list[SyncJob]:
    """Lock the rows in one order, so that two askers cannot wait for each other."""
    jobs: list[SyncJob] = []
    for flow in sorted({flow for flow, _ in wanted}):
        keys = sorted(key for name, key in wanted if name == flow)
        for start in range(0, len(keys), 500):
            rows = SyncJob.objects.select_for_update(of=("self",)).defer("draft", "traceback")
            jobs += rows.filter(shop=shop, flow=flow, key__in=keys[start : start + 500]).order_by("flow", "key")
    return jobs


def _raise_wanted(job: SyncJob, one: Ask, asked_by: str, approved: bool, now: datetime) -> None:
    is_running = job.state == SyncJob.State.RUNNING
    SyncJob.objects.filter(pk=job.pk).update(
        wanted=F("wanted") + 1,
        state=Case(When(state=SyncJob.State.RUNNING, then=Value(SyncJob.State.RUNNING)), default=Value(SyncJob.State.QUEUED)),
        next_try_at=job.next_try_at if is_running else now + timedelta(seconds=one.delay),
        priority=min(job.priority, one.priority) if job.state in SyncJob.OPEN else one.priority,
        announced_at=max(filter(None, [job.announced_at, one.announced_at]), default=None),
        deletion_announced=one.deleted or job.deletion_announced,
        approved=approved or job.approved,
        blocked_by="",
        tries=0,
        lag=0,
        asked_by=asked_by,
        changed_at=now,
    )
    job.wanted += 1


def _enqueue(jobs: list[tuple[int, float]]) -> None:
    from sync.dispatch import enqueue_jobs

    enqueue_jobs(jobs)
