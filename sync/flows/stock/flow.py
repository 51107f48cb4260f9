"""The stock flow: a job is one variant's amounts on every stock, or the movements of one stock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from clients.bluejet import BlueJetRow
from shops.models import FlowName
from sync import waiting
from sync.flow import Context, Flow, Item, KeyPage, Outcome, Part, Request, Result, Stage
from sync.flows.product.flow import brings_products
from sync.flows.product.renames import folded
from sync.flows.stock.amounts import amounts_of, cards_of, unread_amounts
from sync.flows.stock.keepers import keeper_of
from sync.flows.stock.movements import follow_all, movements_now
from sync.flows.validating import judge
from sync.issues import Issue
from sync.jobs.ask import Ask
from sync.links import links_by_key
from sync.mapping import has_rows, map_part
from sync.models import Kind
from sync.models.job import Priority
from sync.outcomes import skipped
from sync.push.natural import natural_columns, natural_key
from sync.push.search import find_rows, is_indexed
from sync.unread import left_out_issue, unread_issues
from sync.validation import validate_stock

MOVEMENTS = "movements:"
ALL_STOCKS = "all"
# The section of a product that tells its amounts; a shop without the module for it tells them in the stocks' lists only.
AMOUNTS = "perStockAmounts"


def fetch(ctx: Context, request: Request) -> list[Item]:
    """Read a variant's amounts on all stocks; a `movements:` key instead asks for each variant that moved."""
    fetched_at = timezone.now()
    if request.key.startswith(MOVEMENTS):
        left_out = follow_all(ctx, _stocks_of(ctx, request.key.removeprefix(MOVEMENTS)))
        request.outcome = skipped(left_out_issue(left_out)) if left_out else skipped()
        return []
    if request.payload is not None:
        read_at = parse_datetime(request.payload["readAt"]) or fetched_at
        return [Item(request.payload["id"], amounts_of(request.payload, ctx.shop.stock_amount), None, read_at)]
    fetched = ctx.shoptet.product_by_code(request.key)
    if AMOUNTS in fetched.left_out:
        return _read_from_lists(ctx, request, fetched_at)
    for unreadable in fetched.bad:
        if unreadable.key == request.key:
            raise unreadable.error
    records = [record for record in fetched.records if record["code"] == request.key]
    # Shoptet may find a variant by its code in other letters than it has now.
    records = records or [record for record in fetched.records if folded(record["code"]) == folded(request.key)]
    items = [Item(row["id"], row, None, fetched_at) for record in records for row in cards_of(record, ctx.shop.stock_amount)]
    unread = [issue for record in records for issue in unread_issues(unread_amounts(record))]
    if unread and not items:
        request.outcome = skipped(*unread)
    return items


def _read_from_lists(ctx: Context, request: Request, fetched_at: datetime) -> list[Item]:
    """Read a variant's amounts from each stock's own list; nothing is made up for one that stands in none of them."""
    if "stocks" not in ctx.memory:
        ctx.memory["stocks"] = ctx.shoptet.stocks()
    pages = [page for stock in ctx.memory["stocks"] for page in ctx.shoptet.supplies(stock["id"], code=request.key)]
    rows = [row for page in pages for row in page.items if row["code"] == request.key]
    if not rows:
        request.outcome = skipped(Issue("stock_not_told", "warning", params={"code": request.key}))
    return [Item(row["id"], amounts_of(row, ctx.shop.stock_amount), None, fetched_at) for row in rows if "amount" in row]


def _stocks_of(ctx: Context, name: str) -> list[str]:
    return [str(stock["id"]) for stock in ctx.shoptet.stocks()] if name == ALL_STOCKS else [name]


def remove(ctx: Context, request: Request) -> list[Item]:
    """A deleted variant's cards stay as they are: its product is archived by its own flow."""
    return []


def _split(ctx: Context, item: Item) -> list[Part]:
    if not has_rows(ctx, "stock"):
        return []
    external_id = ctx.external_id(item.key)
    return [Part(item, Kind.STOCK_CARD, item.key, item.record, parent_key=item.record["code"], external_id=external_id)]


def _refer(ctx: Context, parts: Sequence[Part]) -> None:
    """Find the product's id in BlueJet; a card of a product that is not there yet waits for it, one whose amount nobody knows is left."""
    links = links_by_key(ctx, Kind.PRODUCT, [part.record["code"] for part in parts])
    for part in parts:
        if part.record["onHand"] is None:
            part.outcome = skipped(
                Issue("stock_unknown", "warning", "amount", {"code": part.record["code"], "stock": part.record["stockId"]})
            )
            continue
        target = ctx.snapshot.tables["warehouse"].get(part.record["stockId"])
        if target is not None and target.extra.get("master") == "bluejet":
            part.outcome = skipped()
            continue
        link = links.get(part.record["code"])
        part.refs = {"productId": link.bluejet_id if link else None}
        if link is None:
            part.outcome = _wait_for_product(ctx, part)


