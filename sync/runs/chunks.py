"""Work on one chunk: its records through the pipeline, the unfinished ones onto jobs, the counts onto the run."""

from __future__ import annotations

import logging
import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, PositiveSmallIntegerField, Q, When
from django.utils import timezone

from shops.flow_settings import is_live
from shops.heartbeat import Claim, kept_alive
from sync import waiting
from sync.breakers import held_seconds
from sync.flow import Context, Flow, Outcome, Request, Result
from sync.flows import FLOWS
from sync.isolation import DATABASE_TROUBLE, apart, beside
from sync.models import SyncAttempt, SyncChunk, SyncRun
from sync.models.job import Priority
from sync.outcomes import defect, failure, is_about_the_record
from sync.partner_words import KNOWN_TO_BE_DOWN
from sync.partners import label_of, open_context, partner_names
from sync.pipeline import run_batch
from sync.runs.finish import finish_if_done
from sync.runs.leftovers import keep_leftovers
from sync.runs.target_index import trusted_kinds
from sync.storable import storable_text
from sync.unmapped import note_unmapped, release_mapped

logger = logging.getLogger(__name__)
FAILURES_BEFORE_FAILED = 3
# The partner is out of reach, an answer was lost, or another worker is at the same record.
HELD_UP = ("unavailable", "malformed", "outcome_unknown", "busy")
# After so many tries that brought nothing, a partner seems to fail at what is left of the chunk.
VAIN_TRIES = 10
State = SyncChunk.State


def work_on_run(run_id: int) -> float | None:
    """Work on one free chunk of the run; return after how many seconds there may be more to do, None for never."""
    chunk = _claim(run_id)
    if chunk is None:
        return _until_next(run_id)
    with kept_alive(Claim.on([chunk], chunk.claim)):
        pause = _work_on(chunk)
    return _until_next(run_id) if pause is None else pause


def _work_on(chunk: SyncChunk) -> float | None:
    """Work on a chunk to its end; return for how many seconds there is no use in working on another."""
    run = chunk.run
    held = held_seconds(partner_names(run.shop))
    if held is not None:
        _put_back(chunk, held[1], f"{label_of(held[0])}: {KNOWN_TO_BE_DOWN}")
        return held[1]
    attempt = SyncAttempt.objects.create(chunk=chunk, request=f"{len(chunk.keys)} records", mapping_version=run.mapping_version)
    requests: list[Request] = []
    try:
        requests = _requests(chunk) if _kills_workers(chunk) else _run(chunk, FLOWS[run.flow])
        _done(chunk, requests)
    except Exception as error:
        logger.exception("Chunk %s failed", chunk)
        _end_attempt(attempt, SyncAttempt.Result.ERROR, defect(error).traceback)
        if not (requests and chunk.tries + 1 >= FAILURES_BEFORE_FAILED and _become_jobs(chunk)):
            _failed(chunk, error)
    else:
        _end_attempt(attempt, SyncAttempt.Result.UPDATED, "")
    finish_if_done(run.pk)
    return None


def _claim(run_id: int) -> SyncChunk | None:
    now, token = timezone.now(), uuid.uuid4()
    queued = Q(state=State.QUEUED) & (Q(next_try_at__isnull=True) | Q(next_try_at__lte=now))
    free = queued | Q(state=State.RUNNING, claimed_until__lt=now)
    chunks = SyncChunk.objects.filter(free, run_id=run_id, run__state=SyncRun.State.RUNNING)
    until = now + timedelta(seconds=settings.SYNC_CLAIM_SECONDS)
    # A worker that did not come back counts as a try.
    tries = F("tries") + Case(When(state=State.RUNNING, then=1), default=0, output_field=PositiveSmallIntegerField())
    for chunk_id in list(chunks.order_by("number").values_list("pk", flat=True)[:10]):
        if SyncChunk.objects.filter(free, pk=chunk_id).update(state=State.RUNNING, claim=token, claimed_until=until, tries=tries):
            return SyncChunk.objects.select_related("run__shop__bluejet").get(pk=chunk_id)
    return None


def _kills_workers(chunk: SyncChunk) -> bool:
    """Whether the chunk's tries are used up though none of them ended: its records become jobs, which find out which one it is."""
    return chunk.tries >= FAILURES_BEFORE_FAILED


def _requests(chunk: SyncChunk) -> list[Request]:
    """Return what the chunk asks for, as yet to be done."""
    waiting_outcome = partial(Outcome, Result.WAITING)
    return [Request(key, deletion_announced=mark == "deleted", payload=load, outcome=waiting_outcome()) for key, mark, load in chunk.keys]


def _become_jobs(chunk: SyncChunk) -> bool:
    """Make a job of every record of a chunk whose end cannot be written down as a whole."""
    return beside(f"Making jobs of {chunk}", lambda: _save(chunk, _requests(chunk), {"state": State.DONE, "keys": chunk.keys}, 0))


def _until_next(run_id: int) -> float | None:
    queued = SyncChunk.objects.filter(run_id=run_id, run__state=SyncRun.State.RUNNING, state=State.QUEUED)
    if not queued.exists():
        return None
    if queued.filter(next_try_at__isnull=True).exists():
        return 0.0
    soonest = min(moment for moment in queued.values_list("next_try_at", flat=True) if moment)
    return max(0.0, (soonest - timezone.now()).total_seconds())


