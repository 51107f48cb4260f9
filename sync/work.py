"""What a worker does with claimed jobs: one batch through the pipeline, and every job finished."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from shops.flow_settings import setting_of
from sync import attempts, waiting
from sync.breakers import held_seconds, is_down
from sync.flow import Context, Flow, Outcome, Request, Result
from sync.flows import FLOWS
from sync.isolation import DATABASE_TROUBLE, apart, beside, is_database_there
from sync.issues import Issue
from sync.jobs import claim_due, claim_with, finish, finish_plainly
from sync.jobs.claim import keep_alive
from sync.jobs.finish import HELD
from sync.jobs.held import computed_only, let_stray_go, why_not_now
from sync.kept_drafts import kept_draft
from sync.models import SyncAttempt, SyncJob
from sync.outcomes import failure, is_about_the_record, waits
from sync.partner_words import KNOWN_TO_BE_DOWN
from sync.partners import label_of, name_of, open_context, partner_names
from sync.pipeline import run_batch
from sync.unmapped import note_unmapped, release_mapped

logger = logging.getLogger(__name__)
BATCH = 10
# Short, so that something more urgent gets its turn in between.
WORK_SECONDS = 2.0
WAIT_LIMIT = timedelta(hours=24)
LONGEST_PAUSE = timedelta(minutes=20)


def work_on(job_id: int) -> int:
    """Work on one job, and with it on others of its flow that are due; return how many were taken."""
    jobs = claim_with(job_id, up_to=BATCH)
    _work(jobs)
    return len(jobs)


def work_on_due(shop_id: int, flow: str) -> bool:
    """Work on due jobs for a while; return whether more may be left."""
    end = time.monotonic() + WORK_SECONDS
    while time.monotonic() < end:
        jobs = claim_due(shop_id, flow, up_to=BATCH)
        if not jobs or not _work(jobs):
            return False
    return True


def most_urgent(shop_id: int, flow: str) -> int:
    """Return the priority of the most urgent due job: what may stand back must not borrow the flow's place in the queue."""
    due = SyncJob.objects.due(timezone.now()).filter(shop_id=shop_id, flow=flow).order_by("priority").values_list("priority", flat=True)
    return due.first() or FLOWS[flow].priority


def _work(jobs: Sequence[SyncJob]) -> bool:
    """Work on the batch; return False if nothing can be done now, so that the rest need not be claimed in vain.

    Where the database is gone nothing can be written down: the jobs come back when their claims run out, which counts as a try.
    """
    if not jobs:
        return False
    try:
        return _work_together(jobs)
    except Exception as error:
        if isinstance(error, DATABASE_TROUBLE) and not is_database_there():
            raise
        for job in jobs:
            _end_plainly(job, error)
        return True


def _work_together(jobs: Sequence[SyncJob]) -> bool:
    flow = FLOWS[jobs[0].flow]
    setting = setting_of(jobs[0].shop_id, flow.name)
    obstacle = why_not_now(jobs[0].shop, setting) or _down(jobs[0])
    if obstacle is not None:
        apart(lambda some: [finish(job, obstacle) for job in some], jobs, _end_plainly)
        beside(f"Looking whether {flow.name} is on again", lambda: let_stray_go(jobs))
        return obstacle.result is not Result.WAITING
    live = setting is not None and setting.is_live
    begun: dict[int, SyncAttempt] = {}
    apart(lambda some: begun.update(attempts.begin(some)), jobs, _end_plainly)
    requests: dict[int, Request] = {}
    apart(lambda some: requests.update({job.pk: _request(job) for job in some}), [job for job in jobs if job.pk in begun], _end_plainly)
    jobs = [job for job in jobs if job.pk in requests]
    _run(jobs, flow, list(requests.values()), live)
    for job in jobs:
        _end_somehow(job, begun[job.pk], requests[job.pk], live)
    for request in requests.values():
        beside("Releasing what was mapped meanwhile", lambda request=request: release_mapped(jobs[0].shop, [request]))  # type: ignore[misc]
    return True


def _end_somehow(job: SyncJob, attempt: SyncAttempt, request: Request, live: bool) -> None:
    try:
        _end(job, attempt, request, live)
    except Exception as error:
        if isinstance(error, DATABASE_TROUBLE) and not is_database_there():
            raise
        _end_plainly(job, error)


def _end(job: SyncJob, attempt: SyncAttempt, request: Request, live: bool) -> None:
    outcome = _within_limits(job, request.outcome or waits(1.0))
    outcome = replace(outcome, blocked_by=name_of(job.shop, outcome.blocked_by))
    attempts.end(attempt, request, outcome)
    if request.has_new_links:
        waiting.look_again(job.shop_id, [waiting.job_topic(job.flow, job.key)])
    finish(job, outcome if live else computed_only(outcome), draft=_draft(request), worth=request.worth)
    if not live:
        let_stray_go([job])


