"""States as coloured badges: one table says which colour a state has, wherever it is shown."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

# ok: reached · work: under way · wait: goes on by itself · act: waits for a person · bad: broken · quiet: nothing to do
TONES = {
    "pending": "wait",
    "queued": "wait",
    "planning": "work",
    "processing": "work",
    "running": "work",
    "started": "work",
    "waiting": "wait",
    "held": "wait",
    "parked": "act",
    "failed": "bad",
    "error": "bad",
    "done": "ok",
    "completed": "ok",
    "created": "ok",
    "updated": "ok",
    "unchanged": "ok",
    "ignored": "quiet",
    "skipped": "quiet",
    "cancelled": "quiet",
    "off": "quiet",
    "shadow": "wait",
    "live": "ok",
}


def badge(label: object, tone: str) -> SafeString:
    """Return a label on its colour."""
    return format_html('<span class="badge badge-{}">{}</span>', tone, label)


def state_badge(record: Any, field: str = "state") -> SafeString:
    """Return the badge of a record's state; the field has choices."""
    value = getattr(record, field)
    return badge(getattr(record, f"get_{field}_display")(), TONES.get(value, "quiet"))
