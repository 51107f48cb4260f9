"""Which event asks for which records: one table, filled into the inbox's registry at start-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from django.utils import timezone

from shops.flow_settings import setting_of
from shops.models import FlowName, FlowSetting, Shop
from sync.flows.product.flow import code_key
from sync.flows.stock import ALL_STOCKS, MOVEMENTS
from sync.jobs import Ask, ask
from sync.jobs.completion import complete_event
from sync.models import EventJob, Kind, RecordLink, SyncJob
from sync.models.job import Priority
from sync.runs.control import start_delta
from sync.storable import storable_key, storable_moment
from webhooks import registry
from webhooks.instances import instances
from webhooks.models import WebhookEvent
from webhooks.processing import FLOW_NEVER_LIVE, FLOW_OFF_IMPORT, ignore_event
from webhooks.processing import complete_event as note_and_complete

Asks = Callable[[WebhookEvent], Iterable[Ask]]


def _orders(event: WebhookEvent) -> Iterable[Ask]:
    return [Ask(FlowName.ORDER_TO_BLUEJET, code, Priority.ORDERS) for code in instances(event)]


def _customers(event: WebhookEvent) -> Iterable[Ask]:
    return [Ask(FlowName.CUSTOMER_TO_BLUEJET, guid, Priority.CUSTOMERS) for guid in instances(event)]


def _products(event: WebhookEvent) -> Iterable[Ask]:
    return [Ask(FlowName.PRODUCT_TO_BLUEJET, guid, Priority.CATALOGUE) for guid in instances(event)]


def _variants(event: WebhookEvent) -> Iterable[Ask]:
    """A variant's event asks for its whole product, which alone tells a deletion from a new code."""
    codes = [storable_key(code) for code in instances(event)]
    links = RecordLink.objects.filter(shop=event.shop, kind=Kind.PRODUCT, key__in=codes)
    guids = {link.key: link.parent_key for link in links if link.parent_key}
    return [Ask(FlowName.PRODUCT_TO_BLUEJET, guids.get(code) or code_key(code), Priority.CATALOGUE) for code in codes]


def _movements(event: WebhookEvent) -> Iterable[Ask]:
    """Read the movements of the stock that is named; the specification's form names a product instead, so then of all stocks."""
    from sync.stock_delay import delay_for

    names_stock = (event.payload or {}).get("event") != "inventory:change"
    stocks = [one if names_stock and one.isdecimal() else ALL_STOCKS for one in instances(event)]
    seconds = delay_for(event.shop) if event.shop else 0.0
    return [Ask(FlowName.STOCK_TO_BLUEJET, f"{MOVEMENTS}{one}", Priority.STOCK, delay=seconds) for one in dict.fromkeys(stocks)]


def _import(event: WebhookEvent) -> Iterable[Ask]:
    """An import of customers names nobody: read the change feed. The run is a row, so that it is not lost with a message."""
    setting = setting_of(event.shop_id, FlowName.CUSTOMER_TO_BLUEJET) if event.shop_id else None
    if event.shop_id and setting and setting.mode != FlowSetting.Mode.OFF:
        start_delta(event.shop_id, FlowName.CUSTOMER_TO_BLUEJET, trigger=event.event_type)
    elif setting and setting.was_ever_live:
        ignore_event(event.pk, FLOW_OFF_IMPORT)
    else:
        ignore_event(event.pk, FLOW_NEVER_LIVE)
    return []


ASKS: dict[str, Asks] = {
    "order:create": _orders,
    "order:update": _orders,
    "order:paid": _orders,
    "order:cancel": _orders,
    "order:delete": _orders,
    "order:massCreate": _orders,
    "order:massUpdate": _orders,
    "order:massPaid": _orders,
    "product:create": _products,
    "product:update": _products,
    "product:delete": _products,
    "product:massCreate": _products,
    "product:massUpdate": _products,
    "product:massDelete": _products,
    "productVariant:create": _variants,
    "productVariant:update": _variants,
    "productVariant:delete": _variants,
    "productVariant:massCreate": _variants,
    "productVariant:massUpdate": _variants,
    "productVariant:massDelete": _variants,
    "productVariantPrice:update": _variants,
    "productVariantPrice:massUpdate": _variants,
    "stock:movement": _movements,
    "customer:create": _customers,
    "customer:update": _customers,
    "customer:disableOrders": _customers,
    "customer:enableOrders": _customers,
    "customer:delete": _customers,
    "customer:import": _import,
}
# Only these say that the record itself is gone; a variant's end is seen in its product.
DELETIONS = ("order:delete", "product:delete", "product:massDelete", "customer:delete")


def handle_event(event_id: int) -> None:
    """Ask for the records that an event names, and note what would answer it."""
    event = WebhookEvent.objects.select_related("shop").defer("raw_body").get(pk=event_id)
    if event.shop is None:
        return
    deleted = event.event_type in DELETIONS
    found = [replace(one, deleted=deleted, announced_at=storable_moment(event.event_created)) for one in ASKS[event.event_type](event)]
    asks = _of_begun_flows(event.shop, found)
    if found and not asks:
        ignore_event(event.pk, FLOW_NEVER_LIVE)
    jobs = ask(event.shop, asks, asked_by=_asker(event))
    _remember(event, jobs)
    if not jobs:
        complete_event(event.pk)


def _of_begun_flows(shop: Shop, asks: list[Ask]) -> list[Ask]:
    """Leave out what no flow wants yet: one that is off and never was live looks at everything in its first pass anyhow."""
    settings = {flow: setting_of(shop.pk, flow) for flow in {one.flow for one in asks}}
    begun = {flow for flow, setting in settings.items() if setting and (setting.was_ever_live or setting.mode != FlowSetting.Mode.OFF)}
    return [one for one in asks if one.flow in begun]


def note_finished_job(event_id: int) -> None:
    """Note which of Shoptet's jobs is done; the portal orders none yet, so nothing waits for it."""
    instance = WebhookEvent.objects.values_list("instance", flat=True).get(pk=event_id)
    note_and_complete(event_id, f"Shoptet's job {instance or '?'} has finished; nothing in the portal waits for it.")


def _asker(event: WebhookEvent) -> str:
    created = storable_moment(event.event_created)
    if created is None:
        return event.event_type
    return f"{event.event_type} {timezone.localtime(created):%Y-%m-%d %H:%M:%S}"


def _remember(event: WebhookEvent, jobs: Iterable[SyncJob]) -> None:
    rows = [EventJob(event=event, job=job, wanted=job.wanted) for job in jobs]
    EventJob.objects.bulk_create(rows, update_conflicts=True, unique_fields=["event", "job"], update_fields=["wanted"], batch_size=500)


def register_handlers() -> None:
    """Tell the inbox which events the portal acts on."""
    for event_type in ASKS:
        registry.register(event_type, handle_event)
    registry.register("job:finished", note_finished_job)
