"""Amounts as the shop counts and writes them: Decimal inside, strings with fixed places on the wire."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
HUNDRED = Decimal(100)


def cents(value: Decimal) -> Decimal:
    """Round half up to two places, without a negative zero."""
    return value.quantize(CENT, ROUND_HALF_UP) + 0


def crowns(value: Decimal) -> Decimal:
    """Round half up to whole crowns."""
    return value.quantize(Decimal(1), ROUND_HALF_UP) + 0


def price_text(value: Decimal) -> str:
    return f"{cents(value):.2f}"


def amount_text(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.001'), ROUND_HALF_UP) + 0:.3f}"


def rate_text(value: Decimal) -> str:
    return f"{value:.2f}"


def ratio_text(value: Decimal) -> str:
    return f"{value:.4f}"


def exchange_text(value: Decimal) -> str:
    return f"{value:.8f}"


def without_vat(with_vat: Decimal, rate: Decimal) -> Decimal:
    """Return the base of a sum that includes VAT."""
    return cents(with_vat * HUNDRED / (HUNDRED + rate))


def with_vat(base: Decimal, rate: Decimal) -> Decimal:
    """Return the sum including VAT of a base."""
    return cents(base * (HUNDRED + rate) / HUNDRED)


def price_parts(total: Decimal, rate: Decimal) -> dict[str, str]:
    """Return the four parts in which an order's item carries a sum including VAT."""
    base = without_vat(total, rate)
    return {
        "withVat": price_text(total),
        "withoutVat": price_text(base),
        "vat": price_text(total - base),
        "vatRate": rate_text(rate),
    }


def split_by_share(total: Decimal, shares: dict[Decimal, Decimal]) -> dict[Decimal, Decimal]:
    """Split a sum by the shares of the VAT rates; the parts add up to the cent."""
    whole = sum(shares.values(), Decimal(0))
    rates = sorted(shares, key=lambda rate: shares[rate])
    parts: dict[Decimal, Decimal] = {}
    for rate in rates[:-1]:
        parts[rate] = cents(total * shares[rate] / whole)
    parts[rates[-1]] = total - sum(parts.values(), Decimal(0))
    return parts


def sum_of(records: Iterable[dict[str, Any]], field: str) -> Decimal:
    """Add up one money field of many records."""
    return sum((Decimal(record[field]) for record in records), Decimal(0))
