"""Which shop of an account keeps an amount: a card in a warehouse that several shops lead to is written by one of them only."""

from __future__ import annotations

from collections import defaultdict

from mappings.models import WarehouseMapping
from shops.models import Shop
from sync.flow import Context
from sync.models import Kind, RecordLink
from sync.push.sharing import has_other_shops

Rivals = dict[str, list[Shop]]


def keeper_of(ctx: Context, warehouse: str, natural_key: str) -> Shop:
    """Return the shop that writes the card: the warehouse's owner, of several the one that wrote it first, of none the oldest."""
    shops = [ctx.shop, *_rivals(ctx).get(warehouse, [])]
    owners = [shop for shop in shops if shop.owns_stock] or [min(shops, key=lambda shop: shop.pk)]
    if ctx.shop not in owners:
        return owners[0]
    return _first_writer(ctx, owners, natural_key) if len(owners) > 1 else ctx.shop


def _rivals(ctx: Context) -> Rivals:
    """Return the account's other shops by the warehouses that they write to."""
    if "stock rivals" not in ctx.memory:
        found: defaultdict[str, list[Shop]] = defaultdict(list)
        rows = WarehouseMapping.objects.filter(shop__bluejet=ctx.account, master=WarehouseMapping.Master.SHOPTET)
        for row in rows.exclude(shop=ctx.shop).select_related("shop").order_by("shop_id") if has_other_shops(ctx) else ():
            if row.shop not in found[row.bluejet_value]:
                found[row.bluejet_value].append(row.shop)
        ctx.memory["stock rivals"] = dict(found)
    rivals: Rivals = ctx.memory["stock rivals"]
    return rivals


def _first_writer(ctx: Context, owners: list[Shop], natural_key: str) -> Shop:
    links = RecordLink.objects.filter(account=ctx.account, kind=Kind.STOCK_CARD, natural_key=natural_key, shop__in=owners)
    first = links.exclude(bluejet_id="").exclude(draft_hash="").order_by("pk").select_related("shop").first() if natural_key else None
    return first.shop if first else ctx.shop
