"""Suggestions by the likeness of names, accepted one by one or together."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mappings.models import PartnerList, Side
from shops.models import Shop
from shops.pages.chosen_shop import chosen_shop
from shops.pages.confirmation import MOST_AT_ONCE, ask, is_confirmed
from sync.admin.inbox_page import may_map, table_name
from sync.inbox import accept
from sync.suggestions import SUGGESTED_TABLES, Suggestion, suggest

MOST_EXAMPLES = 20


def suggestions_page(page: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Show the suggestions of one table; a single one is accepted at once, several after a confirmation."""
    shops = list(Shop.objects.select_related("bluejet").order_by("name"))
    shop = chosen_shop(shops, request.POST.get("shop") or request.GET.get("shop"))
    table = request.POST.get("table") or request.GET.get("table") or ""
    table = table if table in SUGGESTED_TABLES else SUGGESTED_TABLES[0]
    found = suggest(shop, table) if shop else []
    if request.method == "POST" and shop:
        if not may_map(request, table):
            raise PermissionDenied
        return _accept(page, request, shop, table, found)
    context = {
        "opts": page.opts,
        "title": _("Suggestions"),
        "shops": shops,
        "shop": shop,
        "kept": [("table", table)],
        "table": table,
        "name": table_name(table),
        "tables": [(one, table_name(one)) for one in SUGGESTED_TABLES],
        "suggestions": found[:MOST_AT_ONCE],
        "was_read": bool(shop) and PartnerList.objects.filter(shop=shop, side=Side.SHOPTET, table=table, read_at__isnull=False).exists(),
        "may_map": may_map(request, table),
    }
    return TemplateResponse(request, "portal/suggestions.html", page.admin_site.each_context(request) | context)


def _accept(page: admin.ModelAdmin, request: HttpRequest, shop: Shop, table: str, found: list[Suggestion]) -> HttpResponse:
    one = request.POST.get("only")
    keys = {one} if one else set(request.POST.getlist("chosen"))
    chosen = [suggestion for suggestion in found if suggestion.key in keys][:MOST_AT_ONCE]
    if len(chosen) > 1 and not is_confirmed(request):
        return _confirmation(page, request, shop, table, chosen)
    made, woken = accept(shop, [suggestion.proposal for suggestion in chosen], request.user) if chosen else (0, 0)
    page.message_user(request, _said(made, woken), messages.SUCCESS if made else messages.WARNING)
    return HttpResponseRedirect(f"{reverse('admin:mappings_partnervalue_suggestions')}?shop={shop.pk}&table={table}")


def _said(made: int, woken: int) -> str:
    if not made:
        return _("Nothing was chosen, or it is mapped already.")
    rows = ngettext("%(count)d row was added.", "%(count)d rows were added.", made) % {"count": made}
    goes_on = ngettext("%(count)d record that waited goes on now.", "%(count)d records that waited go on now.", woken) % {"count": woken}
    return f"{rows} {goes_on}" if woken else rows


def _confirmation(page: admin.ModelAdmin, request: HttpRequest, shop: Shop, table: str, chosen: list[Suggestion]) -> HttpResponse:
    count = len(chosen)
    rows = ngettext("%(count)d row will be added to: %(table)s.", "%(count)d rows will be added to: %(table)s.", count)
    hidden: list[tuple[str, Any]] = [("shop", shop.pk), ("table", table), *(("chosen", one.key) for one in chosen)]
    examples = [f"{one.proposal.shoptet_name} → {one.proposal.bluejet_name or one.proposal.bluejet_value}" for one in chosen]
    more = [_("and %(count)s more") % {"count": count - MOST_EXAMPLES}] if count > MOST_EXAMPLES else []
    return ask(
        page,
        request,
        title=_("Accept the suggestions?"),
        sentences=[rows % {"count": count, "table": table_name(table)}, _("The records that waited for them go on by themselves.")],
        button=_("Accept"),
        hidden=hidden,
        examples=[*examples[:MOST_EXAMPLES], *more],
        extra={"back": f"{request.path}?shop={shop.pk}&table={table}"},
    )
