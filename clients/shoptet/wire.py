"""Read single values of Shoptet's JSON: amounts and times are text there, and much may be null."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

CENT = Decimal("0.01")
ZERO = Decimal(0)
LARGEST_EXPONENT = 15


class WireError(ValueError):
    """Report a field that is missing or is not what it should be; names the field, never its value."""


def section(data: Any, name: str, where: str) -> Mapping[str, Any]:
    """Return a required object."""
    value = _required(data, name, where)
    if not isinstance(value, Mapping):
        raise WireError(f"field {where}.{name} is not an object")
    return value


def optional_section(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an object, an empty one where it is missing or null."""
    value = data.get(name)
    return value if isinstance(value, Mapping) else {}


def rows(data: Any, name: str, where: str) -> list[Mapping[str, Any]]:
    """Return a required list of objects."""
    value = _required(data, name, where)
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        raise WireError(f"field {where}.{name} is not a list of objects")
    return value


def optional_rows(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return a list of objects, an empty one where it is missing or null."""
    value = data.get(name)
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def key(data: Any, name: str, where: str) -> str:
    """Return a required identifier as text."""
    value = text(_required(data, name, where))
    if not value:
        raise WireError(f"field {where}.{name} is empty")
    return value


def text(value: Any) -> str:
    """Return plain text, empty for null."""
    if value is None or isinstance(value, bool | dict | list):
        return ""
    return str(value).strip()


def amount(data: Mapping[str, Any], name: str, where: str) -> Decimal | None:
    """Return a number that is text on the wire, None for null or an absent field."""
    value = data.get(name)
    if value is None or value == "":
        return None
    return decimal(value, f"{where}.{name}")


def amount_or_zero(data: Mapping[str, Any], name: str, where: str) -> Decimal:
    """Return a number that is text on the wire, zero for null."""
    return amount(data, name, where) or ZERO


def decimal(value: Any, field: str) -> Decimal:
    """Return a finite number; a float is read by its shortest text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise WireError(f"field {field} is not a number")
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise WireError(f"field {field} is not a number") from error
    if not number.is_finite() or abs(number.adjusted()) > LARGEST_EXPONENT:
        raise WireError(f"field {field} is not a number within reason")
    return number


def whole(data: Any, name: str, where: str) -> int:
    """Return a required whole number."""
    value = _required(data, name, where)
    if isinstance(value, bool) or not str(value).lstrip("-").isdecimal():
        raise WireError(f"field {where}.{name} is not a whole number")
    return int(value)


def moment(data: Mapping[str, Any], name: str, where: str) -> datetime | None:
    """Return an aware time, None for null or an absent field."""
    value = text(data.get(name))
    if not value:
        return None
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError as error:
        raise WireError(f"field {where}.{name} is not a time") from error
    if parsed.tzinfo is None:
        raise WireError(f"field {where}.{name} is a time without its offset")
    return parsed


def moment_text(data: Mapping[str, Any], name: str, where: str) -> str | None:
    """Return a time as ISO 8601 text whose offset has a colon, None for null."""
    parsed = moment(data, name, where)
    return parsed.isoformat() if parsed else None


def wire_time(moment: datetime) -> str:
    """Return a time in the form that Shoptet's filters take: 2017-12-12T22:08:01+0100, seconds cut, not rounded."""
    if moment.tzinfo is None:
        raise ValueError("a time without its offset cannot be sent")
    if (moment.utcoffset() or UTC.utcoffset(None)).seconds % 60:
        moment = moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S%z")


def to_cents(value: Decimal) -> Decimal:
    """Return an amount of money rounded half up to two places, never a negative zero."""
    return value.quantize(CENT, ROUND_HALF_UP) + ZERO


def with_vat(price: Decimal, rate: Decimal) -> Decimal:
    """Return a net price with VAT of so many percent on top, to the cent."""
    return to_cents(price * (100 + rate) / 100)


def without_vat(price: Decimal, rate: Decimal) -> Decimal:
    """Return a gross price with VAT of so many percent taken out, to the cent."""
    return to_cents(price * 100 / (100 + rate))


def _required(data: Any, name: str, where: str) -> Any:
    if not isinstance(data, Mapping):
        raise WireError(f"{where} is not an object")
    if data.get(name) is None:
        raise WireError(f"field {where}.{name} is missing")
    return data[name]
