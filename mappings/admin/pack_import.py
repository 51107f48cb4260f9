"""A pack on its way in: refused with a list, or shown with its differences, or put into force."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from mappings.choices import MODEL_OF_TABLE
from mappings.models import Entity
from mappings.pack_files import MissingValue, MovedMeanwhile, Pack, PackRefused, import_pack, preview_import, read_pack
from mappings.wording import shown_difference
from shops.models import Shop
from shops.pages.confirmation import is_confirmed
from shops.pages.numbers import whole_number

MOST_ROWS = 300
Page = tuple[str, dict[str, Any]]


class PackImport:
    """One request of the import's two steps."""

    def __init__(self, request: HttpRequest, shop: Shop) -> None:
        self._request, self._shop = request, shop

    def answer(self) -> Page | str:
        """Return the page to show, or the sentence that says that it is done."""
        try:
            text = self._text()
            pack = read_pack(text)
            if is_confirmed(self._request):
                return self._import(text, pack)
            return self._preview(text, pack)
        except PackRefused as error:
            return "portal/pack_refused.html", {"title": _("The pack was refused"), "problems": error.problems}

    def _text(self) -> str:
        file = self._request.FILES.get("file")
        if file is None:
            return self._request.POST.get("pack", "")
        try:
            return file.read().decode("utf-8")
        except UnicodeDecodeError as error:
            raise PackRefused([_("The file is no text in UTF-8.")]) from error

    def _import(self, text: str, pack: Pack) -> Page | str:
        post, user = self._request.POST, self._request.user
        base = whole_number(post.get("base", ""))
        try:
            version = import_pack(
                self._shop, pack, user, post.get("comment", ""), base=base, leave_out_missing=post.get("leave_out") == "yes"
            )
        except MovedMeanwhile:
            return self._preview(
                text, pack, _("Somebody has changed the mappings meanwhile. This is how they differ now; nothing was written.")
            )
        return _("%(shop)s now has the mappings of version %(number)s.") % {"shop": self._shop, "number": version.number}

    def _preview(self, text: str, pack: Pack, warning: str = "") -> Page:
        preview = preview_import(self._shop, pack)
        rows = [{**asdict(shown_difference(one)), "sign": _sign(one.before, one.after)} for one in preview.differences[:MOST_ROWS]]
        signs = [_sign(one.before, one.after) for one in preview.differences]
        return "portal/pack_preview.html", {
            "title": _("What the pack changes in %(shop)s") % {"shop": self._shop},
            "warning": warning,
            "pack": text,
            "preview": preview,
            "rows": rows,
            "more": max(0, len(signs) - MOST_ROWS),
            "counts": {name: signs.count(name) for name in ("new", "changed", "gone")},
            "missing": [_said(one) for one in preview.missing[:MOST_ROWS]],
            "comment": self._request.POST.get("comment", ""),
        }


def _sign(before: Any, after: Any) -> str:
    return "new" if not before else "gone" if not after else "changed"


def _said(one: MissingValue) -> dict[str, Any]:
    if one.table == "field":
        table = str(Entity(one.name).label)
        return {"table": table, "side": "BlueJet", "value": one.value, "name": _("column")}
    side = "Shoptet" if one.side == "shoptet" else "BlueJet" if one.is_certain else _("BlueJet, as far as it was looked at")
    return {"table": MODEL_OF_TABLE[one.table]._meta.verbose_name_plural, "side": side, "value": one.value, "name": one.name}
