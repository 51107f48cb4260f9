"""The mappings app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MappingsConfig(AppConfig):
    """Name the app for the admin."""

    name = "mappings"
    verbose_name = _("Mappings")
    default_auto_field = "django.db.models.BigAutoField"
