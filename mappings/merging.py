"""Two people's changes of the same mappings become one, column by column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mappings.contents import FIELD_KEY, VALUE_KEY, key_rows

Row = Mapping[str, Any]
Content = Mapping[str, Any]


@dataclass(frozen=True)
class Conflict:
    """One value that both changed: the draft's (`mine`) is kept. `column` is empty where one of them removed the whole row."""

    table: str
    name: str
    column: str
    base: Any
    theirs: Any
    mine: Any


def merge(base: Content, theirs: Content, mine: Content) -> tuple[dict[str, Any], list[Conflict]]:
    """Bring what changed from `base` to `theirs` into `mine`; return the whole and what both changed."""
    conflicts: list[Conflict] = []
    fields = _merge_rows("field", FIELD_KEY, (base.get("fields", []), theirs.get("fields", []), mine.get("fields", [])), conflicts)
    tables: dict[str, list[dict[str, Any]]] = {}
    all_tables = [content.get("tables", {}) for content in (base, theirs, mine)]
    for table in dict.fromkeys([*all_tables[1], *all_tables[2]]):
        tables[table] = _merge_rows(table, VALUE_KEY, [rows.get(table, []) for rows in all_tables], conflicts)
    # A draft changes no policies, so whatever is in force by now stays.
    return {**theirs, **mine, "fields": fields, "tables": tables, "policies": theirs.get("policies", [])}, conflicts


def _merge_rows(table: str, names: tuple[str, ...], contents: Sequence[Iterable[Row]], conflicts: list[Conflict]) -> list[dict[str, Any]]:
    base, theirs, mine = (key_rows(rows, names) for rows in contents)
    merged = []
    for key in dict.fromkeys([*mine, *theirs]):
        row, found = _merge_row(base.get(key), theirs.get(key), mine.get(key))
        known = mine.get(key) or theirs.get(key) or {}
        conflicts += [Conflict(table, row_name(known), *one) for one in found]
        if row is not None:
            merged.append(row)
    return merged


def _merge_row(base: Row | None, theirs: Row | None, mine: Row | None) -> tuple[dict[str, Any] | None, list[tuple[str, Any, Any, Any]]]:
    """Return the row, None where it goes, and (column, base, theirs, mine) of what both changed."""
    if theirs is None or mine is None:
        other = theirs if mine is None else mine
        if base is None or other is None:  # one side's new row, or both removed it
            return (dict(other) if other else None), []
        found = [] if other == base else [("", base, theirs, mine)]
        return (dict(mine) if mine and mine != base else None), found
    row, conflicts = dict(mine), []
    for column in {**theirs, **mine}:
        was, their, my = ((one or {}).get(column) for one in (base, theirs, mine))
        if base is not None and my == was:
            row[column] = their
        elif their not in (my, was) or (base is None and their != my):
            conflicts.append((column, was, their, my))
    return row, conflicts


def row_name(row: Row) -> str:
    """Name a row for people."""
    if "target" in row:
        return f"{row.get('entity')} → {row['target']}"
    return str(row.get("shoptet_name") or row.get("shoptet_id") or "")
