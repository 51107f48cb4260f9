"""Notes when each event was last received, for the table of registrations."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone

from webhooks.models import WebhookRegistration
from webhooks.patience import A_MOMENT, short_waits

logger = logging.getLogger(__name__)

# Every delivery of an event would write the same row; a table for people need not be newer than this.
SECONDS = 10.0

_noted: dict[tuple[int, str], float] = {}


def note_received(shop_id: int, event_type: str) -> None:
    """Write the time down, at most once in a while per process; a failure must not cost the delivery its answer."""
    now = time.monotonic()
    if now - _noted.get((shop_id, event_type), -SECONDS) < SECONDS:
        return
    _noted[shop_id, event_type] = now
    try:
        with short_waits(A_MOMENT):
            _write(shop_id, event_type)
    except DatabaseError:
        logger.warning("The time of the last %s could not be noted.", event_type, exc_info=True)


def _write(shop_id: int, event_type: str) -> None:
    now = timezone.now()
    row = WebhookRegistration.objects.filter(shop_id=shop_id, event_type=event_type)
    is_old = Q(last_received_at__isnull=True) | Q(last_received_at__lt=now - timedelta(seconds=SECONDS))
    if not row.filter(is_old).update(last_received_at=now) and not row.exists():
        WebhookRegistration.objects.bulk_create(
            [WebhookRegistration(shop_id=shop_id, event_type=event_type, last_received_at=now)], ignore_conflicts=True
        )
