"""What may stand behind a transform's colon."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _

from mappings.transforms.base import BadArgument


def text(value: str) -> str:
    """Any text; blanks at its ends need quotes."""
    return value


def some_text(value: str) -> str:
    """Any text that is not empty."""
    if not value:
        raise BadArgument(_("expects a text"))
    return value


def whole_number(lowest: int, highest: int) -> Callable[[str], int]:
    """Make a parser for a whole number between two bounds."""

    def parse(value: str) -> int:
        if not (value.isascii() and value.isdecimal() and len(value) < 10 and lowest <= int(value) <= highest):
            raise BadArgument(_("expects a whole number from %(lowest)d to %(highest)d") % {"lowest": lowest, "highest": highest})
        return int(value)

    return parse


def one_of(*words: str) -> Callable[[str], str]:
    """Make a parser for one of a few words."""

    def parse(value: str) -> str:
        if value not in words:
            raise BadArgument(_("expects one of: %(words)s") % {"words": ", ".join(words)})
        return value

    return parse


def digits(value: str) -> str:
    """A country calling code, with or without its plus sign."""
    code = value.removeprefix("+")
    if not (code.isascii() and code.isdecimal() and len(code) <= 3):
        raise BadArgument(_("expects a calling code such as 420"))
    return code


def yes_and_no(value: str) -> tuple[str, str]:
    """Two texts with a slash between, for yes and for no."""
    yes, slash, no = value.partition("/")
    if not slash or "/" in no:
        raise BadArgument(_("expects two texts with a slash between, such as Ano/Ne"))
    return yes.strip(), no.strip()


def pairs(value: str) -> dict[str, str]:
    """A small table: from=to, with semicolons between."""
    parts = [part.partition("=") for part in value.split(";") if part.strip()]
    if not parts or not all(equals and left.strip() for left, equals, _right in parts):
        raise BadArgument(_("expects pairs with semicolons between, such as billing=Billing;delivery=Delivery"))
    table = {left.strip(): right.strip() for left, _equals, right in parts}
    if len(table) != len(parts):
        raise BadArgument(_("names a value twice"))
    return table


def percentage(value: str) -> Decimal:
    """A rate from 0 to 100, with a decimal point or comma."""
    plain = value.replace(",", ".").removesuffix("%").strip()
    if not re.fullmatch(r"\d{1,3}(\.\d{1,4})?", plain, re.ASCII) or Decimal(plain) > 100:
        raise BadArgument(_("expects a rate from 0 to 100, such as 21"))
    return Decimal(plain)


def currency_code(value: str) -> str:
    """Three letters, such as EUR."""
    if not re.fullmatch(r"[A-Za-z]{3}", value):
        raise BadArgument(_("expects a currency, such as EUR"))
    return value.upper()


def days(value: str) -> int:
    """A number of days, which may be negative."""
    if not re.fullmatch(r"[+-]?\d{1,4}", value, re.ASCII):
        raise BadArgument(_("expects a number of days, such as 14 or -7"))
    return int(value)
