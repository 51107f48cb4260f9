"""Transforms of moments: always by the shop's time zone, so that an order has the date that its customer saw."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mappings.transforms.arguments import days
from mappings.transforms.base import BadArgument, Context, Transform, Unusable, as_text, shown

PATTERNS = {"YYYY": "%Y", "YY": "%y", "MM": "%m", "M": "%m", "DD": "%d", "D": "%d", "HH": "%H", "mm": "%M", "ss": "%S"}
_SHORT = frozenset({"M", "D"})
_PIECES = re.compile("(YYYY|YY|MM|M|DD|D|HH|mm|ss)")


def local_moment(value: Any, context: Context) -> datetime:
    """Read an ISO moment into the shop's time; one without an offset is taken as the shop's own clock."""
    text = as_text(value).strip()
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=context.zone)
        return moment.astimezone(context.zone)
    except (ValueError, OverflowError) as error:
        raise Unusable(gettext("“%(value)s” is not a date.") % {"value": shown(text)}) from error


def local_date(value: Any, context: Context) -> str:
    """Give the day in the shop's time zone; a value that is only a day stays that day."""
    return _day_alone(value) or local_moment(value, context).date().isoformat()


def _day_alone(value: Any) -> str:
    text = as_text(value).strip()
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def iso_datetime(value: Any, context: Context) -> str:
    """Give the moment in the shop's time zone, with its offset."""
    return local_moment(value, context).isoformat(timespec="seconds")


def date_format(value: Any, pieces: tuple[str, ...], context: Context) -> str:
    """Write the day or the moment by a pattern, in the shop's time zone."""
    day = _day_alone(value)
    moment = datetime.fromisoformat(day) if day else local_moment(value, context)
    return "".join(
        moment.strftime(PATTERNS[piece]).lstrip("0" if piece in _SHORT else "") if piece in PATTERNS else piece for piece in pieces
    )


def pattern(value: str) -> tuple[str, ...]:
    """Read a pattern such as DD.MM.YYYY HH:mm."""
    pieces = tuple(piece for piece in _PIECES.split(value) if piece)
    if not any(piece in PATTERNS for piece in pieces):
        raise BadArgument(gettext("expects a pattern such as DD.MM.YYYY or D.M.YYYY HH:mm"))
    wrong = next((piece for piece in pieces if piece not in PATTERNS and any(letter.isalnum() for letter in piece)), "")
    if wrong:
        raise BadArgument(
            gettext("does not understand “%(text)s”; known are %(known)s") % {"text": wrong.strip(), "known": ", ".join(PATTERNS)}
        )
    return pieces


def add_days(value: Any, count: int, context: Context) -> str:
    """Give the day so many days later, or earlier."""
    try:
        return (date.fromisoformat(local_date(value, context)) + timedelta(days=count)).isoformat()
    except OverflowError as error:
        raise Unusable(gettext("“%(value)s” is not a date.") % {"value": shown(as_text(value))}) from error


TIMES = (
    Transform(
        "date_format",
        date_format,
        _('the date or time in a form of your own, as in date_format:"D.M.YYYY HH:mm"'),
        pattern,
        needs_argument=True,
        sees_context=True,
    ),
    Transform("add_days", add_days, _("the day so many days later, as in add_days:14"), days, needs_argument=True, sees_context=True),
    Transform("local_date", local_date, _("the day in the shop's time zone, 2026-01-12"), sees_context=True),
    Transform("iso_datetime", iso_datetime, _("the moment in the shop's time zone, 2026-01-12T11:30:00+01:00"), sees_context=True),
)
