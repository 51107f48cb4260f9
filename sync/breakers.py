"""Remember for all workers that a partner is down or refuses us, and find out cheaply when it is back."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone

from clients.errors import BreakerOpen, CredentialsHeld, PartnerError, RightMissing, UnderMaintenance
from shops.database_trouble import repeat_deadlocked
from sync.models import Breaker, SyncJob
from sync.partner_words import KNOWN_TO_BE_DOWN, KNOWN_TO_REFUSE
from sync.rights import Rights
from sync.storable import storable_text

FAILURES_TO_OPEN = 3
PROBE_EVERY = 30.0
CREDENTIALS_EVERY = 300.0
REMEMBERED_SECONDS = 1.0
REFUSING = {"reason": Breaker.Reason.CREDENTIALS, "opened_at__isnull": False}


class PartnerBreaker:
    """The guard that a client asks before each request; its state is a row that monitoring reads.

    `are_current` says whether the credentials that the client was opened with are still those that are stored. A guard that
    `probes` lets its requests through to a partner that refuses the credentials, since it is to find out whether it still does.
    """

    def __init__(self, partner: str, *, label: str, are_current: Callable[[], bool] = lambda: True, probes: bool = False) -> None:
        self.partner, self.label = partner, label
        self._are_current, self._probes = are_current, probes
        self._rights = Rights(partner, label)
        self._closed_until = 0.0
        self._had_failures = True

    def check(self, right: str = "") -> None:
        """Raise BreakerOpen while the partner is down; let one request through when a probe is due."""
        if time.monotonic() >= self._closed_until:
            self._look()
        if not self._probes:
            self._rights.check(right)

    def look_anew(self) -> None:
        """Let the next check see what other workers found out just now."""
        self._closed_until = 0.0

    def _look(self) -> None:
        row = Breaker.objects.filter(partner=self.partner).first()
        self._had_failures = row is not None and row.failures > 0
        if row is None or not row.is_open or (self._probes and row.refuses_us):
            self._rights.read()
            self._closed_until = time.monotonic() + REMEMBERED_SECONDS
            return
        if row.refuses_us:
            raise CredentialsHeld(KNOWN_TO_REFUSE, partner=self.label, retry_after=_seconds_until(row))
        if not self._may_probe(row):
            raise BreakerOpen(KNOWN_TO_BE_DOWN, partner=self.label, retry_after=_seconds_until(row))

    def refused(self, error: PartnerError) -> None:
        """Open the breaker until other credentials work; what was asked with those of before says nothing of today's."""
        self.look_anew()
        if self._are_current():
            open_for_credentials(self.partner, str(error))

    def lacks(self, error: RightMissing) -> None:
        """Keep which right is missing; the others go on."""
        self.look_anew()
        self._rights.refused(error)

    def succeeded(self, right: str = "") -> None:
        """Close the breaker and let go what it held back; that the credentials work is not for a single answer to say."""
        if self._rights.found(right):
            release_held(self._rights.name_of(right))
        if not self._had_failures:
            return
        was_open = (
            Breaker.objects.filter(partner=self.partner, opened_at__isnull=False)
            .exclude(**REFUSING)
            .update(opened_at=None, next_probe_at=None, failures=0, error="", changed_at=timezone.now())
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
        mine = Breaker.objects.filter(pk=row.pk).exclude(**REFUSING)
        mine.update(failures=F("failures") + 1, error=storable_text(str(error))[:1000], changed_at=now)
        # A partner that says itself that it is being maintained is not at fault with one record: nobody else need find out.
        enough = 1 if isinstance(error, UnderMaintenance) else FAILURES_TO_OPEN
        worn_out = mine.filter(failures__gte=enough)
        worn_out.filter(opened_at__isnull=True).update(opened_at=now)
        worn_out.update(next_probe_at=now + _until_probe(error))

    def _may_probe(self, row: Breaker) -> bool:
        now = timezone.now()
        due = Breaker.objects.filter(pk=row.pk, opened_at__isnull=False, next_probe_at__lte=now)
        return bool(due.update(next_probe_at=now + _probe_interval()))


def held_seconds(partners: list[str]) -> tuple[str, float] | None:
    """Return which of these partners is down and for how long nothing should be sent, or None."""
    for row in Breaker.objects.filter(partner__in=partners, opened_at__isnull=False):
        if row.refuses_us:
            return row.partner, max(_seconds_until(row), _probe_interval().total_seconds())
        if row.next_probe_at and row.next_probe_at > timezone.now():
            return row.partner, _seconds_until(row)
    return None


def is_down(partners: list[str]) -> bool:
    """Whether one of these partners is known to be down."""
    return Breaker.objects.filter(partner__in=partners, opened_at__isnull=False).exists()


def open_for_credentials(partner: str, told: str) -> None:
    """Hold everything of this partner back until a probe says that the credentials work; one that is held already stays so."""
    now = timezone.now()
    row, _ = Breaker.objects.get_or_create(partner=partner)
    opened: dict[str, object] = {"reason": Breaker.Reason.CREDENTIALS, "opened_at": now, "failures": 0}
    fresh = Breaker.objects.filter(pk=row.pk).exclude(**REFUSING)
    fresh.update(**opened, next_probe_at=now + credentials_interval())
    Breaker.objects.filter(pk=row.pk, **REFUSING).update(error=storable_text(told)[:1000], changed_at=now)


def close_for_credentials(partner: str) -> bool:
    """Let everything go on that waited for credentials that work; return whether anything was held back."""
    closed = {"reason": Breaker.Reason.DOWN, "opened_at": None, "next_probe_at": None, "failures": 0, "error": ""}
    if not Breaker.objects.filter(partner=partner, **REFUSING).update(**closed, changed_at=timezone.now()):
        return False
    release_held(partner)
    return True


def refuses_us(partner: str) -> bool:
    """Whether the partner is known to refuse the credentials."""
    return Breaker.objects.filter(partner=partner, **REFUSING).exists()


def credentials_interval() -> timedelta:
    """Return after how long refused credentials are tried again."""
    return timedelta(seconds=CREDENTIALS_EVERY / settings.SYNC_TIME_SCALE)


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
