"""Jobs: what is being made right in BlueJet, why it is not yet, and the button that sends it again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from shops.pages.confirmation import MOST_AT_ONCE, ask_for_many, chosen_keys, is_confirmed
from shops.pages.moments import moment
from shops.pages.records import RecordAdmin
from shops.pages.shown import shorten
from sync.admin.drafts import names_in
from sync.admin.job_filters import AwaitedValueFilter, QuestionFilter, ReasonFilter
from sync.admin.job_page import job_page
from sync.admin.sentences import asker_in_words, job_badge, reason_of, record_name
from sync.admin.standing import standings
from sync.jobs import replay_jobs
from sync.models import SyncJob


class JobList(ChangeList):
    """One page of jobs, with the names of their records and where these are."""

    def get_results(self, request: HttpRequest) -> None:
        """Look both up once for the page."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        names = names_in(self.result_list)
        places = standings(self.result_list)
        for job in self.result_list:
            job.known_as, job.position = names.get(job.pk, ""), places[job.pk]


@admin.register(SyncJob)
class JobAdmin(RecordAdmin):
    """One row per shop, flow and record."""

    page_template = "portal/job.html"
    next_step = gettext_lazy("Jobs come from Shoptet's events, and from what a run could not finish.")
    list_display = ("state_shown", "record_shown", "reason_shown", "shop", "asked_shown", "moment_shown")
    list_display_links = ("record_shown",)
    list_filter = (QuestionFilter, ReasonFilter, AwaitedValueFilter, "state", "flow", "shop")
    list_select_related = ("shop",)
    search_fields = ("key",)
    search_help_text = gettext_lazy("The number of the order, the code or GUID of the product or customer.")
    actions = ("replay_selected",)
    heavy = ("draft", "traceback")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Use the list that knows names."""
        return JobList

    def get_urls(self) -> list[URLPattern]:
        """Add the button's address."""
        replay = self.admin_site.admin_view(require_POST(self.replay_view))
        return [path("<int:pk>/replay/", replay, name="sync_syncjob_replay"), *super().get_urls()]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Let an event's page link to all the jobs that it asked for."""
        return lookup == "asked_by_events__event" or super().lookup_allowed(lookup, value, request)

    def has_replay_permission(self, request: HttpRequest) -> bool:
        """Whether the person may send jobs again."""
        return request.user.has_perm("sync.replay_job")

    def page(self, request: HttpRequest, record: SyncJob) -> dict[str, Any]:
        """Return what the job's page shows."""
        return job_page(record) | {"may_replay": self.has_replay_permission(request)}

    def replay_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send one job again."""
        if not self.has_replay_permission(request):
            raise PermissionDenied
        job = get_object_or_404(SyncJob.objects.defer(*self.heavy).select_related("shop"), pk=pk)
        self._replay(request, [job])
        return HttpResponseRedirect(reverse("admin:sync_syncjob_change", args=[pk]))

    @admin.action(description=gettext_lazy("Send again"), permissions=["replay"])
    def replay_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Send the chosen jobs again, many of them after a confirmation."""
        keys = chosen_keys(queryset)
        jobs = list(SyncJob.objects.defer(*self.heavy).select_related("shop").filter(pk__in=keys))
        if len(jobs) == 1 or is_confirmed(request):
            self._replay(request, jobs)
            return None
        sentences = [
            ngettext("%(count)d job will be sent again.", "%(count)d jobs will be sent again.", len(keys)) % {"count": len(keys)},
            _("Each record is read from Shoptet anew. What BlueJet already holds as it should be is left alone; nothing is doubled."),
        ]
        held = sum(1 for job in jobs if any(stored.get("code") == "held_delete" for stored in job.issues))
        if held:
            sentences.append(
                ngettext(
                    "%(count)d of them is a held deletion: sending it again archives the record in BlueJet.",
                    "%(count)d of them are held deletions: sending them again archives the records in BlueJet.",
                    held,
                )
                % {"count": held}
            )
        if len(keys) == MOST_AT_ONCE:
            sentences.append(_("This is the most at one go: the newest of those that you chose."))
        examples = [record_name(job.flow, job.key) for job in jobs[:5]] + (["…"] if len(jobs) > 5 else [])
        title, button = _("Send jobs again"), _("Send again")
        return ask_for_many(
            self, request, action="replay_selected", keys=keys, title=title, sentences=sentences, button=button, examples=examples
        )

    def _replay(self, request: HttpRequest, jobs: list[SyncJob]) -> None:
        count = replay_jobs(jobs, by=request.user.get_full_name() or request.user.get_username())
        LogEntry.objects.log_actions(request.user.pk, jobs, CHANGE, change_message="Sent again")
        done = ngettext("%(count)d job is queued again.", "%(count)d jobs are queued again.", count)
        self.message_user(request, done % {"count": count}, messages.SUCCESS)

    @admin.display(description=gettext_lazy("state"))
    def state_shown(self, job: SyncJob) -> SafeString:
        """Show the state as a badge."""
        return job_badge(job, job.position)  # type: ignore[attr-defined]  # looked up once for the page

    @admin.display(description=gettext_lazy("record"))
    def record_shown(self, job: SyncJob) -> SafeString:
        """Show what the job is about."""
        name = record_name(job.flow, job.key)
        known_as = getattr(job, "known_as", "")
        return format_html('{}<span class="sub">{}</span>', name, shorten(known_as, 80)) if known_as else format_html("{}", name)

    @admin.display(description=gettext_lazy("why it is not done"))
    def reason_shown(self, job: SyncJob) -> str:
        """Show the first finding."""
        return shorten(reason_of(job), 160)

    @admin.display(description=gettext_lazy("asked by"))
    def asked_shown(self, job: SyncJob) -> str:
        """Show who asked the last time."""
        return shorten(asker_in_words(job.asked_by), 60)

    @admin.display(description=gettext_lazy("changed"), ordering="id")
    def moment_shown(self, job: SyncJob) -> SafeString | str:
        """Show when something last happened to it."""
        return moment(job.changed_at)
