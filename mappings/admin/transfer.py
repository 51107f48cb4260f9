"""Mappings in and out: a shop's pack as a file, and its tables as spreadsheets, each shown before it takes effect."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mappings.admin.pack_import import PackImport
from mappings.admin.sheet_import import SheetImport
from mappings.choices import MODEL_OF_TABLE
from mappings.models import FieldMapping
from mappings.pack_files import export_pack
from mappings.sheet_files import CONTENT_TYPES, write_sheet
from mappings.spreadsheets import export_rows
from shops.models import Shop


class TransferPages:
    """The pages under the field mappings' address; `page` is the admin that they belong to."""

    def __init__(self, page: admin.ModelAdmin) -> None:
        self._page = page

    def urls(self) -> list[URLPattern]:
        """Return the addresses, all for staff only."""
        guarded = self._page.admin_site.admin_view
        return [
            path("transfer/", guarded(require_GET(self.overview)), name="mappings_transfer"),
            path("transfer/<int:pk>/pack/", guarded(require_GET(self.download_pack)), name="mappings_pack_export"),
            path("transfer/<int:pk>/pack/import/", guarded(require_POST(self.import_pack)), name="mappings_pack_import"),
            path("transfer/<int:pk>/<slug:table>.<slug:form>", guarded(require_GET(self.download_table)), name="mappings_table_export"),
            path("transfer/<int:pk>/table/import/", guarded(require_POST(self.import_table)), name="mappings_table_import"),
        ]

    def overview(self, request: HttpRequest) -> HttpResponse:
        """Show what may be taken out and put in, for the chosen shop or the first one."""
        self._require_view(request)
        shops = list(Shop.objects.select_related("bluejet"))
        asked = request.GET.get("shop", "")
        shop = next((one for one in shops if str(one.pk) == asked), shops[0] if shops else None)
        context = {
            "shops": shops if len(shops) > 1 else [],
            "shop": shop,
            "rows": FieldMapping.objects.filter(shop=shop).count() if shop else 0,
            "tables": [_counted(table, shop) for table in MODEL_OF_TABLE if _may(request, "view", table)] if shop else [],
            "may_view_all": _may(request, "view", *MODEL_OF_TABLE),
            "may_change": self._may_change(request),
            "opts": self._page.opts,
            "title": _("Mappings in and out"),
        }
        return TemplateResponse(request, "portal/mapping_transfer.html", self._page.admin_site.each_context(request) | context)

    def download_pack(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Hand the pack over as a file; it holds every table."""
        _require(request, "view", *MODEL_OF_TABLE)
        self._require_view(request)
        shop = get_object_or_404(Shop.objects.select_related("bluejet"), pk=pk)
        return _download(export_pack(shop).encode(), f"{_file_name(shop)}.json", "application/json")

    def download_table(self, request: HttpRequest, pk: int, table: str, form: str) -> HttpResponse:
        """Hand a table over as a spreadsheet."""
        if table not in MODEL_OF_TABLE or form not in CONTENT_TYPES:
            raise Http404
        _require(request, "view", table)
        shop = get_object_or_404(Shop, pk=pk)
        return _download(write_sheet(export_rows(shop, table), form), f"{_file_name(shop)}-{table}.{form}", CONTENT_TYPES[form])

    def import_pack(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what a pack would change, then put it in."""
        return self._answer(request, PackImport(request, self._changeable_shop(request, pk)).answer())

    def import_table(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show every row of a spreadsheet, then save them."""
        return self._answer(request, SheetImport(request, self._changeable_shop(request, pk)).answer())

    def _answer(self, request: HttpRequest, answer: tuple[str, dict[str, Any]] | str) -> HttpResponse:
        """Show a template with its context, or go back with a message."""
        if isinstance(answer, str):
            self._page.message_user(request, answer, messages.SUCCESS)
            return HttpResponseRedirect(_back(request))
        template, context = answer
        shared = self._page.admin_site.each_context(request) | {"opts": self._page.opts, "back": _back(request)}
        return TemplateResponse(request, template, shared | context)

    def _changeable_shop(self, request: HttpRequest, pk: int) -> Shop:
        if not self._may_change(request):
            raise PermissionDenied
        return get_object_or_404(Shop.objects.select_related("bluejet"), pk=pk)

    def _may_change(self, request: HttpRequest) -> bool:
        """An import adds, changes and deletes rows of any table."""
        verbs = ("add", "change", "delete")
        of_fields = request.user.has_perms([f"mappings.{verb}_fieldmapping" for verb in verbs])
        return of_fields and all(_may(request, verb, *MODEL_OF_TABLE) for verb in verbs)

    def _require_view(self, request: HttpRequest) -> None:
        if not self._page.has_view_permission(request):
            raise PermissionDenied


def _may(request: HttpRequest, verb: str, *tables: str) -> bool:
    """Whether the person may do this with all of these tables; who may change one may look at it."""
    pages = [admin.site.get_model_admin(MODEL_OF_TABLE[table]) for table in tables]
    return all(getattr(page, f"has_{verb}_permission")(request) for page in pages)


def _require(request: HttpRequest, verb: str, *tables: str) -> None:
    if not _may(request, verb, *tables):
        raise PermissionDenied


def _counted(table: str, shop: Shop) -> dict[str, Any]:
    model = MODEL_OF_TABLE[table]
    return {"table": table, "name": model._meta.verbose_name_plural, "count": model._default_manager.filter(shop=shop).count()}


def _back(request: HttpRequest) -> str:
    shop = request.resolver_match.kwargs["pk"] if request.resolver_match else ""
    return f"{reverse('admin:mappings_transfer')}?shop={shop}"


def _file_name(shop: Shop) -> str:
    return f"mapping-{slugify(shop.name) or shop.pk}-{timezone.localdate():%Y-%m-%d}"


def _download(content: bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
