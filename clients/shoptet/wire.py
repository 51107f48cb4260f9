"""Read single values of Shoptet's JSON: amounts and times are text there, and much may be null.

What a record cannot do without raises `WireError` where it cannot be read: `key`, `section`, `rows`, `sure_amount`, `amount_or_zero`,
`vat_rate`, `whole`. All else is left out and noted: `amount`, `moment`, `day`, `email`, `optional_section`, `optional_rows`, `read_rows`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any, TypeVar

from clients.shoptet.unread import WireError as WireError
from clients.shoptet.unread import leave_out, note_text

CENT = Decimal("0.01")
ZERO = Decimal(0)
HUNDRED = Decimal(100)
# The portal works with no larger amounts, and no finer ones.
LARGEST_AMOUNT = Decimal(10) ** 15
FINEST = Decimal(1).scaleb(-12)
# Enough for the product of two of the largest and finest amounts.
EXACT = Context(prec=80, rounding=ROUND_HALF_UP)
# Python's calendar ends at the years 1 and 9999; a time too close to either cannot be told in another zone.
YEARS = range(1900, 2201)
# The portal makes longer keys of it, of a stock and a code for one, and keeps 255 characters.
LONGEST_KEY = 200
LONGEST_EMAIL = 254
LONGEST_WHOLE = 19
WHOLE = re.compile(rf"-?[0-9]{{1,{LONGEST_WHOLE}}}")
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?")
# Blanks of no width, and the byte order mark: they come along when an address is copied from a page.
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))

Value = TypeVar("Value")


def section(data: Any, name: str, where: str) -> Mapping[str, Any]:
    """Return a required object."""
    value = _required(data, name, where)
    if not isinstance(value, Mapping):
        raise WireError(f"field {where}.{name} is not an object", "not_an_object")
    return value


def optional_section(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an object, an empty one where it is missing, null or (and then noted) something else."""
    value = data.get(name)
    if isinstance(value, Mapping):
        return value
    # PHP writes an empty object as an empty list.
    if value is not None and value != [] and value is not False:
        leave_out(data, name, WireError(f"field {name} is not an object", "not_an_object"))
    return {}


