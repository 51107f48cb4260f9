"""The api app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """Name the app for the admin."""

    name = "api"
    verbose_name = _("Api")
    default_auto_field = "django.db.models.BigAutoField"
