"""Records of a run that are not done become jobs, so that the run may end without losing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from shops.models import FlowName
from sync import waiting
from sync.flow import Outcome, Request, Result
from sync.flows import FLOWS
from sync.isolation import apart, beside
from sync.issues import Issue
from sync.jobs import Ask, ask
from sync.jobs.ask import rows_of
from sync.jobs.finish import LONGEST_COUNTDOWN, STATES
from sync.jobs.locking import make_and_lock
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

    All jobs that are touched are made and locked first, in the one order of all: other chunks ask for the same customers. One that
    cannot be kept with all that is known of it is asked for and nothing else, so that a job finds out what is wrong.
    """
    done: dict[str, list[Issue]] = {}
    for request in requests:
        if request.outcome and request.outcome.result.is_final:
            done.setdefault(request.key, []).extend(request.outcome.issues)
    told, before = _worth_telling(run, done)
    left = [request for request in requests if not (request.outcome and request.outcome.result.is_final)]
    make_and_lock([*rows_of(run.shop, _asks_for_all(run, left)), *(_row_of_done(run, key) for key in told)])
    apart(lambda some: _keep_whole(run, some), left, lambda one, error: _keep_plainly(run, one, error))
    beside(f"Telling what {run} left out", lambda: _tell(run, {key: done[key] for key in told}, before))


def _asks_for_all(run: SyncRun, left: Sequence[Request]) -> list[Ask]:
    """Return what is asked for: the records themselves and what they wait for; of a record asked for twice, its own wish."""
    others = [one for request in left for one in _others_of(run, request)]
    return [*others, *(_own_wish(run, request) for request in left)]


def _own_wish(run: SyncRun, request: Request) -> Ask:
    flow, seconds = FLOWS[run.flow], request.outcome.wait_seconds if request.outcome else None
    return Ask(flow.name, request.key, flow.priority, deleted=request.deletion_announced, delay=min(seconds or 0.0, LONGEST_COUNTDOWN))


def _others_of(run: SyncRun, request: Request) -> list[Ask]:
    if request.outcome is None or request.outcome.result is Result.ERROR:
        return []
    asker = f"{FlowName(run.flow).label}: {request.key}"
    return [replace(one, asked_by=asker) for one in request.outcome.asks]


def _worth_telling(run: SyncRun, done: dict[str, list[Issue]]) -> tuple[list[str], dict[str, list[dict[str, Any]]]]:
    """Return the records of which somebody has to know something, and what was said of such records before."""
    mine = SyncJob.objects.filter(shop=run.shop, flow=run.flow)
    news = {key for key, issues in done.items() if any(issue.code in LEFT_OUT | TOLD_ONCE for issue in issues)}
    before = dict(mine.filter(key__in=done, state=SyncJob.State.DONE).exclude(issues=[]).values_list("key", "issues"))
    return sorted(news | before.keys()), before


def _row_of_done(run: SyncRun, key: str) -> SyncJob:
    priority = FLOWS[run.flow].priority
    facts = {"priority": priority, "state": SyncJob.State.DONE, "next_try_at": timezone.now(), "asked_by": str(run)[:200]}
    return SyncJob(shop=run.shop, flow=run.flow, key=key, **facts)


def _tell(run: SyncRun, done: dict[str, list[Issue]], before: dict[str, list[dict[str, Any]]]) -> None:
    """Show what somebody has to know of records that are done; a row of before no longer says what this run did not find."""
    mine = SyncJob.objects.filter(shop=run.shop, flow=run.flow, state=SyncJob.State.DONE)
    with transaction.atomic():
        for key, found in done.items():
            issues = storable_json([*_still_news(before.get(key, [])), *(issue.to_json() for issue in found)])
            mine.filter(key=key).update(issues=issues, changed_at=timezone.now())


def _still_news(issues: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what no pass finds again: it stays until somebody has had a look and the record is sent again."""
    return [issue for issue in issues if issue.get("code") in TOLD_ONCE][-MOST_KEPT:]


def _keep_whole(run: SyncRun, some: Sequence[Request]) -> None:
    with transaction.atomic():
        jobs = {(job.flow, job.key): job for job in ask(run.shop, _asks_for_all(run, some), asked_by=f"{run}")}
        for request in some:
            _keep(run, jobs[run.flow, request.key], request, request.outcome or Outcome(Result.WAITING))


def _keep_plainly(run: SyncRun, request: Request, error: Exception) -> None:
    request.outcome = failure(error)
    ask(run.shop, [Ask(run.flow, request.key, FLOWS[run.flow].priority, deleted=request.deletion_announced)], asked_by=f"{run}")


def _keep(run: SyncRun, job: SyncJob, request: Request, outcome: Outcome) -> None:
    """Show how the record stands: what waits or is parked need not be looked at again before something comes."""
    waits_for_right = MARK in outcome.blocked_by
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
            idle.update(next_try_at=timezone.now() + timedelta(seconds=outcome.wait_seconds or 0.0))
