"""The questions that staff ask of the jobs."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sync.admin.standing import NOT_LIVE_CODES
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
            return not_in_bluejet_yet(queryset)
        return queryset


def not_in_bluejet_yet(jobs: QuerySet) -> QuerySet:
    """Keep what is not at its end, and what ended only because its flow was not live."""
    found = jobs.annotate(findings=Cast("issues", TextField()))
    not_live = reduce(or_, (Q(findings__contains=f'"code": "{code}"') for code in NOT_LIVE_CODES))
    return found.filter(~Q(state=State.DONE) | not_live)


class ReasonFilter(admin.SimpleListFilter):
    """Keep the stopped jobs that have one finding; it is chosen from the overview, by a link."""

    title = _("reason")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the reason that is chosen, and none where none is."""
        chosen = request.GET.get(self.parameter_name, "")
        return [(chosen, self._said(chosen))] if chosen.partition(":")[0] in TEXTS else []

    def _said(self, chosen: str) -> str:
        """Say it as the newest of these jobs does."""
        newest = with_reason(SyncJob.objects.order_by("-pk"), chosen).only("issues").first()
        code, _colon, cause = chosen.partition(":")
        issues = [Issue.from_json(stored) for stored in newest.issues if stored["code"] == code] if newest else []
        return next((one.sentence() for one in issues if one.params.get("cause", "") == cause), Issue(code).sentence())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Look into the findings of what is stopped; the others are many, and nobody asks for theirs."""
        chosen = self.value() or ""
        return with_reason(queryset, chosen) if chosen.partition(":")[0] in TEXTS else queryset


def with_reason(jobs: QuerySet, reason: str) -> QuerySet:
    """Keep the stopped jobs that have a finding: its code, and behind a colon the cause where one code has several."""
    code, _colon, cause = reason.partition(":")
    stopped = jobs.filter(state__in=[State.PARKED, State.FAILED]).annotate(findings=Cast("issues", TextField()))
    found = stopped.filter(findings__contains=f'"code": "{code}"')
    return found.filter(findings__contains=f'"cause": "{cause}"') if cause else found


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
