"""What the shop counts in, asked of Shoptet once where it is not known yet."""

from __future__ import annotations

from contextlib import suppress

from clients.errors import MalformedAnswer, NotFound, Refused
from shops.exchange_rates import ShopMoney, money_of, refresh_rates
from sync.flow import Context

ASKED = "currencies asked for"


def own_currency(ctx: Context) -> str:
    """Return the currency that the shop counts in; empty where it will not tell. Raises PartnerError."""
    return ctx.shop.currency or asked_money(ctx).currency


def asked_money(ctx: Context) -> ShopMoney:
    """Return the shop's currencies as Shoptet tells them, read once for a batch; raises PartnerError while Shoptet is out of reach.

    A shop that will not tell leaves what is known: no record is held for it, nor taken for gone because this answer is not there.
    """
    if not ctx.memory.get(ASKED):
        ctx.memory[ASKED] = True
        with suppress(NotFound, Refused, MalformedAnswer):
            refresh_rates(ctx.shop, ctx.shoptet)
    return money_of(ctx.shop)
