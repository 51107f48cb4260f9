"""Transforms of amounts: with and without VAT, and from one currency to another."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mappings.transforms.arguments import currency_code, one_of, percentage
from mappings.transforms.base import Context, Transform, Unusable, as_decimal, canonical
from mappings.transforms.numbers import money

CZK = "CZK"
# A unit price without VAT needs more than cents, or a hundred pieces of it would miss the sum.
UNIT = Decimal("0.0001")


def add_vat(value: Any, rate: Decimal | None, context: Context) -> Decimal:
    """Put the VAT on, at the rate given or else at the record's own."""
    return _unit(as_decimal(value) * _factor(rate, context))


def remove_vat(value: Any, rate: Decimal | None, context: Context) -> Decimal:
    """Take the VAT off, at the rate given or else at the record's own."""
    return _unit(as_decimal(value) / _factor(rate, context))


def _factor(rate: Decimal | None, context: Context) -> Decimal:
    if rate is None:
        if context.data.get("vatRate") is None:
            raise Unusable(gettext("The record has no VAT rate."))
        rate = as_decimal(context.data["vatRate"])
    if rate < 0:
        raise Unusable(gettext("The VAT rate is below zero."))
    return 1 + rate / 100


def _unit(amount: Decimal) -> Decimal:
    return canonical(amount.quantize(UNIT, ROUND_HALF_UP))


def czk(value: Any, whose: str, context: Context) -> Decimal:
    """Convert an amount of the record's currency into Czech crowns, which stay as they are."""
    return money(as_decimal(value) * _in_crowns(_currency(context), whose, context))


def convert(value: Any, wanted: str, context: Context) -> Decimal:
    """Convert an amount of the record's currency into another one: to crowns as `czk` does, from there by the shop's rate."""
    currency = _currency(context)
    if currency == wanted:
        return money(as_decimal(value))
    return money(as_decimal(value) * _in_crowns(currency, "order", context) / _in_crowns(wanted, "shop", context))


def _header(context: Context) -> Mapping[str, Any]:
    order = context.data.get("order")
    return order if isinstance(order, Mapping) else context.data


def _currency(context: Context) -> str:
    return str(_header(context).get("currency") or CZK).upper()


def _in_crowns(currency: str, whose: str, context: Context) -> Decimal:
    """Return what one unit is worth in crowns: by the order's own rate if it has one, else by the shop's."""
    own = _header(context).get("exchangeRate")
    if currency == CZK:
        return Decimal(1)
    if whose == "order" and own is not None:
        return as_decimal(own)
    # A shop that counts in another currency and does not list crowns has no rate to them.
    rate, crown = context.rates.get(currency), context.rates.get(CZK)
    if not rate or not crown:
        raise Unusable(gettext("The record has no exchange rate, and the shop has none for %(currency)s.") % {"currency": currency})
    return rate / crown


AMOUNTS = (
    Transform("add_vat", add_vat, _("the amount with VAT, at the record's own rate; add_vat:21 at another"), percentage, sees_context=True),
    Transform(
        "remove_vat",
        remove_vat,
        _("the amount without VAT, at the record's own rate; remove_vat:21 at another"),
        percentage,
        sees_context=True,
    ),
    Transform(
        "czk",
        czk,
        _("the amount in Czech crowns, by the order's own rate or else the shop's; czk:shop always by the shop's"),
        one_of("order", "shop"),
        "order",
        sees_context=True,
    ),
    Transform(
        "convert",
        convert,
        _("the amount in another currency, as in convert:EUR, by the order's and the shop's rates"),
        currency_code,
        needs_argument=True,
        sees_context=True,
    ),
)
