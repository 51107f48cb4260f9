"""A shop's mappings at one moment, loaded once per batch, compiled, and free of the database from then on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, CharField, F, QuerySet, Value
from django.db.models.expressions import Combinable

from mappings.category_tree import CATEGORY, inherit, load_parents
from mappings.choices import MODEL_OF_TABLE
from mappings.compiled import CompiledField, Row, compile_row
from mappings.models import FieldMapping, MappingVersion
from mappings.policies import load_policies
from mappings.tables import TABLES, Policy, Tables, Target
from mappings.versions import record_version, upgraded
from shops.models import Shop

Key = tuple[str, str]
"""An entity and a direction."""

EXTRA = {"status": ("document", "cancels"), "warehouse": ("master",)}
ROW_COLUMNS = tuple(column.name for column in fields(Row))


@dataclass(frozen=True)
class MappingSnapshot:
    """Everything that map_record needs; it stays as it was when a pass began, whatever staff edit meanwhile."""

    shop_id: int
    version: int
    time_zone: ZoneInfo
    external_prefix: str
    fields: Mapping[Key, tuple[CompiledField, ...]]
    tables: Tables
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)


def load_snapshot(shop_id: int, version: int | None = None) -> MappingSnapshot:
    """Load a shop's mappings as they are now with six queries, or those of a version, which are kept compiled.

    Records version 1 of a shop that has none yet.
    """
    shop = Shop.objects.only("id", "time_zone", "external_prefix", "exchange_rates").get(pk=shop_id)
    if version is not None:
        digest = MappingVersion.objects.values_list("digest", flat=True).get(shop_id=shop_id, number=version)
        return _kept_snapshot(shop_id, version, digest, shop.time_zone, shop.external_prefix, tuple(sorted(shop.exchange_rates.items())))
    number = MappingVersion.objects.filter(shop_id=shop_id).order_by("-number").values_list("number", flat=True).first()
    rows = FieldMapping.objects.filter(shop_id=shop_id, active=True).order_by("position", "id")
    return MappingSnapshot(
        shop_id=shop_id,
        version=record_version(shop).number if number is None else number,
        time_zone=ZoneInfo(shop.time_zone),
        external_prefix=shop.external_prefix,
        fields=compile_rows(row.as_row() for row in rows),
        tables=_load_tables(shop_id),
        rates=_rates(shop),
        policies=load_policies(shop_id),
    )


def snapshot_of(content: Mapping[str, Any], shop: Shop, number: int) -> MappingSnapshot:
    """Compile a version's or a draft's content; only the tree of categories is read."""
    rows = sorted((row_of(row) for row in upgraded(content)["fields"]), key=lambda row: row.position)
    tables = {table: {row["shoptet_id"]: _target(table, row) for row in content["tables"].get(table, ())} for table in TABLES}
    tables[CATEGORY] = inherit(tables[CATEGORY], load_parents(shop.pk))
    policies = {row["table"]: Policy(row["missing"], row["default_value"], row["document"]) for row in content.get("policies", ())}
    return MappingSnapshot(
        shop_id=shop.pk,
        version=number,
        time_zone=ZoneInfo(shop.time_zone),
        external_prefix=shop.external_prefix,
        fields=compile_rows(row for row in rows if row.active),
        tables=tables,
        rates=_rates(shop),
        policies=policies,
    )


def _rates(shop: Shop) -> dict[str, Decimal]:
    return {currency: Decimal(rate) for currency, rate in shop.exchange_rates.items()}


@lru_cache(maxsize=16)
def _kept_snapshot(
    shop_id: int, number: int, digest: str, time_zone: str, external_prefix: str, rates: tuple[tuple[str, str], ...]
) -> MappingSnapshot:
    """Compile a version once per process: the chunks of a run all use the same."""
    content = MappingVersion.objects.values_list("content", flat=True).get(shop_id=shop_id, number=number, digest=digest)
    return snapshot_of(content, Shop(pk=shop_id, time_zone=time_zone, external_prefix=external_prefix, exchange_rates=dict(rates)), number)


def row_of(row: Mapping[str, Any]) -> Row:
    """Return a content's row as the engine knows it."""
    return Row(**{name: row[name] for name in ROW_COLUMNS if name in row})


def _target(table: str, row: Mapping[str, Any]) -> Target:
    extra = {name: row[name] for name in EXTRA.get(table, ()) if name in row}
    return Target(row["bluejet_value"], row.get("bluejet_name", ""), extra)


def compile_rows(rows: Iterable[Row]) -> dict[Key, tuple[CompiledField, ...]]:
    """Compile active rows, in their order, by entity and direction; a broken row is kept and says so for each record."""
    grouped: dict[Key, list[CompiledField]] = {}
    for row in rows:
        grouped.setdefault((row.entity, row.direction), []).append(compile_row(row))
    return {key: tuple(fields) for key, fields in grouped.items()}


def _load_tables(shop_id: int) -> Tables:
    """Read all tables of values with one query, and the tree of categories with another."""
    first, *rest = (_rows_of(table, shop_id) for table in TABLES)
    tables: dict[str, dict[str, Target]] = {table: {} for table in TABLES}
    for table, shoptet_id, value, name, document, cancels, master in first.union(*rest, all=True):
        extra = {"status": {"document": document, "cancels": bool(cancels)}, "warehouse": {"master": master}}.get(table, {})
        tables[table][shoptet_id] = Target(value, name, extra)
    tables[CATEGORY] = inherit(tables[CATEGORY], load_parents(shop_id))
    return tables


def _rows_of(table: str, shop_id: int) -> QuerySet[Any, tuple[Any, ...]]:
    """Select one table's rows with the same columns for every table, as a union needs."""
    columns: dict[str, Combinable] = {
        "in_table": Value(table, CharField()),
        "for_shoptet": F("shoptet_id"),
        "in_bluejet": F("bluejet_value"),
        "called": F("bluejet_name"),
        "leads_to": F("document") if table == "status" else Value("", CharField()),
        "cancelling": F("cancels") if table == "status" else Value(False, BooleanField()),
        "mastered_by": F("master") if table == "warehouse" else Value("", CharField()),
    }
    all_rows = MODEL_OF_TABLE[table]._default_manager.filter(shop_id=shop_id).order_by()
    rows: QuerySet[Any, tuple[Any, ...]] = all_rows.annotate(**columns).values_list(*columns)
    return rows
