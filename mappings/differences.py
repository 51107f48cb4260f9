"""What changed from one version of a shop's mappings to the next, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mappings.models import MappingVersion

# What makes a row the same row in both versions.
FIELD_KEY = ("entity", "direction", "target", "position")
VALUE_KEY = ("shoptet_id",)
POLICY_KEY = ("table",)


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
    old, new = (earlier.content if earlier else {}), version.content
    found = list(_compare("field", FIELD_KEY, old.get("fields", ()), new.get("fields", ())))
    tables = new.get("tables", {})
    for table in tables:
        found += _compare(table, VALUE_KEY, old.get("tables", {}).get(table, ()), tables[table])
    return [*found, *_compare("policy", POLICY_KEY, old.get("policies", ()), new.get("policies", ()))]


def _compare(table: str, key: tuple[str, ...], old: Iterable[Mapping[str, Any]], new: Iterable[Mapping[str, Any]]) -> Iterable[Difference]:
    before = {tuple(row.get(name) for name in key): row for row in old}
    after = {tuple(row.get(name) for name in key): row for row in new}
    for place in dict.fromkeys([*after, *before]):
        was, now = before.get(place), after.get(place)
        if was != now:
            yield Difference(table, _name(now or was or {}), _said(was, now), _said(now, was))


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
