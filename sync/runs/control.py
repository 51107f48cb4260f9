"""Start and cancel runs."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy

from shops.flow_settings import setting_of
from shops.models import FlowName, FlowSetting, Shop
from sync.dispatch import enqueue_after_commit
from sync.models import SyncChunk, SyncRun
from sync.partner_words import FLOW_IS_OFF, SHOP_IS_OFF

LEAST_WINDOW = timedelta(hours=24)
# The change feeds and the delivery log promise 30 days; a cursor older than that has to read everything.
FEED_REACHES_BACK = timedelta(days=29)
BEYOND_FEEDS = gettext_lazy(
    "Shoptet's lists of changes reach back 30 days only. So every record is read and compared, which takes a while."
)
Mode = SyncRun.Mode


class AlreadyRunning(Exception):
    """The flow is being passed over already."""

    def __init__(self, run: SyncRun) -> None:
        super().__init__(f"{run} is still under way.")
        self.run = run


def start_run(
    shop: Shop,
    flow: str,
    *,
    trigger: str,
    mode: str = Mode.DELTA,
    since: datetime | None = None,
    dry_run: bool = False,
    enqueue: bool = True,
) -> SyncRun:
    """Begin a run and have it planned; raise AlreadyRunning if one is under way for this shop and flow."""
    if mode == Mode.DELTA:
        mode, since = _delta(shop, flow)
    elif is_beyond_feeds(flow, since):
        mode, since = Mode.FULL, None
    try:
        with transaction.atomic():
            run = SyncRun.objects.create(shop=shop, flow=flow, trigger=trigger[:100], mode=mode, since=since, dry_run=dry_run)
    except IntegrityError as error:
        active = SyncRun.objects.filter(shop=shop, flow=flow, state__in=SyncRun.ACTIVE).first()
        if active is None:
            raise
        raise AlreadyRunning(active) from error
    if enqueue:
        enqueue_after_commit("plan", run.pk)
    return run


def stop_if_off(run: SyncRun) -> bool:
    """Stop a run whose flow or shop was switched off, and say so; return whether it was. A dry run writes nothing, so it may go on."""
    if run.dry_run:
        return False
    shop = Shop.objects.only("active").get(pk=run.shop_id)
    setting = setting_of(run.shop_id, run.flow)
    if shop.active and setting is not None and setting.mode != FlowSetting.Mode.OFF:
        return False
    cancel_run(run, FLOW_IS_OFF if shop.active else SHOP_IS_OFF)
    return True


def cancel_run(run: SyncRun, reason: str = "") -> bool:
    """Stop a run after the chunks that are being worked on; return whether it was still active."""
    ended = {"state": SyncRun.State.CANCELLED, "ended_at": timezone.now(), "claim": None, "claimed_until": None, "error": reason}
    stopped = SyncRun.objects.filter(pk=run.pk, state__in=SyncRun.ACTIVE).update(**ended)
    SyncChunk.objects.filter(run=run, state=SyncChunk.State.QUEUED).update(keys=[])
    run.index.all().delete()
    return bool(stopped)


def is_beyond_feeds(flow: str, since: datetime | None) -> bool:
    """Whether a change feed has forgotten this moment, so that only a look at everything finds all that changed; stock has no feed."""
    return since is not None and flow != FlowName.STOCK_TO_BLUEJET and timezone.now() - since > FEED_REACHES_BACK


def _delta(shop: Shop, flow: str) -> tuple[str, datetime | None]:
    """Since the last success, but a day at least; everything where there was none or the feeds have forgotten it."""
    setting = FlowSetting.objects.filter(shop=shop, flow=flow).first()
    last = parse_datetime(setting.cursor.get("since", "")) if setting else None
    if last is None or timezone.now() - last > FEED_REACHES_BACK:
        return Mode.FULL, None
    since = min(last, timezone.now() - LEAST_WINDOW)
    return Mode.DELTA, max(since, setting.release_from) if setting and setting.release_from else since


def start_delta(shop_id: int, flow: str, *, trigger: str) -> SyncRun | None:
    """Start a pass over what changed; None if one is under way, which will see it too or be followed by catch-up."""
    try:
        return start_run(Shop.objects.get(pk=shop_id), flow, trigger=trigger)
    except AlreadyRunning:
        return None
