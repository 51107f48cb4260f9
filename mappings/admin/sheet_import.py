"""A spreadsheet on its way in: refused with a sentence, or shown row by row, or saved."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from mappings.choices import MODEL_OF_TABLE
from mappings.sheet_files import read_sheet, write_csv
from mappings.spreadsheets import BAD, CHANGED, NEW, SAME, SheetRefused, SheetRow, check_rows, import_rows
from shops.models import Shop
from shops.pages.confirmation import is_confirmed

MOST_ROWS = 500
ORDER = (BAD, NEW, CHANGED, SAME)
Page = tuple[str, dict[str, Any]]


class SheetImport:
    """One request of the import's two steps."""

    def __init__(self, request: HttpRequest, shop: Shop) -> None:
        self._request, self._shop = request, shop

    def answer(self) -> Page | str:
        """Return the page to show, or the sentence that says that it is done."""
        table = self._request.POST.get("table", "")
        if table not in MODEL_OF_TABLE:
            return _refused(_("Choose the table that the file belongs to."))
        try:
            dataset = read_sheet(table, self._content())
            if is_confirmed(self._request):
                version = import_rows(self._shop, table, dataset, self._request.user)
                return _("%(shop)s now has the mappings of version %(number)s.") % {"shop": self._shop, "number": version.number}
            return self._preview(table, dataset)
        except SheetRefused as error:
            return _refused(str(error))

    def _content(self) -> bytes:
        file = self._request.FILES.get("file")
        return bytes(file.read()) if file is not None else self._request.POST.get("rows", "").encode()

    def _preview(self, table: str, dataset: Any) -> Page:
        preview = check_rows(self._shop, table, dataset)
        rows: list[SheetRow] = sorted(preview.rows, key=lambda row: ORDER.index(row.kind))
        name = MODEL_OF_TABLE[table]._meta.verbose_name_plural
        return "portal/sheet_preview.html", {
            "title": _("%(table)s: what the file changes in %(shop)s") % {"table": str(name).capitalize(), "shop": self._shop},
            "preview": preview,
            "rows": rows[:MOST_ROWS],
            "left_out": max(0, len(rows) - MOST_ROWS),
            "counts": {kind: preview.count(kind) for kind in ORDER},
            "table": table,
            "csv": write_csv(dataset),
        }


def _refused(sentence: str) -> Page:
    return "portal/pack_refused.html", {"title": _("The file was refused"), "problems": [sentence]}
