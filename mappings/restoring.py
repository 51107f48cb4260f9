"""Make a shop's rows and tables what a content says, touching only the rows that differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model

from mappings.choices import MODEL_OF_TABLE
from mappings.contents import FIELD_KEY, POLICY_KEY, VALUE_KEY, columns_of, key_rows
from mappings.models import FieldMapping, TablePolicy
from shops.models import Shop

AT_ONCE = 200


def write_content(shop: Shop, content: Mapping[str, Any]) -> None:
    """Write rows and tables; a table that the content does not know stays as it is. The caller holds the transaction."""
    _write_rows(FieldMapping, shop, content["fields"], FIELD_KEY)
    for table, rows in content["tables"].items():
        _write_rows(MODEL_OF_TABLE[table], shop, rows, VALUE_KEY)
    if "policies" in content:
        _write_rows(TablePolicy, shop, content["policies"], POLICY_KEY)


def _write_rows(model: type[Model], shop: Shop, rows: Iterable[Mapping[str, Any]], names: tuple[str, ...]) -> None:
    columns = list(columns_of(model))
    manager = model._default_manager
    wanted = key_rows(rows, names)
    present = {one["id"]: one for one in manager.filter(shop=shop).order_by("pk").values("id", *columns)}
    ids = {key: one.pop("id") for key, one in key_rows(present.values(), names).items()}
    before = {key: {name: present[pk][name] for name in columns} for key, pk in ids.items()}
    manager.filter(pk__in=[pk for key, pk in ids.items() if key not in wanted]).delete()
    changed = [model(pk=ids[key], shop=shop, **row) for key, row in wanted.items() if key in ids and before[key] != row]
    # What goes out of force first: at no moment may two rows in force fill the same target.
    for in_force in (False, True):
        some = [row for row in changed if getattr(row, "active", True) is in_force]
        manager.bulk_update(some, columns, batch_size=AT_ONCE)
    manager.bulk_create([model(shop=shop, **row) for key, row in wanted.items() if key not in ids], batch_size=AT_ONCE)
