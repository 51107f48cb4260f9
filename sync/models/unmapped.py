"""Values met without a counterpart, and the jobs that wait for one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shops.models import Shop
from sync.models.job import SyncJob


class UnmappedValue(models.Model):
    """A partner's value that no mapping row covers."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="unmapped", verbose_name=_("shop"))
    table = models.CharField(_("table"), max_length=30)
    value = models.CharField(_("value"), max_length=255)
    label = models.CharField(_("name"), max_length=255, blank=True, default="")
    first_met_at = models.DateTimeField(_("first met"), auto_now_add=True)
    last_met_at = models.DateTimeField(_("last met"), auto_now=True)

    class Meta:
        verbose_name = _("unmapped value")
        verbose_name_plural = _("unmapped values")
        ordering = ["table", "value"]
        constraints = [models.UniqueConstraint(fields=["shop", "table", "value"], name="one_row_per_unmapped_value")]

    def __str__(self) -> str:
        return self.label or self.value


class WaitingJob(models.Model):
    """A job that goes on when `topic` is fulfilled: `job:<flow>:<key>` or `value:<table>:<id>`."""

    job = models.ForeignKey(SyncJob, models.CASCADE, related_name="waits_for", verbose_name=_("job"))
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+", verbose_name=_("shop"))
    topic = models.CharField(_("waits for"), max_length=300)
    since = models.DateTimeField(_("since"), auto_now_add=True)
    worth = models.DecimalField(_("worth in CZK"), max_digits=16, decimal_places=2, null=True, blank=True)
    fulfilled_at = models.DateTimeField(_("fulfilled"), null=True, blank=True)

    class Meta:
        verbose_name = _("waiting job")
        verbose_name_plural = _("waiting jobs")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["job", "topic"], name="one_wait_per_job_and_topic")]
        indexes = [models.Index(fields=["shop", "topic"], name="waiting_topic")]

    def __str__(self) -> str:
        return f"{self.job_id} → {self.topic}"
