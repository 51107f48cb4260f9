"""Collects the texts to translate; `make messages`."""

from __future__ import annotations

import shutil
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from integration_portal.translations import collect


class Command(BaseCommand):
    """Bring the catalogues in locale/ up to date with the source."""

    help = "Collect the texts to translate into locale/; needs GNU gettext."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not shutil.which("xgettext"):
            raise CommandError("GNU gettext is not installed. Debian: apt-get install gettext; macOS: brew install gettext.")
        collect(settings.BASE_DIR)
