"""The events that staff may ask the inbox for."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from webhooks.event_names import NAMES, event_name
from webhooks.registry import known_event_types
from webhooks.topics import SLUGS


class EventTypeFilter(admin.SimpleListFilter):
    """Offer the known events without looking through the table for them."""

    title = _("event")
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """List the events that the portal acts on."""
        known = {*SLUGS, *known_event_types(), *NAMES}
        return sorted(((event, event_name(event)) for event in known), key=lambda one: one[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep one type's events."""
        return queryset.filter(event_type=self.value()) if self.value() else queryset
