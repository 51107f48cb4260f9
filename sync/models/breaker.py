"""Whether a partner is known to be down or to refuse us, and what the last look at it found."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Breaker(models.Model):
    """One row per partner: `shoptet:<shop id>` or `bluejet:<account id>`."""

    class Reason(models.TextChoices):
        DOWN = "", _("does not answer")
        CREDENTIALS = "credentials", _("refuses the credentials")

    partner = models.CharField(_("partner"), max_length=60, unique=True)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices, blank=True, default=Reason.DOWN)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    opened_at = models.DateTimeField(_("down since"), null=True, blank=True)
    next_probe_at = models.DateTimeField(_("next probe"), null=True, blank=True)
    # Somebody saved credentials: they are tried whatever the time; and who tries just now.
    probe_wanted = models.BooleanField(default=False, editable=False)
    probing_until = models.DateTimeField(null=True, editable=False)
    error = models.TextField(_("last error"), blank=True, default="")
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("partner's state")
        verbose_name_plural = _("partners' states")
        ordering = ["partner"]

    def __str__(self) -> str:
        return self.partner

    @property
    def is_open(self) -> bool:
        """Whether requests are held back."""
        return self.opened_at is not None

    @property
    def refuses_us(self) -> bool:
        """Whether they are held back until other credentials work."""
        return self.is_open and self.reason == self.Reason.CREDENTIALS


class MissingRight(models.Model):
    """A request that a partner refuses for want of a right, while it answers others."""

    partner = models.CharField(_("partner"), max_length=60)
    right = models.CharField(_("right"), max_length=200)
    failures = models.PositiveIntegerField(_("refusals in a row"), default=0)
    # Nobody asks before then; null while it may be that one record only is refused.
    held_until = models.DateTimeField(_("asked again"), null=True, blank=True)
    message = models.TextField(_("in the partner's words"), blank=True, default="")
    since = models.DateTimeField(_("since"), auto_now_add=True)
    refused_at = models.DateTimeField(_("last refused"))

    class Meta:
        verbose_name = _("missing right")
        verbose_name_plural = _("missing rights")
        ordering = ["partner", "right"]
        constraints = [models.UniqueConstraint(fields=["partner", "right"], name="one_row_per_missing_right")]

    def __str__(self) -> str:
        return f"{self.partner} {self.right}"


class PartnerCheck(models.Model):
    """What the last look at a partner found, hourly or after its credentials were saved; `issue` is null where all was well."""

    partner = models.CharField(_("partner"), max_length=60, unique=True)
    checked_at = models.DateTimeField(_("checked"))
    issue = models.JSONField(_("what was wrong"), null=True, blank=True)

    class Meta:
        verbose_name = _("check of a partner")
        verbose_name_plural = _("checks of partners")
        ordering = ["partner"]

    def __str__(self) -> str:
        return self.partner
