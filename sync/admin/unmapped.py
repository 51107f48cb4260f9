"""Values without a counterpart: how many jobs wait for each, and the form that gives it one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Concat
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mappings.choices import MODEL_OF_TABLE
from shops.pages.moments import moment
from shops.pages.records import RecordAdmin
from sync.admin.addresses import add_value, list_of_jobs
from sync.models import UnmappedValue, WaitingJob


def with_waiting(values: QuerySet) -> QuerySet:
    """Count the jobs that wait for each value."""
    topic = Concat(Value("value:"), OuterRef("table"), Value(":"), OuterRef("value"), output_field=TextField())
    waiting = WaitingJob.objects.filter(shop=OuterRef("shop"), topic=topic, fulfilled_at__isnull=True)
    counted = waiting.order_by().annotate(one=Value(1)).values("one").annotate(count=Count("pk")).values("count")
    return values.annotate(waiting_jobs=Coalesce(Subquery(counted), 0))


def table_name(table: str) -> str:
    """Return the mapping table's name for people."""
    return str(MODEL_OF_TABLE[table]._meta.verbose_name_plural) if table in MODEL_OF_TABLE else table


class TableFilter(admin.SimpleListFilter):
    """Keep what is missing in one table."""

    title = _("table")
    parameter_name = "table"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the tables by their names for people."""
        return [(table, table_name(table)) for table in MODEL_OF_TABLE]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep the chosen table's values."""
        return queryset.filter(table=self.value()) if self.value() else queryset


@admin.register(UnmappedValue)
class UnmappedAdmin(RecordAdmin):
    """What is missing in the mapping tables; each row leads to the form that fills it in."""

    list_display = ("value_shown", "table_shown", "waiting_shown", "shop", "last_met_shown", "map_shown")
    list_display_links = None
    list_filter = (TableFilter, "shop")
    list_select_related = ("shop",)
    search_fields = ("value", "label")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Those that most jobs wait for come first."""
        return with_waiting(UnmappedValue.objects.all()).order_by(*self.get_ordering(request))

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Order by what the query set counts; the list asks for it, too."""
        return ["-waiting_jobs", "table", "value"]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Lead to the form that gives the value its counterpart."""
        value = self.get_object(request, object_id)
        if value is None or value.table not in MODEL_OF_TABLE:
            return HttpResponseRedirect(reverse("admin:sync_unmappedvalue_changelist"))
        return HttpResponseRedirect(add_value(value.shop_id, value.table, value.value, value.label))

    @admin.display(description=_("value in Shoptet"))
    def value_shown(self, value: UnmappedValue) -> SafeString:
        """Show the value by its name, and its id."""
        if not value.label or value.label == value.value:
            return format_html("<strong>{}</strong>", value.value)
        return format_html('<strong>{}</strong><span class="sub">{}</span>', value.label, value.value)

    @admin.display(description=_("is missing in"))
    def table_shown(self, value: UnmappedValue) -> str:
        """Show the table that lacks it."""
        return table_name(value.table)

    @admin.display(description=_("jobs that wait"))
    def waiting_shown(self, value: UnmappedValue) -> SafeString | str:
        """Show how many jobs wait, with the way to them."""
        count = getattr(value, "waiting_jobs", 0)
        address = list_of_jobs(awaits=f"{value.table}:{value.value}", shop__id__exact=value.shop_id)
        words = ngettext("%(count)d job", "%(count)d jobs", count) % {"count": count}
        return format_html('<a href="{}">{}</a>', address, words) if count else "–"

    @admin.display(description=_("last met"))
    def last_met_shown(self, value: UnmappedValue) -> SafeString | str:
        """Show when a record last had it."""
        return moment(value.last_met_at)

    @admin.display(description="")
    def map_shown(self, value: UnmappedValue) -> SafeString | str:
        """Show the way to the form."""
        if value.table not in MODEL_OF_TABLE:
            return ""
        address = add_value(value.shop_id, value.table, value.value, value.label)
        return format_html('<a class="button" href="{}">{}</a>', address, _("Map it"))
