"""What a transform is, what it may see, and how it reads the values that it is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from mappings.drafts import Unmapped
    from mappings.tables import Policy, Tables

Text = str | Promise

LARGEST_NUMBER = Decimal(10) ** 15
SHOWN = 60


class _Beginning:
    """Stands for the value of a row that has no source."""


BEGINNING = _Beginning()


class Unusable(ValueError):
    """A transform cannot do anything with the value; the text says why, for people."""


class BadArgument(ValueError):
    """What stands behind the colon does not suit the transform; the text says why, for people."""


@dataclass(frozen=True)
class Context:
    """What a transform may see beside its value: the whole source record, the references and the shop.

    `looked_up` notes each table and value whose row was used; `rates` says what one unit of a currency is worth in the shop's own.
    """

    data: Mapping[str, Any]
    refs: Mapping[str, Any]
    tables: Tables
    zone: ZoneInfo
    external_prefix: str
    policies: Mapping[str, Policy] = field(default_factory=dict)
    substituted: list[Unmapped] = field(default_factory=list)
    looked_up: list[tuple[str, str]] = field(default_factory=list)
    rates: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Transform:
    """One entry of the list: a name, what it does, and the argument that it takes.

    `function` gets the value, then the parsed argument if `argument` is set, then the Context if `sees_context`; never None.
    `argument` parses what stands behind the colon and raises BadArgument; `optional` is used when there is none.
    A transform that `converts` is also applied to the row's default, which is typed in as text. One that `begins` may be the first of
    a row without a source; it then gets BEGINNING for its value.
    """

    name: str
    function: Callable[..., Any]
    help: Text
    argument: Callable[[str], Any] | None = None
    optional: Any = None
    needs_argument: bool = False
    sees_context: bool = False
    converts: bool = False
    begins: bool = False


def shown(value: Any) -> str:
    """Shorten a value for a sentence."""
    text = value if isinstance(value, str) else type(value).__name__
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def as_text(value: Any) -> str:
    """Read a text or a number as text; refuse lists, objects and yes/no."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise Unusable(_("A text was expected, got %(value)s.") % {"value": shown(value)})
    return plain(as_decimal(value))


def as_list(value: Any) -> list[Any]:
    """Take a single value as a list of one."""
    return value if isinstance(value, list) else [value]


def filled(value: Any) -> bool:
    """Tell whether there is a value at all; zero and no are values."""
    return not (value is None or value == "" or (isinstance(value, (list, dict)) and not value))


_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,2})?", re.ASCII)
_BLANKS = re.compile(r"\s+")


def as_decimal(value: Any) -> Decimal:
    """Read a number, also from text with blanks between thousands and a decimal comma; refuse all else."""
    if isinstance(value, Decimal):
        number = value
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        number = Decimal(value if isinstance(value, int) else repr(value))
    elif isinstance(value, str):
        number = _parsed(value)
    else:
        raise Unusable(_("A number was expected, got %(value)s.") % {"value": shown(value)})
    if not number.is_finite() or abs(number) >= LARGEST_NUMBER:
        raise Unusable(_("The number is too large."))
    return number


def _parsed(text: str) -> Decimal:
    compact = _BLANKS.sub("", text)
    if "," in compact:
        compact = compact.replace(".", "").replace(",", ".") if compact.rfind(",") > compact.rfind(".") else compact.replace(",", "")
    if not _NUMBER.fullmatch(compact):
        raise Unusable(_("“%(value)s” is not a number.") % {"value": shown(text)})
    try:
        return Decimal(compact)
    except InvalidOperation as error:
        raise Unusable(_("The number is too large.")) from error


def canonical(number: Decimal) -> Decimal:
    """Drop trailing zeros, so that the same number always looks the same: 149.90 → 149.9, 250.000 → 250."""
    if number == number.to_integral_value():
        return number.quantize(Decimal(1)) + 0  # no minus zero
    return number.normalize()


def plain(number: Decimal) -> str:
    """Write a number without an exponent and without trailing zeros."""
    return format(canonical(number), "f")
