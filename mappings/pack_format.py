"""A mapping pack: a shop's rows and tables as one JSON file with a row to a line, so that a diff shows what changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.db.models import Field, Model

from mappings.compiled import Row
from mappings.versions import FORMAT, NOT_CONTENT

ROW_DEFAULTS: dict[str, Any] = {one.name: one.default for one in fields(Row) if one.name not in ("entity", "target", "position")}
ROW_NAMES = ("target", *ROW_DEFAULTS)
# Written in every row of a table, even where they are empty.
ALWAYS = ("shoptet_id", "bluejet_value")

Value = Mapping[str, Any]
"""A row of a table, with every column of its model."""
POLICY_DEFAULTS = {"missing": "", "default_value": "", "document": ""}


@dataclass(frozen=True)
class Pack:
    """Rows, tables and the tables' policies for one BlueJet dialect; what it does not name is left alone where it is put in."""

    dialect: str
    rows: tuple[Row, ...] = ()
    tables: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    policies: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def entities(self) -> set[tuple[str, str]]:
        """Whose rows the pack holds: entity and direction."""
        return {(row.entity, row.direction) for row in self.rows}


def columns_of(model: type[Model]) -> dict[str, Field[Any, Any]]:
    """Return the columns of a table of values that a pack holds, by name."""
    return {column.attname: column for column in model._meta.concrete_fields if column.name not in NOT_CONTENT}


def pack_text(pack: Pack, defaults: Mapping[str, Mapping[str, Any]]) -> str:
    """Write a pack; `defaults` has each table's columns with the values that need not be written."""
    groups = {"fields": _by_entity(pack.rows), "tables": {name: _short(rows, defaults[name]) for name, rows in pack.tables.items()}}
    parts = [f'"format": {FORMAT}', f'"dialect": {json.dumps(pack.dialect)}']
    parts += [f'"{name}": {_group(group)}' for name, group in groups.items() if group]
    if pack.policies:
        parts.append(f'"policies": {_policies(pack.policies)}')
    return "{\n" + ",\n".join(f"  {part}" for part in parts) + "\n}\n"


def _by_entity(rows: Sequence[Row]) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        said = asdict(row)
        kept = {name: said[name] for name in ROW_NAMES if name == "target" or said[name] != ROW_DEFAULTS[name]}
        grouped.setdefault(row.entity, []).append(kept)
    return grouped


def _short(rows: Sequence[Value], defaults: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name in ALWAYS or value != defaults.get(name)} for row in rows]


def _group(group: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    lists = []
    for name, rows in group.items():
        lines = ",\n".join(f"      {json.dumps(row, ensure_ascii=False)}" for row in rows)
        lists.append(f"    {json.dumps(name)}: [\n{lines}\n    ]" if rows else f"    {json.dumps(name)}: []")
    return "{\n" + ",\n".join(lists) + "\n  }"


def _policies(policies: Mapping[str, Mapping[str, str]]) -> str:
    said = {table: {name: value for name, value in policy.items() if value} for table, policy in policies.items()}
    return "{\n" + ",\n".join(f"    {json.dumps(table)}: {json.dumps(row, ensure_ascii=False)}" for table, row in said.items()) + "\n  }"
