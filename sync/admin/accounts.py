"""A BlueJet account's page about its columns: what its tables hold, and which mappings do not fit them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mappings.models import FieldMapping
from shops.admin import BlueJetAccountAdmin
from shops.models import BlueJetAccount
from sync.admin.credentials import CredentialsAdmin
from sync.admin.shop_partners import test_partner
from sync.columns import column_problems
from sync.columns.check import KIND_NAMES, KINDS, ColumnProblem, load_columns
from sync.dispatch import enqueue
from sync.models import BlueJetColumn, ColumnReading

admin.site.unregister(BlueJetAccount)


@admin.register(BlueJetAccount)
class AccountWithColumnsAdmin(CredentialsAdmin, BlueJetAccountAdmin):
    """The accounts, each with a page about its columns."""

    list_display = (*BlueJetAccountAdmin.list_display, "columns_shown")

    def get_urls(self) -> list[URLPattern]:
        """Add the test of the connection, and the columns' page with its button."""
        guarded = self.admin_site.admin_view
        return [
            path("<int:pk>/test/", guarded(require_POST(self.test_view)), name="shops_bluejetaccount_test"),
            path("<int:pk>/columns/", guarded(self.columns_view), name="shops_bluejetaccount_columns"),
            path("<int:pk>/columns/read/", guarded(require_POST(self.read_view)), name="shops_bluejetaccount_read_columns"),
            *super().get_urls(),
        ]

    def test_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask BlueJet whether the portal may work with it."""
        account = get_object_or_404(BlueJetAccount, pk=pk)
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        level, sentence = test_partner(account)
        self.message_user(request, sentence, level)
        return HttpResponseRedirect(reverse("admin:shops_bluejetaccount_change", args=[pk]))

    def columns_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the columns as they were read last, without asking BlueJet."""
        account = get_object_or_404(BlueJetAccount, pk=pk)
        if not self.has_view_permission(request, account):
            raise PermissionDenied
        readings = {reading.kind: reading for reading in ColumnReading.objects.filter(account=account)}
        problems = [problem for shop in account.shops.filter(active=True) for problem in column_problems(shop)]
        context = {
            "opts": self.opts,
            "original": account,
            "title": _("Columns of %(account)s") % {"account": account},
            "kinds": _kinds(account, readings, problems),
            "problems": problems,
            "read_at": min((reading.read_at for reading in readings.values()), default=None),
            "is_reading": _is_reading(request, readings),
            "may_read": _may_read(request),
        }
        return TemplateResponse(request, "portal/account_columns.html", self.admin_site.each_context(request) | context)

    def read_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask a worker to read the columns."""
        account = get_object_or_404(BlueJetAccount, pk=pk)
        if not _may_read(request):
            raise PermissionDenied
        asked = timezone.now()
        enqueue("read_columns", account.pk)
        self.message_user(request, _("The columns are being read."), messages.INFO)
        query = f"?asked={asked:%Y-%m-%dT%H:%M:%S.%fZ}"
        return HttpResponseRedirect(reverse("admin:shops_bluejetaccount_columns", args=[pk]) + query)

    @admin.display(description=gettext_lazy("columns"))
    def columns_shown(self, account: BlueJetAccount) -> SafeString:
        """Lead to the page about them."""
        return format_html('<a href="{}">{}</a>', reverse("admin:shops_bluejetaccount_columns", args=[account.pk]), _("open"))


def _may_read(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("mappings.change_fieldmapping"))


def _is_reading(request: HttpRequest, readings: dict[str, ColumnReading]) -> bool:
    """Whether what was asked for a moment ago has not come yet."""
    try:
        asked = parse_datetime(request.GET.get("asked", "")[:30])
    except ValueError:  # written like a moment, and no day of any calendar
        return False
    if asked is None or timezone.is_naive(asked) or (timezone.now() - asked).total_seconds() > 300:
        return False
    return not readings or min(reading.read_at for reading in readings.values()) < asked


def _kinds(account: BlueJetAccount, readings: dict[str, ColumnReading], problems: list[ColumnProblem]) -> list[dict[str, Any]]:
    columns = load_columns(account)
    wrong = {(problem.kind, problem.column): problem for problem in problems}
    known = [kind for kind in KIND_NAMES if kind in readings]
    return [
        {
            "name": KIND_NAMES[kind],
            "reading": readings[kind],
            "columns": [_shown(column, filled, wrong) for column in columns.get(kind, {}).values()],
        }
        for kind in known
        for filled in (_filled(account, kind),)
    ]


def _filled(account: BlueJetAccount, kind: str) -> dict[str, FieldMapping]:
    entities = [entity for entity, kinds in KINDS.items() if kind in kinds]
    rows = FieldMapping.objects.filter(shop__bluejet=account, entity__in=entities, active=True, direction="to_bluejet")
    return {row.target: row for row in rows}


def _shown(column: BlueJetColumn, filled: dict[str, FieldMapping], wrong: dict[tuple[str, str], ColumnProblem]) -> dict[str, Any]:
    return {"column": column, "row": filled.get(column.name), "problem": wrong.get((column.kind, column.name))}
