"""Variants that vanished while their product lives: renamed, or deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from shops.models import FlowName
from sync.flow import Context, Item
from sync.jobs.ask import Ask, ask
from sync.models import Kind, RecordLink
from sync.models.job import Priority


def follow_variants(ctx: Context, items: Sequence[Item], fetched_at: datetime, *, unread: Sequence[Item] = ()) -> list[Item]:
    """Move the links of renamed variants to their new codes; return the items that archive those that are gone.

    Those that are `unread` are still there; while one of them has a code that is not known, it may be any of the others, renamed.
    """
    from sync.flows.product.flow import archived_item

    if not items:
        return []
    known = RecordLink.objects.filter(shop=ctx.shop, kind=Kind.PRODUCT, parent_key=items[0].record["guid"], archived=False)
    links = {link.key: link for link in known.exclude(bluejet_id="")}
    present = {item.key for item in [*items, *unread]}
    if any(item.key not in links for item in unread):
        return []
    vanished = [link for key, link in links.items() if key not in present]
    fresh = [item for item in items if item.key not in links] if vanished else []
    gone = [link for link in vanished if not _rename(ctx, link, fresh) and ctx.shop.owns_products]
    return [archived_item(ctx, link, fetched_at) for link in gone]


def _rename(ctx: Context, link: RecordLink, fresh: list[Item]) -> bool:
    """Same product, same EAN, new code: the variant was renamed. BlueJet's record is kept."""
    heirs = [item for item in fresh if link.identity and str(item.record.get("ean") or "") == link.identity]
    if len(heirs) != 1:
        return False
    heir = heirs[0]
    if RecordLink.objects.filter(shop=ctx.shop, kind=Kind.PRODUCT, key=heir.key).exists():
        return False
    with transaction.atomic():
        RecordLink.objects.filter(pk=link.pk).update(key=heir.key, natural_key=heir.key, draft_hash="")
        _rename_cards(ctx, link.key, heir.key)
    fresh.remove(heir)
    return True


def _rename_cards(ctx: Context, old: str, new: str) -> None:
    """Take the variant's stock cards along, and have them written: BlueJet still knows them by the old code."""
    cards = RecordLink.objects.filter(shop=ctx.shop, kind=Kind.STOCK_CARD, parent_key=old)
    for card in cards:
        key = f"{card.key.removesuffix(old)}{new}"
        if not RecordLink.objects.filter(shop=ctx.shop, kind=Kind.STOCK_CARD, key=key).exists():
            RecordLink.objects.filter(pk=card.pk).update(key=key, parent_key=new, draft_hash="")
    ask(ctx.shop, [Ask(FlowName.STOCK_TO_BLUEJET, new, Priority.STOCK)], asked_by=f"{old} → {new}")
