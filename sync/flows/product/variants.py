"""Variants that vanished while their product lives: renamed, or deleted; and codes that another product had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from clients.errors import NotFound
from shops.models import FlowName
from sync.flow import Context, Item
from sync.flows.product.renames import folded, renames
from sync.issues import Issue
from sync.jobs.ask import Ask, ask
from sync.models import Kind, RecordLink
from sync.models.job import Priority
from sync.outcomes import parked


def follow_variants(ctx: Context, items: list[Item], fetched_at: datetime, *, unread: Sequence[Item] = ()) -> list[Item]:
    """Move the links of renamed variants to their new codes; return the items that archive those that are gone.

    Puts the items into an order in which each code is free in BlueJet when it is given to another record. Those that are `unread` are
    still there; while one of them has a code that is not known, it may be any of the others, renamed.
    """
    from sync.flows.product.flow import archived_item

    if not items:
        return []
    guid, everybody = str(items[0].record["guid"]), [*items, *unread]
    present = {item.key for item in everybody}
    _park_twins(items)
    links = _links_of(ctx, guid)
    if set(links) == present or any(item.key not in links for item in unread):
        return []
    _free_codes(ctx, guid, items)
    moved = _follow(ctx, guid, everybody)
    items.sort(key=lambda item: moved.index(item.key) if item.key in moved else len(moved))
    gone = [link for key, link in _links_of(ctx, guid).items() if key not in present]
    return [archived_item(ctx, link, fetched_at) for link in gone]


def _park_twins(items: Sequence[Item]) -> None:
    """Two variants of one code cannot be told apart by anybody: neither is written, what BlueJet holds stays."""
    count = Counter(item.key for item in items)
    for item in items:
        if count[item.key] > 1:
            item.outcome = parked(Issue("same_code", params={"code": item.key, "count": count[item.key]}))


def _free_codes(ctx: Context, guid: str, items: Sequence[Item]) -> None:
    """Where a code was another product's till now, see first what became of that product's variant: its record is not ours to take."""
    held = _live(ctx).filter(key__in=[item.key for item in items]).exclude(parent_key__in=["", guid])
    for other in sorted(set(held.values_list("parent_key", flat=True))):
        try:
            records = ctx.shoptet.product(other).records
        except NotFound:  # gone: whoever has the code now takes the record over, as before
            continue
        theirs = [Item(str(record["code"]), record, None, items[0].fetched_at) for record in records]
        _follow(ctx, other, theirs)
        for item in items:
            if item.key in {one.key for one in theirs}:
                item.outcome = parked(Issue("same_code", params={"code": item.key, "count": 2}))


def _follow(ctx: Context, guid: str, items: Sequence[Item]) -> list[str]:
    """Move one product's links to the codes that its variants have now; return the codes in the order of the moves."""
    links = _links_of(ctx, guid)
    moves = renames(links, items)
    fresh = {item.key for item in items} - set(links) - set(moves)
    with transaction.atomic():
        moved = [code for code, link in moves.items() if _move(ctx, link, code)]
        _return(ctx, fresh)
    ask(ctx.shop, [Ask(FlowName.STOCK_TO_BLUEJET, code, Priority.STOCK) for code in moved], asked_by=_told(moves, moved))
    return moved


def _told(moves: Mapping[str, RecordLink], moved: Sequence[str]) -> str:
    return ", ".join(f"{moves[code].key} → {code}" for code in moved)


def _return(ctx: Context, fresh: Iterable[str]) -> None:
    """What was put away and comes back with its code in other letters is the same record."""
    by_code = {folded(code): code for code in fresh}
    if not by_code:
        return
    spellings = {spelling for code in fresh for spelling in (code, code.lower(), code.upper())}
    put_away = RecordLink.objects.filter(shop=ctx.shop, kind=Kind.PRODUCT, archived=True, key__in=spellings).exclude(bluejet_id="")
    for link in put_away.order_by("-pk"):
        code = by_code.get(folded(link.key))
        if code is not None and code != link.key:
            _move(ctx, link, code)


def _move(ctx: Context, link: RecordLink, code: str) -> bool:
    """Give the link the variant's new code, unless another record has it; BlueJet's record is kept, and so are its stock cards."""
    taken = RecordLink.objects.filter(shop=ctx.shop, kind=Kind.PRODUCT, key=code)
    taken.filter(bluejet_id="", lease__isnull=True, settle_until__isnull=True).delete()  # reserved only, by a try that came to nothing
    if taken.exists():
        return False
    RecordLink.objects.filter(pk=link.pk).update(key=code, natural_key=code[:255], draft_hash="")
    _move_cards(ctx, link.key, code)
    return True


def _move_cards(ctx: Context, old: str, new: str) -> None:
    """Take the variant's stock cards along; they are written anew, since BlueJet still knows them by the old code."""
    cards = RecordLink.objects.filter(shop=ctx.shop, kind=Kind.STOCK_CARD, parent_key=old)
    for card in cards:
        key = f"{card.key.removesuffix(old)}{new}"
        if not RecordLink.objects.filter(shop=ctx.shop, kind=Kind.STOCK_CARD, key=key).exists():
            RecordLink.objects.filter(pk=card.pk).update(key=key, parent_key=new, draft_hash="")


def _links_of(ctx: Context, guid: str) -> dict[str, RecordLink]:
    return {link.key: link for link in _live(ctx).filter(parent_key=guid)}


def _live(ctx: Context) -> QuerySet[RecordLink]:
    """Return the shop's products in BlueJet, without what was sent of them: that may be very much."""
    links = RecordLink.objects.filter(shop=ctx.shop, kind=Kind.PRODUCT, archived=False).exclude(bluejet_id="")
    return links.defer(*RecordLink.HEAVY)
