"""What both partners hold: the lists as they were read last, the button that reads them anew, and suggestions from them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mappings.choices import MODEL_OF_TABLE
from mappings.models import PartnerList, PartnerValue
from shops.pages.badges import badge
from shops.pages.lists import is_only_shop
from shops.pages.moments import moment
from shops.pages.records import RecordAdmin
from sync.admin.inbox_page import table_name
from sync.admin.suggestions_page import suggestions_page
from sync.partner_values import request_refresh


class TableFilter(admin.SimpleListFilter):
    """Keep one table's values."""

    title = gettext_lazy("table")
    parameter_name = "table"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the tables by their names for people."""
        return [(table, table_name(table)) for table in MODEL_OF_TABLE]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep the chosen table's values."""
        return queryset.filter(table=self.value()) if self.value() else queryset


class VanishedFilter(admin.SimpleListFilter):
    """Keep what is there, or what is not there any more."""

    title = gettext_lazy("still there")
    parameter_name = "vanished"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer both."""
        return [("no", gettext_lazy("there")), ("yes", gettext_lazy("vanished"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep the chosen ones."""
        return queryset.filter(vanished_at__isnull=self.value() == "no") if self.value() else queryset


@admin.register(PartnerValue)
class PartnerValueAdmin(RecordAdmin):
    """The values of both sides."""

    list_display = ("value_shown", "side", "table_shown", "shop", "seen_shown")
    list_display_links = None
    list_filter = ("side", TableFilter, VanishedFilter, "shop")
    list_select_related = ("shop",)
    search_fields = ("value", "name")
    ordering = ("table", "side", "position", "pk")

    def get_urls(self) -> list[URLPattern]:
        """Add the button and the suggestions."""
        guarded = self.admin_site.admin_view
        return [
            path("refresh/", guarded(require_POST(self.refresh_view)), name="mappings_partnervalue_refresh"),
            path("suggestions/", guarded(self.suggestions_view), name="mappings_partnervalue_suggestions"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show when each list was read; the values themselves are a click further."""
        if request.GET:
            return super().changelist_view(request, extra_context)
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {"opts": self.opts, "title": _("What the partners hold"), "lists": self._lists()}
        context |= {"has_shops": not is_only_shop(), "may_refresh": _may_refresh(request)}
        return TemplateResponse(request, "portal/partner_lists.html", self.admin_site.each_context(request) | context)

    def refresh_view(self, request: HttpRequest) -> HttpResponse:
        """Ask a worker to read the lists now."""
        if not _may_refresh(request):
            raise PermissionDenied
        request_refresh()
        sentence = _("A worker reads the lists of both partners now; this page shows them as soon as they are here.")
        self.message_user(request, sentence, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:mappings_partnervalue_changelist"))

    def suggestions_view(self, request: HttpRequest) -> HttpResponse:
        """Show what could be mapped by its name, and map what is accepted."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return suggestions_page(self, request)

    def elsewhere(self, record: PartnerValue) -> str:
        """A value has no page of its own."""
        return reverse("admin:mappings_partnervalue_changelist")

    def _lists(self) -> list[tuple[PartnerList, str, tuple[int, int]]]:
        """Return each list with its table's name and how many values it has and had."""
        counts = self._counts()
        lists = PartnerList.objects.select_related("shop").order_by("shop__name", "table", "-side")
        return [(one, table_name(one.table), counts.get((one.shop_id, one.side, one.table), (0, 0))) for one in lists]

    def _counts(self) -> dict[tuple[int, str, str], tuple[int, int]]:
        """Count what is there and what vanished, by list."""
        rows = PartnerValue.objects.order_by().values("shop_id", "side", "table")
        counted = rows.annotate(there=Count("pk", filter=Q(vanished_at=None)), gone=Count("pk", filter=Q(vanished_at__isnull=False)))
        return {(row["shop_id"], row["side"], row["table"]): (row["there"], row["gone"]) for row in counted}

    @admin.display(description=gettext_lazy("value"), ordering="name")
    def value_shown(self, value: PartnerValue) -> SafeString:
        """Show the value by its name and id, and whether it vanished."""
        mark = format_html(" {}", badge(_("vanished"), "act")) if value.vanished_at else ""
        if not value.name or value.name == value.value:
            return format_html("{}{}", value.value, mark)
        return format_html('{}{}<span class="sub">{}</span>', value.name, mark, value.value)

    @admin.display(description=gettext_lazy("table"), ordering="table")
    def table_shown(self, value: PartnerValue) -> str:
        """Show the table by its name for people."""
        return table_name(value.table)

    @admin.display(description=gettext_lazy("last seen"), ordering="seen_at")
    def seen_shown(self, value: PartnerValue) -> SafeString | str:
        """Show when a list last had it."""
        return moment(value.seen_at)


def _may_refresh(request: HttpRequest) -> bool:
    """Reading takes of the partners' budget, so it is for those who map, not for those who only look."""
    return bool(request.user.has_perm("mappings.change_fieldmapping"))
