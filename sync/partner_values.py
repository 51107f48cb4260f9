"""Read what both partners hold, so that the tables of values offer choices and show what vanished."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from clients.bluejet import BlueJetClient
from clients.errors import PartnerError, Throttled
from clients.shoptet.client import ShoptetClient
from mappings.choices import MODEL_OF_TABLE
from mappings.models import PartnerList, PartnerValue, Side
from mappings.tables import PAID, UNKNOWN, UNPAID
from shops.models import BlueJetAccount, Shop
from sync.dispatch import enqueue
from sync.models.job import Priority
from sync.partners import open_context
from sync.validation.schema import choices_of

logger = logging.getLogger(__name__)
Origin = PartnerList.Origin
# Where BlueJet's API shows no list, its records tell what is in use; so many pages of them are looked at, and no more.
PAGES_LOOKED_AT = 5
LONGEST = 255


@dataclass(frozen=True)
class Value:
    """One value of a partner, by its id, with its name for people."""

    value: str
    name: str = ""
    parent: str = ""


# BlueJet's columns that hold a table's values, by dialect and table: the kind of record and the column.
USED_IN: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {
    BlueJetAccount.Dialect.DATA: {
        "category": (("product", "category"),),
        "status": (("offer", "statuscode"), ("order", "statuscode")),
        "payment": (("offer", "formauhrady"), ("order", "formauhrady")),
        "payment_state": (("offer", "stavuhrady"), ("order", "stavuhrady")),
        "shipping": (("offer", "zpusobdopravy"), ("order", "zpusobdopravy")),
        "price_list": (("contact", "cenikid"),),
        "customer_group": (("contact", "skupinasupl"),),
    },
    BlueJetAccount.Dialect.REST: {
        "category": (("product", "category"),),
        "status": (("order", "status"),),
        "payment": (("order", "paymentMethod"),),
        "payment_state": (("order", "paymentStatus"),),
        "shipping": (("order", "shippingMethod"),),
        "customer_group": (("contact", "group"),),
    },
}


def request_refresh() -> None:
    """Ask a worker to read the lists of every active shop."""
    for shop_id in Shop.objects.filter(active=True).values_list("pk", flat=True):
        enqueue("refresh_shop_values", shop_id)


def refresh_by_id(shop_id: int, only: Collection[str] = ()) -> list[str]:
    """Read the lists of the shop with this key; return those that there was no room for."""
    return refresh(Shop.objects.select_related("bluejet").get(pk=shop_id), only)


def refresh(shop: Shop, only: Collection[str] = ()) -> list[str]:
    """Read every list of both partners, or the named ones; one that cannot be read keeps what it held and says why.

    Returns the names of those that the shared budget had no room for, to be asked for again.
    """
    with open_context(shop, priority=Priority.STOCK) as ctx:
        readers = [*_shoptet_readers(ctx.shoptet), *_bluejet_readers(shop, ctx.bluejet)]
        wanted = [reader for reader in readers if not only or _name(*reader[:2]) in only]
        return [_name(*reader[:2]) for reader in wanted if not _read(shop, *reader)]


def _name(side: Side, table: str) -> str:
    return f"{side.value}:{table}"


Reader = tuple[Side, str, str, Callable[[], Iterable[Value]]]


def _shoptet_readers(client: ShoptetClient) -> Iterator[Reader]:
    yield Side.SHOPTET, "category", Origin.LIST, lambda: _values(client.categories(), parent="parentId")
    yield Side.SHOPTET, "status", Origin.LIST, lambda: _values(client.order_statuses())
    yield Side.SHOPTET, "payment", Origin.LIST, lambda: _values(client.payment_methods())
    yield Side.SHOPTET, "payment_state", Origin.LIST, lambda: [Value(PAID), Value(UNPAID), Value(UNKNOWN)]
    yield Side.SHOPTET, "shipping", Origin.LIST, lambda: _values(client.shipping_methods())
    yield Side.SHOPTET, "warehouse", Origin.LIST, lambda: _values(client.stocks())
    yield Side.SHOPTET, "price_list", Origin.LIST, lambda: _values(client.price_lists())
    yield Side.SHOPTET, "customer_group", Origin.LIST, lambda: _values(client.customer_groups())


def _values(rows: Iterable[Mapping[str, Any]], parent: str = "") -> list[Value]:
    return [Value(str(row["id"]), str(row.get("name") or ""), str(row.get(parent) or "")) for row in rows if row.get("id")]


def _bluejet_readers(shop: Shop, client: BlueJetClient) -> Iterator[Reader]:
    if "warehouse" in client.evidences:
        yield Side.BLUEJET, "warehouse", Origin.LIST, lambda: _warehouses(client)
    for table, columns in USED_IN[client.dialect].items():
        yield Side.BLUEJET, table, Origin.USED, lambda table=table, columns=columns: _used(shop, client, table, columns)  # type: ignore[misc]


def _warehouses(client: BlueJetClient) -> list[Value]:
    return [Value(row.id, str(row.fields.get("nazev") or row.id)) for page in client.pages("warehouse") for row in page]


def _used(shop: Shop, client: BlueJetClient, table: str, columns: Iterable[tuple[str, str]]) -> Iterator[Value]:
    """Yield what the target takes, what the shop's own rows lead to, and what the records hold; the last may fail on the way."""
    for kind, column in columns:
        yield from (Value(choice) for choice in choices_of(client.dialect, kind, column))
    for value in MODEL_OF_TABLE[table]._default_manager.filter(shop=shop).order_by("pk").values_list("bluejet_value", flat=True):
        yield Value(value)
    for kind, column in columns:
        for page in islice(client.pages(kind, fields=[client.evidences[kind].key, column]), PAGES_LOOKED_AT):
            yield from (Value(_text(row.fields.get(column))) for row in page)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _read(shop: Shop, side: Side, table: str, origin: str, reader: Callable[[], Iterable[Value]]) -> bool:
    """Read one list; return whether there was room for it."""
    values, error = _gathered(reader)
    if isinstance(error, Throttled):
        return False
    known, _ = PartnerList.objects.get_or_create(shop=shop, side=side, table=table, defaults={"origin": origin})
    known.origin, known.error = origin, str(error)[:500] if error else ""
    if error:
        logger.warning("%s: the list %s of %s could not be read: %s", shop, table, side.value, error)
    now = timezone.now()
    with transaction.atomic():
        if not (error and origin == Origin.LIST):  # half a list would make the other half vanish
            _keep(known, values, now)
        known.read_at = known.read_at if error else now
        known.save()
    return True


