"""Versions of the mappings: who changed what, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mappings.choices import MODEL_OF_TABLE
from mappings.differences import Difference, differences
from mappings.models import Entity, FieldMapping, MappingVersion
from shops.pages.moments import moment
from shops.pages.records import RecordAdmin

MOST_ROWS = 300


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
        rows = [shown_difference(one) for one in found[:MOST_ROWS]]
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


def shown_difference(one: Difference) -> dict[str, str]:
    """Return a difference in the words of the forms."""
    model: type[Model] = MODEL_OF_TABLE.get(one.table, FieldMapping)
    columns = {field.attname: field for field in model._meta.concrete_fields}
    is_alone = not one.before or not one.after
    before, after = (
        ", ".join(
            _in_words(columns.get(name), name, value) for name, value in said.items() if not is_alone or _says_more(columns, name, value)
        )
        for said in (one.before, one.after)
    )
    return {"table": str(model._meta.verbose_name_plural), "name": _place(one), "before": before, "after": after}


# The name of a row says these already.
_IN_THE_NAME = frozenset({"entity", "target", "position", "shoptet_name"})


def _says_more(columns: Mapping[str, Any], name: str, value: Any) -> bool:
    """Whether a column of a row that stands alone tells more than its name and the usual."""
    column = columns.get(name)
    return name not in _IN_THE_NAME and (column is None or not column.has_default() or value != column.get_default())


def _in_words(column: Any, name: str, value: Any) -> str:
    if column is None:
        return f"{name}: {value}"
    shown = dict(column.flatchoices).get(value, value)
    if isinstance(value, bool):
        shown = _("yes") if value else _("no")
    return f"{column.verbose_name}: {'–' if shown in ('', None) else shown}"


def _place(one: Difference) -> str:
    """Name a row, its entity in words."""
    entity, arrow, target = one.name.partition(" → ")
    return f"{Entity(entity).label} → {target}" if arrow and one.table == "field" and entity in Entity.values else one.name
