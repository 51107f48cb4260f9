"""Who may write one record of BlueJet just now, whichever shop's link leads to it."""

from __future__ import annotations

from django.db import models

from shops.models import BlueJetAccount


class RecordLease(models.Model):
    """Here while the record is being written, and as long as nobody knows how the last write ended.

    A link's own lease keeps the link; this one keeps the record, which several links may lead to. Before BlueJet's id is known, the
    subject is what the record would be found by.
    """

    account = models.ForeignKey(BlueJetAccount, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=300)
    holder = models.UUIDField(null=True)
    held_until = models.DateTimeField(null=True)
    # Until when a write that has no end yet may still be carried out.
    unfinished_until = models.DateTimeField(null=True)
    settle_until = models.DateTimeField(null=True)
    # Whose write it was that had no end; once its own link says that it is known, this one need not wait.
    doubted_by = models.ForeignKey("sync.RecordLink", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "kind", "subject"], name="one_lease_per_bluejet_record")]
        indexes = [models.Index(fields=["holder"], name="lease_holder")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
