"""Records of a run that are not done become jobs, so that the run may end without losing them."""

from __future__ import annotations

from collections.abc import Sequence

from sync import waiting
from sync.flow import Outcome, Request, Result
from sync.flows import FLOWS
from sync.jobs import Ask, ask
from sync.jobs.finish import STATES
from sync.models import SyncJob, SyncRun


def keep_leftovers(run: SyncRun, requests: Sequence[Request]) -> None:
    """Ask for what waits or failed, show what is parked; what is done needs no row."""
    for request in requests:
        outcome = request.outcome
        if outcome is None or not outcome.result.is_final:
            _keep(run, request, outcome or Outcome(Result.WAITING))


def _keep(run: SyncRun, request: Request, outcome: Outcome) -> None:
    flow = FLOWS[run.flow]
    wish = Ask(flow.name, request.key, flow.priority, deleted=request.deletion_announced, delay=outcome.wait_seconds or 0.0)
    job = ask(run.shop, [wish], asked_by=f"{run}")[0]
    if outcome.result is Result.ERROR:
        return
    waiting.wait(job, outcome.topics, request.worth)
    if (outcome.result is Result.PARKED or outcome.topics) and not waiting.came_meanwhile(job, outcome.topics):
        issues = [issue.to_json() for issue in outcome.issues]
        idle = SyncJob.objects.filter(pk=job.pk, state=SyncJob.State.QUEUED)
        idle.update(state=STATES[outcome.result], issues=issues, blocked_by=outcome.blocked_by)
    if outcome.asks:
        ask(run.shop, outcome.asks, asked_by=f"{job}")
