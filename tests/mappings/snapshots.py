"""Snapshots without a database, for tests of the pure engine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mappings.compiled import Row
from mappings.packs import pack_rows
from mappings.snapshot import MappingSnapshot, compile_rows
from mappings.tables import Tables, Target

RECORDED = Path(__file__).parents[1] / "recorded" / "spec"

STATUSES = {"pending": Target("Nabídka", "Offer", {"document": "offer", "cancels": False})}
CATEGORIES = {"pasta-sauces": Target("Pasta & Sauces")}


def recorded(name: str) -> dict[str, Any]:
    """Read one of the specification's examples, numbers exactly as they are written."""
    return dict(json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"), parse_float=Decimal))


def snapshot_of(*rows: Row, tables: Tables | None = None, zone: str = "Europe/Prague") -> MappingSnapshot:
    """Make a snapshot of these rows."""
    known = {"status": STATUSES, "category": CATEGORIES, **(tables or {})}
    return MappingSnapshot(1, 7, ZoneInfo(zone), "shoptet", compile_rows(rows), known)


def pack_snapshot(dialect: str, tables: Mapping[str, Mapping[str, Target]] | None = None) -> MappingSnapshot:
    """Make a snapshot of a default pack."""
    return snapshot_of(*pack_rows(dialect), tables=tables)


def one_row(source: str = "value", transform: str = "", **more: Any) -> MappingSnapshot:
    """Make a snapshot of a single row from `source` to `target`, for products."""
    return snapshot_of(Row("product", "target", source, transform, **more))
