"""A shop's page with what needs both partners: its webhooks, the test of the connection, the first mappings."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mappings.models import FieldMapping
from mappings.packs import install_default
from shops.admin import ShopAdmin
from shops.deprecations import deprecation_warnings
from shops.flow_settings import create_flow_settings
from shops.missing_sections import missing_section_notes
from shops.models import OWNERSHIPS, Shop
from shops.ownership import ownership_warnings
from shops.pages.confirmation import ask, is_confirmed
from sync.admin.addresses import held_address
from sync.admin.credentials import CredentialsAdmin
from sync.admin.held_page import held_view
from sync.admin.shop_partners import PartnerButton, find_stock_meaning, register_webhooks, renew_signature_key, test_connection
from sync.jobs.held import asking
from sync.models import SyncJob
from sync.ownership import take_over
from sync.stock_meaning import assumption_warnings, look_at_all_stock
from sync.traffic import has_traffic
from webhooks.addresses import address_warnings
from webhooks.event_names import event_name
from webhooks.models import QuarantinedDelivery
from webhooks.processing import release_held_events
from webhooks.registration import NeedsConfirmation
from webhooks.status_table import status_table

admin.site.unregister(Shop)


@admin.register(Shop)
class ShopWithPartnersAdmin(CredentialsAdmin, ShopAdmin):
    """The shops, each with a page about its webhooks."""

    change_form_template = "portal/shop_form.html"
    list_display = (*ShopAdmin.list_display, "webhooks_shown")

    def get_urls(self) -> list[URLPattern]:
        """Add the webhooks' page and its buttons."""
        guarded = self.admin_site.admin_view
        buttons: dict[str, PartnerButton] = {
            "test": test_connection,
            "register": register_webhooks,
            "renew-key": renew_signature_key,
            "stock-meaning": find_stock_meaning,
        }
        pressed = [
            path(f"<int:pk>/webhooks/{name}/", guarded(require_POST(self._view_of(button))), name=f"shops_shop_{name.replace('-', '_')}")
            for name, button in buttons.items()
        ]
        held = path("<int:pk>/held/", guarded(self.held_view), name="shops_shop_held")
        return [held, path("<int:pk>/webhooks/", guarded(self.webhooks_view), name="shops_shop_webhooks"), *pressed, *super().get_urls()]

    def has_delete_permission(self, request: HttpRequest, obj: Shop | None = None) -> bool:
        """A shop whose records were brought over is switched off, not deleted: its log and its links would go with it."""
        return super().has_delete_permission(request, obj) and (obj is None or not has_traffic(obj))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Give a new shop what it needs to work: its flows and the default mappings; to one that is on again, what came meanwhile."""
        super().save_related(request, form, formsets, change)
        shop = form.instance
        create_flow_settings(shop)
        if change and shop.active and "active" in form.changed_data:
            release_held_events(shop.pk)
        gained = [name for name in OWNERSHIPS if change and name in form.changed_data and getattr(shop, name)]
        for sentence in take_over(shop, gained):
            self.message_user(request, sentence)
        if change and "stock_amount" in form.changed_data:
            self.message_user(request, look_at_all_stock(shop))
        if not FieldMapping.objects.filter(shop=shop).exists():
            install_default(shop)
            self.message_user(request, _("The shop has the default mappings. Look them through, then register its webhooks."))

    def response_change(self, request: HttpRequest, obj: Shop) -> HttpResponse:
        """Ask at once about what a flow held that is live now."""
        answer = super().response_change(request, obj)
        return HttpResponseRedirect(held_address(obj.pk)) if asking(obj).exists() else answer

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to what is held, where something is."""
        held = SyncJob.objects.held().filter(shop_id=object_id).exists() if object_id.isdecimal() else False
        return super().change_view(request, object_id, form_url, {"is_anything_held": held} | (extra_context or {}))

    def held_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask what becomes of what came while a flow was not live."""
        shop = get_object_or_404(Shop, pk=pk)
        if not self.has_view_permission(request, shop):
            raise PermissionDenied
        return held_view(self, request, shop)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        """Say above the form where the shop's BlueJet has two owners."""
        shop = context.get("original")
        context["owners"] = ownership_warnings(shop.bluejet_id) if shop is not None else []
        return super().render_change_form(request, context, *args, **kwargs)

    def webhooks_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show where each event stands, without asking Shoptet."""
        shop = get_object_or_404(Shop, pk=pk)
        if not self.has_view_permission(request, shop):
            raise PermissionDenied
        rows = status_table(shop)
        context = {
            "opts": self.opts,
            "original": shop,
            "title": _("Webhooks of %(shop)s") % {"shop": shop},
            "rows": [(event_name(row.event_type), row) for row in rows],
            "registered": sum(row.is_ours for row in rows),
            "wanted": sum(row.is_wanted for row in rows),
            "foreign": sum(bool(row.url) and not row.is_ours for row in rows),
            "checked_at": max((row.checked_at for row in rows if row.checked_at), default=None),
            "has_key": bool(shop.webhook_key),
            "warnings": [
                *address_warnings(shop),
                *deprecation_warnings(shop.pk),
                *missing_section_notes(shop.pk),
                *assumption_warnings(shop),
                *ownership_warnings(shop.bluejet_id),
            ],
            "quarantined": QuarantinedDelivery.objects.filter(shop=shop)[:1000].count(),
            "may_change": self.has_change_permission(request, shop),
        }
        return TemplateResponse(request, "portal/shop_webhooks.html", self.admin_site.each_context(request) | context)

    @admin.display(description=gettext_lazy("webhooks and connection"))
    def webhooks_shown(self, shop: Shop) -> SafeString:
        """Lead to the shop's page about them."""
        return format_html('<a href="{}">{}</a>', reverse("admin:shops_shop_webhooks", args=[shop.pk]), _("open"))

    def _view_of(self, button: PartnerButton) -> Any:
        """Return a view that presses the button, and asks first where another installation would lose its webhooks."""

        def view(request: HttpRequest, pk: int) -> HttpResponse:
            shop = get_object_or_404(Shop.objects.select_related("bluejet"), pk=pk)
            if not self.has_change_permission(request, shop):
                raise PermissionDenied
            try:
                answers = button(shop, take_over=is_confirmed(request))
            except NeedsConfirmation as question:
                return self._ask_to_take_over(request, shop, question)
            for level, sentence in answers:
                self.message_user(request, sentence, level)
            return HttpResponseRedirect(reverse("admin:shops_shop_webhooks", args=[pk]))

        return view

    def _ask_to_take_over(self, request: HttpRequest, shop: Shop, question: NeedsConfirmation) -> HttpResponse:
        back = reverse("admin:shops_shop_webhooks", args=[shop.pk])
        return ask(
            self,
            request,
            title=_("Take the webhooks over?"),
            sentences=[
                _("Another installation receives these events of %(shop)s now. If you go on, it will not receive them any more.")
                % {"shop": shop},
                _("Go on only if this portal is to replace it."),
            ],
            button=_("Yes, take them over"),
            hidden=[],
            examples=[f"{one.event_type} → {one.registered_url}" for one in question.planned],
            extra={"back": back},
        )
