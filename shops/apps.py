"""The shops app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ShopsConfig(AppConfig):
    """Name the app for the admin, and keep the receiver's copy of the keys honest."""

    name = "shops"
    verbose_name = _("Shops")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what forgets the kept keys when a shop is saved."""
        from shops import keys  # noqa: F401
