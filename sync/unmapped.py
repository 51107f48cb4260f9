"""Keep the list of values without a counterpart, and let go what waited for one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone

from mappings.category_tree import CATEGORY, heirs, load_parents
from mappings.changes import EVERY_VALUE
from mappings.models import CategoryMapping
from mappings.snapshot import load_snapshot
from shops.database_trouble import repeat_deadlocked
from shops.models import Shop
from sync import waiting
from sync.flow import Request
from sync.isolation import savepoint
from sync.models import UnmappedValue
from sync.storable import storable_text


def note_unmapped(shop: Shop, requests: Iterable[Request]) -> None:
    """Add the values that this batch met without a counterpart."""
    missing = _missing(requests)
    # In one order, so that two workers cannot wait for each other.
    rows = [
        UnmappedValue(shop=shop, table=table, value=value, label=storable_text(label)[:255])
        for (table, value), label in sorted(missing.items())
    ]
    with savepoint():
        UnmappedValue.objects.bulk_create(rows, ignore_conflicts=True)
    for table, value in missing:
        UnmappedValue.objects.filter(shop=shop, table=table, value=value).update(last_met_at=timezone.now())


def release_mapped(shop: Shop, requests: Sequence[Request]) -> None:
    """Let go at once what got its counterpart while this batch was under way: whoever mapped it saw nobody wait for it yet."""
    missing, under = _missing(requests), {request.mapping_version for request in requests}
    if not missing:
        return
    snapshot = load_snapshot(shop.pk)
    for table, value in missing:
        if snapshot.version not in under and value in snapshot.tables.get(table, {}):
            mapped(shop.pk, table, value)


def _missing(requests: Iterable[Request]) -> dict[tuple[str, str], str]:
    """Return the names of the values without a counterpart, by table and value."""
    parts = [part for request in requests for item in request.items for part in item.parts]
    return {(one.table, storable_text(one.value)[:255]): one.label for part in parts for one in part.unmapped}


def mapped(shop_id: int, table: str, value: str) -> int:
    """Let the jobs go on that waited for this value's counterpart; return how many."""
    if value == EVERY_VALUE:
        return let_all_go(shop_id, table)
    return let_go(shop_id, table, [value, *_heirs(shop_id, table, value)])


def topics_of(shop_id: int, table: str, value: str) -> list[str]:
    """Name what is waited for until this value is mapped: the value itself and what inherits from it."""
    return [waiting.value_topic(table, one) for one in (value, *_heirs(shop_id, table, value))]


def let_all_go(shop_id: int, table: str) -> int:
    """Let the jobs go on that waited for any value of a table; return how many."""
    return let_go(shop_id, table, UnmappedValue.objects.filter(shop_id=shop_id, table=table).values_list("value", flat=True))


def let_go(shop_id: int, table: str, values: Iterable[str]) -> int:
    """Strike these values from the list and wake the jobs that waited for them; return how many."""
    named = list(values)
    repeat_deadlocked(UnmappedValue.objects.filter(shop_id=shop_id, table=table, value__in=named).delete)
    return waiting.wake(shop_id, [waiting.value_topic(table, value) for value in named])


def _heirs(shop_id: int, table: str, value: str) -> list[str]:
    """List the missing categories that this one's counterpart is inherited by."""
    if table != CATEGORY:
        return []
    own = set(CategoryMapping.objects.filter(shop_id=shop_id).values_list("shoptet_id", flat=True))
    return heirs(value, own, load_parents(shop_id))
