"""Compiles the translations, on any machine; part of every installation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from integration_portal.translations import compile_catalogue, find_catalogues


class Command(BaseCommand):
    """Compile what has changed."""

    help = "Compile the translations in locale/; needs no GNU gettext."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for path in find_catalogues(settings.LOCALE_PATHS):
            if compile_catalogue(path) and options["verbosity"] > 0:
                self.stdout.write(f"Compiled {path.relative_to(settings.BASE_DIR)}.")
