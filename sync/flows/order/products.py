"""Products that an order's lines name by a code without a link: renamed since, or brought by nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clients.bluejet import BlueJetRow
from sync.flow import Context, Part
from sync.flows.product.renames import folded
from sync.issues import Issue
from sync.models import Kind, RecordLink


def find_without_links(ctx: Context, part: Part, rows: Sequence[Mapping[str, Any]]) -> None:
    """Refer to what BlueJet holds by these codes; what it lacks goes as text, and the order says why."""
    for code in dict.fromkeys(str(row["code"]) for row in rows):
        found = _search(ctx, code)
        if len(found) == 1:
            part.refs["productIds"][code] = found[0].id
        else:
            part.item.issues.append(Issue("product_not_brought", "warning", "items", {"code": code}))


def _search(ctx: Context, code: str) -> list[BlueJetRow]:
    known: dict[str, list[BlueJetRow]] = ctx.memory.setdefault("products by code", {})
    if code not in known:
        evidence = ctx.bluejet.evidences[Kind.PRODUCT]
        ours = ctx.bluejet.find(Kind.PRODUCT, evidence.external_id, ctx.external_id(code)) if evidence.external_id else []
        known[code] = ours or (ctx.bluejet.find(Kind.PRODUCT, evidence.natural, code) if evidence.natural else [])
    return known[code]


def renamed_since(ctx: Context, row: Mapping[str, Any]) -> RecordLink | None:
    """Return the link of a variant that got another code after it was ordered; its product tells, and the code itself or the EAN."""
    guid, ean = str(row.get("productId") or ""), str(row.get("ean") or "")
    if not guid:
        return None
    siblings = RecordLink.objects.filter(shop=ctx.shop, kind=Kind.PRODUCT, parent_key=guid, archived=False).exclude(bluejet_id="")
    alike = [link for link in siblings if folded(link.key) == folded(str(row["code"]))]
    if len(alike) == 1 or not ean:
        return alike[0] if len(alike) == 1 else None
    links = RecordLink.objects.filter(shop=ctx.shop, kind=Kind.PRODUCT, parent_key=guid, identity=ean).exclude(bluejet_id="")[:2]
    return links[0] if len(links) == 1 else None
