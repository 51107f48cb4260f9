"""Records kept to try mappings on: as they were read, with what was known of both sides."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from shops.models import FlowName, Shop
from sync.models.link import Kind

AMOUNT = "$decimal"


class RecordEncoder(json.JSONEncoder):
    """Write a record; an amount stays one."""

    def default(self, value: Any) -> Any:
        """Mark amounts; write sets as lists."""
        if isinstance(value, Decimal):
            return {AMOUNT: str(value)}
        if isinstance(value, set | frozenset | tuple):
            return sorted(value)
        return super().default(value)


class RecordDecoder(json.JSONDecoder):
    """Read a record with its amounts."""

    def __init__(self, **options: Any) -> None:
        super().__init__(object_hook=_with_amounts, **options)


def _with_amounts(found: dict[str, Any]) -> Any:
    return Decimal(found[AMOUNT]) if len(found) == 1 and AMOUNT in found else found


class SampleRecord(models.Model):
    """One record that passed lately; `flow` and `job_key` name the job that brings it, `kind` what it became."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="samples", verbose_name=_("shop"))
    entity = models.CharField(_("entity"), max_length=20)
    key = models.CharField(_("key"), max_length=255)
    flow = models.CharField(_("flow"), max_length=40, choices=FlowName.choices)
    job_key = models.CharField(_("job's key"), max_length=255)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    parent_key = models.CharField(_("parent's key"), max_length=255, blank=True, default="")
    external_id = models.CharField(_("external id"), max_length=255, blank=True, default="")
    natural_key = models.CharField(_("natural key"), max_length=255, blank=True, default="")
    record = models.JSONField(_("record"), encoder=RecordEncoder, decoder=RecordDecoder)
    refs = models.JSONField(_("known ids"), encoder=RecordEncoder, decoder=RecordDecoder, default=dict)
    changed_at = models.DateTimeField(_("changed in Shoptet"), null=True, blank=True)
    taken_at = models.DateTimeField(_("read from Shoptet"))

    class Meta:
        verbose_name = _("sample record")
        verbose_name_plural = _("sample records")
        ordering = ["-taken_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["shop", "entity", "key"], name="one_sample_per_record")]
        indexes = [
            models.Index(fields=["shop", "entity", "-taken_at"], name="sample_newest"),
            models.Index(fields=["shop", "flow", "job_key"], name="sample_by_job"),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.key}"


class Preview(models.Model):
    """Records that somebody wants to look at, fetched by a worker; kept for a day."""

    class State(models.TextChoices):
        FETCHING = "fetching", _("being fetched")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="previews", verbose_name=_("shop"))
    entity = models.CharField(_("entity"), max_length=20)
    by = models.CharField(_("chosen by"), max_length=10)
    value = models.CharField(_("value"), max_length=255, blank=True, default="")
    asked_by = models.CharField(_("asked by"), max_length=150, blank=True, default="")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.FETCHING)
    expected = models.PositiveSmallIntegerField(_("expected"), default=0)
    fetched = models.PositiveSmallIntegerField(_("fetched"), default=0)
    samples = models.JSONField(_("samples"), default=list)
    held = models.JSONField(_("what BlueJet holds"), default=dict)
    issue = models.JSONField(_("why it failed"), null=True, blank=True)
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("preview")
        verbose_name_plural = _("previews")
        ordering = ["-id"]
        indexes = [models.Index(fields=["created_at"], name="preview_age")]

    def __str__(self) -> str:
        return f"{self.entity} {self.value or self.by}"
