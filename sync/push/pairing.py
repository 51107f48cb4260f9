"""A record that BlueJet held before the portal did: whose values count when the two are paired."""

from __future__ import annotations

from shops.models import Shop
from sync.flow import Context, Part
from sync.models import Kind

# A link keeps that the write under way is an adoption's, so that it stays one where that has no answer.
ADOPTED = "adopted"


def is_adoption(part: Part) -> bool:
    """Whether BlueJet's record was there before the portal ever wrote to it; a write that broke off in the middle of it is none yet."""
    link = part.held
    was_attempted = bool(link.sending) and not link.sending.get(ADOPTED)
    was_written = link.pushed_at is not None or was_attempted or link.sent or part.is_own
    return bool(link.bluejet_id) and not was_written


def wins_first_pairing(ctx: Context, part: Part) -> bool:
    """Whether the shop's values replace those of a record that was there before; who is the master of a stock is chosen by warehouse."""
    return part.kind == Kind.STOCK_CARD or ctx.shop.first_pairing == Shop.FirstPairing.SHOPTET
