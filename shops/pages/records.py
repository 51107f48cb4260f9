"""Pages of what the portal wrote itself: read by people, changed by nobody."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse

from shops.pages.lists import BigListAdmin, ReadOnlyColumns


class RecordAdmin(ReadOnlyColumns, BigListAdmin):
    """A list and a page per record, without forms; the portal makes the records, and retention deletes them."""

    page_template = "portal/record.html"

    def page(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """Return what the record's template shows."""
        return {}

    def elsewhere(self, record: Any) -> str:
        """Return the address that shows the record where it has no page of its own."""
        return ""

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the record's page."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        record = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if address := self.elsewhere(record):
            return HttpResponseRedirect(address)
        context = self.admin_site.each_context(request) | {"opts": self.opts, "original": record, "title": str(record)}
        return TemplateResponse(request, self.page_template, context | self.page(request, record) | (extra_context or {}))
