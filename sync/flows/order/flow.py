"""The order flow: guests, addresses, the document, and an outdated Nabídka; in this order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from shops.models import FlowName
from sync.flow import Context, Flow, Item, KeyPage, Part, Request, Stage
from sync.flows.customer.flow import (
    check_addresses,
    check_companies,
    check_guests,
    map_addresses,
    map_companies,
    map_contacts,
    refer_to_owner,
)
from sync.flows.order import people
from sync.flows.order.document import check_documents, map_documents, refer_document, split_document, split_replaced_offer
from sync.flows.order.lines import item_codes
from sync.flows.order.states import cancelling_fields
from sync.flows.reading import keys_of
from sync.flows.validating import no_step
from sync.jobs.ask import Ask, ask
from sync.models import Kind, RecordLink
from sync.models.job import Priority
from sync.push.doubt import clear_up


def fetch(ctx: Context, request: Request) -> list[Item]:
    """Read one order by its code, and see whether its customer is there."""
    fetched_at = timezone.now()
    fetched = ctx.shoptet.order(request.key)
    items = [Item(record["id"], record, fetched.changed_at, fetched_at) for record in fetched.records]
    for item in items:
        item.job_id = request.job_id
    people.find_customers(ctx, items)
    return items


def remove(ctx: Context, request: Request) -> list[Item]:
    """Cancel the documents of an order that is gone."""
    request.outcome = clear_up(ctx, (Kind.OFFER, Kind.ORDER), Q(key=request.key))
    if request.outcome is not None:
        return []
    documents = RecordLink.objects.filter(shop=ctx.shop, kind__in=[Kind.OFFER, Kind.ORDER], key=request.key, archived=False)
    return [_cancelled_item(ctx, link) for link in documents.exclude(bluejet_id="")]


def _cancelled_item(ctx: Context, link: RecordLink) -> Item:
    item = Item(link.key, {"items": _ordered(ctx, link)}, None, timezone.now(), gone=True)
    fields = cancelling_fields(ctx, link.kind)
    item.parts = [Part(item, link.kind, link.key, {}, fields=fields, purpose="archive", external_id=link.external_id)]
    return item


def _ordered(ctx: Context, link: RecordLink) -> list[dict[str, str]]:
    """Return the variants of an order that Shoptet has forgotten, as its document names them by code or by id: they are free again."""
    document = ctx.bluejet.read(link.kind, link.bluejet_id, with_lines=True)
    named = {str(value) for line in document.lines for value in line.fields.values()} if document else set()
    products = RecordLink.objects.filter(Q(key__in=named) | Q(bluejet_id__in=named), shop=ctx.shop, kind=Kind.PRODUCT)
    return [{"type": "product", "code": code} for code in products.values_list("key", flat=True)]


def _ask_for_stock(ctx: Context, items: Iterable[Item]) -> None:
    """Orders change what is reserved: refresh the stock of their lines."""
    codes = sorted({code for item in items for code in item_codes(item)})
    ask(ctx.shop, [Ask(FlowName.STOCK_TO_BLUEJET, code, Priority.STOCK) for code in codes], asked_by="order lines")


def _keys(ctx: Context, mode: str, since: datetime | None) -> Iterator[KeyPage]:
    return keys_of(mode, since, changes=ctx.shoptet.order_changes, listing=ctx.shoptet.orders, key="code")


ORDER_TO_BLUEJET = Flow(
    name=FlowName.ORDER_TO_BLUEJET,
    entity="order",
    priority=Priority.ORDERS,
    fetch=fetch,
    remove=remove,
    keys=_keys,
    after=_ask_for_stock,
    index_kinds=(Kind.OFFER, Kind.ORDER),
    stages=(
        Stage("guest's company", split=people.split_guest_company, refer=no_step, map=map_companies, validate=check_companies),
        Stage("guest", split=people.split_guest_contact, refer=refer_to_owner, map=map_contacts, validate=check_guests),
        Stage("addresses", split=people.split_addresses, refer=people.refer_addresses, map=map_addresses, validate=check_addresses),
        Stage("document", split=split_document, refer=refer_document, map=map_documents, validate=check_documents),
        Stage("replaced offer", split=split_replaced_offer, refer=no_step, map=no_step, validate=no_step),
    ),
)
