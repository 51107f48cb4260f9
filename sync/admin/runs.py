"""Runs: one pass over many records, how far it is, and the button that cancels it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from shops.pages.badges import badge, state_badge
from shops.pages.moments import moment
from shops.pages.records import RecordAdmin
from sync.admin.addresses import list_of_jobs
from sync.admin.run_start import start_view
from sync.admin.sentences import asker_in_words, describe_run
from sync.models import SyncChunk, SyncJob, SyncRun
from sync.runs import cancel_run

MOST_CHUNKS = 100
COUNTS = ("created", "updated", "unchanged", "skipped", "waiting", "parked", "failed")
# What a run hands over to jobs; the names are those of their states.
UNFINISHED = (SyncJob.State.WAITING, SyncJob.State.PARKED, SyncJob.State.FAILED)
TONES = {"parked": "act", "failed": "bad"}


@admin.register(SyncRun)
class RunAdmin(RecordAdmin):
    """Passes over the records of a flow."""

    page_template = "portal/run.html"
    next_step = gettext_lazy("The daily runs start by themselves, at the times in Schedules; the button above starts one now.")
    change_list_template = "portal/run_list.html"
    list_display = ("state_shown", "flow_shown", "shop", "progress_shown", "counts_shown", "trigger_shown", "moment_shown")
    list_display_links = ("flow_shown",)
    list_filter = ("state", "flow", "mode", "shop")
    list_select_related = ("shop",)

    def get_urls(self) -> list[URLPattern]:
        """Add the form that starts a run, and the button that cancels one."""
        guarded = self.admin_site.admin_view
        return [
            path("start/", guarded(self.start_view), name="sync_syncrun_start"),
            path("<int:pk>/cancel/", guarded(require_POST(self.cancel_view)), name="sync_syncrun_cancel"),
            *super().get_urls(),
        ]

    def has_start_permission(self, request: HttpRequest) -> bool:
        """Whether the person may start and cancel runs."""
        return request.user.has_perm("sync.start_run")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the button above the list to those who may use it."""
        return super().changelist_view(request, {"may_start": self.has_start_permission(request)} | (extra_context or {}))

    def page(self, request: HttpRequest, record: SyncRun) -> dict[str, Any]:
        """Return how the run stands."""
        chunks = dict(record.chunks.values_list("state").annotate(count=Count("pk")).order_by())
        facts = [
            (_("shop"), record.shop),
            (_("flow"), record.get_flow_display()),
            (_("mode"), record.get_mode_display()),
            (_("since"), moment(record.since) if record.since else ""),
            (_("started by"), asker_in_words(record.trigger)),
            (_("started"), moment(record.started_at)),
            (_("ended"), moment(record.ended_at) if record.ended_at else ""),
            (_("mapping version"), record.mapping_version),
            (_("unreadable rows of the list"), record.unreadable or ""),
        ]
        return {
            "title": _("Run: %(flow)s") % {"flow": record.get_flow_display()},
            "lead": describe_run(record),
            "facts": facts,
            "tiles": [_tile(record, name) for name in COUNTS],
            "chunks_done": chunks.get(SyncChunk.State.DONE, 0) + chunks.get(SyncChunk.State.FAILED, 0),
            "chunks_total": sum(chunks.values()),
            "chunks": _shown_chunks(record),
            "may_cancel": record.is_active and self.has_start_permission(request),
        }

    def start_view(self, request: HttpRequest) -> HttpResponse:
        """Choose what to run, confirm, and start it."""
        if not self.has_start_permission(request):
            raise PermissionDenied
        return start_view(self, request)

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Stop a run."""
        if not self.has_start_permission(request):
            raise PermissionDenied
        run = get_object_or_404(SyncRun, pk=pk)
        if cancel_run(run):
            LogEntry.objects.log_actions(request.user.pk, [run], CHANGE, change_message="Cancelled")
            self.message_user(request, _("The run is cancelled. What was written until now stays."), messages.SUCCESS)
        else:
            self.message_user(request, _("The run had ended already."), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:sync_syncrun_change", args=[pk]))

    @admin.display(description=gettext_lazy("state"))
    def state_shown(self, run: SyncRun) -> SafeString:
        """Show the state as a badge."""
        return state_badge(run)

    @admin.display(description=gettext_lazy("flow"))
    def flow_shown(self, run: SyncRun) -> SafeString:
        """Show the flow, and how much of it."""
        mode = f"{run.get_mode_display()}, {run._meta.get_field('dry_run').verbose_name}" if run.dry_run else run.get_mode_display()
        return format_html('{}<span class="sub">{}</span>', run.get_flow_display(), mode)

    @admin.display(description=gettext_lazy("read"))
    def progress_shown(self, run: SyncRun) -> SafeString | str:
        """Show how far it is."""
        if not run.is_active or not run.expected:
            return str(run.read)
        return format_html('<progress value="{}" max="{}"></progress>{} / {}', run.read, run.expected, run.read, run.expected)

    @admin.display(description=gettext_lazy("result"))
    def counts_shown(self, run: SyncRun) -> SafeString:
        """Show what came of it, as far as it is not nothing."""
        shown = [(run._meta.get_field(name).verbose_name, getattr(run, name), TONES.get(name, "")) for name in COUNTS]
        cells = [badge(f"{count} {label}", tone) if tone else format_html("{} {}", count, label) for label, count, tone in shown if count]
        return format_html("{}" + ", {}" * (len(cells) - 1), *cells) if cells else format_html("{}", "–")

    @admin.display(description=gettext_lazy("started by"))
    def trigger_shown(self, run: SyncRun) -> str:
        """Show who started it."""
        return asker_in_words(run.trigger)

    @admin.display(description=gettext_lazy("started"), ordering="id")
    def moment_shown(self, run: SyncRun) -> SafeString | str:
        """Show when it began."""
        return moment(run.started_at)


def _tile(run: SyncRun, name: str) -> tuple[Any, int, str, str]:
    """Return label, count, tone, and the list of the jobs that stand like this now; a dry run leaves no jobs."""
    count = getattr(run, name)
    has_jobs = count and name in UNFINISHED and not run.dry_run
    address = list_of_jobs(shop__id__exact=run.shop_id, flow__exact=run.flow, state__exact=name) if has_jobs else ""
    return run._meta.get_field(name).verbose_name, count, TONES.get(name, ""), address


def _shown_chunks(run: SyncRun) -> list[SyncChunk]:
    """Return the parts that are not simply done; if all are, the first of them."""
    chunks = run.chunks.defer("keys").order_by("number")
    unfinished = list(chunks.exclude(state=SyncChunk.State.DONE)[:MOST_CHUNKS])
    return unfinished or list(chunks[:MOST_CHUNKS])
