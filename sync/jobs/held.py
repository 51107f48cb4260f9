"""What comes while its flow is not live: held, one row a record, until the flow is live and a person says what goes over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from shops.flow_settings import setting_of
from shops.models import FlowSetting, Shop
from sync.dispatch import enqueue, enqueue_after_commit
from sync.flow import Outcome, Result
from sync.issues import Issue
from sync.jobs.completion import close_events, go_on_with_events
from sync.models import SyncJob, WaitingJob
from sync.models.job import Priority
from sync.outcomes import skipped, waits
from sync.storable import storable_json

# The piece that one transaction lets go, and how many of them one task; the rest is the next task's.
PIECE, PIECES = 500, 10
LANES = 2
MOST_WOKEN = 5000
# What is held back by this goes on by itself once the shop is active again.
INACTIVE = "shop"
LOOK_AGAIN = timedelta(hours=24)
Mode, State = FlowSetting.Mode, SyncJob.State


def why_not_now(shop: Shop, setting: FlowSetting | None) -> Outcome | None:
    """Return what becomes of a job whose shop or flow is off; None where it may go on."""
    if not shop.active:
        return replace(waits(LOOK_AGAIN.total_seconds(), Issue("shop_inactive", "warning")), blocked_by=INACTIVE)
    if setting is None or (setting.mode == Mode.OFF and not setting.was_ever_live):
        # The first pass of a flow looks at everything anyhow; there is nothing to be lost before it.
        return skipped(Issue("flow_never_live", "warning"))
    if setting.mode == Mode.OFF:
        return Outcome(Result.HELD, [Issue("flow_off", "warning")])
    return None


def computed_only(outcome: Outcome) -> Outcome:
    """Hold what a flow that is not live would have written; what BlueJet already holds is done, and what is stuck stays so."""
    if outcome.result not in (Result.CREATED, Result.UPDATED):
        return outcome
    return replace(outcome, result=Result.HELD, issues=[*outcome.issues, Issue("flow_shadow", "warning")], wait_seconds=None)


def let_stray_go(jobs: Sequence[SyncJob]) -> int:
    """Let those go that were held at the very moment when their flow was made live: nobody was asked about them."""
    setting = setting_of(jobs[0].shop_id, jobs[0].flow) if jobs else None
    if setting is None or not setting.is_live:
        return 0
    return _release(SyncJob.objects.held().filter(pk__in=[job.pk for job in jobs]), setting)


def wake_shops() -> int:
    """Let the jobs go on whose shop is active again; return how many."""
    now = timezone.now()
    waiting = SyncJob.objects.filter(state=State.WAITING, blocked_by=INACTIVE, shop__active=True).values_list("pk", flat=True)
    again = {"state": State.QUEUED, "blocked_by": "", "waits_since": None, "next_try_at": now, "changed_at": now}
    return SyncJob.objects.filter(pk__in=list(waiting[:MOST_WOKEN]), state=State.WAITING, blocked_by=INACTIVE).update(**again)


@dataclass(frozen=True)
class Held:
    """How much is held for one flow, and from when to when it was asked for."""

    setting: FlowSetting
    count: int
    first: datetime
    last: datetime


def held_flows(settings: QuerySet[FlowSetting] | None = None) -> list[Held]:
    """Return what is held, flow by flow; what somebody has let go already is not counted."""
    found = []
    chosen = FlowSetting.objects.all() if settings is None else settings
    for setting in chosen.select_related("shop"):
        said = held_jobs(setting).aggregate(count=Count("pk"), first=Min("asked_at"), last=Max("asked_at"))
        if said["count"]:
            found.append(Held(setting, said["count"], said["first"], said["last"]))
    return found


def asking(shop: Shop | None = None) -> QuerySet[FlowSetting]:
    """Return the flows that are live and hold something: somebody has to say what becomes of it."""
    held = SyncJob.objects.held().filter(shop_id=OuterRef("shop_id"), flow=OuterRef("flow"))
    let_go_already = Q(release_to__isnull=False) & ~Exists(held.filter(asked_at__gt=OuterRef("release_to")))
    live = FlowSetting.objects.filter(Exists(held), mode=Mode.LIVE, shop__active=True).exclude(let_go_already)
    return live if shop is None else live.filter(shop=shop)


def unanswered(shop: Shop | None = None) -> list[Held]:
    """Return what the flows hold that ask."""
    return held_flows(asking(shop))


def came_before(setting: FlowSetting, moment: datetime) -> int:
    """Return how much of what is held was last asked for before then."""
    return held_jobs(setting).filter(asked_at__lt=moment).count()


def held_jobs(setting: FlowSetting) -> QuerySet[SyncJob]:
    """Return what is held for the flow and not let go yet."""
    held = SyncJob.objects.held().filter(shop_id=setting.shop_id, flow=setting.flow).order_by()
    return held.filter(asked_at__gt=setting.release_to) if setting.release_to else held


def answer_held(setting: FlowSetting, *, since: datetime | None = None) -> None:
    """Write down a person's answer: all that was held until now goes over, or what was asked for since then; the rest is closed.

    Catch-up and the daily pass do not look farther back either. It is carried out in pieces, by whichever worker comes to it.
    """
    with transaction.atomic():
        FlowSetting.objects.filter(pk=setting.pk, mode=Mode.LIVE).update(release_to=timezone.now(), release_from=since)
        enqueue_after_commit("let_held_go", setting.pk)


def let_go_all() -> int:
    """Have every answer carried out that is not yet; return how many. One whose flow was switched off again meanwhile is void."""
    answered = FlowSetting.objects.filter(release_to__isnull=False)
    answered.exclude(mode=Mode.LIVE).update(release_to=None, release_from=None)
    pks = list(answered.values_list("pk", flat=True))
    for pk in pks:
        enqueue("let_held_go", pk)
    return len(pks)


def let_go(setting_id: int) -> bool:
    """Carry out an answer, piece by piece; return whether something is left of it."""
    for _piece in range(PIECES):
        setting = FlowSetting.objects.filter(pk=setting_id, mode=Mode.LIVE, release_to__isnull=False).first()
        if setting is None:
            return False
        if not _let_piece_go(setting):
            FlowSetting.objects.filter(pk=setting_id, release_to=setting.release_to).update(release_to=None)
            return False
    return True


def _let_piece_go(setting: FlowSetting) -> int:
    """Close or release the oldest of what the answer is about; return how many."""
    held = SyncJob.objects.held().filter(shop_id=setting.shop_id, flow=setting.flow, asked_at__lte=setting.release_to)
    piece = list(held.order_by("asked_at", "pk").values_list("pk", "asked_at")[:PIECE])
    since = setting.release_from
    early = [pk for pk, asked_at in piece if since and asked_at and asked_at < since]
    if early:
        return _close(early, setting)
    return _release(SyncJob.objects.held().filter(pk__in=[pk for pk, _asked_at in piece]), setting)


def _release(held: QuerySet[SyncJob], setting: FlowSetting) -> int:
    """Queue them behind all else: nobody who orders now shall wait for what stood for days."""
    now = timezone.now()
    with transaction.atomic():
        pks = _locked(held)
        go = {"state": State.QUEUED, "priority": Priority.RECONCILIATION, "next_try_at": now, "changed_at": now}
        SyncJob.objects.filter(pk__in=pks).update(**go)
        go_on_with_events(pks)
    for _lane in range(LANES if pks else 0):
        enqueue("work_due", setting.shop_id, setting.flow, priority=Priority.RECONCILIATION)
    return len(pks)


def _close(pks: list[int], setting: FlowSetting) -> int:
    """End them with the sentence that they were left out."""
    now = timezone.now()
    day = timezone.localtime(setting.release_from)
    issues = storable_json([Issue("held_closed", "warning", params={"from": f"{day:%Y-%m-%d %H:%M}"}).to_json()])
    with transaction.atomic():
        closed = _locked(SyncJob.objects.held().filter(pk__in=pks))
        ended = {"state": State.DONE, "deletion_announced": False, "approved": False, "issues": issues, "changed_at": now}
        SyncJob.objects.filter(pk__in=closed).update(done=F("wanted"), **ended)
        WaitingJob.objects.filter(job_id__in=closed).delete()
        close_events(closed)
    return len(pks)


def _locked(held: QuerySet[SyncJob]) -> list[int]:
    """Return those that are still held; locked in one order, as those who ask lock them, so that nobody waits for another in a circle."""
    return list(held.select_for_update().order_by("key").values_list("pk", flat=True))
