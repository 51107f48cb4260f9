"""One try of a job or chunk, written before the call so that a crash leaves a trace."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from sync.models.job import SyncJob
from sync.models.run import SyncChunk


class SyncAttempt(models.Model):
    """What was tried, with which mappings, and how it ended; no secrets, no personal data."""

    class Result(models.TextChoices):
        STARTED = "started", _("started")
        CREATED = "created", _("created")
        UPDATED = "updated", _("updated")
        UNCHANGED = "unchanged", _("unchanged")
        COMPUTED = "computed", _("computed only")
        SKIPPED = "skipped", _("skipped")
        WAITING = "waiting", _("waiting")
        PARKED = "parked", _("parked")
        ERROR = "error", _("error")

    job = models.ForeignKey(SyncJob, models.CASCADE, null=True, related_name="attempts", verbose_name=_("job"))
    chunk = models.ForeignKey(SyncChunk, models.CASCADE, null=True, related_name="attempts", verbose_name=_("chunk"))
    began_at = models.DateTimeField(_("began"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    result = models.CharField(_("result"), max_length=10, choices=Result.choices, default=Result.STARTED)
    request = models.TextField(_("request in short"), blank=True, default="")
    answer = models.TextField(_("answer in short"), blank=True, default="")
    request_id = models.CharField(_("partner's request id"), max_length=100, blank=True, default="")
    error = models.TextField(_("error"), blank=True, default="")
    traceback = models.TextField(_("traceback"), blank=True, default="")
    mapping_version = models.PositiveIntegerField(_("mapping version"), null=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_result_display()} {self.began_at:%Y-%m-%d %H:%M:%S}"
