"""Work on one chunk: its records through the pipeline, the unfinished ones onto jobs, the counts onto the run."""

from __future__ import annotations

import logging
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from shops.models import FlowSetting
from sync.breakers import held_seconds
from sync.dispatch import enqueue
from sync.flow import Flow, Request, Result
from sync.flows import FLOWS
from sync.models import SyncAttempt, SyncChunk, SyncRun
from sync.models.job import Priority
from sync.outcomes import defect
from sync.partners import open_context, partner_names
from sync.pipeline import run_batch
from sync.runs.finish import finish_if_done
from sync.runs.leftovers import keep_leftovers
from sync.runs.target_index import indexed_kinds
from sync.unmapped import note_unmapped

logger = logging.getLogger(__name__)
FAILURES_BEFORE_FAILED = 3
State = SyncChunk.State


def work_on_chunk(chunk_id: int) -> float | None:
    """Work on a chunk if it is free; return after how many seconds to try again if a partner is out of reach."""
    chunk = _claim(chunk_id)
    if chunk is None:
        return None
    run = chunk.run
    held = held_seconds(partner_names(run.shop))
    if held is not None:
        return _put_back(chunk, held[1], f"{held[0]} is down")
    attempt = SyncAttempt.objects.create(chunk=chunk, request=f"{len(chunk.keys)} records", mapping_version=run.mapping_version)
    try:
        requests = _run(chunk, FLOWS[run.flow])
    except Exception as error:
        logger.exception("Chunk %s failed", chunk)
        _end_attempt(attempt, SyncAttempt.Result.ERROR, defect(error).traceback)
        return _failed(chunk, error)
    _end_attempt(attempt, SyncAttempt.Result.UPDATED, "")
    _done(chunk, requests)
    return None


def _claim(chunk_id: int) -> SyncChunk | None:
    now, token = timezone.now(), uuid.uuid4()
    free = Q(state=State.QUEUED) & (Q(next_try_at__isnull=True) | Q(next_try_at__lte=now))
    expired = Q(state=State.RUNNING, claimed_until__lt=now)
    mine = SyncChunk.objects.filter(free | expired, pk=chunk_id, run__state=SyncRun.State.RUNNING)
    if not mine.update(state=State.RUNNING, claim=token, claimed_until=now + timedelta(seconds=settings.SYNC_CLAIM_SECONDS)):
        return None
    return SyncChunk.objects.select_related("run__shop__bluejet").get(pk=chunk_id)


def _keep_alive(chunk: SyncChunk) -> Callable[[], None]:
    last = time.monotonic()

    def prolong() -> None:
        nonlocal last
        if time.monotonic() - last > settings.SYNC_CLAIM_SECONDS / 6:
            last = time.monotonic()
            until = timezone.now() + timedelta(seconds=settings.SYNC_CLAIM_SECONDS)
            SyncChunk.objects.filter(pk=chunk.pk, claim=chunk.claim).update(claimed_until=until)

    return prolong


def _run(chunk: SyncChunk, flow: Flow) -> list[Request]:
    run = chunk.run
    live = FlowSetting.objects.filter(shop=run.shop, flow=flow.name, mode=FlowSetting.Mode.LIVE).exists()
    requests = [Request(key, deletion_announced=mark == "deleted") for key, mark in chunk.keys]
    with open_context(run.shop, priority=max(flow.priority, Priority.STOCK), writes=live and not run.dry_run) as ctx:
        ctx.run, ctx.heartbeat = run, _keep_alive(chunk)
        if run.index.exists():
            ctx.memory |= {f"indexed:{kind}": True for kind in indexed_kinds(ctx, flow)}
        run_batch(ctx, flow, requests)
        note_unmapped(run.shop, requests)
    return requests


def _done(chunk: SyncChunk, requests: Sequence[Request]) -> None:
    """Save the leftovers, the chunk's end and the run's counts together, so that none is counted twice."""
    counts = _count(requests)
    with transaction.atomic():
        mine = SyncChunk.objects.filter(pk=chunk.pk, claim=chunk.claim, state=State.RUNNING)
        if not mine.update(state=State.DONE, counts=counts, claim=None, claimed_until=None, error=""):
            return
        if not chunk.run.dry_run:
            keep_leftovers(chunk.run, requests)
        SyncRun.objects.filter(pk=chunk.run_id).update(**{name: F(name) + count for name, count in counts.items()})
    _next(chunk.run)
    finish_if_done(chunk.run_id)


def _count(requests: Sequence[Request]) -> dict[str, int]:
    """Count records by result; a request without records counts as one."""
    counts: Counter[str] = Counter(read=0)
    for request in requests:
        results = [item.outcome.result for item in request.items if item.outcome] or ([request.outcome.result] if request.outcome else [])
        counts["read"] += len(results)
        counts.update("failed" if result is Result.ERROR else result.value for result in results)
    return dict(counts)


def _next(run: SyncRun) -> None:
    waiting = SyncChunk.objects.filter(run=run, state=State.QUEUED, next_try_at__isnull=True).order_by("number")
    following = waiting.values_list("pk", flat=True)[:8]
    for chunk_id in list(following)[:1] if run.is_active else []:
        enqueue("run_chunk", chunk_id)


def _put_back(chunk: SyncChunk, seconds: float, reason: str) -> float:
    until = timezone.now() + timedelta(seconds=seconds)
    SyncChunk.objects.filter(pk=chunk.pk, claim=chunk.claim).update(
        state=State.QUEUED, claim=None, claimed_until=None, next_try_at=until, error=reason
    )
    return seconds


def _failed(chunk: SyncChunk, error: Exception) -> float | None:
    tries = chunk.tries + 1
    reason = f"{type(error).__name__}: {error}"
    SyncChunk.objects.filter(pk=chunk.pk).update(tries=tries)
    if tries < FAILURES_BEFORE_FAILED:
        return _put_back(chunk, 10.0 * tries, reason)
    SyncChunk.objects.filter(pk=chunk.pk, claim=chunk.claim).update(state=State.FAILED, claim=None, claimed_until=None, error=reason)
    _next(chunk.run)
    finish_if_done(chunk.run_id)
    return None


def _end_attempt(attempt: SyncAttempt, result: str, traceback: str) -> None:
    attempt.result, attempt.traceback, attempt.ended_at = SyncAttempt.Result(result), traceback, timezone.now()
    attempt.save()
