"""Remember for all workers which rights a partner's credentials lack, so that what needs them waits and everything else goes on."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from clients.credentials import RIGHT_MISSING
from clients.errors import RightMissing
from sync.models import MissingRight
from sync.storable import storable_text

TRY_EVERY = 300.0
# One record may be kept from us while its neighbours are shown; where the partner does not say which it is, so many in a row decide.
REFUSALS_TO_HOLD = 3
LONGEST_RIGHT, LONGEST_MESSAGE = 200, 500
# Stands in the name of what a job is held back by between the partner and the right.
MARK = "!"


class Rights:
    """What one client's work knows of the rights that are missing; read with the breaker's row."""

    def __init__(self, partner: str, label: str) -> None:
        self.partner, self.label = partner, label
        self._missing: dict[str, MissingRight] = {}

    def read(self) -> None:
        """Look what is known now."""
        self._missing = {row.right: row for row in MissingRight.objects.filter(partner=self.partner)}

    def check(self, right: str) -> None:
        """Raise RightMissing where the right is known to be missing; let one request through when it is time to try again."""
        row = self._missing.get(right[:LONGEST_RIGHT])
        if row is not None and row.held_until is not None and not _may_try(row):
            raise RightMissing(RIGHT_MISSING, partner=self.label, request=row.right, right=row.right, certain=True)

    def refused(self, error: RightMissing) -> None:
        """Count the refusal; from the first one that is certain, or some in a row, nobody asks for a while."""
        right, now = error.right[:LONGEST_RIGHT], timezone.now()
        message = storable_text("; ".join(line.message for line in error.messages))[:LONGEST_MESSAGE]
        row, _ = MissingRight.objects.get_or_create(partner=self.partner, right=right, defaults={"refused_at": now})
        MissingRight.objects.filter(pk=row.pk).update(failures=F("failures") + 1, refused_at=now, message=message)
        enough = 1 if error.certain else REFUSALS_TO_HOLD
        MissingRight.objects.filter(pk=row.pk, failures__gte=enough).update(held_until=now + try_interval())

    def found(self, right: str) -> bool:
        """Forget what was missing and is there again; return whether it was missing."""
        row = self._missing.pop(right[:LONGEST_RIGHT], None)
        return row is not None and bool(MissingRight.objects.filter(pk=row.pk).delete()[0])

    def name_of(self, right: str) -> str:
        """Return what jobs are held back by that wait for this right."""
        return held_by(self.partner, right)


def held_by(partner: str, right: str) -> str:
    """Name a right of a partner as something that holds jobs back; short, since addresses are long."""
    return f"{partner}{MARK}{hashlib.sha256(right[:LONGEST_RIGHT].encode()).hexdigest()[:16]}"


def is_missing(held: str) -> bool:
    """Whether the right of this name is still known to be missing."""
    rows = MissingRight.objects.filter(partner=held.partition(MARK)[0])
    return any(held_by(row.partner, row.right) == held for row in rows)


def try_interval() -> timedelta:
    """Return after how long a right that was missing is tried again."""
    return timedelta(seconds=TRY_EVERY / settings.SYNC_TIME_SCALE)


def _may_try(row: MissingRight) -> bool:
    now = timezone.now()
    due = MissingRight.objects.filter(pk=row.pk, held_until__lte=now)
    return bool(due.update(held_until=now + try_interval()))
