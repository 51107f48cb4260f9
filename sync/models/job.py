"""A standing intention: make BlueJet's copy of one record right."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from shops.models import FlowName, Shop
from webhooks.models import WebhookEvent


class Priority(models.IntegerChoices):
    """Who goes first when the partner's pace is scarce."""

    ORDERS = 10, _("orders")
    CUSTOMERS = 20, _("customers")
    STOCK = 30, _("stock")
    CATALOGUE = 40, _("catalogue")
    RECONCILIATION = 50, _("reconciliation")


class JobQuerySet(models.QuerySet["SyncJob"]):
    """Name the sets of jobs that workers, sweepers and staff ask for."""

    def due(self, now: datetime) -> JobQuerySet:
        """Return jobs that a worker may take now."""
        return self.filter(state__in=SyncJob.OPEN, next_try_at__lte=now)

    def abandoned(self, now: datetime) -> JobQuerySet:
        """Return jobs whose worker did not come back in time."""
        return self.filter(state=SyncJob.State.RUNNING, claimed_until__lt=now)

    def held(self) -> JobQuerySet:
        """Return jobs that came while their flow was not live."""
        return self.filter(state=SyncJob.State.HELD)

    def needs_attention(self) -> JobQuerySet:
        """Return jobs that will not go on without a person."""
        return self.filter(state__in=[SyncJob.State.PARKED, SyncJob.State.FAILED])


class SyncJob(models.Model):
    """One row per shop, flow and key; `wanted` counts what was asked, `done` what was reached."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        WAITING = "waiting", _("waiting")
        PARKED = "parked", _("parked")
        FAILED = "failed", _("failed")
        # Its flow is not live; it goes on when that is, and a person has said so.
        HELD = "held", _("held")

    OPEN = (State.QUEUED, State.WAITING)

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="jobs", verbose_name=_("shop"))
    flow = models.CharField(_("flow"), max_length=40, choices=FlowName.choices)
    key = models.CharField(_("key"), max_length=255)
    wanted = models.PositiveBigIntegerField(_("asked"), default=0)
    done = models.PositiveBigIntegerField(_("reached"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.CATALOGUE)
    next_try_at = models.DateTimeField(_("next try"))
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("failed tries"), default=0)
    announced_at = models.DateTimeField(_("announced change"), null=True, blank=True)
    deletion_announced = models.BooleanField(_("deletion announced"), default=False)
    approved = models.BooleanField(_("approved by a person"), default=False)
    lag = models.PositiveSmallIntegerField(_("times the source lagged"), default=0)
    blocked_by = models.CharField(_("held back by"), max_length=60, blank=True, default="")
    asked_at = models.DateTimeField(_("last asked"), null=True, blank=True)
    waits_since = models.DateTimeField(_("waits since"), null=True, blank=True)
    asked_by = models.CharField(_("asked by"), max_length=200, blank=True, default="")
    draft = models.JSONField(_("last draft"), null=True, blank=True)
    issues = models.JSONField(_("issues"), default=list, blank=True)
    traceback = models.TextField(_("traceback"), blank=True, default="")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-id"]
        permissions = [("replay_job", _("Can send a job again"))]
        constraints = [models.UniqueConstraint(fields=["shop", "flow", "key"], name="one_job_per_record")]
        indexes = [
            models.Index(fields=["state", "next_try_at", "priority"], name="job_due"),
            models.Index(fields=["state", "claimed_until"], name="job_abandoned"),
            models.Index(fields=["shop", "flow", "state", "next_try_at"], name="job_due_by_flow"),
        ]

    def __str__(self) -> str:
        return f"{self.get_flow_display()}: {self.key}"


class EventJob(models.Model):
    """The job that an event asked for, and the count that answers it."""

    event = models.ForeignKey(WebhookEvent, models.CASCADE, related_name="asked", verbose_name=_("event"))
    job = models.ForeignKey(SyncJob, models.CASCADE, related_name="asked_by_events", verbose_name=_("job"))
    wanted = models.PositiveBigIntegerField(_("answered at"))

    class Meta:
        verbose_name = _("event's job")
        verbose_name_plural = _("events' jobs")
        constraints = [models.UniqueConstraint(fields=["event", "job"], name="one_ask_per_event_and_job")]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.job_id}"
