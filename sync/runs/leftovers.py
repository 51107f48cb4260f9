"""Records of a run that are not done become jobs, so that the run may end without losing them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from sync import waiting
from sync.flow import Outcome, Request, Result
from sync.flows import FLOWS
from sync.isolation import apart
from sync.jobs import Ask, ask
from sync.jobs.finish import STATES
from sync.models import SyncJob, SyncRun
from sync.outcomes import failure
from sync.storable import storable_json


def keep_leftovers(run: SyncRun, requests: Sequence[Request]) -> None:
    """Ask for what waits or failed, show what is parked; what is done needs no row.

    One that cannot be kept with all that is known of it is asked for and nothing else, so that a job finds out what is wrong.
    """
    for request in requests:
        if request.outcome is None or not request.outcome.result.is_final:
            apart(lambda some: _keep_whole(run, some[0]), [request], lambda one, error: _keep_plainly(run, one, error))


def _keep_whole(run: SyncRun, request: Request) -> None:
    with transaction.atomic():
        _keep(run, request, request.outcome or Outcome(Result.WAITING))


def _keep_plainly(run: SyncRun, request: Request, error: Exception) -> None:
    request.outcome = failure(error)
    ask(run.shop, [Ask(run.flow, request.key, FLOWS[run.flow].priority, deleted=request.deletion_announced)], asked_by=f"{run}")


def _keep(run: SyncRun, request: Request, outcome: Outcome) -> None:
    flow = FLOWS[run.flow]
    wish = Ask(flow.name, request.key, flow.priority, deleted=request.deletion_announced, delay=outcome.wait_seconds or 0.0)
    job = ask(run.shop, [wish], asked_by=f"{run}")[0]
    if outcome.result is Result.ERROR:
        return
    waiting.wait(job, outcome.topics, request.worth)
    if (outcome.result is Result.PARKED or outcome.topics) and not waiting.came_meanwhile(job, outcome.topics):
        issues = storable_json([issue.to_json() for issue in outcome.issues])
        idle = SyncJob.objects.filter(pk=job.pk, state=SyncJob.State.QUEUED)
        idle.update(state=STATES[outcome.result], issues=issues, blocked_by=outcome.blocked_by)
    if outcome.asks:
        ask(run.shop, outcome.asks, asked_by=f"{job}")
