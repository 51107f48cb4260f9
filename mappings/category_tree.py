"""Categories inherit: one without a row of its own has the counterpart of the nearest parent that has one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from mappings.models import PartnerValue, Side

Counterpart = TypeVar("Counterpart")
CATEGORY = "category"


def load_parents(shop_id: int) -> dict[str, str]:
    """Return each category's parent, as Shoptet's tree was when it was read last, with one query."""
    known = PartnerValue.objects.filter(shop_id=shop_id, side=Side.SHOPTET, table=CATEGORY).order_by()
    return dict(known.values_list("value", "parent"))


def ancestors(category: str, parents: Mapping[str, str]) -> Iterator[str]:
    """Yield a category's parent, its parent, and so on; a ring in the tree ends where it begins."""
    passed = {category}
    parent = parents.get(category, "")
    while parent and parent not in passed:
        yield parent
        passed.add(parent)
        parent = parents.get(parent, "")


def inherit(rows: Mapping[str, Counterpart], parents: Mapping[str, str]) -> dict[str, Counterpart]:
    """Return the rows and, for every known category without one, the row that it inherits."""
    complete = dict(rows)
    for category in parents:
        if category not in rows:
            giver = next((one for one in ancestors(category, parents) if one in rows), None)
            if giver is not None:
                complete[category] = rows[giver]
    return complete


def heirs(category: str, own: set[str], parents: Mapping[str, str]) -> list[str]:
    """List the categories below this one that inherit from it, because neither they nor one between has a row."""
    return [one for one in parents if one not in own and _giver(one, own | {category}, parents) == category]


def _giver(category: str, own: set[str], parents: Mapping[str, str]) -> str | None:
    return next((one for one in ancestors(category, parents) if one in own), None)
