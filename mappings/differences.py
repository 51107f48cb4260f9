"""What changed from one version of a shop's mappings to the next, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mappings.contents import FIELD_KEY, POLICY_KEY, VALUE_KEY, key_rows
from mappings.models import MappingVersion
from mappings.versions import upgraded

Rows = Mapping[tuple[Any, ...], Mapping[str, Any]]

POSITION = "position"


@dataclass(frozen=True)
class Difference:
    """One row that appeared, went or changed: its table, its name, and the columns that differ, before and after."""

    table: str
    name: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def differences(version: MappingVersion) -> list[Difference]:
    """Compare a version with the one before it; the first has everything as new."""
    earlier = MappingVersion.objects.filter(shop_id=version.shop_id, number__lt=version.number).order_by("-number").first()
    return compare_contents(earlier.content if earlier else {}, version.content)


def compare_contents(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """Compare two sets of mappings; a row that was only moved is part of one difference about the order."""
    before, after = (key_rows(upgraded(content).get("fields", ()), FIELD_KEY) for content in (old, new))
    found = [*_compare("field", before, after), *_compare_order(before, after)]
    old_tables, new_tables = old.get("tables", {}), new.get("tables", {})
    for table in dict.fromkeys([*new_tables, *old_tables]):
        rows = (key_rows(tables.get(table, ()), VALUE_KEY) for tables in (old_tables, new_tables))
        found += _compare(table, *rows)
    policies = (key_rows(content.get("policies", ()), POLICY_KEY) for content in (old, new))
    return [*found, *_compare("policy", *policies)]


def compare_rows(
    table: str, key: tuple[str, ...], old: Iterable[Mapping[str, Any]], new: Iterable[Mapping[str, Any]]
) -> Iterator[Difference]:
    """Yield what differs between two lists of rows; `key` names the columns that make a row the same row."""
    yield from _compare(table, key_rows(old, key), key_rows(new, key))


def _compare(table: str, before: Rows, after: Rows) -> Iterator[Difference]:
    for key in dict.fromkeys([*after, *before]):
        was, now = (_without_position(rows.get(key)) for rows in (before, after))
        if was != now:
            yield Difference(table, _name(now or was or {}), _said(was, now), _said(now, was))


def _compare_order(before: Rows, after: Rows) -> Iterator[Difference]:
    """Say what stood where, from the first row that was moved to the last."""
    both = [key for key in before if key in after]
    for entity, direction in dict.fromkeys(key[:2] for key in both):
        keys = [key for key in both if key[:2] == (entity, direction)]
        was, now = ([key[2] for key in sorted(keys, key=lambda key: rows[key][POSITION])] for rows in (before, after))  # noqa: B023
        moved = [place for place, pair in enumerate(zip(was, now, strict=True)) if pair[0] != pair[1]]
        if moved:
            part = slice(moved[0], moved[-1] + 1)
            yield Difference("field", f"{entity} → …", {POSITION: ", ".join(was[part])}, {POSITION: ", ".join(now[part])})


def _without_position(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if row is None else {name: value for name, value in row.items() if name != POSITION}


def _name(row: Mapping[str, Any]) -> str:
    if "target" in row:
        return f"{row.get('entity')} → {row['target']}"
    return str(row.get("shoptet_name") or row.get("shoptet_id") or row.get("table"))


def _said(row: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what the row says where the other one says something else; of a row that stands alone, what is not empty."""
    if row is None:
        return {}
    if other is None:
        return {name: value for name, value in row.items() if value not in ("", None, False)}
    return {name: value for name, value in row.items() if other.get(name) != value}