def _wait_for_product(ctx: Context, part: Part) -> Outcome | None:
    guid, code = str(part.record["productGuid"]), str(part.record["code"])
    topic = waiting.job_topic(FlowName.PRODUCT_TO_BLUEJET, guid)
    if not brings_products(ctx):
        return skipped(Issue("product_not_brought", "warning", params={"code": code}))
    if waiting.is_answered(part.item.job_id, topic):
        # The answer may have come after the links were read; only what is missing now will not come.
        link = links_by_key(ctx, Kind.PRODUCT, [code]).get(code)
        part.refs["productId"] = link.bluejet_id if link else None
        return None if link else skipped(Issue("product_gone", "warning", params={"code": code}))
    issue = Issue("waits_for_product", "warning", params={"code": code})
    asked = Ask(FlowName.PRODUCT_TO_BLUEJET, guid, Priority.STOCK)
    return Outcome(Result.WAITING, [issue], topics=(topic,), asks=(asked,))


def _map(ctx: Context, parts: Sequence[Part]) -> None:
    columns = natural_columns(ctx, Kind.STOCK_CARD)
    for part in parts:
        map_part(ctx, part, "stock")
        part.natural_key = natural_key(part.fields, columns)
        _leave_to_its_keeper(ctx, part)


def _leave_to_its_keeper(ctx: Context, part: Part) -> None:
    """An amount that another shop writes is only known of; that is said once, when the card is met."""
    target = ctx.snapshot.tables["warehouse"].get(part.record["stockId"])
    keeper = keeper_of(ctx, target.value, part.natural_key) if target else ctx.shop
    if keeper == ctx.shop:
        return
    part.purpose = "adopt"
    if not links_by_key(ctx, Kind.STOCK_CARD, [part.key]):
        names = {"code": part.record["code"], "warehouse": target.name or target.value if target else "", "shop": str(keeper)}
        part.item.issues.append(Issue("stock_of_another_shop", "warning", params=names))


def _validate(ctx: Context, parts: Sequence[Part]) -> None:
    for part in [part for part in parts if part.purpose == "copy"]:
        judge(part, validate_stock(part.record, part.fields, dialect=ctx.account.dialect, severities=ctx.severities))


def _search(ctx: Context, part: Part) -> list[BlueJetRow]:
    """Find a card by our mark, else by its product and warehouse: BlueJet may have made it itself."""
    columns = natural_columns(ctx, Kind.STOCK_CARD)
    rows = find_rows(ctx, part)
    if rows or not columns or is_indexed(ctx, part):
        return rows
    cards = ctx.bluejet.find(Kind.STOCK_CARD, columns[0], str(part.refs["productId"]))
    return [card for card in cards if natural_key(card.fields, columns) == part.natural_key]


def _keys(ctx: Context, mode: str, since: datetime | None) -> Iterator[KeyPage]:
    """Read the amounts that changed, page by page; the change feeds do not show stock."""
    for stock in ctx.shoptet.stocks():
        for page in ctx.shoptet.supplies(stock["id"], changed_from=None if mode == "full" else since):
            payloads = [_payload(row) for row in page.items]
            yield KeyPage([row["code"] for row in page.items], page.total, payloads=payloads, bad=page.bad)


def _payload(row: dict[str, Any]) -> dict[str, Any] | None:
    """Return what the list tells of a variant; nothing where its amounts cannot be read, so that it is read by itself."""
    if "amount" not in row:
        return None
    kept: dict[str, Any] = {name: row[name] for name in ("id", "stockId", "code", "productGuid", "unread") if name in row}
    amounts = {name: None if row[name] is None else str(row[name]) for name in ("amount", "claim")}
    return {**kept, **amounts, "readAt": timezone.now().isoformat()}


STOCK_TO_BLUEJET = Flow(
    name=FlowName.STOCK_TO_BLUEJET,
    entity="stock",
    priority=Priority.STOCK,
    fetch=fetch,
    remove=remove,
    keys=_keys,
    cursor=movements_now,
    index_kinds=(Kind.STOCK_CARD,),
    stages=(Stage("stock", split=_split, refer=_refer, map=_map, validate=_validate, search=_search),),
)
