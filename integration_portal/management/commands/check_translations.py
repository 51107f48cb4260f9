"""Fails where a text has no translation; part of `make check`."""

from __future__ import annotations

import shutil
from subprocess import CalledProcessError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from integration_portal.translations import find_catalogues, list_uncollected, list_untranslated


class Command(BaseCommand):
    """Look for texts without a translation, in the catalogues and in the source."""

    help = "Fail where a text of the portal has no translation. With GNU gettext on the machine, the source is read again as well."

    def handle(self, *args: Any, **options: Any) -> None:
        catalogues = find_catalogues(settings.LOCALE_PATHS)
        if not catalogues:
            raise CommandError("There is no catalogue in locale/. Make one with: make messages.")
        missing = [f"{path.relative_to(settings.BASE_DIR)}: {text}" for path in catalogues for text in list_untranslated(path)]
        if shutil.which("xgettext"):
            missing += [f"only in the source (make messages): {text}" for text in self._uncollected()]
        if missing:
            raise CommandError("Without a translation:\n" + "\n".join(missing))
        self.stdout.write(f"Every text is translated, in {len(catalogues)} catalogue(s).")

    def _uncollected(self) -> list[str]:
        try:
            return list_uncollected(settings.BASE_DIR)
        except CalledProcessError as error:
            raise CommandError("GNU gettext cannot read the catalogue or the source; what it said stands above.") from error
