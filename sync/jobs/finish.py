"""Write down how a job ended, unless more was wanted meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, F, Value, When
from django.utils import timezone

from sync import waiting
from sync.flow import Outcome, Result
from sync.jobs.completion import complete_events, fail_events
from sync.models import SyncJob

FAILURES_BEFORE_FAILED = 3
LONGEST_WAIT = timedelta(hours=24)

STATES = {
    Result.WAITING: SyncJob.State.WAITING,
    Result.PARKED: SyncJob.State.PARKED,
    Result.ERROR: SyncJob.State.WAITING,
}


def finish(job: SyncJob, outcome: Outcome, *, draft: Any = None) -> bool:
    """Compare-and-set the job's end; return whether the claim was still ours.

    `job` is as it was when claimed: if `wanted` has risen since, the job is queued again, whatever the outcome.
    """
    now = timezone.now()
    changes = _changes(job, outcome, now)
    if draft is not None:
        changes["draft"] = draft
    again = Case(When(wanted__gt=job.wanted, then=Value(SyncJob.State.QUEUED)), default=Value(changes["state"]))
    soon = Case(When(wanted__gt=job.wanted, then=Value(now)), default=Value(changes["next_try_at"]))
    if not outcome.result.is_final:
        waiting.wait(job, outcome.topics)
    claimed = SyncJob.objects.filter(pk=job.pk, claim=job.claim, state=SyncJob.State.RUNNING)
    if not claimed.update(**{**changes, "state": again, "next_try_at": soon, "claim": None, "claimed_until": None, "changed_at": now}):
        return False
    _tell(job, outcome, changes["state"])
    return True


def _changes(job: SyncJob, outcome: Outcome, now: datetime) -> dict[str, Any]:
    issues = [issue.to_json() for issue in outcome.issues]
    changes: dict[str, Any] = {"issues": issues, "blocked_by": outcome.blocked_by, "traceback": outcome.traceback}
    if outcome.result.is_final:
        return changes | {
            "state": SyncJob.State.DONE,
            "done": F("done") if job.done > job.wanted else job.wanted,
            "tries": 0,
            "waits_since": None,
            "approved": False,
            "deletion_announced": False,
            "next_try_at": now,
        } | ({} if outcome.wait_seconds is None else _look_again(outcome, now))
    since = job.waits_since or now
    changes |= {"state": STATES[outcome.result], "waits_since": since, "next_try_at": _next_try(job, outcome, now)}
    if outcome.result is Result.ERROR:
        changes["tries"] = job.tries + 1
        if job.tries + 1 >= FAILURES_BEFORE_FAILED:
            changes["state"] = SyncJob.State.FAILED
    if outcome.note == "lag":
        changes["lag"] = job.lag + 1
    return changes


def _look_again(outcome: Outcome, now: datetime) -> dict[str, Any]:
    """A final result that should be looked at once more, because the source may still be behind."""
    return {
        "state": SyncJob.State.WAITING,
        "lag": F("lag") + 1,
        "next_try_at": now + timedelta(seconds=outcome.wait_seconds or 0),
    }


def _next_try(job: SyncJob, outcome: Outcome, now: datetime) -> datetime:
    if outcome.wait_seconds is not None:
        return now + timedelta(seconds=outcome.wait_seconds)
    if outcome.result is Result.ERROR:
        return now + timedelta(seconds=10 * 3**job.tries)
    return now + LONGEST_WAIT


def _tell(job: SyncJob, outcome: Outcome, state: str) -> None:
    if outcome.result.is_final:
        waiting.forget(job)
        waiting.wake(job.shop_id, [waiting.job_topic(job.flow, job.key)])
        complete_events(job)
    elif state in (SyncJob.State.PARKED, SyncJob.State.FAILED):
        fail_events(job, outcome)
    from sync.dispatch import enqueue_jobs

    if SyncJob.objects.filter(pk=job.pk, state=SyncJob.State.QUEUED).exists():
        enqueue_jobs([(job.pk, 0.0)])
    elif outcome.wait_seconds is not None and outcome.wait_seconds <= 60:
        enqueue_jobs([(job.pk, outcome.wait_seconds)])
