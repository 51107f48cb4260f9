"""Transforms of moments: always by the shop's time zone, so that an order has the date that its customer saw."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mappings.transforms.base import Context, Transform, Unusable, as_text, shown


def local_moment(value: Any, context: Context) -> datetime:
    """Read an ISO moment into the shop's time; one without an offset is taken as the shop's own clock."""
    text = as_text(value).strip()
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=context.zone)
        return moment.astimezone(context.zone)
    except (ValueError, OverflowError) as error:
        raise Unusable(_now("“%(value)s” is not a date.") % {"value": shown(text)}) from error


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


TIMES = (
    Transform("local_date", local_date, _("the day in the shop's time zone, 2026-01-12"), sees_context=True),
    Transform("iso_datetime", iso_datetime, _("the moment in the shop's time zone, 2026-01-12T11:30:00+01:00"), sees_context=True),
)
