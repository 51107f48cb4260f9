"""What an order is worth in Czech crowns: by its own rate where that leads to crowns, else by the shop's, else not at all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shops.exchange_rates import CROWNS, ShopMoney, money_of, rate_of
from sync.flow import Context
from sync.flows.shop_money import asked_money, own_currency
from sync.validation.reading import amount, text, to_cents

# No order is worth more, and no table of ours holds more.
LARGEST_WORTH = Decimal(10) ** 14


def shop_money(ctx: Context, currency: str) -> ShopMoney:
    """Return what the shop counts in; Shoptet is asked where that, or a rate to crowns, is not known yet. Raises PartnerError."""
    money = money_of(ctx.shop)
    is_known = currency == CROWNS or (money.currency and money.in_crowns(currency) is not None)
    return money if is_known else asked_money(ctx)


def with_crowns(ctx: Context, record: dict[str, Any]) -> dict[str, Any]:
    """Return the order with its rates and its total in crowns, None where nothing leads there.

    `shopCurrency` and `shopRate` keep what the shop counts in, and what Shoptet says of the order.
    """
    currency = text(record.get("currency")).upper() or own_currency(ctx) or CROWNS
    money = shop_money(ctx, currency)
    total, said, invoiced = (amount(record.get(name)) for name in ("total", "exchangeRate", "invoicingRate"))
    rate = rate_in_crowns(said, currency, money)
    worth = None if rate is None or total is None else to_cents(total * rate)
    return {
        **record,
        "currency": currency,
        "shopCurrency": money.currency,
        "shopRate": said,
        "exchangeRate": rate,
        "invoicingRate": None if invoiced is None else rate_in_crowns(invoiced, currency, money),
        "totalCzk": worth if worth is not None and abs(worth) < LARGEST_WORTH else None,
    }


def rate_in_crowns(said: Decimal | None, currency: str, money: ShopMoney) -> Decimal | None:
    """Return what one unit of the order's currency is worth in crowns.

    The order's own rate is to the shop's currency; for that currency itself, and where it is 1, it says nothing.
    """
    says_nothing = said is None or said <= 0 or said == 1 or currency in (CROWNS, money.currency)
    crowns = money.in_crowns(money.currency) if money.currency else None
    if said is None or says_nothing or crowns is None:
        return money.in_crowns(currency)
    return rate_of(said * crowns)
