"""Records of a run that are not done become jobs, so that the run may end without losing them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from sync import waiting
from sync.flow import Outcome, Request, Result
from sync.flows import FLOWS
from sync.isolation import apart, beside
from sync.issues import Issue
from sync.jobs import Ask, ask
from sync.jobs.finish import LONGEST_COUNTDOWN, STATES
from sync.models import SyncJob, SyncRun
from sync.outcomes import failure
from sync.partners import name_of
from sync.rights import MARK
from sync.storable import storable_json
from sync.unread import LEFT_OUT, TOLD_ONCE

# So many of them a job keeps; the newest are the ones that matter.
MOST_KEPT = 20


def keep_leftovers(run: SyncRun, requests: Sequence[Request]) -> None:
    """Ask for what waits or failed, show what is parked; what is done needs no row, unless something had to be left out of it.

    One that cannot be kept with all that is known of it is asked for and nothing else, so that a job finds out what is wrong.
    """
    done: dict[str, list[Issue]] = {}
    for request in requests:
        if request.outcome is None or not request.outcome.result.is_final:
            apart(lambda some: _keep_whole(run, some[0]), [request], lambda one, error: _keep_plainly(run, one, error))
        else:
            done.setdefault(request.key, []).extend(request.outcome.issues)
    beside(f"Telling what {run} left out", lambda: _tell(run, done))


def _tell(run: SyncRun, done: dict[str, list[Issue]]) -> None:
    """Show what somebody has to know of records that are done; a row of before no longer says what this run did not find."""
    mine = SyncJob.objects.filter(shop=run.shop, flow=run.flow)
    news = {key for key, issues in done.items() if any(issue.code in LEFT_OUT | TOLD_ONCE for issue in issues)}
    before = dict(mine.filter(key__in=done, state=SyncJob.State.DONE).exclude(issues=[]).values_list("key", "issues"))
    now, priority = timezone.now(), FLOWS[run.flow].priority
    with transaction.atomic():
        for key in sorted(news | before.keys()):
            issues = storable_json([*_still_news(before.get(key, [])), *(issue.to_json() for issue in done[key])])
            facts = {"priority": priority, "state": SyncJob.State.DONE, "next_try_at": now, "asked_by": str(run)[:200]}
            SyncJob.objects.get_or_create(shop=run.shop, flow=run.flow, key=key, defaults=facts)
            mine.filter(key=key, state=SyncJob.State.DONE).update(issues=issues, changed_at=now)


def _still_news(issues: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what no pass finds again: it stays until somebody has had a look and the record is sent again."""
    return [issue for issue in issues if issue.get("code") in TOLD_ONCE][-MOST_KEPT:]


def _keep_whole(run: SyncRun, request: Request) -> None:
    with transaction.atomic():
        _keep(run, request, request.outcome or Outcome(Result.WAITING))


def _keep_plainly(run: SyncRun, request: Request, error: Exception) -> None:
    request.outcome = failure(error)
    ask(run.shop, [Ask(run.flow, request.key, FLOWS[run.flow].priority, deleted=request.deletion_announced)], asked_by=f"{run}")


def _keep(run: SyncRun, request: Request, outcome: Outcome) -> None:
    flow = FLOWS[run.flow]
    pause, waits_for_right = outcome.wait_seconds or 0.0, MARK in outcome.blocked_by
    wish = Ask(flow.name, request.key, flow.priority, deleted=request.deletion_announced, delay=min(pause, LONGEST_COUNTDOWN))
    job = ask(run.shop, [wish], asked_by=f"{run}")[0]
    if outcome.result is Result.ERROR:
        return
    waiting.wait(job, outcome.topics, request.worth)
    stays = outcome.result is Result.PARKED or waits_for_right
    if (stays or outcome.topics) and not waiting.came_meanwhile(job, outcome.topics):
        issues = storable_json([issue.to_json() for issue in outcome.issues])
        idle = SyncJob.objects.filter(pk=job.pk, state=SyncJob.State.QUEUED)
        idle.update(state=STATES[outcome.result], issues=issues, blocked_by=name_of(run.shop, outcome.blocked_by))
        if waits_for_right:
            idle = SyncJob.objects.filter(pk=job.pk, state=SyncJob.State.WAITING)
            idle.update(next_try_at=timezone.now() + timedelta(seconds=pause))
    if outcome.asks:
        ask(run.shop, outcome.asks, asked_by=f"{job}")