def noted_section(data: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    """Return an object that has to be told of, but that the record can do without; an empty one, and a note, for null or anything else."""
    if name not in data:
        raise WireError(f"field {where}.{name} is missing", "missing")
    if data[name] is None:
        leave_out(data, name, WireError(f"field {where}.{name} is missing", "missing"))
    return optional_section(data, name)


def rows(data: Any, name: str, where: str) -> list[Mapping[str, Any]]:
    """Return a required list of objects."""
    value = row_list(data, name, where)
    if not all(isinstance(row, Mapping) for row in value):
        raise WireError(f"field {where}.{name} is not a list of objects", "not_a_list")
    return value


def row_list(data: Any, name: str, where: str) -> list[Any]:
    """Return a required list, whatever stands in it."""
    value = _required(data, name, where)
    if not isinstance(value, list):
        raise WireError(f"field {where}.{name} is not a list of objects", "not_a_list")
    return value


def optional_rows(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return a list of objects, an empty one where it is missing or null; what is no list or no object is noted."""
    value = data.get(name)
    if value is None or value is False or value == {}:
        return []
    if not isinstance(value, list):
        leave_out(data, name, WireError(f"field {name} is not a list of objects", "not_a_list"))
        return []
    for number, row in enumerate(value, 1):
        if not isinstance(row, Mapping):
            leave_out(data, f"{name}[{number}]", WireError(f"field {name}[{number}] is not an object", "not_an_object"))
    return [row for row in value if isinstance(row, Mapping)]


def read_rows(data: Mapping[str, Any], name: str, read: Callable[[Mapping[str, Any]], Value]) -> list[Value]:
    """Return what `read` makes of each row of an optional list; a row that it cannot read is left out and noted."""
    return list(_readable(optional_rows(data, name), read))


def _readable(found: Iterable[Mapping[str, Any]], read: Callable[[Mapping[str, Any]], Value]) -> Iterable[Value]:
    for row in found:
        try:
            yield read(row)
        except WireError as error:
            leave_out(row, "", error)


def key(data: Any, name: str, where: str) -> str:
    """Return a required identifier as text, of a length that the portal can keep."""
    value = identifier(data, name, where) if isinstance(data, Mapping) else ""
    if not value:
        _required(data, name, where)
        raise WireError(f"field {where}.{name} is empty", "missing")
    return value


def required_text(data: Any, name: str, where: str) -> str:
    """Return a required text of any length, such as a token."""
    value = text(_required(data, name, where))
    if not value:
        raise WireError(f"field {where}.{name} is empty", "missing")
    return value


def identifier(data: Mapping[str, Any], name: str, where: str) -> str:
    """Return an identifier that may be missing; one that is no text, or too long to keep, is an error, since it must not be cut."""
    value = data.get(name)
    if isinstance(value, list | Mapping) and value:
        raise WireError(f"field {where}.{name} is not text", "not_text")
    plain = text(value)
    if len(plain) > LONGEST_KEY:
        raise WireError(f"field {where}.{name} is longer than {LONGEST_KEY} characters", "too_long")
    return plain


def text(value: Any) -> str:
    """Return plain text, empty for null; an object or a list in its place is noted."""
    if isinstance(value, str):
        return value.strip()
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, dict | list):
        note_text(value)
        return ""
    return str(value).strip()


def email(data: Mapping[str, Any], name: str) -> str:
    """Return an e-mail address without blanks of no width; one that no address can be as long as is left out and noted."""
    address = text(data.get(name)).translate(INVISIBLE).strip()
    if len(address) > LONGEST_EMAIL:
        leave_out(data, name, WireError(f"field {name} is too long for an e-mail address", "too_long"))
        return ""
    return address


def amount(data: Mapping[str, Any], name: str, where: str) -> Decimal | None:
    """Return an optional number that is text on the wire, None for null or an absent field; an unreadable one is left out and noted."""
    return or_noted(data, name, lambda: sure_amount(data, name, where))


def sure_amount(data: Mapping[str, Any], name: str, where: str) -> Decimal | None:
    """Return a number that the record needs where it is given: None for null or an absent field, an error for an unreadable one."""
    value = data.get(name)
    if value is None or value == "":
        return None
    return decimal(value, f"{where}.{name}")


def amount_or_zero(data: Mapping[str, Any], name: str, where: str) -> Decimal:
    """Return a number that the record needs, zero for null."""
    return sure_amount(data, name, where) or ZERO


def vat_rate(data: Mapping[str, Any], name: str, where: str) -> Decimal:
    """Return a VAT rate in per cent, zero for null; one below 0 or above 100 would make wrong money of a right amount."""
    rate = amount_or_zero(data, name, where)
    if not 0 <= rate <= HUNDRED:
        raise WireError(f"field {where}.{name} is not a VAT rate between 0 and 100", "out_of_range")
    return rate


def decimal(value: Any, field: str) -> Decimal:
    """Return a finite number, of 12 decimal places at most (more are rounded); a float is read by its shortest text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise WireError(f"field {field} is not a number", "not_a_number")
    plain = str(value).strip()
    if not NUMBER.fullmatch(plain):
        raise WireError(f"field {field} is not a number", "not_a_number")
    number = Decimal(plain)
    if not number:
        return number if -FINEST.adjusted() > abs(int(number.as_tuple().exponent)) else ZERO
    if number.adjusted() >= LARGEST_AMOUNT.adjusted():
        raise WireError(f"field {field} is not a number within reason", "out_of_range")
    if int(number.as_tuple().exponent) < FINEST.adjusted():
        return number.quantize(FINEST, context=EXACT).normalize(EXACT) + ZERO
    return number


def whole(data: Any, name: str, where: str) -> int:
    """Return a required whole number."""
    value = _required(data, name, where)
    if isinstance(value, bool) or not WHOLE.fullmatch(str(value)):
        raise WireError(f"field {where}.{name} is not a whole number", "not_a_number")
    return int(value)


def moment(data: Mapping[str, Any], name: str, where: str) -> datetime | None:
    """Return an aware time, None for null or an absent field; an unreadable one is left out and noted."""
    return or_noted(data, name, lambda: _moment(data, name, where))


def moment_text(data: Mapping[str, Any], name: str, where: str) -> str | None:
    """Return a time as ISO 8601 text whose offset has a colon, None for null; an unreadable one is left out and noted."""
    parsed = moment(data, name, where)
    return parsed.isoformat() if parsed else None


def moment_or_none(data: Mapping[str, Any], name: str) -> datetime | None:
    """Return an aware time once more that the record's normaliser has read, and noted where it cannot be read."""
    try:
        return _moment(data, name, "")
    except WireError:
        return None


def _moment(data: Mapping[str, Any], name: str, where: str) -> datetime | None:
    value = text(data.get(name))
    if not value:
        return None
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError as error:
        raise WireError(f"field {where}.{name} is not a time", "not_a_time") from error
    if parsed.tzinfo is None:
        raise WireError(f"field {where}.{name} is a time without its offset", "not_a_time")
    if parsed.year not in YEARS:
        raise WireError(f"field {where}.{name} is not a time within reason", "out_of_range")
    return parsed


def day(data: Mapping[str, Any], name: str, where: str) -> str:
    """Return a date as ISO 8601 text, an empty one for null or an absent field; an unreadable one is left out and noted."""
    return or_noted(data, name, lambda: _day(data, name, where)) or ""


def _day(data: Mapping[str, Any], name: str, where: str) -> str:
    value = text(data.get(name))
    if not value:
        return ""
    try:
        parsed = datetime.fromisoformat(value).date()
    except ValueError as error:
        raise WireError(f"field {where}.{name} is not a date", "not_a_date") from error
    if parsed.year not in YEARS:
        raise WireError(f"field {where}.{name} is not a date within reason", "out_of_range")
    return parsed.isoformat()


def wire_time(moment: datetime) -> str:
    """Return a time in the form that Shoptet's filters take: 2017-12-12T22:08:01+0100, seconds cut, not rounded."""
    if moment.tzinfo is None:
        raise ValueError("a time without its offset cannot be sent")
    if (moment.utcoffset() or UTC.utcoffset(None)).seconds % 60:
        moment = moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S%z")


def to_cents(value: Decimal) -> Decimal:
    """Return an amount of money rounded half up to two places, never a negative zero."""
    return value.quantize(CENT, context=EXACT) + ZERO


def with_vat(price: Decimal, rate: Decimal) -> Decimal:
    """Return a net price with VAT of so many percent on top, to the cent."""
    with localcontext(EXACT):
        return to_cents(price * (HUNDRED + rate) / HUNDRED)


def without_vat(price: Decimal, rate: Decimal) -> Decimal:
    """Return a gross price with VAT of so many percent taken out, to the cent."""
    with localcontext(EXACT):
        return to_cents(price * HUNDRED / (HUNDRED + rate))


def or_noted(data: Mapping[str, Any], name: str, read: Callable[[], Value | None]) -> Value | None:
    """Return what `read` gives of the field; where that cannot be read, leave it out and note it."""
    try:
        return read()
    except WireError as error:
        leave_out(data, name, error)
        return None


def _required(data: Any, name: str, where: str) -> Any:
    if not isinstance(data, Mapping):
        raise WireError(f"{where} is not an object", "not_an_object")
    if data.get(name) is None:
        raise WireError(f"field {where}.{name} is missing", "missing")
    return data[name]
