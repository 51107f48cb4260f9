"""The portal's own app: system checks and commands that belong to no single part."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class IntegrationPortalConfig(AppConfig):
    """Register the system checks."""

    name = "integration_portal"

    def ready(self) -> None:
        import_module("integration_portal.checks")
