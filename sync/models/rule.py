"""How serious a shop takes a finding."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shops.models import Shop


class RuleSetting(models.Model):
    """A shop's own word on one rule of validation; without a row the rule's default holds."""

    class Setting(models.TextChoices):
        ERROR = "error", _("holds the record")
        WARNING = "warning", _("goes along as a warning")
        OFF = "off", _("is not looked at")

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="rule_settings", verbose_name=_("shop"))
    code = models.CharField(_("rule"), max_length=40)
    setting = models.CharField(_("setting"), max_length=10, choices=Setting.choices)
    changed_by = models.CharField(_("changed by"), max_length=150, blank=True, default="")
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["shop", "code"]
        constraints = [models.UniqueConstraint(fields=["shop", "code"], name="one_setting_per_rule")]

    def __str__(self) -> str:
        return f"{self.code}: {self.setting}"
