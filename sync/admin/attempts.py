"""Attempts: every single try, as it was noted."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shops.pages.moments import moment
from shops.pages.records import RecordAdmin
from shops.pages.shown import shorten
from sync.admin.attempt_words import error_in_words
from sync.admin.sentences import record_name
from sync.admin.vocabulary import words_of_attempt
from sync.models import SyncAttempt


@admin.register(SyncAttempt)
class AttemptAdmin(RecordAdmin):
    """The log of tries."""

    page_template = "portal/attempt.html"
    next_step = gettext_lazy("Every try to write a record to BlueJet will be noted here.")
    list_display = ("state_shown", "subject_shown", "error_shown", "moment_shown", "duration_shown")
    list_display_links = ("subject_shown",)
    list_filter = ("result", "job__flow")
    list_select_related = ("job", "chunk__run")
    search_fields = ("job__key", "request_id")
    search_help_text = gettext_lazy("The record's number, code or GUID, or the partner's request id.")
    heavy = ("request", "answer", "traceback", "job__draft", "job__traceback", "job__issues", "chunk__keys")

    def page(self, request: HttpRequest, record: SyncAttempt) -> dict[str, Any]:
        """Return what was tried."""
        facts = [
            (_("began"), moment(record.began_at)),
            (_("ended"), moment(record.ended_at)),
            (_("took"), self.duration_shown(record)),
            (_("partner's request id"), record.request_id),
            (_("mapping version"), record.mapping_version),
        ]
        return {"title": _("Attempt: %(what)s") % {"what": self.subject_shown(record)}, "facts": facts} | {
            "badge": self.state_shown(record),
            "lead": words_of_attempt(record).sentence,
            "error": error_in_words(record),
        }

    @admin.display(description=gettext_lazy("result"))
    def state_shown(self, attempt: SyncAttempt) -> SafeString:
        """Show how it ended."""
        return words_of_attempt(attempt).badge()

    @admin.display(description=gettext_lazy("record"))
    def subject_shown(self, attempt: SyncAttempt) -> str:
        """Show what was tried: one record, or a part of a run."""
        if attempt.job:
            return record_name(attempt.job.flow, attempt.job.key)
        if attempt.chunk:
            return _("%(run)s, part %(number)s") % {"run": attempt.chunk.run, "number": attempt.chunk.number}
        return "–"

    @admin.display(description=gettext_lazy("error"))
    def error_shown(self, attempt: SyncAttempt) -> str:
        """Show the beginning of what went wrong."""
        return shorten(error_in_words(attempt))

    @admin.display(description=gettext_lazy("began"), ordering="id")
    def moment_shown(self, attempt: SyncAttempt) -> SafeString | str:
        """Show when it began."""
        return moment(attempt.began_at)

    @admin.display(description=gettext_lazy("took"))
    def duration_shown(self, attempt: SyncAttempt) -> str:
        """Show how long it took."""
        if attempt.ended_at is None:
            return "–"
        return format_html("{} s", f"{(attempt.ended_at - attempt.began_at).total_seconds():.1f}")