def _end_plainly(job: SyncJob, error: Exception) -> None:
    """What cannot even be written down counts as a failed try, so that the job neither stays running nor comes again for ever."""
    logger.error("The end of %s could not be written down", job, exc_info=error)
    if not beside(f"Ending {job}", lambda: finish_plainly(job, error)):
        SyncJob.objects.filter(pk=job.pk, claim=job.claim).update(claimed_until=timezone.now())  # so that the sweeper counts the try


def _down(job: SyncJob) -> Outcome | None:
    """Return why nothing can be done now where a partner is down."""
    held = held_seconds(partner_names(job.shop))
    if held is None:
        return None
    partner, seconds = held
    issue = Issue("unavailable", "warning", params={"partner": label_of(partner), "message": KNOWN_TO_BE_DOWN})
    return replace(waits(seconds, issue, note=HELD), blocked_by=partner)


def _run(jobs: Sequence[SyncJob], flow: Flow, requests: Sequence[Request], live: bool) -> None:
    """Take the batch through the pipeline; what keeps it from beginning is every job's end, for each counts as a try."""
    try:
        if jobs:
            _run_live_or_not(jobs, flow, requests, live)
    except DATABASE_TROUBLE:
        raise
    except Exception as error:
        logger.exception("A batch of %s failed", flow.name)
        for request in requests:
            request.outcome = request.outcome or failure(error)


def _run_live_or_not(jobs: Sequence[SyncJob], flow: Flow, requests: Sequence[Request], live: bool) -> None:
    shop = jobs[0].shop
    priority = min(job.priority for job in jobs)
    with open_context(shop, priority=priority, writes=live) as ctx:
        if jobs[0].claim is not None:
            ctx.heartbeat = keep_alive(jobs[0].claim)
        run_batch(ctx, flow, requests)
        apart(lambda some: note_unmapped(shop, some), requests, _fail_request)
        if flow.after and live:
            apart(lambda some: _after(ctx, flow, some), requests, _fail_request)


def _after(ctx: Context, flow: Flow, requests: Sequence[Request]) -> None:
    """See to what follows from what was written, now or by an earlier try that broke off before it could."""
    results = {request.key: (*WRITTEN, Result.UNCHANGED) if request.tries else WRITTEN for request in requests}
    items = [(request, item) for request in requests for item in request.items]
    if flow.after:
        flow.after(ctx, [item for request, item in items if item.outcome and item.outcome.result in results[request.key]])


def _fail_request(request: Request, error: Exception) -> None:
    request.outcome = failure(error)


WRITTEN = (Result.CREATED, Result.UPDATED)


def _request(job: SyncJob) -> Request:
    return Request(
        job.key,
        job_id=job.pk,
        deletion_announced=job.deletion_announced,
        announced_at=job.announced_at,
        approved=job.approved,
        lag=job.lag,
        tries=job.tries,
    )


def _within_limits(job: SyncJob, outcome: Outcome) -> Outcome:
    """What waited too long for another record, or for an answer that a partner owes to it alone, is shown to a person."""
    waited = timezone.now() - (job.waits_since or timezone.now())
    if outcome.result is not Result.WAITING:
        return outcome
    if waited < WAIT_LIMIT / settings.SYNC_TIME_SCALE:
        return _less_and_less_often(outcome, waited)
    if outcome.topics:
        issue = Issue("waited_too_long", params={"since": _since(job), "topic": ", ".join(outcome.topics)})
    elif outcome.error and is_about_the_record(outcome.error) and not is_down(partner_names(job.shop)):
        issue = Issue("no_usable_answer", params={"since": _since(job), "partner": outcome.error.partner})
    else:
        return _less_and_less_often(outcome, waited)
    return replace(outcome, result=Result.PARKED, issues=[issue, *outcome.issues], wait_seconds=None)


def _less_and_less_often(outcome: Outcome, waited: timedelta) -> Outcome:
    """A record that a partner fails at must not take the budget from the others; where the partner was down, its return wakes all."""
    if outcome.wait_seconds is None or not is_about_the_record(outcome.error):
        return outcome
    more = min(waited, LONGEST_PAUSE / settings.SYNC_TIME_SCALE) / 2
    return replace(outcome, wait_seconds=outcome.wait_seconds + more.total_seconds())


def _since(job: SyncJob) -> str:
    return f"{timezone.localtime(job.waits_since):%Y-%m-%d %H:%M}" if job.waits_since else "–"


def _draft(request: Request) -> dict[str, object] | None:
    """Keep the last draft for people to read; nothing is ever sent from it."""
    drafts: list[dict[str, object] | None] = [None]
    parts = [part for item in request.items for part in item.parts]
    beside(f"Keeping the draft of {request.key}", lambda: drafts.append(kept_draft(parts)))
    return drafts[-1]
