"""The sync app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SyncConfig(AppConfig):
    """Name the app for the admin."""

    name = "sync"
    verbose_name = _("Sync")
    default_auto_field = "django.db.models.BigAutoField"
