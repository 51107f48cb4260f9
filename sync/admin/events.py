"""The inbox with what the events' jobs say: an event is as far as the records that it asked for."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from shops.pages.shown import shorten
from sync.admin.event_words import reasons_of_events, words_of_events
from sync.models import EventJob, SyncJob
from webhooks.admin import EventAdmin
from webhooks.admin.filters import EventTypeFilter
from webhooks.event_names import error_in_words
from webhooks.models import WebhookEvent

admin.site.unregister(WebhookEvent)
State, Status = SyncJob.State, WebhookEvent.Status


class EventQuestionFilter(admin.SimpleListFilter):
    """Ask the questions of the events' jobs; an event's own status answers only where it asked for none."""

    title = gettext_lazy("question")
    parameter_name = "question"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """List the questions."""
        return [
            ("attention", gettext_lazy("needs attention")),
            ("failed-today", gettext_lazy("stopped today")),
            ("alone", gettext_lazy("could not be read or taken up")),
            ("open", gettext_lazy("not finished yet")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Answer the chosen one."""
        unanswered = EventJob.objects.filter(event=OuterRef("pk"), job__done__lt=F("wanted"))
        stopped = unanswered.filter(job__state__in=[State.PARKED, State.FAILED])
        alone = Q(status=Status.FAILED, asked__isnull=True)
        today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        answers: dict[str, Any] = {
            "attention": alone | Exists(stopped),
            "failed-today": Q(alone, last_seen_at__gte=today) | Exists(stopped.filter(job__changed_at__gte=today)),
            "alone": alone,
            "open": Q(status__in=[Status.PENDING, Status.PROCESSING]) | Exists(unanswered),
        }
        asked = answers.get(self.value() or "")
        return queryset if asked is None else queryset.filter(asked)


class EventList(ChangeList):
    """One page of events, with what their jobs say."""

    def get_results(self, request: HttpRequest) -> None:
        """Look both up once for the page."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        words, reasons = words_of_events(self.result_list), reasons_of_events(self.result_list)
        for event in self.result_list:
            event.words, event.reason = words[event.pk], reasons.get(event.pk, "")


@admin.register(WebhookEvent)
class EventWithJobsAdmin(EventAdmin):
    """The inbox."""

    list_filter = (EventQuestionFilter, "shop", "source", EventTypeFilter)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Use the list that knows the jobs."""
        return EventList

    def page(self, request: HttpRequest, record: WebhookEvent) -> dict[str, Any]:
        """Add what the jobs say; the reason of one that stands still is said with it."""
        words, asked = words_of_events([record])[record.pk], record.asked.exists()
        said = {"badge": words.badge(), "lead": words.sentence}
        return super().page(request, record) | said | ({"error": ""} if asked else {})

    @admin.display(description=gettext_lazy("state"))
    def state_shown(self, event: WebhookEvent) -> SafeString:
        """Show how far it is."""
        return event.words.badge()  # type: ignore[attr-defined,no-any-return]  # looked up once for the page

    @admin.display(description=gettext_lazy("why it is not done"))
    def error_shown(self, event: WebhookEvent) -> str:
        """Show what its record waits for, or why it could not be taken up."""
        return shorten(event.reason or error_in_words(event), 160)  # type: ignore[attr-defined]
