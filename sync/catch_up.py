"""Every quarter of an hour: what webhooks lost is found in the delivery log, the change feeds and the stock movements."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from clients.errors import PartnerError
from shops.flow_settings import setting_of
from shops.models import FlowName, FlowSetting, Shop
from sync.dispatch import enqueue
from sync.flow import Context
from sync.flows import FLOWS
from sync.flows.stock import ALL_STOCKS, MOVEMENTS
from sync.isolation import DATABASE_TROUBLE, beside, is_database_there
from sync.jobs import Ask, ask
from sync.models import Kind, RecordLink
from sync.models.job import Priority
from sync.partners import open_context
from sync.runs.control import FEED_REACHES_BACK
from webhooks.catch_up import recover_failed_deliveries

logger = logging.getLogger(__name__)
OVERLAP = timedelta(minutes=2)
FEEDS = (
    (FlowName.ORDER_TO_BLUEJET, (Kind.ORDER, Kind.OFFER)),
    (FlowName.CUSTOMER_TO_BLUEJET, (Kind.CONTACT,)),
    (FlowName.PRODUCT_TO_BLUEJET, (Kind.PRODUCT,)),
)


def catch_up_all() -> None:
    """Catch up in every active shop, each in a task of its own."""
    for shop_id in Shop.objects.filter(active=True).values_list("pk", flat=True):
        enqueue("catch_up_shop", shop_id)


def catch_up(shop_id: int) -> int:
    """Ask for every record that changed unseen; return how many were asked for."""
    shop = Shop.objects.select_related("bluejet").get(pk=shop_id)
    asked = 0
    with open_context(shop, priority=Priority.CATALOGUE) as ctx:
        for work in (_from_delivery_log, _from_feeds, _from_movements):
            asked += _done_beside(ctx, work)
    return asked


def _done_beside(ctx: Context, work: Callable[[Context], int]) -> int:
    """Do one part of catch-up; its failure leaves its own cursor where it is, and the others go on."""
    found: list[int] = []
    try:
        beside(f"Catch-up of {ctx.shop}", lambda: found.append(_of_partner(ctx, work)))
    except DATABASE_TROUBLE:
        if not is_database_there():
            raise
        logger.exception("Catch-up of %s met trouble of the database", ctx.shop)
    return sum(found)


def _of_partner(ctx: Context, work: Callable[[Context], int]) -> int:
    try:
        return work(ctx)
    except PartnerError as error:
        logger.warning("Catch-up of %s: %s", ctx.shop, error)
        return 0


def _from_delivery_log(ctx: Context) -> int:
    return int(recover_failed_deliveries(ctx.shop, ctx.shoptet))


def _from_feeds(ctx: Context) -> int:
    return sum(_done_beside(ctx, partial(_from_feed, name=name, kinds=kinds)) for name, kinds in FEEDS)


def _from_feed(ctx: Context, name: str, kinds: tuple[str, ...]) -> int:
    """Read one change feed since the last catch-up; records whose copy is as new need no job."""
    setting = setting_of(ctx.shop.pk, name)
    since = _caught_up_to(setting) if setting else None
    if setting is None or since is None:
        return 0
    began = ctx.shoptet.server_time() or timezone.now()
    feed = getattr(ctx.shoptet, f"{FLOWS[name].entity}_changes")
    changes = [change for page in feed(since) for change in page.items]
    unseen = [change for change in changes if not _is_surely_seen(ctx, kinds, change)]
    asks = [Ask(name, one.key, FLOWS[name].priority, deleted=one.deleted, announced_at=one.changed_at) for one in unseen]
    ask(ctx.shop, asks, asked_by="catch-up")
    _advance(setting, (began - OVERLAP).isoformat())
    return len(asks)


def _caught_up_to(setting: FlowSetting) -> datetime | None:
    """Return since when changes may have been missed: where nothing was read yet, since the flow went live.

    A flow that is off is caught up with when it is on again, from where it was; what somebody left out then stays left out.
    """
    read = parse_datetime(setting.cursor.get("caught_up", "")) or parse_datetime(setting.cursor.get("since", ""))
    since = read or (setting.begins_at and setting.begins_at - OVERLAP)
    if since is None or setting.mode == FlowSetting.Mode.OFF:
        return None
    return max(since, setting.release_from or since, timezone.now() - FEED_REACHES_BACK)


def _is_surely_seen(ctx: Context, kinds: tuple[str, ...], change: object) -> bool:
    """A change that cannot be compared is asked for: its job finds out what is wrong with it."""
    seen: list[bool] = []
    beside("Comparing a change with its link", lambda: seen.append(_is_seen(ctx, kinds, change)))
    return any(seen)


def _is_seen(ctx: Context, kinds: tuple[str, ...], change: object) -> bool:
    key, changed_at, deleted = change.key, change.changed_at, change.deleted  # type: ignore[attr-defined]
    links = RecordLink.objects.filter(shop=ctx.shop, kind__in=kinds).exclude(bluejet_id="")
    links = links.filter(parent_key=key) if kinds == (Kind.PRODUCT,) else links.filter(key=key)
    if deleted:
        return not links.filter(archived=False).exists()
    dates = list(links.values_list("source_changed_at", flat=True))
    return bool(dates) and changed_at is not None and all(date and date >= changed_at for date in dates)


@transaction.atomic
def _advance(setting: FlowSetting, moment: str) -> None:
    """Move the cursor forward; locked, since a run that ends writes its own into the same column."""
    fresh = FlowSetting.objects.select_for_update().get(pk=setting.pk)
    if moment > fresh.cursor.get("caught_up", ""):
        fresh.cursor = {**fresh.cursor, "caught_up": moment}
        fresh.save(update_fields=["cursor"])


def _from_movements(ctx: Context) -> int:
    """Have the movements of every stock read; their own cursors tell what is new, also of the time that the flow was off."""
    setting = setting_of(ctx.shop.pk, FlowName.STOCK_TO_BLUEJET)
    if setting is None or setting.mode == FlowSetting.Mode.OFF:
        return 0
    return len(ask(ctx.shop, [Ask(FlowName.STOCK_TO_BLUEJET, f"{MOVEMENTS}{ALL_STOCKS}", Priority.STOCK)], asked_by="catch-up"))
