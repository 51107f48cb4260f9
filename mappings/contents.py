"""The whole of a shop's mappings as plain JSON: what a version, a draft and an edited page hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.db.models import BooleanField, Field, IntegerField, Model
from django.utils.translation import gettext as _

from mappings.choices import MODEL_OF_TABLE
from mappings.models import FieldMapping, TablePolicy
from mappings.versions import FORMAT, NOT_CONTENT, upgraded

FIELD_KEY = ("entity", "direction", "target")
VALUE_KEY = ("shoptet_id",)
POLICY_KEY = ("table",)


class BadContent(ValueError):
    """This is not a set of mappings; the text says where it goes wrong, for people."""


@lru_cache
def columns_of(model: type[Model]) -> dict[str, Field[Any, Any]]:
    """Return the columns that a content holds of a model's rows, by name."""
    return {field.attname: field for field in model._meta.concrete_fields if field.name not in NOT_CONTENT}


def normal_content(content: Any) -> dict[str, Any]:
    """Return the content with every column in every row, missing ones at their defaults; raise BadContent where it is none.

    A wrong value in a known column, such as an expression that does not parse, is not refused here: people save half-finished work.
    """
    content = upgraded(content) if isinstance(content, Mapping) else content
    if not isinstance(content, Mapping) or content.get("format") != FORMAT:
        raise BadContent(_("This is not a set of mappings in the format %(format)d.") % {"format": FORMAT})
    tables = content.get("tables", {})
    if not isinstance(tables, Mapping):
        raise BadContent(_("“%(name)s” must be an object.") % {"name": "tables"})
    unknown = sorted(set(tables) - set(MODEL_OF_TABLE))
    if unknown:
        raise BadContent(_("There is no table “%(name)s”.") % {"name": unknown[0]})
    return {
        **content,
        "fields": _normal_rows(content.get("fields", []), "fields", FieldMapping),
        "tables": {table: _normal_rows(rows, f"tables/{table}", MODEL_OF_TABLE[table]) for table, rows in tables.items()},
        "policies": _normal_rows(content.get("policies", []), "policies", TablePolicy),
    }


def _normal_rows(rows: Any, place: str, model: type[Model]) -> list[dict[str, Any]]:
    if not isinstance(rows, list):
        raise BadContent(_("“%(name)s” must be a list.") % {"name": place})
    return [_normal_row(row, f"{place}/{number}", columns_of(model)) for number, row in enumerate(rows)]


def _normal_row(row: Any, place: str, columns: Mapping[str, Field[Any, Any]]) -> dict[str, Any]:
    if not isinstance(row, Mapping):
        raise BadContent(_("“%(name)s” must be an object.") % {"name": place})
    unknown = sorted(str(name) for name in row if name not in columns)
    if unknown:
        raise BadContent(_("“%(place)s” has no column “%(name)s”.") % {"place": place, "name": unknown[0]})
    found = {name: row[name] if name in row else _default_of(column) for name, column in columns.items()}
    for name, value in found.items():
        if type(value) is not _type_of(columns[name]):
            raise BadContent(_("The column “%(name)s” of “%(place)s” holds a value of a wrong type.") % {"place": place, "name": name})
    return found


def _default_of(column: Field[Any, Any]) -> Any:
    value = column.get_default()
    return str(value) if isinstance(value, str) else value  # a choice is a text, too


def _type_of(column: Field[Any, Any]) -> type:
    if isinstance(column, BooleanField):
        return bool
    return int if isinstance(column, IntegerField) else str


def row_key(row: Mapping[str, Any], names: Iterable[str]) -> tuple[Any, ...]:
    """Return what makes a row the same row in two contents."""
    return tuple(row[name] for name in names)


def key_rows(rows: Iterable[Mapping[str, Any]], names: tuple[str, ...]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Index rows by their key; of several with one key (only one of which is in force) each has its number in the key."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: not row.get("active", True)):
        number = 0
        while (*row_key(row, names), number) in found:
            number += 1
        found[*row_key(row, names), number] = dict(row)
    return found
