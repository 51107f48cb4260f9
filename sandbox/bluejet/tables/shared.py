"""What several evidences have in common: the external id, an address, currencies."""

from __future__ import annotations

from sandbox.bluejet.columns import Column, text

CURRENCIES = ("CZK", "EUR", "USD", "GBP", "PLN", "HUF")

EXTERNAL_ID = text("externiidsupl", "Externí ID", indexed=True)  # assumed


def address_columns() -> tuple[Column, ...]:
    return (text("street1", "Ulice"), text("town", "Město"), text("zipcode", "PSČ"), text("country", "Země"))
