"""Brings in what Shoptet tried to deliver and could not, from its own delivery log."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from shops.keys import ShopKeys, read_keys
from shops.models import Shop
from webhooks.bodies import BodyRefused, Delivery, read_delivery, read_document
from webhooks.handover import hand_over
from webhooks.inbox import Stored, store_delivery, store_refused
from webhooks.models import WebhookEvent, WebhookRegistration
from webhooks.storable import storable

logger = logging.getLogger(__name__)

# `new` too: what Shoptet has not tried yet is early, and what it never will is not lost.
UNDELIVERED = ("failed", "new")
# Shoptet gives a delivery up 30 minutes after its first attempt, and the log is asked by the time that it was made.
OVERLAP = timedelta(hours=2)
LOG_KEEPS = timedelta(days=7)


@dataclass(frozen=True)
class Recovered:
    """How many undelivered notifications the log named, how many of them were not in the inbox, how many were of no use."""

    read: int
    stored: int
    unreadable: int = 0

    def __int__(self) -> int:
        """Return what was brought in."""
        return self.stored


def recover_failed_deliveries(shop: Shop, client: Any, since: datetime | None = None) -> Recovered:
    """Store as events of source catch-up what the log says was not delivered since then, and have it taken up.

    Without `since` the log is read from the last time on, with an overlap. What is in the inbox already is left alone.
    """
    begun = timezone.now()
    keys = read_keys(shop.eshop_id)
    if keys is None:
        return Recovered(0, 0)
    since = since or _last_time(shop, begun)
    read, unreadable, stored = 0, 0, []
    for status in UNDELIVERED:
        for page in client.notifications(status=status, since=since):
            deliveries, refused = _deliveries(page.items, keys)
            read, unreadable = read + len(page.items) + len(page.bad), unreadable + refused + len(page.bad)
            stored += _store_missing(deliveries, keys)
    hand_over(stored)
    WebhookRegistration.objects.filter(shop=shop).update(last_caught_up_at=begun)
    return Recovered(read, len(stored), unreadable)


def _last_time(shop: Shop, now: datetime) -> datetime:
    known = WebhookRegistration.objects.filter(shop=shop, last_caught_up_at__isnull=False)
    last = known.order_by("last_caught_up_at").values_list("last_caught_up_at", flat=True).first()
    return max(last - OVERLAP, now - LOG_KEEPS) if last else now - LOG_KEEPS


def _deliveries(notifications: Iterable[dict[str, Any]], keys: ShopKeys) -> tuple[list[Delivery], int]:
    deliveries, refused = [], 0
    for notification in notifications:
        try:
            deliveries.append(_delivery(notification, keys))
        except BodyRefused as error:
            logger.warning("Notification %s of e-shop %s is of no use: %s", notification.get("id"), keys.eshop_id, error)
            refused += 1
        except Exception:
            # Whatever a line of the log holds: the lines around it are read.
            logger.exception("A line of the delivery log of e-shop %s could not be read: %.500r", keys.eshop_id, notification)
            refused += 1
    return deliveries, refused


def _delivery(notification: dict[str, Any], keys: ShopKeys) -> Delivery:
    """Return what a line of the log says; what its body lacks of its own, the line may tell."""
    told = {"event": notification.get("event"), "eventInstance": notification.get("instance")}
    body = {name: value for name, value in told.items() if value} | notification["body"]
    raw = json.dumps({"eshopId": keys.eshop_id, **body}, default=_as_delivered).encode()
    return read_delivery(read_document(raw), raw, time_zone=keys.time_zone)


def _as_delivered(value: Any) -> float | str:
    """Numbers with a fraction came exact from the client; stored they are what a delivery would have brought, as far as JSON has them."""
    number = float(value) if isinstance(value, Decimal) else math.inf
    return number if math.isfinite(number) else str(value)


def _store_missing(deliveries: list[Delivery], keys: ShopKeys) -> list[int]:
    """Store those that are not in the inbox; return the rows that somebody should take up."""
    wanted = {delivery.event_id: delivery for delivery in deliveries if delivery.eshop_id == keys.eshop_id}
    there = set(WebhookEvent.objects.filter(event_id__in=wanted).values_list("event_id", flat=True))
    stored = [_store(delivery, keys) for delivery in wanted.values() if delivery.event_id not in there]
    return [one.pk for one in stored if one and one.is_open]


def _store(delivery: Delivery, keys: ShopKeys) -> Stored | None:
    """Store one; what cannot be stored as it was understood is kept as a failed event, for a person to see."""
    try:
        with transaction.atomic():
            return store_delivery(delivery, keys, source=WebhookEvent.Source.CATCH_UP)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.exception("Event %s of e-shop %s could not be stored", delivery.event_type, keys.eshop_id)
        return _store_as_refused(delivery, keys, f"{type(error).__name__}: {error}")


def _store_as_refused(delivery: Delivery, keys: ShopKeys, reason: str) -> Stored | None:
    try:
        with transaction.atomic():
            return store_refused(delivery.raw, keys, storable(reason), event_type=delivery.event_type)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("An event of e-shop %s could not even be kept as refused: %.500r", keys.eshop_id, delivery.raw)
        return None
