"""Times as people say them: today without the date, this year without the year, always with the whole on hover."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def moment(value: datetime | None) -> SafeString | str:
    """Return a `<time>` that shows as much of the moment as a reader needs today."""
    if value is None:
        return "–"
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(), date_format(local, "SHORT_DATETIME_FORMAT"), in_words(local)
    )


def in_words(value: datetime) -> str:
    """Return the moment as text, in the portal's time zone."""
    local, today = timezone.localtime(value), timezone.localdate()
    if local.date() == today:
        return date_format(local, pgettext("time today", "H:i:s"))
    clock = date_format(local, pgettext("time of another day", "H:i"))
    if local.date() == today - timedelta(days=1):
        return _("yesterday %(time)s") % {"time": clock}
    if local.date() == today + timedelta(days=1):
        return _("tomorrow %(time)s") % {"time": clock}
    pattern = pgettext("date of this year", "j M") if local.year == today.year else pgettext("date of another year", "j M Y")
    return f"{date_format(local, pattern)} {clock}"
