"""Write down how a job ended, unless more was wanted meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from clients.errors import BreakerOpen
from sync import waiting
from sync.dispatch import enqueue_jobs
from sync.fetching import LAG
from sync.flow import Outcome, Result
from sync.isolation import beside, savepoint
from sync.jobs.ask import ask
from sync.jobs.completion import complete_events, fail_events, hold_events
from sync.models import SyncJob
from sync.outcomes import defect
from sync.storable import storable_json, storable_text

FAILURES_BEFORE_FAILED = 3
LONGEST_WAIT = timedelta(hours=24)
LONGEST_COUNTDOWN = 60
# The note of an outcome that waits for a partner's breaker.
HELD = "held"

State = SyncJob.State
STATES = {Result.HELD: State.HELD, Result.WAITING: State.WAITING, Result.PARKED: State.PARKED, Result.ERROR: State.WAITING}


def finish(job: SyncJob, outcome: Outcome, *, draft: Any = None, worth: Decimal | None = None) -> bool:
    """Compare-and-set the job's end; return whether the claim was still ours.

    `job` is as it was when claimed: if `wanted` has risen since, the job is queued again, whatever the outcome.
    """
    began = timezone.now()
    _tell_others(job, outcome, worth)
    changes = _changes(job, outcome, began)
    if draft is not None:
        changes["draft"] = storable_json(draft)
    changes["state"] = _unless_wanted(job, Value(changes["state"]), Value(State.QUEUED))
    changes["next_try_at"] = _unless_wanted(job, Value(changes["next_try_at"]), Value(began))
    mine = SyncJob.objects.filter(pk=job.pk, claim=job.claim, state=State.RUNNING)
    with savepoint():
        if not mine.update(**changes, claim=None, claimed_until=None, changed_at=began):
            return False
    _tell_events(job, outcome)
    _go_on(job, outcome, began)
    return True


def finish_plainly(job: SyncJob, error: Exception) -> bool:
    """Write down only that our own work on the job failed, and count the try: for an end that itself cannot be written down.

    Whatever of the end was written already stays.
    """
    outcome, now = defect(error), timezone.now()
    changes = _changes(job, outcome, now) | {"claim": None, "claimed_until": None, "changed_at": now}
    if not SyncJob.objects.filter(pk=job.pk, claim=job.claim, state=State.RUNNING).update(**changes):
        return False
    SyncJob.objects.filter(pk=job.pk, wanted__gt=job.wanted).update(state=State.QUEUED, next_try_at=now)
    beside(f"Telling the events of {job}", lambda: _tell_events(job, outcome))
    return True


def _tell_others(job: SyncJob, outcome: Outcome, worth: Decimal | None) -> None:
    """Wake who waits for this job, or ask for what it waits for: before its end is written, so that a kill between loses neither."""
    if outcome.result.is_final or outcome.result is Result.HELD:
        waiting.wake(job.shop_id, [waiting.job_topic(job.flow, job.key)])
    waiting.wait(job, outcome.topics, worth)
    if outcome.asks:
        ask(job.shop, outcome.asks, asked_by=f"{job.get_flow_display()} {job.key}")


def _unless_wanted(job: SyncJob, then: Any, otherwise: Any) -> Case:
    return Case(When(wanted__gt=job.wanted, then=otherwise), default=then)


def _changes(job: SyncJob, outcome: Outcome, now: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "issues": storable_json([issue.to_json() for issue in outcome.issues]),
        "blocked_by": storable_text(outcome.blocked_by)[:60],
        "traceback": storable_text(outcome.traceback),
    }
    if outcome.note == LAG:
        changes["lag"] = F("lag") + 1
    return changes | (_final(job, outcome, now) if outcome.result.is_final else _unfinished(job, outcome, now))


def _final(job: SyncJob, outcome: Outcome, now: datetime) -> dict[str, Any]:
    looks_again = outcome.wait_seconds is not None
    return {
        "state": State.WAITING if looks_again else State.DONE,
        "next_try_at": now + timedelta(seconds=outcome.wait_seconds or 0),
        "done": job.wanted,
        "tries": 0,
        "waits_since": None,
        "approved": _unless_wanted(job, Value(False), F("approved")),
        "deletion_announced": _unless_wanted(job, Value(False), F("deletion_announced")),
    }


def _unfinished(job: SyncJob, outcome: Outcome, now: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "state": STATES[outcome.result],
        "waits_since": job.waits_since or now,
        "next_try_at": now + _pause(job, outcome),
    }
    if outcome.result is Result.HELD:
        # Whoever lets it go lets it begin anew.
        changes |= {"tries": 0, "waits_since": None, "asked_at": Coalesce("asked_at", "created_at")}
    if outcome.result is Result.PARKED:
        changes["tries"] = 0  # it got through to a person; whatever wakes it begins anew
    if outcome.result is Result.ERROR:
        changes["tries"] = job.tries + 1
        if job.tries + 1 >= FAILURES_BEFORE_FAILED:
            changes["state"] = State.FAILED
    return changes


def _pause(job: SyncJob, outcome: Outcome) -> timedelta:
    if outcome.wait_seconds is not None:
        return timedelta(seconds=outcome.wait_seconds)
    if outcome.result is Result.ERROR:
        return timedelta(seconds=10 * 3**job.tries)
    return LONGEST_WAIT


def _tell_events(job: SyncJob, outcome: Outcome) -> None:
    if outcome.result.is_final:
        waiting.forget(job)
        complete_events(job)
    elif outcome.result is Result.HELD:
        waiting.forget(job)
        hold_events(job)
    elif SyncJob.objects.needs_attention().filter(pk=job.pk).exists():
        fail_events(job, outcome)


def _go_on(job: SyncJob, outcome: Outcome, began: datetime) -> None:
    if outcome.topics and waiting.came_meanwhile(job, outcome.topics):
        SyncJob.objects.filter(pk=job.pk, state__in=[State.WAITING, State.PARKED]).update(state=State.QUEUED, next_try_at=began)
    if SyncJob.objects.filter(pk=job.pk, state=State.QUEUED).exists():
        enqueue_jobs([job.pk], priority=job.priority)
    elif outcome.wait_seconds is not None and outcome.wait_seconds <= LONGEST_COUNTDOWN and not _is_held(outcome):
        enqueue_jobs([job.pk], priority=job.priority, delay=outcome.wait_seconds)


def _is_held(outcome: Outcome) -> bool:
    """What an open breaker holds back is let go by the breaker; trying each job by itself meanwhile would only keep workers busy."""
    return outcome.note == HELD or isinstance(outcome.error, BreakerOpen)
