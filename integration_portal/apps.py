"""The portal's own app: system checks and commands that belong to no single part."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class IntegrationPortalConfig(AppConfig):
    """Register the system checks."""

    name = "integration_portal"

    def ready(self) -> None:
        import_module("integration_portal.checks")


class PortalAdminConfig(AdminConfig):
    """Django's admin with the portal's own site."""

    default_site = "integration_portal.admin_site.PortalAdminSite"
