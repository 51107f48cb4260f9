"""The default mappings: one JSON file per BlueJet dialect, put into a shop that has none yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mappings.compiled import Row
from mappings.models import FieldMapping, FollowedPack, MappingVersion
from mappings.pack_reading import read_pack
from mappings.versions import record_version
from shops.models import Shop

FOLDER = Path(__file__).parent / "packs"
# The packs as the first shops were given them, before it was noted which one a shop has.
FORMER = FOLDER / "former"


@lru_cache
def pack_rows(dialect: str) -> tuple[Row, ...]:
    """Read a dialect's default rows, in the order in which staff see them."""
    return read_pack((FOLDER / f"{dialect}.json").read_text(encoding="utf-8")).rows


@lru_cache
def former_rows(dialect: str) -> tuple[Row, ...]:
    """Read the default rows that a shop has of which nothing was noted."""
    return read_pack((FORMER / f"{dialect}.json").read_text(encoding="utf-8")).rows


def known_targets(dialect: str, entity: str) -> list[str]:
    """List the targets that the default pack fills, to offer them in forms."""
    return [row.target for row in pack_rows(dialect) if row.entity == entity]


@transaction.atomic
def install_default(shop: Shop) -> MappingVersion:
    """Give a shop the default rows of its BlueJet's dialect; an entity that has any row already is left as staff made it."""
    present = set(FieldMapping.objects.filter(shop=shop).values_list("entity", "direction").distinct().order_by())
    FieldMapping.objects.bulk_create(
        FieldMapping(shop=shop, **vars(row)) for row in pack_rows(shop.bluejet.dialect) if (row.entity, row.direction) not in present
    )
    if not present:
        _note_installed(shop)
    return record_version(shop, comment=_("Default mappings") if not present else "")


def _note_installed(shop: Shop) -> None:
    """Remember which rows the shop was given, so that it can be told later whether anybody edited them."""
    dialect = shop.bluejet.dialect
    FollowedPack.objects.get_or_create(shop=shop, defaults={"dialect": dialect, "rows": stored(pack_rows(dialect))})


def stored(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return rows as JSON keeps them."""
    return [asdict(row) for row in rows]


def read_stored(rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Read back what `stored` returned."""
    return [Row(**row) for row in rows]
