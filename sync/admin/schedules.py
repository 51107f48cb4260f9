"""Schedules: celery-beat's own admin, without what the content security policy forbids, and in the reader's language."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_celery_beat.admin import PeriodicTaskAdmin
from django_celery_beat.models import PeriodicTask

from shops.pages.badges import badge
from shops.pages.moments import moment

admin.site.unregister(PeriodicTask)


@admin.register(PeriodicTask)
class ScheduledTaskAdmin(PeriodicTaskAdmin):
    """What beat starts, and when."""

    # Its own template carries a script inside the page.
    change_form_template = None
    date_hierarchy = None
    list_display = ("name", "state_shown", "when_shown", "last_run_shown", "total_run_count")
    list_filter = ("enabled",)
    fieldsets = (
        (None, {"fields": ("name", "regtask", "task", "enabled", "description")}),
        (_("When"), {"fields": ("interval", "crontab", "start_time", "one_off", "last_run_at")}),
        (_("With what"), {"fields": ("args", "kwargs", "queue", "expire_seconds"), "classes": ("collapse",)}),
    )
    readonly_fields = ("last_run_at",)

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
        return str(task.schedule if not (task.crontab or task.interval) else task.crontab or task.interval)

    @admin.display(description=_("last run"))
    def last_run_shown(self, task: PeriodicTask) -> SafeString | str:
        """Show when beat last started it."""
        return moment(task.last_run_at)