def _gathered(reader: Callable[[], Iterable[Value]]) -> tuple[list[Value], PartnerError | None]:
    """Return what could be read, and what went wrong."""
    values: list[Value] = []
    try:
        values.extend(value for value in reader() if value.value)
    except PartnerError as error:
        return values, error
    return values, None


def _keep(known: PartnerList, values: Iterable[Value], now: datetime) -> None:
    """Insert and update the values; of a whole list, what is not there any more is marked as vanished."""
    rows = [
        PartnerValue(
            shop_id=known.shop_id,
            side=known.side,
            table=known.table,
            value=one.value[:LONGEST],
            name=one.name[:LONGEST],
            parent=one.parent[:LONGEST],
            position=position,
            seen_at=now,
        )
        for position, one in enumerate({one.value[:LONGEST]: one for one in values}.values())
    ]
    PartnerValue.objects.bulk_create(
        sorted(rows, key=lambda row: row.value),  # in one order, so that two workers cannot wait for each other
        batch_size=500,
        update_conflicts=True,
        unique_fields=["shop", "side", "table", "value"],
        update_fields=["name", "parent", "position", "seen_at", "vanished_at"],
    )
    if known.origin == Origin.LIST:
        held = PartnerValue.objects.filter(shop_id=known.shop_id, side=known.side, table=known.table, vanished_at__isnull=True)
        held.filter(seen_at__lt=now).update(vanished_at=now)
