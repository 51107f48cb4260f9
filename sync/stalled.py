"""What stands although it could go on: work that waited for minutes while nobody of its queue took anything up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min, Q
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from shops.models import FlowSetting, Shop
from shops.work_signs import BEAT, BULK, INBOX, REALTIME, SWEEP_EVENTS, SWEEP_JOBS, signs
from sync.models import Breaker, SyncChunk, SyncJob, SyncRun
from sync.partners import partner_names
from webhooks.models import WebhookEvent

PATIENCE = timedelta(minutes=3)
# The oldest of so many stand for all that wait.
MOST = 1000
SCHEDULE_OFF = "schedule"
SWEEPING = "sweeping"


@dataclass(frozen=True)
class Stalled:
    """One thing that stands: the process that is missing, or the schedule that is off, and since when; `name` is the schedule's."""

    what: str
    since: datetime
    name: str = ""


def stalled() -> list[Stalled]:
    """Return what stands, what people wait for first."""
    now, seen = timezone.now(), signs()
    open_flows = _open_flows()
    queues = ((INBOX, _oldest_event(now)), (REALTIME, _oldest_job(now, open_flows)), (BULK, _oldest_chunk(now, open_flows)))
    waiting = [Stalled(queue, since) for queue, since in queues if since and _is_too_long(now, since, seen.get(queue))]
    # The sweepers are the inbox workers' as well: one missing process is one thing to do.
    known = {one.what for one in waiting}
    return waiting + [one for one in _clockwork(now, seen) if one.what != SWEEPING or INBOX not in known]


def _is_too_long(now: datetime, since: datetime, sign: datetime | None) -> bool:
    return now - max(since, sign or since) >= _patience()


def _patience() -> timedelta:
    return PATIENCE / settings.SYNC_TIME_SCALE


def _open_flows() -> Q:
    """Return the condition of what may go on: the shop is active, the flow is on and neither partner is known to be down."""
    down = set(Breaker.objects.filter(opened_at__isnull=False).values_list("partner", flat=True))
    shops = [shop.pk for shop in Shop.objects.filter(active=True).select_related("bluejet") if not down & set(partner_names(shop))]
    flows = FlowSetting.objects.filter(shop__in=shops).exclude(mode=FlowSetting.Mode.OFF).values_list("shop_id", "flow")
    condition = Q(pk__in=[])
    for shop_id, flow in flows:
        condition |= Q(shop_id=shop_id, flow=flow)
    return condition


def _oldest_event(now: datetime) -> datetime | None:
    """Return since when an event waits; what was opened again waits since then, what a worker took and kept since it did."""
    pending = WebhookEvent.objects.filter(status=WebhookEvent.Status.PENDING)
    waiting = [
        max(last_seen, claimed) if claimed else created
        for created, last_seen, claimed in pending.order_by("last_seen_at").values_list("created_at", "last_seen_at", "claimed_at")[:MOST]
    ]
    kept = WebhookEvent.objects.stuck(now).order_by("claimed_at").values_list("claimed_at", flat=True)[:1]
    return _earliest([*waiting, *kept])


def _oldest_job(now: datetime, open_flows: Q) -> datetime | None:
    """Return since when a job is due or lies with a worker that is gone; None while some worker is at its job."""
    if SyncJob.objects.filter(state=SyncJob.State.RUNNING, claimed_until__gt=now).exists():
        return None
    due = SyncJob.objects.due(now).filter(open_flows).aggregate(since=Min("next_try_at"))
    lost = SyncJob.objects.abandoned(now).filter(open_flows).aggregate(since=Min("claimed_until"))
    return _earliest([due["since"], lost["since"]])


def _oldest_chunk(now: datetime, open_flows: Q) -> datetime | None:
    """Return since when a run could go on; None while some worker is at a chunk or at a plan."""
    active = list(SyncRun.objects.filter(open_flows, state__in=SyncRun.ACTIVE))
    if not active:
        return None
    at_work = Q(claimed_until__gt=now)
    if (
        SyncChunk.objects.filter(at_work, state=SyncChunk.State.RUNNING).exists()
        or SyncRun.objects.filter(at_work, state=SyncRun.State.PLANNING).exists()
    ):
        return None
    return _earliest(_stands_since(run, now) for run in active)


def _stands_since(run: SyncRun, now: datetime) -> datetime | None:
    if run.state == SyncRun.State.PLANNING:
        return run.claimed_until or run.started_at
    due = Q(next_try_at__isnull=True) | Q(next_try_at__lte=now)
    free = (Q(state=SyncChunk.State.QUEUED) & due) | Q(state=SyncChunk.State.RUNNING, claimed_until__lte=now)
    found = run.chunks.filter(free).order_by("number").values_list("next_try_at", "claimed_until")[:MOST]
    return _earliest(next_try or claimed or run.started_at for next_try, claimed in found)


def _clockwork(now: datetime, seen: dict[str, datetime]) -> list[Stalled]:
    """Return which of beat, the sweepers' worker and their schedules is missing; without beat nothing can be said of the others."""
    since = Shop.objects.aggregate(since=Min("created_at"))["since"]
    if since is None:
        return []
    beat = seen.get(BEAT, since)
    if now - beat >= _patience():
        return [Stalled(BEAT, beat)]
    found = [_sweeper(now, task, seen.get(task, since)) for task in (SWEEP_JOBS, SWEEP_EVENTS)]
    return _once_each(found)


def _sweeper(now: datetime, task: str, seen: datetime) -> Stalled | None:
    row = PeriodicTask.objects.filter(task=task).order_by("-enabled").select_related("interval", "crontab").first()
    if row is None or not row.enabled:
        return Stalled(SCHEDULE_OFF, seen, row.name if row else task)
    overdue = -row.schedule.remaining_estimate(seen)
    return Stalled(SWEEPING, seen) if overdue >= _patience() else None


def _once_each(found: Iterable[Stalled | None]) -> list[Stalled]:
    """Two sweepers of one missing worker are one thing to do."""
    kept: dict[tuple[str, str], Stalled] = {}
    for one in found:
        if one is not None:
            kept.setdefault((one.what, one.name), one)
    return list(kept.values())


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)
