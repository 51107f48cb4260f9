"""Transforms to numbers and yes/no; every amount is a Decimal."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mappings.transforms.arguments import whole_number, yes_and_no
from mappings.transforms.base import Transform, Unusable, as_decimal, as_text, canonical

CENT = Decimal("0.01")
YES = frozenset({"1", "true", "yes", "ano"})
NO = frozenset({"0", "false", "no", "ne"})


def number(value: Any) -> Decimal:
    """Read a number, in its shortest form."""
    return canonical(as_decimal(value))


def money(value: Any) -> Decimal:
    """Read an amount, rounded to the cent."""
    return as_decimal(value).quantize(CENT, ROUND_HALF_UP)


def rounded(value: Any, places: int) -> Decimal:
    """Round to a number of decimal places, halves up."""
    return as_decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def quantity(value: Any) -> int | Decimal:
    """Count in whole pieces where they are whole: 250.000 → 250, 0.500 → 0.5."""
    amount = canonical(as_decimal(value))
    return int(amount) if amount == amount.to_integral_value() else amount


def negated(value: Any) -> Decimal:
    """Turn the sign."""
    return canonical(-as_decimal(value))


def boolean(value: Any) -> bool:
    """Read yes or no."""
    if isinstance(value, bool):
        return value
    word = as_text(value).strip().lower()
    if word not in YES and word not in NO:
        raise Unusable(gettext("“%(value)s” is neither yes nor no.") % {"value": word[:60]})
    return word in YES


def bool_text(value: Any, words: tuple[str, str]) -> str:
    """Say yes or no in the row's own words."""
    return words[0] if boolean(value) else words[1]


NUMBERS = (
    Transform("number", number, _("a number; reads blanks and a decimal comma too"), converts=True),
    Transform("decimal", number, _("the same as number"), converts=True),
    Transform("money", money, _("an amount with two decimal places"), converts=True),
    Transform("round", rounded, _("a number of decimal places, as in round:3"), whole_number(0, 8), needs_argument=True, converts=True),
    Transform("quantity", quantity, _("a number of pieces, whole where it is whole"), converts=True),
    Transform("negate", negated, _("the number with the other sign"), converts=True),
    Transform("boolean", boolean, _("yes or no"), converts=True),
    Transform("bool_text", bool_text, _("words for yes and no, as in bool_text:Paid/Unpaid"), yes_and_no, ("Ano", "Ne")),
)
