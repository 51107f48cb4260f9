"""Whether a partner is known to be down."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Breaker(models.Model):
    """One row per partner: `shoptet:<shop id>` or `bluejet:<account id>`."""

    partner = models.CharField(_("partner"), max_length=60, unique=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    opened_at = models.DateTimeField(_("down since"), null=True, blank=True)
    next_probe_at = models.DateTimeField(_("next probe"), null=True, blank=True)
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
