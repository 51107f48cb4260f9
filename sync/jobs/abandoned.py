"""Jobs that a worker took and did not end: those of a lost worker are taken back, and what the database interrupted is given back.

A lost worker counts as a try, and the third shows the job to a person; that the database went away says nothing of a job.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from shops.database_trouble import wait_until_there
from sync.flow import Outcome, Result
from sync.isolation import beside
from sync.issues import Issue
from sync.jobs.completion import fail_events
from sync.jobs.finish import FAILURES_BEFORE_FAILED
from sync.jobs.locking import lock
from sync.models import SyncJob

State = SyncJob.State


def take_back(which: Q | None = None) -> int:
    """Queue the jobs whose worker was lost; what it was writing is searched for before it is written again. Return how many.

    One that was lost is tried alone from then on, so that a record that kills its worker does not take others along.
    """
    lost = SyncJob.objects.abandoned(timezone.now()).filter(which or Q())
    last_tries = list(lost.filter(tries__gte=FAILURES_BEFORE_FAILED - 1).values_list("pk", flat=True))
    failed = sum(_fail(pk) for pk in last_tries)
    now = timezone.now()
    with transaction.atomic():
        still_lost = lost.filter(pk__in=lock(lost.exclude(pk__in=last_tries)))
        queued = still_lost.update(
            state=State.QUEUED, tries=F("tries") + 1, claim=None, claimed_until=None, next_try_at=now, changed_at=now
        )
    return failed + queued


def give_back(jobs: Sequence[SyncJob]) -> int:
    """Queue what this worker still holds of these jobs, as soon as the database answers; return how many.

    Where it stays away they come back when their claims run out.
    """
    if not wait_until_there():
        return 0
    now = timezone.now()
    held = SyncJob.objects.filter(pk__in=[job.pk for job in jobs], claim__in={job.claim for job in jobs}, state=State.RUNNING)
    with transaction.atomic():
        return held.filter(pk__in=lock(held)).update(state=State.QUEUED, claim=None, claimed_until=None, next_try_at=now, changed_at=now)


def _fail(pk: int) -> int:
    now, outcome = timezone.now(), Outcome(Result.ERROR, [Issue("worker_lost", params={"tries": FAILURES_BEFORE_FAILED})])
    issues = [issue.to_json() for issue in outcome.issues]
    if (
        not SyncJob.objects.abandoned(now)
        .filter(pk=pk)
        .update(state=State.FAILED, tries=F("tries") + 1, issues=issues, claim=None, claimed_until=None, changed_at=now)
    ):
        return 0
    job = SyncJob.objects.defer("draft", "traceback").get(pk=pk)
    beside(f"Telling the events of {job}", lambda: fail_events(job, outcome))
    return 1
