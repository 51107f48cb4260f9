"""The ids of one record on both sides, and what is known of the two copies."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from shops.models import BlueJetAccount, Shop


class Kind(models.TextChoices):
    """What a link points to in BlueJet."""

    PRODUCT = "product", _("product")
    STOCK_CARD = "stock_card", _("stock card")
    CONTACT = "contact", _("contact")
    COMPANY = "company", _("company")
    ADDRESS = "address", _("address")
    OFFER = "offer", _("Nabídka")
    ORDER = "order", _("Objednávka")


class RecordLink(models.Model):
    """Inserted as a reservation before the first search; complete once BlueJet's id is known."""

    # What is known of the copy may be long: whoever asks for many links only to find them leaves it in the database.
    HEAVY = ("sent", "sending", "seen", "lines")

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="links", verbose_name=_("shop"))
    account = models.ForeignKey(BlueJetAccount, models.CASCADE, related_name="links", verbose_name=_("BlueJet account"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    key = models.CharField(_("Shoptet key"), max_length=255)
    parent_key = models.CharField(_("parent's key"), max_length=255, blank=True, default="")
    bluejet_id = models.CharField(_("BlueJet id"), max_length=100, blank=True, default="")
    natural_key = models.CharField(_("natural key"), max_length=255, blank=True, default="")
    identity = models.CharField(_("other mark"), max_length=100, blank=True, default="", help_text=_("For example the EAN."))
    external_id = models.CharField(_("external id"), max_length=255, blank=True, default="")
    guid = models.CharField(
        _("GUID"), max_length=64, blank=True, default="", help_text=_("Of an order: a shop may give a number to another order later.")
    )
    source_changed_at = models.DateTimeField(_("changed in Shoptet"), null=True, blank=True)
    fetched_at = models.DateTimeField(_("read from Shoptet"), null=True, blank=True)
    draft_hash = models.CharField(_("hash of what was sent"), max_length=64, blank=True, default="")
    mapping_version = models.PositiveIntegerField(_("mapping version"), null=True, blank=True)
    # Mapped values by column, those of the lines under "lines" by the line's key.
    sent = models.JSONField(_("what was sent"), default=dict, blank=True)
    sending = models.JSONField(_("what a write carries whose end is not known"), default=dict, blank=True)
    seen = models.JSONField(_("what BlueJet holds otherwise"), default=dict, blank=True)
    lines = models.JSONField(_("line ids"), default=dict, blank=True)
    archived = models.BooleanField(_("archived"), default=False)
    closed = models.BooleanField(_("closed"), default=False)
    run = models.ForeignKey("sync.SyncRun", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("run"))
    run_result = models.CharField(_("result in that run"), max_length=10, blank=True, default="")
    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    settle_until = models.DateTimeField(_("outcome unknown until"), null=True, blank=True)
    # Until when a write that has no end yet may still be carried out, and how often somebody wrote who had lost the lease.
    unfinished_until = models.DateTimeField(null=True, editable=False)
    doubts = models.PositiveIntegerField(default=0, editable=False)
    pushed_at = models.DateTimeField(_("last written"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "kind", "key"], name="one_link_per_shoptet_record"),
            models.UniqueConstraint(
                fields=["shop", "kind", "bluejet_id"],
                condition=Q(kind__in=["product", "stock_card", "offer", "order"]) & ~Q(bluejet_id=""),
                name="one_link_per_bluejet_record",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "kind", "parent_key"], name="link_parent"),
            models.Index(fields=["account", "kind", "bluejet_id"], name="link_bluejet"),
            models.Index(fields=["shop", "kind", "natural_key"], name="link_natural"),
            models.Index("shop", "kind", Upper("natural_key"), name="link_natural_folded"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}"

    def is_newer_than(self, changed_at: datetime | None, fetched_at: datetime) -> bool:
        """Whether the copy in BlueJet was made from a later state of the source."""
        if self.source_changed_at and changed_at and self.source_changed_at != changed_at:
            return self.source_changed_at > changed_at
        return bool(self.fetched_at and self.fetched_at > fetched_at)
