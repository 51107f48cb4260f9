"""Signs of life: when work of one kind was last taken up, so that a missing process is noticed by what it does not do."""

from __future__ import annotations

import time
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Seconds; a process writes no oftener, so that a busy queue costs a row now and then and not one a job.
WRITTEN_EVERY = 20.0

INBOX, REALTIME, BULK = "inbox", "realtime", "bulk"
SWEEP_JOBS, SWEEP_EVENTS = "maintenance.sweep", "maintenance.sweep_events"
BEAT = "beat"


class WorkSign(models.Model):
    """The last sign of a queue's workers, of a sweeper or of beat."""

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    seen_at = models.DateTimeField(_("last seen"))

    class Meta:
        app_label = "shops"
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")

    def __str__(self) -> str:
        return self.name


_written: dict[str, float] = {}


def note_work(name: str) -> None:
    """Note that work of this kind was taken up just now."""
    if name in _written and time.monotonic() - _written[name] < WRITTEN_EVERY / settings.SYNC_TIME_SCALE:
        return
    sign = WorkSign(name=name, seen_at=timezone.now())
    WorkSign.objects.bulk_create([sign], update_conflicts=True, unique_fields=["name"], update_fields=["seen_at"])
    _written[name] = time.monotonic()


def forget_written() -> None:
    """Let the next sign of each kind be written, whatever this process wrote before."""
    _written.clear()


def signs() -> dict[str, datetime]:
    """Return the last sign of each kind; what never gave one is not there."""
    return dict(WorkSign.objects.values_list("name", "seen_at"))
