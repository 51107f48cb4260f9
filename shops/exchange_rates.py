"""What a shop counts in, and the rates that it has set in Shoptet: what one unit of a currency is worth in the shop's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from clients.shoptet.client import ShoptetClient
from shops.models import Shop

CROWNS = "CZK"
# One unit of these is worth more than a crown. Shoptet writes some shops' rates the other way round, so which way is told by the value.
WORTH_MORE_THAN_A_CROWN = frozenset({"EUR", "USD", "GBP", "CHF", "PLN"})
PLACES = Decimal("1e-8")
LARGEST_RATE = Decimal(10) ** 9
CODE_LENGTH = 3


@dataclass(frozen=True)
class ShopMoney:
    """The currency that a shop counts in, empty where it is not known, and what one unit of each of its currencies is worth in it."""

    currency: str = ""
    rates: Mapping[str, Decimal] = field(default_factory=dict)

    def in_crowns(self, currency: str) -> Decimal | None:
        """Return what one unit is worth in crowns by the shop's own rates, to eight places; None where it has none for both."""
        if currency == CROWNS:
            return Decimal(1)
        rate, crown = self.rates.get(currency), self.rates.get(CROWNS)
        return rate_of(rate / crown) if rate and crown else None


def rate_of(value: Decimal) -> Decimal | None:
    """Return a rate to eight places, as Shoptet writes them; None where it is none within reason."""
    rate = value.quantize(PLACES) if 0 < value < LARGEST_RATE else Decimal(0)
    return rate or None


def money_of(shop: Shop) -> ShopMoney:
    """Return what is known of a shop's currencies without asking Shoptet."""
    return ShopMoney(shop.currency, {code: Decimal(rate) for code, rate in shop.exchange_rates.items()})


def refresh_rates(shop: Shop, client: ShoptetClient) -> dict[str, str]:
    """Read the shop's currencies from Shoptet and keep them; an answer without currencies leaves those that are known."""
    eshop = client.eshop()
    rates, currency = rates_of(eshop), _own_currency(eshop)
    if rates and (rates, currency) != (shop.exchange_rates, shop.currency):
        shop.exchange_rates, shop.currency = rates, currency
        shop.save(update_fields=["exchange_rates", "currency"])
    return rates


def rates_of(eshop: dict[str, Any]) -> dict[str, str]:
    """Take the rates that can be counted with out of the shop's description, as text by currency."""
    own = _own_currency(eshop)
    rows = [row for row in eshop.get("currencies", ()) if row["code"] and row["exchangeRate"]]
    return {row["code"]: format(_worth(row["code"], row["exchangeRate"], own), "f") for row in rows}


def _own_currency(eshop: dict[str, Any]) -> str:
    """Return the currency that is marked as the shop's own, or else the only one whose rate is 1."""
    ones = [row["code"] for row in eshop.get("currencies", ()) if row["exchangeRate"] == 1]
    own = str(eshop.get("currency") or (ones[0] if len(ones) == 1 else "")).upper()
    return own if len(own) == CODE_LENGTH else ""


def _worth(code: str, rate: Decimal, own: str) -> Decimal:
    """Turn a rate round that says how many units make one of the shop's own."""
    is_strong, is_crown = code in WORTH_MORE_THAN_A_CROWN and own == CROWNS, code == CROWNS and own in WORTH_MORE_THAN_A_CROWN
    turned = (is_strong and rate < 1) or (is_crown and rate > 1)
    return 1 / rate if turned else rate
