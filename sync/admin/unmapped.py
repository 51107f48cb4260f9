"""Values without a counterpart: the addresses of the inbox and of what belongs to it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from mappings.choices import MODEL_OF_TABLE
from shops.pages.records import RecordAdmin
from sync.admin.addresses import add_value
from sync.admin.inbox_page import inbox_page, map_one, table_name, with_waiting
from sync.admin.policies_page import policies_page
from sync.models import UnmappedValue

__all__ = ["UnmappedAdmin", "table_name", "with_waiting"]


@admin.register(UnmappedValue)
class UnmappedAdmin(RecordAdmin):
    """The inbox: what is missing in the mapping tables, what waits for it, and a form beside each."""

    def get_urls(self) -> list[URLPattern]:
        """Add the forms' address, and the page about what a table does without a row."""
        guarded = self.admin_site.admin_view
        return [
            path("<int:pk>/map/", guarded(require_POST(self.map_view)), name="sync_unmappedvalue_map"),
            path("policies/", guarded(self.policies_view), name="sync_unmappedvalue_policies"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the inbox."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return inbox_page(self, request)

    def map_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give a value the counterpart of its form."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return map_one(self, request, pk)

    def policies_view(self, request: HttpRequest) -> HttpResponse:
        """Show and save what each table does without a row."""
        if not request.user.has_perm("mappings.change_tablepolicy"):
            raise PermissionDenied
        return policies_page(self, request)

    def elsewhere(self, record: UnmappedValue) -> str:
        """Lead to the form that gives the value its counterpart."""
        if record.table not in MODEL_OF_TABLE:
            return reverse("admin:sync_unmappedvalue_changelist")
        return add_value(record.shop_id, record.table, record.value, record.label)
