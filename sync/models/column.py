"""What BlueJet's tables look like, as far as their rows show it; no value of a record is kept."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shops.models import BlueJetAccount


class ColumnReading(models.Model):
    """When the columns of one kind of record were last asked for, and how many records showed them."""

    account = models.ForeignKey(BlueJetAccount, models.CASCADE, related_name="column_readings", verbose_name=_("BlueJet account"))
    kind = models.CharField(_("kind"), max_length=30)
    rows = models.PositiveIntegerField(_("records looked at"), default=0)
    error = models.TextField(_("error"), blank=True, default="")
    read_at = models.DateTimeField(_("read"))

    class Meta:
        verbose_name = _("reading of columns")
        verbose_name_plural = _("readings of columns")
        ordering = ["account", "kind"]
        constraints = [models.UniqueConstraint(fields=["account", "kind"], name="one_reading_per_kind")]

    def __str__(self) -> str:
        return self.kind


class BlueJetColumn(models.Model):
    """One column of one kind of record."""

    class Type(models.TextChoices):
        UNKNOWN = "unknown", _("always empty so far")
        TEXT = "text", _("text")
        NUMBER = "number", _("number")
        AMOUNT = "amount", _("number with decimal places")
        YES_NO = "yes_no", _("yes or no")
        MOMENT = "moment", _("date or time")
        ID = "id", _("id of a record")
        STRUCTURE = "structure", _("list or object")

    account = models.ForeignKey(BlueJetAccount, models.CASCADE, related_name="columns", verbose_name=_("BlueJet account"))
    kind = models.CharField(_("kind"), max_length=30)
    name = models.CharField(_("column"), max_length=100)
    type = models.CharField(_("type"), max_length=10, choices=Type.choices, default=Type.UNKNOWN)
    read_only = models.BooleanField(_("read-only"), default=False)
    seen_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("column of BlueJet")
        verbose_name_plural = _("columns of BlueJet")
        ordering = ["account", "kind", "name"]
        constraints = [models.UniqueConstraint(fields=["account", "kind", "name"], name="one_row_per_column")]

    def __str__(self) -> str:
        return f"{self.kind}.{self.name}"
