"""One pass of a flow over many records, in chunks that survive a crash."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shops.models import FlowName, Shop


class SyncRun(models.Model):
    """One active run per shop and flow; resumed chunk by chunk."""

    class Mode(models.TextChoices):
        DELTA = "delta", _("changes since the last success")
        WINDOW = "window", _("a window of time")
        FULL = "full", _("everything")

    class State(models.TextChoices):
        PLANNING = "planning", _("planning")
        RUNNING = "running", _("running")
        COMPLETED = "completed", _("completed")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("failed")

    ACTIVE = (State.PLANNING, State.RUNNING)

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="runs", verbose_name=_("shop"))
    flow = models.CharField(_("flow"), max_length=40, choices=FlowName.choices)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, default=Mode.DELTA)
    trigger = models.CharField(_("started by"), max_length=100)
    since = models.DateTimeField(_("since"), null=True, blank=True)
    next_cursor = models.JSONField(_("cursor after success"), default=dict, blank=True)
    mapping_version = models.PositiveIntegerField(_("mapping version"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PLANNING)
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    planners_lost = models.PositiveSmallIntegerField(default=0, editable=False)
    dry_run = models.BooleanField(_("dry run"), default=False)
    indexed = models.BooleanField(_("target was indexed"), default=False)
    expected = models.PositiveIntegerField(_("expected"), default=0)
    read = models.PositiveIntegerField(_("read"), default=0)
    created = models.PositiveIntegerField(_("created"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    skipped = models.PositiveIntegerField(_("skipped"), default=0)
    waiting = models.PositiveIntegerField(_("waiting"), default=0)
    parked = models.PositiveIntegerField(_("parked"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    unreadable = models.PositiveIntegerField(_("unreadable rows of the list"), default=0)
    left_out = models.JSONField(_("what is wrong with them"), default=list, blank=True)
    error = models.TextField(_("error"), blank=True, default="")
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-id"]
        permissions = [("start_run", _("Can start and cancel a run"))]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "flow"], condition=Q(state__in=["planning", "running"]), name="one_active_run_per_flow"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_flow_display()} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def is_active(self) -> bool:
        """Whether the run is still under way."""
        return self.state in self.ACTIVE


class SyncChunk(models.Model):
    """A part of a run small enough to do in one go."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="chunks", verbose_name=_("run"))
    number = models.PositiveIntegerField(_("number"))
    keys = models.JSONField(_("keys"), default=list)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("failed tries"), default=0)
    counts = models.JSONField(_("counts"), default=dict)
    error = models.TextField(_("error"), blank=True, default="")

    class Meta:
        verbose_name = _("chunk")
        verbose_name_plural = _("chunks")
        ordering = ["run", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_chunk_per_number")]
        indexes = [models.Index(fields=["state", "next_try_at"], name="chunk_due")]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"


class TargetIndex(models.Model):
    """What BlueJet held when a run began, so that the run need not search record by record."""

    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="index", verbose_name=_("run"))
    kind = models.CharField(max_length=20)
    field = models.CharField(max_length=20)
    value = models.CharField(max_length=255)
    bluejet_id = models.CharField(max_length=100)
    external_id = models.CharField(max_length=255, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["run", "kind", "field", "value"], name="target_index_lookup")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
