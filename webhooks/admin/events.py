"""Events: what Shoptet told us, and the button that takes them up once more."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from shops.pages.badges import state_badge
from shops.pages.confirmation import MOST_AT_ONCE, ask_for_many, chosen_keys, is_confirmed
from shops.pages.moments import moment
from shops.pages.records import RecordAdmin
from shops.pages.shown import shorten
from webhooks.admin.filters import EventTypeFilter
from webhooks.event_names import error_in_words, event_name
from webhooks.models import WebhookEvent
from webhooks.processing import replay_events


@admin.register(WebhookEvent)
class EventAdmin(RecordAdmin):
    """The inbox."""

    page_template = "portal/event.html"
    next_step = gettext_lazy("Whether Shoptet sends its events here is shown on the shop's page, under “Webhooks and connection”.")
    list_display = ("state_shown", "event_shown", "instance_shown", "shop", "moment_shown", "error_shown")
    list_display_links = ("event_shown",)
    list_filter = ("status", "shop", "source", EventTypeFilter)
    list_select_related = ("shop",)
    search_fields = ("instance", "event_id")
    search_help_text = gettext_lazy("The number of the order, the code or GUID of the product or customer.")
    actions = ("replay_selected",)
    heavy = ("payload", "raw_body")

    def get_urls(self) -> list[URLPattern]:
        """Add the button's address."""
        replay = self.admin_site.admin_view(require_POST(self.replay_view))
        return [path("<int:pk>/replay/", replay, name="webhooks_webhookevent_replay"), *super().get_urls()]

    def has_replay_permission(self, request: HttpRequest) -> bool:
        """Whether the person may have events taken up again."""
        return request.user.has_perm("webhooks.replay_event")

    def page(self, request: HttpRequest, record: WebhookEvent) -> dict[str, Any]:
        """Return what happened and what is known of it."""
        facts = [
            (_("shop"), record.shop),
            (_("instance"), shorten(record.instance, 200)),
            (_("happened"), moment(record.event_created)),
            (_("received"), moment(record.created_at)),
            (_("times seen"), record.times_seen),
            (_("last seen"), moment(record.last_seen_at) if record.times_seen > 1 else ""),
            (_("came by"), record.get_source_display()),
            (_("processed"), moment(record.processed_at) if record.processed_at else ""),
            (_("event ID"), record.event_id),
        ]
        may_replay = self.has_replay_permission(request) and record.payload is not None
        title = f"{capfirst(event_name(record.event_type))}: {shorten(record.instance, 60)}"
        return {"title": title, "facts": facts, "error": error_in_words(record), "may_replay": may_replay}

    def replay_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take one event up again."""
        if not self.has_replay_permission(request):
            raise PermissionDenied
        event = get_object_or_404(WebhookEvent.objects.only("pk"), pk=pk)
        self._replay(request, [event.pk])
        return HttpResponseRedirect(reverse("admin:webhooks_webhookevent_change", args=[pk]))

    @admin.action(description=gettext_lazy("Process again"), permissions=["replay"])
    def replay_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Take the chosen events up again, many of them after a confirmation."""
        keys = chosen_keys(queryset)
        if len(keys) == 1 or is_confirmed(request):
            self._replay(request, keys)
            return None
        sentences = [
            ngettext("%(count)d event will be processed again.", "%(count)d events will be processed again.", len(keys))
            % {"count": len(keys)},
            _("Every record that they name is read from Shoptet anew. What BlueJet already holds is left as it is; nothing is doubled."),
        ]
        if len(keys) == MOST_AT_ONCE:
            sentences.append(_("This is the most at one go: the newest of those that you chose."))
        some = WebhookEvent.objects.only("event_type", "instance").filter(pk__in=keys[:5])
        examples = [f"{event_name(event.event_type)} {event.instance}" for event in some]
        return ask_for_many(
            self,
            request,
            action="replay_selected",
            keys=keys,
            title=_("Process events again"),
            sentences=sentences,
            button=_("Process again"),
            examples=[shorten(example, 80) for example in examples] + (["…"] if len(keys) > 5 else []),
        )

    def _replay(self, request: HttpRequest, keys: list[int]) -> None:
        count = replay_events(keys)
        chosen = WebhookEvent.objects.only("pk", "event_type", "instance").filter(pk__in=keys, payload__isnull=False)
        LogEntry.objects.log_actions(request.user.pk, chosen, CHANGE, change_message="Processed again")
        if count:
            done = ngettext("%(count)d event is being processed again.", "%(count)d events are being processed again.", count)
            self.message_user(request, done % {"count": count}, messages.SUCCESS)
        if count < len(keys):
            refused = len(keys) - count
            sentence = ngettext(
                "%(count)d event has a body that cannot be read; it stays closed.",
                "%(count)d events have bodies that cannot be read; they stay closed.",
                refused,
            )
            self.message_user(request, sentence % {"count": refused}, messages.WARNING)

    @admin.display(description=gettext_lazy("state"))
    def state_shown(self, event: WebhookEvent) -> SafeString:
        """Show the state as a badge."""
        return state_badge(event, "status")

    @admin.display(description=gettext_lazy("event"))
    def event_shown(self, event: WebhookEvent) -> SafeString:
        """Show what happened, in words and by its name at Shoptet."""
        return format_html('{}<span class="sub">{}</span>', event_name(event.event_type), event.event_type)

    @admin.display(description=gettext_lazy("instance"))
    def instance_shown(self, event: WebhookEvent) -> str:
        """Show what it is about; a mass event may name thousands."""
        return shorten(event.instance, 60)

    @admin.display(description=gettext_lazy("received"), ordering="id")
    def moment_shown(self, event: WebhookEvent) -> SafeString | str:
        """Show when it came, and how often if more than once."""
        if event.times_seen == 1:
            return moment(event.created_at)
        return format_html('{}<span class="sub">{}×</span>', moment(event.created_at), event.times_seen)

    @admin.display(description=gettext_lazy("error"))
    def error_shown(self, event: WebhookEvent) -> str:
        """Show the beginning of what went wrong."""
        return shorten(error_in_words(event), 160)
