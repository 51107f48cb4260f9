"""Take jobs by a conditional UPDATE, so that no lock is held while partners are called."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from shops.heartbeat import Claim
from sync.jobs.abandoned import take_back
from sync.models import SyncJob


def claim_with(job_id: int, *, up_to: int) -> list[SyncJob]:
    """Claim this job if it may be taken, and with it other due ones of its shop and flow; one that failed last time goes alone."""
    take_back(Q(pk=job_id))
    job = SyncJob.objects.only("shop_id", "flow", "tries").filter(pk=job_id).first()
    if job is None:
        return []
    token = uuid.uuid4()
    if not _take(Q(pk=job_id), token):
        return []
    if up_to > 1 and not job.tries:
        _take_due(job.shop_id, job.flow, token, up_to - 1)
    return _claimed(token)


def claim_due(shop_id: int, flow: str, *, up_to: int) -> list[SyncJob]:
    """Claim the most urgent due jobs of one shop and flow, or the first alone if it failed last time."""
    token = uuid.uuid4()
    _take_due(shop_id, flow, token, up_to)
    return _claimed(token)


def _take_due(shop_id: int, flow: str, token: uuid.UUID, up_to: int) -> None:
    due = SyncJob.objects.due(timezone.now()).filter(shop_id=shop_id, flow=flow).order_by("priority", "next_try_at")
    ids = list(_of_one_batch(due.values_list("pk", "tries")[:up_to]))
    if ids:
        _take(Q(pk__in=ids), token)


def _of_one_batch(due: Iterable[tuple[int, int]]) -> Iterator[int]:
    """Yield what may be worked on together: what failed or lost its worker last time, by itself, else as far as the sound ones go."""
    for place, (pk, tries) in enumerate(due):
        if tries and place:
            return
        yield pk
        if tries:
            return


def _take(which: Q, token: uuid.UUID) -> int:
    now = timezone.now()
    return (
        SyncJob.objects.due(now)
        .filter(which)
        .update(state=SyncJob.State.RUNNING, claim=token, claimed_until=_until(now), blocked_by="", changed_at=now)
    )


def _claimed(token: uuid.UUID) -> list[SyncJob]:
    jobs = SyncJob.objects.filter(claim=token, state=SyncJob.State.RUNNING).defer("draft", "traceback").order_by("priority", "pk")
    return list(jobs)


def claim_of(jobs: Sequence[SyncJob]) -> Claim:
    """Return the claim of jobs that were taken together, as the heartbeat prolongs it."""
    return Claim.on(jobs, jobs[0].claim)


def _until(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.SYNC_CLAIM_SECONDS)
