"""Badges, times and stored values in templates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString

from shops.pages import badges, moments, shown

register = template.Library()


@register.filter
def state(record: Any, field: str = "state") -> SafeString:
    """Show the badge of a record's state."""
    return badges.state_badge(record, field)


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """Show a time as a person says it."""
    return moments.moment(value)


@register.filter
def pretty(value: Any) -> str:
    """Show JSON with a field to a line."""
    return shown.pretty_json(value)


@register.filter
def body(raw: bytes | None) -> str:
    """Show a request's body."""
    return shown.pretty_body(raw)
