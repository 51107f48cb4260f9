"""Values on the wire: BlueJet's text into numbers and moments, and ours into its text.

How BlueJet writes numbers, dates and truth is not documented, so reading takes every form that a Czech system may show.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

PRAGUE = ZoneInfo("Europe/Prague")

# A plain, a no-break, a narrow no-break and a thin space: all are used to part thousands.
_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009")
# How older .NET services write a moment in JSON.
_SINCE_1970 = re.compile(r"/Date\((-?\d{1,14})(?:[+-]\d{4})?\)/")
# An empty moment is the year 1 in .NET, and too close to the calendar's end to be told in another zone.
_YEARS = range(1900, 2201)
# No id is longer, and no number that anybody counts with is larger or finer.
LONGEST_ID = 100
_LARGEST, _FINEST = 18, 12
_EXACT = Context(prec=80)
_CZECH_DATES = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y")


def text(value: Any) -> str:
    """Give a column's value as text, an empty one for null."""
    return "" if value is None else str(value).strip()


def id_text(value: Any) -> str:
    """Give an id as text; an empty one for what can be none, so that nothing is ever linked to it."""
    if isinstance(value, bool | list | dict):
        return ""
    given = text(value)
    return given if len(given) <= LONGEST_ID else ""


def number(value: Any) -> Decimal | None:
    """Read a number with a decimal comma or point and parted thousands; None for what is no number within reason."""
    plain = text(value).translate(_SPACES)
    if "," in plain and "." in plain:
        plain = plain.replace("." if plain.rindex(",") > plain.rindex(".") else ",", "")
    for sign in ",.":
        if plain.count(sign) > 1:
            plain = plain.replace(sign, "")
    try:
        parsed = Decimal(plain.replace(",", "."))
    except InvalidOperation:
        return None
    if not parsed.is_finite() or (parsed and parsed.adjusted() > _LARGEST):
        return None
    if not parsed:
        return parsed if abs(int(parsed.as_tuple().exponent)) <= _FINEST else Decimal(0)
    return parsed if int(parsed.as_tuple().exponent) >= -2 * _FINEST else round_to(parsed, _FINEST)


def round_to(value: Decimal, places: int) -> Decimal:
    """Round a number of any length."""
    return value.quantize(Decimal(1).scaleb(-places), context=_EXACT)


def moment(value: Any, zone: ZoneInfo = PRAGUE) -> datetime | None:
    """Read a date or time as an aware moment, in the instance's zone where it names none; None for anything else.

    .NET's empty moment, in the year 1, is none.
    """
    raw = text(value)
    parsed = _iso(raw) or _czech(raw.replace(". ", ".")) or _milliseconds(raw)
    if parsed is not None and parsed.year not in _YEARS:
        return None
    if parsed is None or parsed.tzinfo is not None:
        return parsed
    return parsed.replace(tzinfo=zone)


def _iso(raw: str) -> datetime | None:
    try:
        return datetime.fromisoformat(raw)
    except ValueError:
        return None


def _czech(raw: str) -> datetime | None:
    for form in _CZECH_DATES:
        try:
            return datetime.strptime(raw, form)
        except ValueError:
            continue
    return None


def _milliseconds(raw: str) -> datetime | None:
    found = _SINCE_1970.fullmatch(raw)
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(found[1])) if found else None
    except OverflowError:
        return None


def same(left: Any, right: Any) -> bool:
    """Compare two values as BlueJet's database does: without regard to case and outer blanks, numbers by their worth."""
    if text(left).casefold() == text(right).casefold():
        return True
    first, second = number(left), number(right)
    return first is not None and first == second and not _is_code(left) and not _is_code(right)


def _is_code(value: Any) -> bool:
    # "007" is somebody's code, "0.50" is a number
    return re.match(r"0\d", text(value)) is not None


def plain(value: Decimal) -> str:
    """Write a Decimal without an exponent."""
    return format(value, "f")


def wire_text(value: Any, *, true: str = "1", false: str = "0", zone: ZoneInfo = PRAGUE) -> str:
    """Write a value as a column's text: numbers with a point, times in the instance's zone, lists as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return true if value else false
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return local_time(value, zone)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def local_time(value: datetime, zone: ZoneInfo = PRAGUE) -> str:
    """Write a moment as the instance's wall clock shows it, to the second."""
    local = value.astimezone(zone) if value.tzinfo else value
    return local.replace(tzinfo=None).isoformat(timespec="seconds")


def since_time(value: datetime, zone: ZoneInfo = PRAGUE) -> str:
    """Write a bound for "changed since": in the hour before the clocks go back it is an hour lower, so that nothing is missed."""
    local = value.astimezone(zone)
    repeats = local.fold == 0 and local.utcoffset() != local.replace(fold=1).utcoffset()
    return local_time(value - timedelta(hours=1) if repeats else value, zone)


def json_value(value: Any) -> Any:
    """Write a value for a JSON body, amounts as numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(item) for item in value]
    return value
