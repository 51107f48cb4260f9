"""Takes a shop's mappings out as one JSON file, puts them into another shop, and checks such a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mappings.pack_files import ImportPreview, PackRefused, export_pack, import_pack, preview_import, read_pack
from shops.models import Shop


class Command(BaseCommand):
    """Export, import or check a mapping pack."""

    help = "Export a shop's mappings as a JSON file, import such a file, or check it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["export", "import", "check"])
        parser.add_argument("file", nargs="?", default="-", help="the file; - or nothing for the standard output or input")
        parser.add_argument("--shop", default="", help="the e-shop's ID; may be left out where there is only one")
        parser.add_argument("--yes", action="store_true", help="import: do it; without it, only what would change is shown")
        parser.add_argument("--leave-out-missing", action="store_true", help="import: leave out values that this shop's Shoptet lacks")
        parser.add_argument("--comment", default="", help="import: a comment for the new version")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(options)
        except PackRefused as error:
            raise CommandError("The pack was refused, nothing was changed:\n" + "\n".join(f"- {one}" for one in error.problems)) from error

    def _export(self, options: dict[str, Any]) -> None:
        text = export_pack(self._shop(options["shop"]))
        if options["file"] == "-":
            self.stdout.write(text, ending="")
        else:
            Path(options["file"]).write_text(text, encoding="utf-8")
            self.stderr.write(f"Written to {options['file']}.")

    def _check(self, options: dict[str, Any]) -> None:
        pack = read_pack(self._text(options["file"]))
        rows = sum(len(values) for values in pack.tables.values())
        self.stdout.write(
            f"The pack is good: dialect {pack.dialect}, {len(pack.rows)} field mappings, {rows} rows in {len(pack.tables)} tables."
        )
        if options["shop"]:
            self._show(preview_import(self._shop(options["shop"]), pack))

    def _import(self, options: dict[str, Any]) -> None:
        shop, pack = self._shop(options["shop"]), read_pack(self._text(options["file"]))
        self._show(preview_import(shop, pack))
        if not options["yes"]:
            self.stdout.write("Nothing was changed. Repeat it with --yes to import the pack.")
            return
        version = import_pack(shop, pack, None, options["comment"], leave_out_missing=options["leave_out_missing"])
        self.stdout.write(f"{shop} now has the mappings of version {version.number}.")

    def _show(self, preview: ImportPreview) -> None:
        for one in preview.differences:
            sign = "+" if not one.before else "-" if not one.after else "~"
            self.stdout.write(f"{sign} {one.table}: {one.name}" + (f"  {dict(one.before)} → {dict(one.after)}" if sign == "~" else ""))
        for value in preview.missing:
            lacks = "does not have" if value.is_certain else "was not seen to have"
            self.stdout.write(f"! {value.side} {lacks} {value.table} “{value.value}” {value.name}")
        if preview.is_blind:
            self.stdout.write("! The lists of this shop's Shoptet have not been read yet, so nobody can say which values it lacks.")
        self.stdout.write(f"{len(preview.differences)} rows differ, {len(preview.missing)} values do not exist on the other side.")

    def _text(self, name: str) -> str:
        try:
            raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
            return raw.decode("utf-8")
        except OSError as error:
            raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{name} is no text in UTF-8.") from error

    def _shop(self, eshop_id: str) -> Shop:
        shops = list(Shop.objects.select_related("bluejet").filter(**({"eshop_id": eshop_id} if eshop_id else {})))
        if len(shops) != 1:
            known = ", ".join(Shop.objects.values_list("eshop_id", flat=True)) or "none"
            raise CommandError(f"Name one shop with --shop. Known e-shop IDs: {known}.")
        return shops[0]
