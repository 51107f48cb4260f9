"""Records that several shops of one BlueJet account have in common: each shop has its own link to the one record.

Whose mark a record carries says whose it is: our own, another shop's of this account, or a stranger's. What one shop sends, the others
did not change by hand; so a field is written over only where BlueJet still holds what one of them sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shops.models import Shop
from sync.flow import Context, Outcome, Part
from sync.issues import Issue
from sync.leases import save
from sync.models import Kind, RecordLink
from sync.outcomes import skipped
from sync.push.changes import Guard, Values
from sync.push.lines import CARRIED, LINES
from sync.push.pairing import is_adoption, wins_first_pairing

# Documents are a shop's own always: the same order number in two shops is two documents.
SHARED_KINDS = (Kind.CONTACT, Kind.COMPANY, Kind.ADDRESS, Kind.PRODUCT, Kind.STOCK_CARD)
# Of these a shop says what its customers say of themselves, so that two may say different things of one.
SAID_BY_MANY = (Kind.CONTACT, Kind.COMPANY, Kind.ADDRESS)
# An order of somebody without an account knows less of him than anybody.
BY_THE_WAY = ("guest:", "order:")


def is_of_another_shop(ctx: Context, mark: str) -> bool:
    """Whether a mark has the prefix of another shop of this account."""
    prefix, colon, _ = mark.partition(":")
    return bool(colon) and prefix in _other_prefixes(ctx)


def has_other_shops(ctx: Context) -> bool:
    """Whether the account has a shop besides this one."""
    return bool(_other_prefixes(ctx))


def _other_prefixes(ctx: Context) -> frozenset[str]:
    if "other prefixes" not in ctx.memory:
        others = Shop.objects.filter(bluejet=ctx.account).exclude(pk=ctx.shop.pk)
        ctx.memory["other prefixes"] = frozenset(others.values_list("external_prefix", flat=True))
    prefixes: frozenset[str] = ctx.memory["other prefixes"]
    return prefixes


def links_of_others(ctx: Context, part: Part) -> list[RecordLink]:
    """Return the other shops' links to the record that the part's link leads to; under the lease they stay as they are."""
    if part.kind not in SHARED_KINDS or not part.held.bluejet_id or not has_other_shops(ctx):
        return []
    if part.others is None or part.others[0] != part.held.bluejet_id:
        links = RecordLink.objects.filter(account=ctx.account, kind=part.kind, bluejet_id=part.held.bluejet_id)
        part.others = (part.held.bluejet_id, list(links.exclude(shop=ctx.shop).select_related("shop")))
    return part.others[1]


def keep_mark(ctx: Context, part: Part) -> None:
    """Leave the mark that another shop gave the record: two shops that each wrote their own would never come to rest."""
    if part.held.bluejet_id and part.kind in SHARED_KINDS and is_of_another_shop(ctx, part.held.external_id):
        part.external_id = part.held.external_id


def is_put_away(ctx: Context, part: Part) -> bool:
    """Whether every other shop that knows the record has put it away, so that it has to be taken back."""
    others = links_of_others(ctx, part)
    return bool(others) and all(link.archived for link in others)


def kept_for_others(ctx: Context, part: Part) -> Outcome | None:
    """Note that this shop has the record no more, where it is not to be put away in BlueJet: another shop has it, or it is another's."""
    others = links_of_others(ctx, part)
    living = [link for link in others if not link.archived]
    may_write = part.kind != Kind.PRODUCT or ctx.shop.owns_products or bool(others)
    if may_write and not living:
        return None
    part.held.archived = True
    save(ctx, part.held, ["archived"])
    if not living:
        return skipped()
    names = ", ".join(sorted({link.shop.name for link in living}))
    return skipped(Issue("kept_for_other_shop", "warning", params={"key": part.key, "shops": names}))


def is_shared(ctx: Context, part: Part) -> bool:
    """Whether other shops write the record, too, so that it has to be read before it is written."""
    if part.purpose != "copy" or not part.held.bluejet_id or part.kind not in SHARED_KINDS:
        return False
    return bool(writers(ctx, part)) or (part.kind in SAID_BY_MANY and is_of_another_shop(ctx, part.external_id))


def writers(ctx: Context, part: Part) -> list[RecordLink]:
    """Return the links of those other shops that may write the record: a product's owners only, and of a stock card nobody else."""
    others = links_of_others(ctx, part) if part.kind != Kind.STOCK_CARD else []
    return [link for link in others if part.kind != Kind.PRODUCT or link.shop.owns_products]


def sent_by_others(ctx: Context, part: Part) -> tuple[Values, ...]:
    """Return what the other shops sent, or were sending when they were last heard of."""
    return tuple(values for link in writers(ctx, part) for values in _sent(link) if values)


def _sent(link: RecordLink) -> Iterator[dict[str, Any]]:
    yield {name: value for name, value in link.sent.items() if name != LINES}
    yield link.sending.get(CARRIED, {})


def guard_of(ctx: Context, part: Part) -> Guard:
    """Return which of BlueJet's values this write may not replace."""
    shared, meets_first = is_shared(ctx, part), is_adoption(part)
    if is_by_the_way(part) and part.kind in SAID_BY_MANY and (shared or meets_first):
        return Guard.FILLED
    if not shared:
        return Guard.NONE
    if meets_first and not (wins_first_pairing(ctx, part) or _others_know_less(ctx, part)):
        return Guard.FILLED
    return Guard.FOREIGN


def is_by_the_way(part: Part) -> bool:
    """Whether the part is told by an order, not by the record of whom it is about."""
    return part.record.get("isGuest") is True or part.key.startswith(BY_THE_WAY)


def _others_know_less(ctx: Context, part: Part) -> bool:
    """Whether the record is known to the other shops by orders alone: whoever has an account knows better."""
    others = writers(ctx, part)
    return bool(others) and part.kind == Kind.CONTACT and all(link.key.startswith(BY_THE_WAY) for link in others)
