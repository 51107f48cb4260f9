"""Versions of the mappings: who changed what, and when."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mappings.choices import MODEL_OF_TABLE
from mappings.differences import Difference, differences
from mappings.models import FieldMapping, MappingVersion, TablePolicy
from shops.pages.moments import moment
from shops.pages.records import RecordAdmin

MOST_ROWS = 300
MODELS: dict[str, type[Model]] = {**MODEL_OF_TABLE, "policy": TablePolicy}


@admin.register(MappingVersion)
class VersionAdmin(RecordAdmin):
    """The history of the mappings."""

    page_template = "portal/mapping_version.html"
    list_display = ("number_shown", "comment", "author", "shop", "moment_shown")
    list_filter = ("shop",)
    list_select_related = ("shop", "author")
    heavy = ("content",)

    def page(self, request: HttpRequest, record: MappingVersion) -> dict[str, Any]:
        """Return who made the version, and what it changed."""
        facts = [
            (_("shop"), record.shop),
            (_("author"), record.author or _("the portal itself")),
            (_("comment"), record.comment),
            (_("created"), moment(record.created_at)),
        ]
        found = differences(record)
        rows = [_shown(one) for one in found[:MOST_ROWS]]
        title = _("Version %(number)s of %(shop)s") % {"number": record.number, "shop": record.shop}
        return {"title": title, "facts": facts, "rows": rows, "more": max(0, len(found) - MOST_ROWS)}

    @admin.display(description=gettext_lazy("version"), ordering="number")
    def number_shown(self, version: MappingVersion) -> str:
        """Show the number."""
        return f"v{version.number}"

    @admin.display(description=gettext_lazy("created"), ordering="id")
    def moment_shown(self, version: MappingVersion) -> SafeString | str:
        """Show when it was made."""
        return moment(version.created_at)


def _shown(one: Difference) -> dict[str, str]:
    model: type[Model] = MODELS.get(one.table, FieldMapping)
    words = {field.attname: str(field.verbose_name) for field in model._meta.concrete_fields}
    before, after = (
        ", ".join(f"{words.get(name, name)}: {'–' if value in ('', None) else value}" for name, value in said.items())
        for said in (one.before, one.after)
    )
    return {"table": str(model._meta.verbose_name_plural), "name": one.name, "before": before, "after": after}
