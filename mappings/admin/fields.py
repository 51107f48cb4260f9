"""Field mappings: which field of BlueJet is filled from where."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mappings.admin.transfer import TransferPages
from mappings.known_values import marks_of
from mappings.models import Direction, FieldMapping
from mappings.packs import install_default
from mappings.roles import ROLES
from shops.models import Shop
from shops.pages.badges import badge
from shops.pages.lists import ReadOnlyColumns


class FieldMappingList(ChangeList):
    """One page of rows, each with what BlueJet would have against it."""

    def get_results(self, request: HttpRequest) -> None:
        """Hold the page's shops against BlueJet's columns once."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        marks = {pk: mark for shop in {row.shop_id for row in self.result_list} for pk, mark in marks_of(shop).items()}
        for row in self.result_list:
            row.mark = marks.get(row.pk, "")


@admin.register(FieldMapping)
class FieldMappingAdmin(ReadOnlyColumns):
    """The rows in force, in the order in which the engine applies them; they are changed at the workbench."""

    change_list_template = "portal/field_list.html"
    list_display = ("target_shown", "source_shown", "transform_shown", "rules_shown", "shop")
    list_select_related = ("shop",)
    list_filter = ("shop", "entity", "active", "required", "direction")
    search_fields = ("target", "source", "transform", "default")
    list_per_page = 200
    ordering = ("shop", "entity", "direction", "position", "id")

    def get_urls(self) -> list[URLPattern]:
        """Add the button that puts the default rows into shops that have none, and the pages about files."""
        install = self.admin_site.admin_view(require_POST(self.install_view))
        return [path("install/", install, name="mappings_fieldmapping_install"), *TransferPages(self).urls(), *super().get_urls()]

    def install_view(self, request: HttpRequest) -> HttpResponse:
        """Give every shop the default rows for what it does not map at all yet."""
        if not _may_install(request):
            raise PermissionDenied
        before = FieldMapping.objects.count()
        for shop in Shop.objects.select_related("bluejet"):
            install_default(shop)
        added = FieldMapping.objects.count() - before
        sentence = ngettext("%(count)d default row was added.", "%(count)d default rows were added.", added) % {"count": added}
        self.message_user(request, sentence, messages.SUCCESS if added else messages.INFO)
        return HttpResponseRedirect(reverse("admin:mappings_fieldmapping_changelist"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the row's table at the workbench."""
        row = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return HttpResponseRedirect(f"{reverse('workbench:table', args=[row.shop_id, row.entity])}?direction={row.direction}")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Offer the default rows to whoever may add rows."""
        return super().changelist_view(request, {"may_install": _may_install(request)} | (extra_context or {}))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Mark the rows that do not fit BlueJet's columns."""
        return FieldMappingList

    @admin.display(description=_("field in BlueJet"), ordering="target")
    def target_shown(self, row: FieldMapping) -> SafeString:
        """Show the target and whose field it is; in words where it has a neutral name."""
        role = ROLES.get(row.target)
        whose = f"{row.get_entity_display()} – {role}" if role else row.get_entity_display()
        mark = getattr(row, "mark", "")
        warning = format_html('<span class="sub problem">{}</span>', mark) if mark else ""
        return format_html('<code>{}</code><span class="sub">{}</span>{}', row.target, whose, warning)

    @admin.display(description=_("from Shoptet"), ordering="source")
    def source_shown(self, row: FieldMapping) -> SafeString | str:
        """Show the expression."""
        return _code(row.source) if row.source else "–"

    @admin.display(description=_("transform"), ordering="transform")
    def transform_shown(self, row: FieldMapping) -> SafeString | str:
        """Show the transforms."""
        return _code(row.transform) if row.transform else "–"

    @admin.display(description=_("rules"))
    def rules_shown(self, row: FieldMapping) -> SafeString:
        """Show what the row says beyond the plain copy."""
        rules = [badge(_("waits: nothing goes this way yet"), "wait")] if row.direction == Direction.TO_SHOPTET else []
        rules += [] if row.active else [badge(_("switched off"), "quiet")]
        rules += [_("required")] if row.required else []
        rules += [row.get_when_display()] if row.when != FieldMapping.When.CHANGED else []
        rules += [format_html("{}: {}", _("default"), row.default)] if row.default else []
        return format_html_join(", ", "{}", ((rule,) for rule in rules))


def _may_install(request: HttpRequest) -> bool:
    """Whether the person may add rows."""
    return bool(request.user.has_perm("mappings.add_fieldmapping"))


def _code(text: str) -> SafeString:
    return format_html("<code>{}</code>", text)
