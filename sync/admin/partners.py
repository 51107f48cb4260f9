"""Partners' states: who answers, and since when somebody does not."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shops.pages.badges import badge
from shops.pages.moments import moment
from shops.pages.records import RecordAdmin
from shops.pages.shown import shorten
from sync.admin.sentences import describe_breaker
from sync.models import Breaker
from sync.partner_words import trouble_in_words


@admin.register(Breaker)
class BreakerAdmin(RecordAdmin):
    """One row per partner; the list says it all."""

    list_display = ("state_shown", "sentence_shown", "error_shown", "probe_shown", "changed_shown")
    list_display_links = None

    def has_view_permission(self, request: HttpRequest, obj: Breaker | None = None) -> bool:
        """Show the list; a row has no page of its own."""
        return obj is None and super().has_view_permission(request, obj)

    @admin.display(description=gettext_lazy("state"))
    def state_shown(self, breaker: Breaker) -> SafeString:
        """Show whether the partner answers."""
        if breaker.refuses_us:
            return badge(_("refuses the credentials"), "bad")
        if breaker.is_open:
            return badge(_("does not answer"), "bad")
        return badge(_("failed once"), "act") if breaker.failures else badge(_("answers"), "ok")

    @admin.display(description=gettext_lazy("partner"))
    def sentence_shown(self, breaker: Breaker) -> str:
        """Say it in a sentence."""
        return describe_breaker(breaker)

    @admin.display(description=gettext_lazy("last error"))
    def error_shown(self, breaker: Breaker) -> str:
        """Show what the partner last failed with."""
        return shorten(trouble_in_words(breaker.error))

    @admin.display(description=gettext_lazy("next probe"))
    def probe_shown(self, breaker: Breaker) -> SafeString | str:
        """Show when it is asked again."""
        return moment(breaker.next_probe_at)

    @admin.display(description=gettext_lazy("changed"))
    def changed_shown(self, breaker: Breaker) -> SafeString | str:
        """Show when the state last changed."""
        return moment(breaker.changed_at)
