"""The questions that staff ask of the inbox."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from webhooks.event_names import NAMES, event_name
from webhooks.models import WebhookEvent
from webhooks.registry import known_event_types
from webhooks.topics import SLUGS

Status = WebhookEvent.Status


class QuestionFilter(admin.SimpleListFilter):
    """Say in the reader's words which events are meant."""

    title = _("question")
    parameter_name = "question"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """List the questions."""
        return [("attention", _("needs attention")), ("failed-today", _("failed today")), ("open", _("not finished yet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Answer the chosen one."""
        if self.value() == "attention":
            return queryset.filter(status=Status.FAILED)
        if self.value() == "failed-today":
            midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
            return queryset.filter(status=Status.FAILED, last_seen_at__gte=midnight)
        if self.value() == "open":
            return queryset.filter(status__in=[Status.PENDING, Status.PROCESSING])
        return queryset


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
