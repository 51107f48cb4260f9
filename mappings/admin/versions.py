"""Versions of the mappings: who changed what, and when."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mappings.models import MappingVersion
from mappings.wording import ShownDifference, shown_differences
from shops.pages.moments import moment
from shops.pages.numbers import whole_number
from shops.pages.records import RecordAdmin

MOST_ROWS = 300


@admin.register(MappingVersion)
class VersionAdmin(RecordAdmin):
    """The history of the mappings: each version looked at, any two compared."""

    page_template = "portal/mapping_version.html"
    list_display = ("number_shown", "comment", "author", "shop", "moment_shown")
    list_filter = ("shop",)
    list_select_related = ("shop", "author")
    heavy = ("content",)
    actions = ("compare_chosen",)

    def get_urls(self) -> list[URLPattern]:
        """Add the page that compares two versions."""
        compare = self.admin_site.admin_view(self.compare_view)
        return [path("<int:pk>/compare/", compare, name="mappings_mappingversion_compare"), *super().get_urls()]

    def page(self, request: HttpRequest, record: MappingVersion) -> dict[str, Any]:
        """Return who made the version, and what it changed."""
        facts = [
            (_("shop"), record.shop),
            (_("author"), record.author or _("the portal itself")),
            (_("comment"), record.comment),
            (_("created"), moment(record.created_at)),
        ]
        others = MappingVersion.objects.filter(shop_id=record.shop_id).defer("content").order_by("-number")
        newest = others.first()
        earlier = MappingVersion.objects.filter(shop_id=record.shop_id, number__lt=record.number).order_by("-number").first()
        found = shown_differences(earlier.content if earlier else {}, record.content)
        title = _("Version %(number)s of %(shop)s") % {"number": record.number, "shop": record.shop}
        may_put_back = request.user.has_perm("mappings.activate_mapping") and newest is not None and newest.pk != record.pk
        return {
            "title": title,
            "facts": facts,
            "others": others.exclude(pk=record.pk)[:100],
            "is_in_force": newest is not None and newest.pk == record.pk,
            "put_back": reverse("workbench:put_back", args=[record.shop_id, record.number]) if may_put_back else "",
        } | _bounded(found)

    @admin.action(description=gettext_lazy("Compare the two chosen versions"))
    def compare_chosen(self, request: HttpRequest, queryset: QuerySet[MappingVersion]) -> HttpResponse | None:
        """Lead to the comparison of exactly two versions of one shop."""
        chosen = list(queryset.order_by("number").values_list("pk", "shop_id")[:3])
        if len(chosen) != 2 or chosen[0][1] != chosen[1][1]:
            self.message_user(request, _("Choose exactly two versions of one shop."), messages.WARNING)
            return None
        older, newer = chosen[0][0], chosen[1][0]
        return HttpResponseRedirect(reverse("admin:mappings_mappingversion_compare", args=[newer], query={"with": older}))

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what differs between two versions of one shop, whichever is the older one."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        one = get_object_or_404(MappingVersion.objects.select_related("shop"), pk=pk)
        other = get_object_or_404(MappingVersion, pk=whole_number(request.GET.get("with", "")) or 0, shop_id=one.shop_id)
        older, newer = sorted((one, other), key=lambda version: version.number)
        found = shown_differences(older.content, newer.content)
        numbers = {"older": older.number, "newer": newer.number, "shop": one.shop}
        context = {
            "opts": self.opts,
            "title": _("From version %(older)s to version %(newer)s of %(shop)s") % numbers,
            "headings": (_("version %(number)s") % {"number": older.number}, _("version %(number)s") % {"number": newer.number}),
        }
        return TemplateResponse(
            request, "portal/mapping_comparison.html", self.admin_site.each_context(request) | context | _bounded(found)
        )

    @admin.display(description=gettext_lazy("version"), ordering="number")
    def number_shown(self, version: MappingVersion) -> str:
        """Show the number."""
        return f"v{version.number}"

    @admin.display(description=gettext_lazy("created"), ordering="id")
    def moment_shown(self, version: MappingVersion) -> SafeString | str:
        """Show when it was made."""
        return moment(version.created_at)


def _bounded(found: list[ShownDifference]) -> dict[str, Any]:
    return {"rows": found[:MOST_ROWS], "more": max(0, len(found) - MOST_ROWS)}
