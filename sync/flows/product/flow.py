"""The product flow: a job is one Shoptet product, its records are the variants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from clients.errors import NotFound
from clients.shoptet.results import Fetched
from shops.flow_settings import is_live
from shops.models import FlowName
from sync.flow import Context, Flow, Item, KeyPage, Part, Request, Stage
from sync.flows.product.prices import with_prices_of_today
from sync.flows.product.variants import follow_variants
from sync.flows.reading import keys_of
from sync.flows.validating import judge_draft, no_step
from sync.jobs.ask import Ask, ask
from sync.mapping import map_part
from sync.models import Kind, RecordLink
from sync.models.job import Priority
from sync.push.doubt import clear_up
from sync.push.sharing import has_other_shops
from sync.unread import unreadable_items
from sync.validation import validate_product

CODE = "code:"
SHORT_TEXT = 200
TEXTS_SHARED = 200


def code_key(code: str) -> str:
    """Return the key of a job for a product of which only a variant's code is known."""
    return f"{CODE}{code}"


def brings_products(ctx: Context) -> bool:
    """Whether waiting for a product can help: its flow has to be live."""
    if "brings products" not in ctx.memory:
        ctx.memory["brings products"] = is_live(ctx.shop, FlowName.PRODUCT_TO_BLUEJET)
    return bool(ctx.memory["brings products"])


def fetch(ctx: Context, request: Request) -> list[Item]:
    """Read one product with all its variants; keyed by GUID, or by `code:` and a variant's code."""
    fetched_at = timezone.now()
    fetched = _read(ctx, request.key)
    records = [with_prices_of_today(ctx, record, fetched_at) for record in fetched.records]
    items = [Item(record["code"], record, fetched.changed_at, fetched_at) for record in records]
    bad = unreadable_items(fetched.bad, fetched_at)
    return items + bad + follow_variants(ctx, items, fetched_at, unread=bad)


def _read(ctx: Context, key: str) -> Fetched:
    """Read by either key; a code that Shoptet does not know any more may be the old one of a variant that was renamed."""
    if not key.startswith(CODE):
        return ctx.shoptet.product(key)
    code = key.removeprefix(CODE)
    try:
        return ctx.shoptet.product_by_code(code)
    except NotFound:
        known = RecordLink.objects.filter(shop=ctx.shop, kind=Kind.PRODUCT, key=code, archived=False).exclude(parent_key="").first()
        if known is None:
            raise
        return ctx.shoptet.product(known.parent_key)


def remove(ctx: Context, request: Request) -> list[Item]:
    """Archive every variant that BlueJet holds of a product that is gone; of another shop's products only our link is put away."""
    which = Q(key=request.key.removeprefix(CODE)) if request.key.startswith(CODE) else Q(parent_key=request.key)
    request.outcome = clear_up(ctx, (Kind.PRODUCT,), which)
    if request.outcome is not None:
        return []
    links = RecordLink.objects.filter(which, shop=ctx.shop, kind=Kind.PRODUCT, archived=False).exclude(bluejet_id="")
    return [archived_item(ctx, link, timezone.now()) for link in links]


def archived_item(ctx: Context, link: RecordLink, fetched_at: datetime) -> Item:
    """Return the item that archives a linked record."""
    item = Item(link.key, {}, None, fetched_at, gone=True)
    evidence = ctx.bluejet.evidences[link.kind]
    fields = {evidence.archive_field: evidence.archive_value} if evidence.archive_field else {}
    item.parts = [Part(item, link.kind, link.key, {}, fields=fields, purpose="archive", external_id=link.external_id)]
    return item


def _split(ctx: Context, item: Item) -> list[Part]:
    record = item.record
    return [
        Part(
            item,
            Kind.PRODUCT,
            item.key,
            record,
            parent_key=str(record.get("guid") or ""),
            external_id=ctx.external_id(str(record["id"])),
            natural_key=str(record["code"]),
            identity=str(record.get("ean") or ""),
            purpose="copy" if ctx.shop.owns_products else "adopt",
        )
    ]


def _map(ctx: Context, parts: Sequence[Part]) -> None:
    texts: dict[str, str] = ctx.memory.setdefault("texts of products", {})
    for part in parts:
        if part.purpose == "copy":
            map_part(ctx, part, "product")
            _share_texts(part, texts)


def _share_texts(part: Part, texts: dict[str, str]) -> None:
    """Variants have their long texts in common; each would hold a copy of its own that the mapping made."""
    if len(texts) > TEXTS_SHARED:
        texts.clear()
    for name, value in part.fields.items():
        if isinstance(value, str) and len(value) > SHORT_TEXT:
            part.fields[name] = texts.setdefault(value, value)


def _validate(ctx: Context, parts: Sequence[Part]) -> None:
    for part in parts:
        if part.purpose == "copy":
            found = validate_product(
                part.record,
                part.fields,
                dialect=ctx.account.dialect,
                severities=ctx.severities,
                evidences=ctx.bluejet.evidences,
            )
            judge_draft(ctx, part, found)


def _tell_other_shops(ctx: Context, items: Iterable[Item]) -> None:
    """Let the shops that do not own the products look at once at those that they wait for."""
    if not has_other_shops(ctx):
        return
    codes = [item.key for item in items]
    waiting = RecordLink.objects.filter(account=ctx.account, kind=Kind.PRODUCT, bluejet_id="", key__in=codes).exclude(parent_key="")
    for link in waiting.exclude(shop=ctx.shop).select_related("shop"):
        ask(link.shop, [Ask(FlowName.PRODUCT_TO_BLUEJET, link.parent_key, Priority.ORDERS)], asked_by=str(ctx.shop))


def _keys(ctx: Context, mode: str, since: datetime | None) -> Iterator[KeyPage]:
    return keys_of(mode, since, changes=ctx.shoptet.product_changes, listing=ctx.shoptet.products, key="guid")


PRODUCT_TO_BLUEJET = Flow(
    name=FlowName.PRODUCT_TO_BLUEJET,
    entity="product",
    priority=Priority.CATALOGUE,
    fetch=fetch,
    remove=remove,
    keys=_keys,
    after=_tell_other_shops,
    index_kinds=(Kind.PRODUCT,),
    stages=(Stage("product", split=_split, refer=no_step, map=_map, validate=_validate),),
)
