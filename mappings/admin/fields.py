"""Field mappings: which field of BlueJet is filled from where."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
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
from mappings.admin.versioned import VersionedAdmin
from mappings.choices import transform_choices
from mappings.known_values import known_columns, marks_of
from mappings.models import Entity, FieldMapping
from mappings.packs import install_default, known_targets
from mappings.roles import ROLES
from shops.models import Shop
from shops.pages.badges import badge


class FieldMappingForm(forms.ModelForm):
    """A row; its expression, its target and its transform are checked as the engine would read them."""

    class Meta:
        model = FieldMapping
        fields = ("shop", "entity", "direction", "target", "source", "transform", "default", "required", "when", "active", "position")
        widgets = {
            "source": forms.Textarea(attrs={"class": "vLargeTextField code", "rows": 2, "spellcheck": "false"}),
            "target": forms.TextInput(
                attrs={"class": "vTextField code", "spellcheck": "false", "list": "offered-targets", "autocomplete": "off"}
            ),
            "transform": forms.TextInput(attrs={"class": "vTextField code", "spellcheck": "false"}),
        }


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
class FieldMappingAdmin(VersionedAdmin):
    """The rows, in the order in which the engine applies them."""

    form = FieldMappingForm
    change_form_template = "portal/field_form.html"
    change_list_template = "portal/field_list.html"
    list_display = ("target_shown", "source_shown", "transform_shown", "rules_shown", "shop")
    list_filter = ("shop", "entity", "active", "required", "direction")
    search_fields = ("target", "source", "transform", "default")
    list_per_page = 200
    ordering = ("shop", "entity", "direction", "position", "id")
    fieldsets = (
        (None, {"fields": ("shop", "entity", "direction", "active")}),
        (_("What is filled, and from where"), {"fields": ("target", "source", "transform", "default")}),
        (_("When"), {"fields": ("required", "when", "position")}),
    )

    def get_urls(self) -> list[URLPattern]:
        """Add the button that puts the default rows into shops that have none, and the pages about files."""
        install = self.admin_site.admin_view(require_POST(self.install_view))
        return [path("install/", install, name="mappings_fieldmapping_install"), *TransferPages(self).urls(), *super().get_urls()]

    def install_view(self, request: HttpRequest) -> HttpResponse:
        """Give every shop the default rows for what it does not map at all yet."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        before = FieldMapping.objects.count()
        for shop in Shop.objects.select_related("bluejet"):
            install_default(shop)
        added = FieldMapping.objects.count() - before
        sentence = ngettext("%(count)d default row was added.", "%(count)d default rows were added.", added) % {"count": added}
        self.message_user(request, sentence, messages.SUCCESS if added else messages.INFO)
        return HttpResponseRedirect(reverse("admin:mappings_fieldmapping_changelist"))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Bring along what the form explains: the transforms, the neutral targets, and the targets that are known."""
        row = FieldMapping.objects.select_related("shop__bluejet").filter(pk=object_id).first() if str(object_id).isdecimal() else None
        explained = {
            "transforms": transform_choices(),
            "roles": ROLES.items(),
            **(_offered(row) if row else _offered_to_a_new_row(request)),
        }
        return super().changeform_view(request, object_id, form_url, explained | (extra_context or {}))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Mark the rows that do not fit BlueJet's columns."""
        return FieldMappingList

    def save_model(self, request: HttpRequest, obj: FieldMapping, form: Any, change: bool) -> None:
        """Save the row, and say at once if BlueJet would not take it."""
        super().save_model(request, obj, form, change)
        mark = marks_of(obj.shop_id).get(obj.pk)
        if mark:
            self.message_user(request, mark, messages.WARNING)

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
        rules = [] if row.active else [badge(_("switched off"), "quiet")]
        rules += [_("required")] if row.required else []
        rules += [row.get_when_display()] if row.when == FieldMapping.When.CREATE else []
        rules += [format_html("{}: {}", _("default"), row.default)] if row.default else []
        return format_html_join(", ", "{}", ((rule,) for rule in rules))


def _offered(row: FieldMapping) -> dict[str, Any]:
    """Return the targets that the row may have: BlueJet's own columns where they were read, and those of the default rows."""
    columns = known_columns(row.shop_id, row.entity)
    defaults = known_targets(row.shop.bluejet.dialect, row.entity)
    offered = dict(columns or {}) | {name: "" for name in defaults if columns is None or name.startswith("@")}
    return {"known_targets": defaults, "columns": columns, "offered": offered.items(), "mark": marks_of(row.shop_id).get(row.pk, "")}


def _offered_to_a_new_row(request: HttpRequest) -> dict[str, Any]:
    """Return every entity's columns, since the form does not say yet which one it is for."""
    shops = Shop.objects.values_list("pk", flat=True)
    asked = request.GET.get("shop", "")
    shop = int(asked) if asked.isdecimal() and int(asked) in shops else next(iter(shops), None)
    found = [
        (name, f"{label}: {type_}")
        for entity, label in Entity.choices
        if shop
        for name, type_ in (known_columns(shop, entity) or {}).items()
    ]
    return {"offered": found}


def _code(text: str) -> SafeString:
    return format_html("<code>{}</code>", text)
