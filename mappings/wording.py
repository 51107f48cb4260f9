"""Differences between two sets of mappings in words, for people who compare them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from mappings.choices import MODEL_OF_TABLE
from mappings.differences import Difference, compare_contents
from mappings.models import Entity, FieldMapping, TablePolicy

MODELS: dict[str, type[Model]] = {**MODEL_OF_TABLE, "policy": TablePolicy}


@dataclass(frozen=True)
class ShownDifference:
    """One row that is not the same on both sides."""

    table: str
    name: str
    before: str
    after: str


def shown_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[ShownDifference]:
    """Return what differs between two contents, row by row."""
    return [shown_difference(one) for one in compare_contents(before, after)]


def shown_difference(one: Difference) -> ShownDifference:
    """Return one difference in the words of the forms."""
    model: type[Model] = MODELS.get(one.table, FieldMapping)
    return ShownDifference(str(model._meta.verbose_name_plural), _name(one), _said(model, one.before), _said(model, one.after))


def _name(one: Difference) -> str:
    """Name the row; the entity of a field's row and the table of a policy in the reader's language."""
    if one.table == "policy" and one.name in MODEL_OF_TABLE:
        return str(MODEL_OF_TABLE[one.name]._meta.verbose_name_plural)
    entity, arrow, target = one.name.partition(" → ")
    return f"{Entity(entity).label}{arrow}{target}" if one.table == "field" and entity in Entity.values else one.name


def _said(model: type[Model], said: Mapping[str, Any]) -> str:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return ", ".join(f"{fields[name].verbose_name if name in fields else name}: {_value(fields.get(name), said[name])}" for name in said)


def _value(field: Any, value: Any) -> str:
    """Write a value as the forms do: choices by their name, yes and no."""
    if value in ("", None):
        return "–"
    chosen = dict(field.flatchoices).get(value) if field is not None and field.choices else None
    return str(_yes_or_no(value) if isinstance(value, bool) else chosen or value)


def _yes_or_no(value: bool) -> str:
    return _("yes") if value else _("no")
