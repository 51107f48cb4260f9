"""The default mappings: one JSON file per BlueJet dialect, put into a shop that has none yet."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from mappings.compiled import Row
from mappings.models import FieldMapping, MappingVersion
from mappings.pack_reading import read_pack
from mappings.versions import record_version
from shops.models import Shop

FOLDER = Path(__file__).parent / "packs"


@lru_cache
def pack_rows(dialect: str) -> tuple[Row, ...]:
    """Read a dialect's default rows, in the order in which staff see them."""
    return read_pack((FOLDER / f"{dialect}.json").read_text(encoding="utf-8")).rows


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
    return record_version(shop, comment=_("Default mappings") if not present else "")
