"""Remember for all workers that a partner is down, and find out cheaply when it is back."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone

from clients.errors import BreakerOpen, PartnerError, UnderMaintenance
from shops.database_trouble import repeat_deadlocked
from sync.models import Breaker, SyncJob
from sync.partner_words import KNOWN_TO_BE_DOWN
from sync.storable import storable_text

FAILURES_TO_OPEN = 3
PROBE_EVERY = 30.0
REMEMBERED_SECONDS = 1.0


class PartnerBreaker:
    """The guard that a client asks before each request; its state is a row that monitoring reads."""

    def __init__(self, partner: str, *, label: str) -> None:
        self.partner, self.label = partner, label
        self._closed_until = 0.0
        self._had_failures = True

    def check(self) -> None:
        """Raise BreakerOpen while the partner is down; let one request through when a probe is due."""
        if time.monotonic() < self._closed_until:
            return
        row = Breaker.objects.filter(partner=self.partner).first()
        self._had_failures = row is not None and row.failures > 0
        if row is None or not row.is_open:
            self._closed_until = time.monotonic() + REMEMBERED_SECONDS
            return
        if not self._may_probe(row):
            raise BreakerOpen(KNOWN_TO_BE_DOWN, partner=self.label, retry_after=_seconds_until(row))

    def succeeded(self) -> None:
        """Close the breaker and let go what it held back."""
        if not self._had_failures:
            return
        was_open = Breaker.objects.filter(partner=self.partner, opened_at__isnull=False).update(
            opened_at=None, next_probe_at=None, failures=0, error="", changed_at=timezone.now()
        )
        Breaker.objects.filter(partner=self.partner, failures__gt=0).update(failures=0)
        self._had_failures = False
        if was_open:
            release_held(self.partner)

    def failed(self, error: PartnerError) -> None:
        """Count the failure; open after a few in a row."""
        self._had_failures, self._closed_until = True, 0.0
        now = timezone.now()
        row, _ = Breaker.objects.get_or_create(partner=self.partner)
        Breaker.objects.filter(pk=row.pk).update(failures=F("failures") + 1, error=storable_text(str(error))[:1000], changed_at=now)
        # A partner that says itself that it is being maintained is not at fault with one record: nobody else need find out.
        enough = 1 if isinstance(error, UnderMaintenance) else FAILURES_TO_OPEN
        worn_out = Breaker.objects.filter(pk=row.pk, failures__gte=enough)
        worn_out.filter(opened_at__isnull=True).update(opened_at=now)
        worn_out.update(next_probe_at=now + _until_probe(error))

    def _may_probe(self, row: Breaker) -> bool:
        now = timezone.now()
        due = Breaker.objects.filter(pk=row.pk, opened_at__isnull=False, next_probe_at__lte=now)
        return bool(due.update(next_probe_at=now + _probe_interval()))


def held_seconds(partners: list[str]) -> tuple[str, float] | None:
    """Return which of these partners is down and for how long nothing should be sent, or None."""
    for row in Breaker.objects.filter(partner__in=partners, opened_at__isnull=False):
        if row.next_probe_at and row.next_probe_at > timezone.now():
            return row.partner, _seconds_until(row)
    return None


def is_down(partners: list[str]) -> bool:
    """Whether one of these partners is known to be down."""
    return Breaker.objects.filter(partner__in=partners, opened_at__isnull=False).exists()


def release_held(partner: str) -> int:
    """Let every job go on that waited for this partner; it leaves at the partner's own pace."""
    return repeat_deadlocked(partial(_release, partner))


def _release(partner: str) -> int:
    from sync.dispatch import enqueue
    from sync.jobs.locking import lock

    now = timezone.now()
    held = SyncJob.objects.filter(state=SyncJob.State.WAITING, blocked_by=partner)
    flows = list(held.values("shop_id", "flow").annotate(urgent=Min("priority")).order_by("urgent", "shop_id", "flow"))
    with transaction.atomic():
        count = held.filter(pk__in=lock(held)).update(next_try_at=now, blocked_by="", changed_at=now)
    for row in flows:
        enqueue("work_due", row["shop_id"], row["flow"], priority=row["urgent"])
    return count


def _seconds_until(row: Breaker) -> float:
    if row.next_probe_at is None:
        return 1.0
    return max(0.5, (row.next_probe_at - timezone.now()).total_seconds())


def _until_probe(error: PartnerError) -> timedelta:
    asked = error.retry_after if isinstance(error, UnderMaintenance) else None
    return max(_probe_interval(), timedelta(seconds=(asked or 0.0) / settings.SYNC_TIME_SCALE))


def _probe_interval() -> timedelta:
    return timedelta(seconds=PROBE_EVERY / settings.SYNC_TIME_SCALE)
