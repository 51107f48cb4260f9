"""Schedules: celery-beat's own admin, without what the content security policy forbids, and in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_celery_beat.admin import PeriodicTaskAdmin
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from shops.models import FlowName
from shops.pages.badges import badge
from shops.pages.moments import moment

EVERY: dict[str, Callable[[int], str]] = {
    IntervalSchedule.SECONDS: lambda count: ngettext("every second", "every %(count)d seconds", count),
    IntervalSchedule.MINUTES: lambda count: ngettext("every minute", "every %(count)d minutes", count),
    IntervalSchedule.HOURS: lambda count: ngettext("every hour", "every %(count)d hours", count),
    IntervalSchedule.DAYS: lambda count: ngettext("every day", "every %(count)d days", count),
}
PURPOSES = {
    "maintenance.scheduled_run": _("brings over what changed"),
    "maintenance.health_check": _("asks both partners whether they answer"),
    "maintenance.catch_up": _("brings in what the webhooks missed"),
    "maintenance.sweep": _("takes up jobs that were left lying"),
    "maintenance.sweep_events": _("takes up events that were left lying"),
    "maintenance.refresh_values": _("reads the values that both partners offer for mapping"),
    "maintenance.refresh_rates": _("reads the shop's exchange rates"),
    "maintenance.read_all_columns": _("reads BlueJet's columns and checks the mappings against them"),
    "celery.backend_cleanup": _("tidies up after finished tasks"),
}

admin.site.unregister(PeriodicTask)


@admin.register(PeriodicTask)
class ScheduledTaskAdmin(PeriodicTaskAdmin):
    """What beat starts, and when."""

    # Its own template carries a script inside the page.
    change_form_template = None
    date_hierarchy = None
    list_display = ("name", "purpose_shown", "when_shown", "state_shown", "last_run_shown")
    list_filter = ()
    ordering = ("name",)
    show_facets = admin.ShowFacets.NEVER
    fieldsets = (
        (None, {"fields": ("name", "regtask", "task", "enabled", "description")}),
        (_("When"), {"fields": ("interval", "crontab", "start_time", "one_off", "last_run_at")}),
        (_("With what"), {"fields": ("args", "kwargs", "queue", "expire_seconds"), "classes": ("collapse",)}),
    )
    readonly_fields = ("last_run_at",)

    @admin.action(description=_("Enable selected tasks"), permissions=["change"])
    def enable_tasks(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Switch the chosen schedules on; celery-beat's own action asks for no right to change them."""
        super().enable_tasks(request, queryset)

    @admin.action(description=_("Disable selected tasks"), permissions=["change"])
    def disable_tasks(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Switch the chosen schedules off."""
        super().disable_tasks(request, queryset)

    @admin.action(description=_("Toggle activity of selected tasks"), permissions=["change"])
    def toggle_tasks(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Switch the chosen schedules over."""
        super().toggle_tasks(request, queryset)

    @admin.action(description=_("Run selected tasks"), permissions=["change"])
    def run_tasks(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Start what the chosen schedules would start."""
        super().run_tasks(request, queryset)

    @admin.display(description=_("state"), ordering="enabled")
    def state_shown(self, task: PeriodicTask) -> SafeString:
        """Show whether it is switched on."""
        return badge(_("on"), "ok") if task.enabled else badge(_("off"), "quiet")

    @admin.display(description=_("when"))
    def when_shown(self, task: PeriodicTask) -> str:
        """Show the schedule."""
        if task.crontab and task.crontab.minute.isdecimal() and task.crontab.hour.isdecimal():
            daily = task.crontab.day_of_week == task.crontab.day_of_month == task.crontab.month_of_year == "*"
            if daily:
                return _("every day at %(time)s") % {"time": f"{task.crontab.hour}:{task.crontab.minute:0>2}"}
        if task.interval and task.interval.period in EVERY:
            return EVERY[task.interval.period](task.interval.every) % {"count": task.interval.every}
        return str(task.crontab or task.interval or task.schedule)

    @admin.display(description=_("what it does"))
    def purpose_shown(self, task: PeriodicTask) -> str:
        """Say it in words; a task that staff added shows its own description."""
        flow = next((flow for flow in FlowName if f'"{flow}"' in task.args), None)
        said = task.description or str(PURPOSES.get(task.task, task.task))
        return f"{said}: {flow.label}" if flow else said

    @admin.display(description=_("last run"))
    def last_run_shown(self, task: PeriodicTask) -> SafeString | str:
        """Show when beat last started it."""
        return moment(task.last_run_at)
