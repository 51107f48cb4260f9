"""An order's lines: products by their BlueJet ids, everything else as text, rounding as a line of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mappings.engine import TO_BLUEJET, map_record
from mappings.roles import resolve
from mappings.snapshot import MappingSnapshot
from shops.models import FlowName
from sync import waiting
from sync.flow import Context, Item, LineDraft, Outcome, Part, Result
from sync.flows.order.products import find_without_links, renamed_since
from sync.flows.product.flow import brings_products, code_key
from sync.issues import Issue
from sync.jobs.ask import Ask
from sync.links import links_by_key
from sync.mapping import judge, roles_of, untold_targets
from sync.models import Kind
from sync.models.job import Priority
from sync.validation.document_lines import document_lines
from sync.validation.references import PRODUCT_TYPES

LINE = "order_line"
# How a path into the order's items begins.
ITEM = "items[]."


def product_items(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the items that name a product of the catalogue."""
    return [row for row in record.get("items") or [] if str(row.get("type") or "") in PRODUCT_TYPES and row.get("code")]


def find_products(ctx: Context, parts: Sequence[Part]) -> None:
    """Give the parts the BlueJet ids of their products; an order whose product is not there yet waits for it."""
    codes = {str(row["code"]) for part in parts for row in product_items(part.record)}
    links = links_by_key(ctx, Kind.PRODUCT, codes)
    for part in parts:
        rows = product_items(part.record)
        part.refs["products"] = {str(row["code"]): str(row["code"]) for row in rows}
        part.refs["productIds"] = {str(row["code"]): links[str(row["code"])].bluejet_id for row in rows if str(row["code"]) in links}
        missing = [row for row in rows if str(row["code"]) not in links]
        if not brings_products(ctx):
            find_without_links(ctx, part, missing)
            continue
        part.outcome = part.outcome or _wait_for(ctx, part, missing)


def _wait_for(ctx: Context, part: Part, missing: Sequence[Mapping[str, Any]]) -> Outcome | None:
    issues, topics, asks = [], [], []
    for row in missing:
        key = str(row.get("productId") or "") or code_key(str(row["code"]))
        topic = waiting.job_topic(FlowName.PRODUCT_TO_BLUEJET, key)
        if waiting.is_answered(part.item.job_id, topic):
            _look_once_more(ctx, part, row)
            continue
        code = "waits_for_product" if ctx.shop.owns_products else "waits_for_shared_product"
        issues.append(Issue(code, "warning", params={"code": row["code"]}))
        topics.append(topic)
        asks.append(Ask(FlowName.PRODUCT_TO_BLUEJET, key, Priority.ORDERS))
    if not topics:
        return None
    return Outcome(Result.WAITING, issues, topics=tuple(topics), asks=tuple(asks))


def _look_once_more(ctx: Context, part: Part, row: Mapping[str, Any]) -> None:
    """The answer may have come after the links were read; only what is missing now will not come."""
    code = str(row["code"])
    link = links_by_key(ctx, Kind.PRODUCT, [code]).get(code) or renamed_since(ctx, row)
    if link is None:
        part.refs.setdefault("goneProducts", set()).add(code)
    else:
        part.refs["products"][code] = link.key
        part.refs["productIds"] |= {code: link.bluejet_id, link.key: link.bluejet_id}


def map_lines(ctx: Context, part: Part) -> None:
    """Map every line of the document, the rounding line among them."""
    line_kind = ctx.bluejet.evidences[part.kind].line_kind
    roles = roles_of(ctx.bluejet.evidences[line_kind])
    part.lines, untold = [], untold_targets(ctx, LINE, _left_out(part.record))
    for record in line_records(ctx.snapshot, part.record):
        draft = map_record(ctx.snapshot, LINE, record, refs=part.refs)
        judge(part, draft)
        rules = (draft.empty - untold, draft.create_only | (untold & draft.fields.keys()), draft.always - untold)
        names = [frozenset(resolve(dict.fromkeys(some), roles)) for some in rules]
        part.lines.append(LineDraft(line_key(record), resolve(draft.fields, roles), record.get("total"), *names))


def _left_out(record: Mapping[str, Any]) -> set[str]:
    """Return the fields of a line, and of the header as lines see it, of which the reading said nothing for want of a module."""
    names = [str(name) for name in record.get("leftOut") or ()]
    return {name.removeprefix(ITEM) if name.startswith(ITEM) else f"order.{name}" for name in names}


def line_records(snapshot: MappingSnapshot, record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the document's lines as their rows see them: each with the order's header and its place."""
    header = {name: value for name, value in record.items() if name != "items"}
    lines = document_lines(record, with_discount=_writes_discounts(snapshot))
    return [{**row, "order": header, "position": position} for position, row in enumerate(lines, start=1)]


def _writes_discounts(snapshot: MappingSnapshot) -> bool:
    """Whether a line's rows write its discount; where none does, the price has to be the discounted one."""
    return any("discount" in row.reads for row in snapshot.fields.get((LINE, TO_BLUEJET), ()))


def line_key(record: Mapping[str, Any]) -> str:
    """Return what tells a line from its neighbours."""
    return str(record.get("id") or record["position"])


def line_fields(part: Part) -> list[dict[str, Any]]:
    """Return what the lines will say, for validation."""
    return [line.fields for line in part.lines]


def item_codes(item: Item) -> list[str]:
    """Return the codes of the variants that the order holds."""
    return sorted({str(row["code"]) for row in product_items(item.record)})