def _run(chunk: SyncChunk, flow: Flow) -> list[Request]:
    run = chunk.run
    live = is_live(run.shop, flow.name)
    if not live:
        # BlueJet gets nothing of this: the first pass after the flow goes live has to see it again.
        SyncRun.objects.filter(pk=run.pk).update(next_cursor={})
    requests = [Request(key, deletion_announced=mark == "deleted", payload=payload) for key, mark, payload in chunk.keys]
    priority = max(flow.priority, Priority.STOCK)
    # The version that the run began with: whatever staff activate meanwhile, one pass translates all its records alike.
    with open_context(run.shop, priority=priority, writes=live and not run.dry_run, version=run.mapping_version) as ctx:
        ctx.run, ctx.claim = run, Claim.on([chunk], chunk.claim)
        if run.indexed:
            ctx.memory |= {f"indexed:{kind}": True for kind in trusted_kinds(ctx, run, flow)}
        _run_together(ctx, flow, requests)
        apart(lambda some: note_unmapped(run.shop, some), requests, _fail)
    return requests


def _run_together(ctx: Context, flow: Flow, requests: Sequence[Request]) -> None:
    """Whatever breaks a whole batch off is each record's failure: they become jobs, which are tried alone."""
    try:
        run_batch(ctx, flow, requests)
    except DATABASE_TROUBLE:
        raise
    except Exception as error:
        logger.exception("A batch of %s failed", flow.name)
        for request in requests:
            request.outcome = request.outcome or failure(error)


def _fail(request: Request, error: Exception) -> None:
    request.outcome = failure(error)


def _done(chunk: SyncChunk, requests: Sequence[Request]) -> None:
    """Save the leftovers, the chunk's end and the run's counts together, so that none is counted twice.

    What was held up by no fault of its own stays in the chunk, which is tried again: else the counts would depend on luck.
    What a partner fails at again and again becomes a job, so that the run can end.
    """
    held = [request for request in requests if _is_held(request)]
    vain = _vain_tries(chunk, requests, held)
    if vain >= VAIN_TRIES:
        held = []
    done = [request for request in requests if request not in held]
    pause = max([request.outcome.wait_seconds or 1.0 for request in held if request.outcome], default=0.0)
    changes: dict[str, object] = {"state": State.DONE, "keys": chunk.keys}
    if held:
        keys = [[request.key, "deleted" if request.deletion_announced else "", request.payload] for request in held]
        changes = {"state": State.QUEUED, "keys": keys, "next_try_at": timezone.now() + timedelta(seconds=pause)}
    if not _save(chunk, done, changes, vain):
        return
    for request in requests:
        beside(f"Waking who waits for {request.key}", lambda request=request: _wake(chunk, request))  # type: ignore[misc]


def _save(chunk: SyncChunk, done: Sequence[Request], changes: dict[str, object], vain: int) -> bool:
    """Write down what ended; False where another worker has the chunk by now."""
    with transaction.atomic():
        if not chunk.run.dry_run:
            keep_leftovers(chunk.run, done)
        counts = _count(done)
        changes |= {"counts": _sum(chunk.counts, counts) | {"vain": vain}, "claim": None, "claimed_until": None, "error": ""}
        if not SyncChunk.objects.filter(pk=chunk.pk, claim=chunk.claim, state=State.RUNNING).update(**changes):
            transaction.set_rollback(True)
            return False
        SyncRun.objects.filter(pk=chunk.run_id).update(**{name: F(name) + count for name, count in counts.items()})
    return True


def _wake(chunk: SyncChunk, request: Request) -> None:
    if request.has_new_links:
        waiting.look_again(chunk.run.shop_id, [waiting.job_topic(chunk.run.flow, request.key)])
    release_mapped(chunk.run.shop, [request])


def _vain_tries(chunk: SyncChunk, requests: Sequence[Request], held: Sequence[Request]) -> int:
    """Return how often in a row the chunk was asked for and nothing of it came."""
    if len(held) < len(requests):
        return 0
    asked = any(request.outcome and is_about_the_record(request.outcome.error) for request in held)
    return int(chunk.counts.get("vain", 0)) + asked


def _is_held(request: Request) -> bool:
    outcome = request.outcome
    if outcome is None:
        return True
    return outcome.result is Result.WAITING and not outcome.topics and any(issue.code in HELD_UP for issue in outcome.issues)


def _sum(first: dict[str, int], second: dict[str, int]) -> dict[str, int]:
    return {name: first.get(name, 0) + second.get(name, 0) for name in {**first, **second}}


def _count(requests: Sequence[Request]) -> dict[str, int]:
    """Count records by result; a request without records counts as one."""
    counts: Counter[str] = Counter(read=0)
    for request in requests:
        results = [item.outcome.result for item in request.items if item.outcome] or ([request.outcome.result] if request.outcome else [])
        counts["read"] += len(results)
        counts.update("failed" if result is Result.ERROR else result.value for result in results)
    return dict(counts)


def _put_back(chunk: SyncChunk, seconds: float, reason: str) -> None:
    until = timezone.now() + timedelta(seconds=seconds)
    SyncChunk.objects.filter(pk=chunk.pk, claim=chunk.claim).update(
        state=State.QUEUED, claim=None, claimed_until=None, next_try_at=until, error=reason
    )


def _failed(chunk: SyncChunk, error: Exception) -> None:
    tries = chunk.tries + 1
    reason = storable_text(f"{type(error).__name__}: {error}")
    SyncChunk.objects.filter(pk=chunk.pk, claim=chunk.claim).update(tries=tries)
    if tries < FAILURES_BEFORE_FAILED:
        _put_back(chunk, 10.0 * tries, reason)
        return
    SyncChunk.objects.filter(pk=chunk.pk, claim=chunk.claim).update(state=State.FAILED, claim=None, claimed_until=None, error=reason)


def _end_attempt(attempt: SyncAttempt, result: str, traceback: str) -> None:
    attempt.result, attempt.traceback, attempt.ended_at = SyncAttempt.Result(result), traceback, timezone.now()
    attempt.save()
