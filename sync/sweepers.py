"""Each minute: give back what dead workers held, and enqueue what is due; and hourly ask the partners how they are."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from clients.errors import PartnerError
from shops.flow_settings import note_beginnings
from shops.models import Shop
from sync.dispatch import enqueue
from sync.flow import Outcome, Result
from sync.isolation import beside
from sync.issues import Issue
from sync.jobs.abandoned import take_back
from sync.jobs.completion import answered_events, complete_event, fail_events
from sync.jobs.held import let_go_all, wake_shops
from sync.models import SyncChunk, SyncJob, SyncRun
from sync.models.job import Priority
from sync.partners import open_context
from sync.runs.finish import finish_if_done
from sync.workbench.fetching import sweep_previews
from webhooks.models import WebhookEvent

logger = logging.getLogger(__name__)
LANES = 4
PER_LANE = 10


def sweep() -> None:
    """Take back expired claims and hand out everything that is due."""
    for look in LOOKS:
        beside(f"Sweeping ({look.__name__})", look)


def requeue_abandoned() -> int:
    """Queue the jobs whose worker did not come back, and count the try; return how many."""
    return take_back()


def enqueue_due() -> int:
    """Enqueue workers for each flow with due jobs, as many as the backlog is worth."""
    due = (
        SyncJob.objects.due(timezone.now())
        .values("shop_id", "flow")
        .annotate(count=Count("pk"), urgent=Min("priority"))
        .order_by("shop_id", "flow")
    )
    for row in due:
        for _ in range(min(LANES, 1 + row["count"] // PER_LANE)):
            enqueue("work_due", row["shop_id"], row["flow"], priority=row["urgent"])
    return len(due)


def resume_runs() -> None:
    """Go on with runs that nobody is working on."""
    now = timezone.now()
    for run in SyncRun.objects.filter(state=SyncRun.State.PLANNING):
        if run.claimed_until is None or run.claimed_until < now:
            enqueue("plan", run.pk)
    free = Q(state=SyncChunk.State.QUEUED) | Q(state=SyncChunk.State.RUNNING, claimed_until__lt=now)
    for run in SyncRun.objects.filter(state=SyncRun.State.RUNNING):
        beside(f"Going on with {run}", lambda run=run: _resume(run, free))  # type: ignore[misc]


def _resume(run: SyncRun, free: Q) -> None:
    if not finish_if_done(run.pk) and run.chunks.filter(free).exists():
        enqueue("work_run", run.pk)


def complete_forgotten_events() -> None:
    """Close events whose jobs were reached while nobody told them."""
    old = timezone.now() - timedelta(minutes=2)
    forgotten = answered_events().filter(last_seen_at__lt=old).values_list("pk", flat=True)
    for event_id in list(forgotten[:1000]):
        beside(f"Closing event {event_id}", lambda event_id=event_id: complete_event(event_id))  # type: ignore[misc]


def tell_forgotten_events() -> None:
    """Show on events why their jobs stopped, where nobody told them."""
    old = timezone.now() - timedelta(minutes=2)
    waiting = WebhookEvent.objects.filter(status=WebhookEvent.Status.PROCESSING, last_seen_at__lt=old)
    stopped = SyncJob.objects.needs_attention().filter(asked_by_events__event__in=waiting, changed_at__lt=old).distinct()
    for job in stopped.defer("draft", "traceback")[:1000]:
        outcome = Outcome(Result.ERROR, [Issue.from_json(issue) for issue in job.issues])
        beside(f"Telling the events of {job}", lambda job=job, outcome=outcome: fail_events(job, outcome))  # type: ignore[misc]


LOOKS = (
    note_beginnings,
    requeue_abandoned,
    wake_shops,
    let_go_all,
    enqueue_due,
    resume_runs,
    complete_forgotten_events,
    tell_forgotten_events,
    sweep_previews,
)


def probe_partners() -> dict[str, str]:
    """Ask each shop's partners for something cheap; the breakers' rows keep the answer. Return what is wrong, by shop."""
    troubles: dict[str, str] = {}
    for shop in Shop.objects.filter(active=True).select_related("bluejet"):
        try:
            with open_context(shop, priority=Priority.RECONCILIATION) as ctx:
                ctx.shoptet.eshop()
                ctx.bluejet.check()
        except PartnerError as error:
            logger.warning("Health check of %s: %s", shop, error)
            troubles[shop.name] = str(error)
    return troubles
