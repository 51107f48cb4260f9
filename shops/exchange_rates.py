"""The rates that a shop has set in Shoptet: what one unit of a currency is worth in the shop's own, as text by currency."""

from __future__ import annotations

from typing import Any

from clients.shoptet.client import ShoptetClient
from shops.models import Shop


def refresh_rates(shop: Shop, client: ShoptetClient) -> dict[str, str]:
    """Read the shop's currencies from Shoptet and keep their rates; an answer without currencies leaves those that are known."""
    rates = rates_of(client.eshop())
    if rates and rates != shop.exchange_rates:
        shop.exchange_rates = rates
        shop.save(update_fields=["exchange_rates"])
    return rates


def rates_of(eshop: dict[str, Any]) -> dict[str, str]:
    """Take the rates that can be counted with out of the shop's description."""
    return {row["code"]: format(row["exchangeRate"], "f") for row in eshop.get("currencies", ()) if row["code"] and row["exchangeRate"]}
