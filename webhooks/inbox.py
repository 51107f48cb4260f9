"""Puts a delivery into the inbox, once: one INSERT, which on a known event counts it and opens it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.utils import timezone

from shops.keys import ShopKeys
from webhooks.bodies import Delivery, refused_id_of
from webhooks.models import WebhookEvent
from webhooks.patience import PATIENCE, short_waits
from webhooks.processing import NOBODY_ASKED
from webhooks.registry import get_handler

Status, Source = WebhookEvent.Status, WebhookEvent.Source

COLUMNS = (
    *("event_id", "event_type", "eshop_id", "shop_id", "instance", "event_created", "payload", "raw_body", "status"),
    *("source", "times_seen", "error", "created_at", "last_seen_at"),
)
# The others are written as they are; going through Django's fields for each would be a tenth of the receiver's time.
NEEDS_ITS_FIELD = {"event_created", "payload", "raw_body", "created_at", "last_seen_at"}
# A second change within the same second has the same id. If the first was taken up already, the record is looked at once
# more; while it still waits, nothing needs to change.
UPSERT = """
    INSERT INTO webhook_events ({columns}) {values}
    ON CONFLICT (event_id) DO UPDATE SET
        times_seen = webhook_events.times_seen + 1,
        last_seen_at = excluded.last_seen_at,
        status = CASE WHEN webhook_events.status = 'pending' THEN 'pending' ELSE excluded.status END,
        processed_at = CASE WHEN excluded.status = 'pending' THEN NULL ELSE webhook_events.processed_at END,
        handed_over_at = CASE WHEN excluded.status = 'pending' THEN NULL ELSE webhook_events.handed_over_at END,
        swept_at = CASE WHEN excluded.status = 'pending' THEN NULL ELSE webhook_events.swept_at END,
        error = excluded.error
    RETURNING id, times_seen, status
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """The event's row, whether it came for the first time, and whether somebody should take it up."""

    pk: int
    is_new: bool
    is_open: bool


def store_delivery(delivery: Delivery, shop: ShopKeys, *, source: str = Source.WEBHOOK.value) -> Stored:
    """Keep a delivery that was understood; a type that nobody handles is kept as ignored."""
    status, reason = (Status.PENDING, "") if get_handler(delivery.event_type) else (Status.IGNORED, NOBODY_ASKED)
    return _upsert(
        {
            "event_id": delivery.event_id,
            "event_type": delivery.event_type,
            "eshop_id": delivery.eshop_id,
            "shop_id": shop.shop_id,
            "instance": delivery.instance,
            "event_created": delivery.event_created,
            "payload": delivery.payload,
            "raw_body": delivery.raw,
            "status": status.value,
            "source": str(source),
            "error": reason,
        }
    )


def store_refused(raw: bytes, shop: ShopKeys, reason: str, *, event_type: str = "") -> Stored:
    """Keep a signed body that is of no use, as a failed event."""
    return _upsert(
        {
            "event_id": refused_id_of(shop.eshop_id, raw),
            "event_type": event_type,
            "eshop_id": shop.eshop_id,
            "shop_id": shop.shop_id,
            "instance": "",
            "event_created": None,
            "payload": None,
            "raw_body": raw,
            "status": Status.FAILED.value,
            "source": Source.WEBHOOK.value,
            "error": reason,
        }
    )


def _upsert(row: Mapping[str, Any]) -> Stored:
    now = timezone.now()
    row = {**row, "times_seen": 1, "created_at": now, "last_seen_at": now}
    with short_waits(), connection.cursor() as cursor:
        cursor.execute(_statement(connection.vendor), [_prepared(name, row[name]) for name in COLUMNS])
        pk, times_seen, status = cursor.fetchone()
    return Stored(pk, is_new=times_seen == 1, is_open=status == Status.PENDING)


@cache
def _statement(vendor: str) -> str:
    places = ", ".join(["%s"] * len(COLUMNS))
    if vendor == "postgresql":
        # In one statement, so that the limit on waiting costs no round trip and ends with the transaction, pooler or not.
        values = f"SELECT {places} FROM (SELECT set_config('lock_timeout', '{PATIENCE}', true)) AS patience"  # noqa: S608
    else:
        # SQLite takes "ON CONFLICT" after a bare SELECT for a join.
        values = f"VALUES ({places})"
    return UPSERT.format(columns=", ".join(COLUMNS), values=values)


def _prepared(name: str, value: Any) -> Any:
    return _field(name).get_db_prep_save(value, connection) if name in NEEDS_ITS_FIELD else value


@cache
def _field(name: str) -> Any:
    return next(field for field in WebhookEvent._meta.concrete_fields if field.column == name)
