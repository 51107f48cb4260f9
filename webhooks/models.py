"""The inbox: what Shoptet told us, stored raw and never edited."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shops.address_field import AddressField
from shops.models import Shop


class EventQuerySet(models.QuerySet["WebhookEvent"]):
    """Name the states that staff and sweepers ask for."""

    def unprocessed(self, *, before: datetime) -> EventQuerySet:
        """Return events that nobody took up although they came before `before`."""
        return self.filter(status=WebhookEvent.Status.PENDING, last_seen_at__lt=before)

    def stuck(self, now: datetime) -> EventQuerySet:
        """Return events that a worker took up and never handed over, and does not prolong its claim of any more: it was killed."""
        taken_up = self.filter(status=WebhookEvent.Status.PROCESSING, handed_over_at__isnull=True)
        return taken_up.filter(Q(claimed_until__lt=now) | Q(claimed_until__isnull=True))


class WebhookEvent(models.Model):
    """One thing that Shoptet said happened."""

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        PROCESSING = "processing", _("processing")
        COMPLETED = "completed", _("completed")
        FAILED = "failed", _("failed")
        IGNORED = "ignored", _("ignored")

    class Source(models.TextChoices):
        WEBHOOK = "webhook", _("webhook")
        CATCH_UP = "catch-up", _("catch-up")

    event_id = models.CharField(_("event ID"), max_length=255, unique=True)
    event_type = models.CharField(_("event"), max_length=100)
    eshop_id = models.CharField(_("e-shop ID"), max_length=50)
    shop = models.ForeignKey(Shop, models.CASCADE, null=True, related_name="events", verbose_name=_("shop"))
    instance = models.TextField(_("instance"), blank=True, default="")
    event_created = models.DateTimeField(_("happened"), null=True)
    payload = models.JSONField(_("payload"), null=True)
    raw_body = models.BinaryField(_("raw body"))
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.PENDING)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices, default=Source.WEBHOOK)
    times_seen = models.PositiveIntegerField(_("times seen"), default=1)
    error = models.TextField(_("error"), blank=True, default="")
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    last_seen_at = models.DateTimeField(_("last seen"), auto_now_add=True)
    claimed_at = models.DateTimeField(_("taken up"), null=True, editable=False)
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    handed_over_at = models.DateTimeField(_("handed over"), null=True, editable=False)
    swept_at = models.DateTimeField(null=True, editable=False)
    processed_at = models.DateTimeField(_("processed"), null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        db_table = "webhook_events"
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-id"]
        permissions = [("replay_event", _("Can process an event again"))]
        indexes = [
            models.Index(fields=["status", "last_seen_at"], name="event_status_seen"),
            models.Index(fields=["shop", "event_type", "-id"], name="event_shop_type"),
            models.Index(fields=["claimed_until"], condition=Q(status="processing", handed_over_at__isnull=True), name="event_taken_up"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.instance}"


class QuarantinedDelivery(models.Model):
    """A delivery whose signature fitted no key of its shop; looked at again after a key change."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="quarantine", verbose_name=_("shop"))
    body = models.BinaryField(_("body"))
    body_hash = models.CharField(_("body hash"), max_length=64)
    signature = models.CharField(_("signature"), max_length=128, blank=True, default="")
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    keys_tried = models.CharField(max_length=16, blank=True, default="", editable=False)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)

    class Meta:
        verbose_name = _("quarantined delivery")
        verbose_name_plural = _("quarantined deliveries")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "body_hash", "signature"], name="one_quarantine_row_per_delivery"),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.received_at:%Y-%m-%d %H:%M}"


class WebhookRegistration(models.Model):
    """What is known of one event's registration at Shoptet, for one shop."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="registrations", verbose_name=_("shop"))
    event_type = models.CharField(_("event"), max_length=100)
    shoptet_id = models.CharField(_("Shoptet's id"), max_length=50, blank=True, default="")
    url = AddressField(_("registered address"), max_length=2000, blank=True, default="")
    checked_at = models.DateTimeField(_("checked"), null=True)
    last_received_at = models.DateTimeField(_("last received"), null=True)
    last_caught_up_at = models.DateTimeField(_("last caught up"), null=True)

    class Meta:
        verbose_name = _("webhook registration")
        verbose_name_plural = _("webhook registrations")
        ordering = ["shop", "event_type"]
        constraints = [models.UniqueConstraint(fields=["shop", "event_type"], name="one_registration_per_event")]

    def __str__(self) -> str:
        return f"{self.shop} {self.event_type}"
