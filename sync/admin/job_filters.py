"""The questions that staff ask of the jobs."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sync.issue_texts import TEXTS
from sync.issues import Issue
from sync.models import SyncJob
from sync.waiting import value_topic

State = SyncJob.State


class QuestionFilter(admin.SimpleListFilter):
    """Say in the reader's words which jobs are meant."""

    title = _("question")
    parameter_name = "question"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """List the questions."""
        return [
            ("attention", _("needs attention")),
            ("today", _("stopped today")),
            ("waits", _("waits and goes on by itself")),
            ("held", _("held, since its flow is not live")),
            ("open", _("not in BlueJet yet")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Answer the chosen one."""
        stopped = [State.PARKED, State.FAILED]
        if self.value() == "attention":
            return queryset.filter(state__in=stopped)
        if self.value() == "today":
            midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
            return queryset.filter(state__in=stopped, changed_at__gte=midnight)
        if self.value() == "waits":
            return queryset.filter(state__in=[State.QUEUED, State.WAITING])
        if self.value() == "held":
            return queryset.filter(state=State.HELD)
        if self.value() == "open":
            return queryset.filter(state__in=[*stopped, State.QUEUED, State.RUNNING, State.WAITING, State.HELD])
        return queryset


class ReasonFilter(admin.SimpleListFilter):
    """Keep the stopped jobs that have one finding; it is chosen from the overview, by a link."""

    title = _("reason")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the reason that is chosen, and none where none is."""
        chosen = request.GET.get(self.parameter_name, "")
        return [(chosen, Issue(chosen).sentence())] if chosen in TEXTS else []

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Look into the findings of what is stopped; the others are many, and nobody asks for theirs."""
        code = self.value()
        if code not in TEXTS:
            return queryset
        stopped = queryset.filter(state__in=[State.PARKED, State.FAILED])
        return stopped.annotate(findings=Cast("issues", TextField())).filter(findings__contains=f'"code": "{code}"')


class AwaitedValueFilter(admin.SimpleListFilter):
    """Keep the jobs that wait for one value's counterpart; it is chosen from the unmapped values, by a link."""

    title = _("waits for")
    parameter_name = "awaits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the value that is chosen, and none where none is."""
        chosen = request.GET.get(self.parameter_name, "")
        return [(chosen, chosen.partition(":")[2])] if ":" in chosen else []

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Look up who waits."""
        table, colon, value = (self.value() or "").partition(":")
        if not colon:
            return queryset
        return queryset.filter(waits_for__topic=value_topic(table, value), waits_for__fulfilled_at__isnull=True).distinct()
