"""The default mappings of a new shop: worked out once a dialect by the portal, copied row by row from then on."""

from __future__ import annotations

from typing import Any

from django.db import connection, models
from django.utils import timezone

from mappings.models import FieldMapping, FollowedPack, MappingVersion
from mappings.packs import install_default, pack_rows
from shops.models import Shop

MODELS: tuple[type[models.Model], ...] = (FieldMapping, FollowedPack, MappingVersion)
_made: dict[str, tuple[object, dict[type[models.Model], list[tuple[Any, ...]]]]] = {}


def install(shop: Shop) -> None:
    """Do for a shop that has no mappings what `install_default` does; whoever puts another pack in its place gets that one."""
    dialect = shop.bluejet.dialect
    pack, rows = _made.get(dialect, (None, {}))
    if pack is pack_rows(dialect):
        for model, copies in rows.items():
            _insert(model, copies, shop)
    else:
        install_default(shop)
        _made[dialect] = pack_rows(dialect), {model: _stored(model, shop) for model in MODELS}


def _columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Return the columns that are the same for every shop that has just been given its rows."""
    return [field for field in model._meta.concrete_fields if not (field.primary_key or field.name == "shop" or _is_time(field))]


def _times(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if _is_time(field)]


def _is_time(field: models.Field[Any, Any]) -> bool:
    return isinstance(field, models.DateTimeField)


def _stored(model: type[models.Model], shop: Shop) -> list[tuple[Any, ...]]:
    """Return a shop's rows as the database holds them."""
    columns = ", ".join(connection.ops.quote_name(field.column) for field in _columns(model))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {model._meta.db_table} WHERE shop_id = %s ORDER BY id", [shop.pk])  # noqa: S608 - our own names
        return list(cursor.fetchall())


def _insert(model: type[models.Model], rows: list[tuple[Any, ...]], shop: Shop) -> None:
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    times = _times(model)
    names = [connection.ops.quote_name(field.column) for field in (*_columns(model), *times)]
    values = ", ".join(["%s"] * (len(names) + 1))
    statement = f"INSERT INTO {model._meta.db_table} ({', '.join(names)}, shop_id) VALUES ({values})"  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(*row, *[now] * len(times), shop.pk) for row in rows])
