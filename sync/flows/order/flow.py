"""The order flow: the company, guests, addresses, the document, and an outdated Nabídka; in this order."""

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
)
from sync.flows.customer.search import find_company
from sync.flows.customer.shared_addresses import find_address
from sync.flows.order import people
from sync.flows.order.crowns import with_crowns
from sync.flows.order.document import check_documents, map_documents, refer_document, split_document, split_replaced_offer
from sync.flows.order.lines import item_codes
from sync.flows.order.numbers import DOCUMENTS, key_of, latest_of, links_of, others_of
from sync.flows.order.states import cancelling_fields
from sync.flows.reading import keys_of
from sync.flows.validating import no_step
from sync.issues import Issue
from sync.jobs.ask import Ask, ask
from sync.models import Kind, RecordLink
from sync.models.job import Priority
from sync.push.doubt import clear_up


def fetch(ctx: Context, request: Request) -> list[Item]:
    """Read one order by its code, and see whether its customer is there, and whether another order had its number."""
    fetched_at = timezone.now()
    fetched = ctx.shoptet.order(request.key)
    records = [with_crowns(ctx, {**record, "id": key_of(ctx, record)}) for record in fetched.records]
    items = [Item(record["id"], record, fetched.changed_at, fetched_at) for record in records]
    for item in items:
        item.job_id = request.job_id
    people.find_customers(ctx, items)
    return items + [one for item in items for one in _earlier_orders(ctx, request, item)]


def _earlier_orders(ctx: Context, request: Request, item: Item) -> list[Item]:
    """Cancel what an earlier order with this number left behind if its deletion was announced, else say that it is there."""
    others = others_of(ctx, request.key, item.key)
    if others and request.deletion_announced:
        return [_cancelled_item(ctx, link) for link in others]
    if others:
        ids = ", ".join(link.bluejet_id for link in others)
        item.issues.append(Issue("order_number_reused", "warning", params={"code": request.key, "ids": ids}))
    return []


def remove(ctx: Context, request: Request) -> list[Item]:
    """Cancel the documents of an order that is gone: of several that had its number, those of the last."""
    documents = latest_of(links_of(ctx, request.key))
    request.outcome = clear_up(ctx, DOCUMENTS, Q(pk__in=[link.pk for link in documents]))
    if request.outcome is not None:
        return []
    live = RecordLink.objects.filter(pk__in=[link.pk for link in documents], archived=False).exclude(bluejet_id="")
    return [_cancelled_item(ctx, link) for link in live]


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
        Stage("company", split=people.split_company, refer=no_step, map=map_companies, validate=check_companies, search=find_company),
        Stage("guest", split=people.split_guest_contact, refer=people.refer_guests, map=map_contacts, validate=check_guests),
        Stage(
            "addresses",
            split=people.split_addresses,
            refer=people.refer_addresses,
            map=map_addresses,
            validate=check_addresses,
            search=find_address,
        ),
        Stage("document", split=split_document, refer=refer_document, map=map_documents, validate=check_documents),
        Stage("replaced offer", split=split_replaced_offer, refer=no_step, map=no_step, validate=no_step),
    ),
)
