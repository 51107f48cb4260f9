"""Shops: how to reach them, with secrets that are never shown, and which of their flows are on."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from shops.flow_settings import switch_flow
from shops.missing_sections import missing_section_notes
from shops.models import FlowSetting, Shop
from shops.pages.badges import badge
from shops.pages.moments import moment
from shops.pages.secrets import SecretsAdmin, SecretsForm


class ShopForm(SecretsForm):
    """A shop."""

    secrets = ("api_token", "oauth_token", "webhook_key", "previous_webhook_key")

    class Meta:
        model = Shop
        fields = "__all__"  # noqa: DJ007 - what must not be edited is `editable=False` in the model

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "first_pairing" in self.fields:
            self.fields["first_pairing"].required = False  # a form that does not name it leaves it as it is


class FlowInline(admin.TabularInline):
    """The shop's flows: each is off, computes only, or writes."""

    model = FlowSetting
    fields = ("flow_shown", "mode", "reached_shown")
    readonly_fields = ("flow_shown", "reached_shown")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A shop has a row for every flow from the first day."""
        return False

    @admin.display(description=_("flow"))
    def flow_shown(self, setting: FlowSetting) -> str:
        """Show the flow by its name for people."""
        return setting.get_flow_display()

    @admin.display(description=_("read up to"))
    def reached_shown(self, setting: FlowSetting) -> SafeString | str:
        """Show how far the source has been read."""
        return moment(parse_datetime(str(setting.cursor.get("since", ""))))


@admin.register(Shop)
class ShopAdmin(SecretsAdmin):
    """The shops."""

    form = ShopForm
    list_display = ("name", "state_shown", "eshop_id", "bluejet", "flows_shown", "secrets_shown")
    list_select_related = ("bluejet",)
    inlines = (FlowInline,)
    readonly_fields = ("rates_shown", "sections_shown")
    fieldsets = (
        (None, {"fields": ("name", "eshop_id", "active")}),
        (
            _("Access to Shoptet"),
            {"fields": ("api_base_url", "access", "api_token", "oauth_url", "oauth_token", "rates_shown", "sections_shown")},
        ),
        (
            _("Signature of the webhooks"),
            {
                "fields": ("webhook_key", "previous_webhook_key"),
                "description": _("Shoptet makes the key; the portal's page about the webhooks fetches it."),
                "classes": ("collapse",),
            },
        ),
        (
            _("BlueJet"),
            {
                "fields": (
                    "bluejet",
                    "external_prefix",
                    "owns_products",
                    "first_pairing",
                    "stock_amount",
                    "collective_contact",
                    "time_zone",
                )
            },
        ),
    )

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Switch the flows whose mode was changed."""
        if formset.model is not FlowSetting:
            return super().save_formset(request, form, formset, change)
        for setting in formset.save(commit=False):
            switch_flow(setting, setting.mode)
        return None

    def get_queryset(self, request: HttpRequest) -> Any:
        """Read the flows of all listed shops at once."""
        return super().get_queryset(request).prefetch_related("flows")

    def get_inlines(self, request: HttpRequest, obj: Shop | None) -> Any:
        """A shop that is being added has no flows yet."""
        return self.inlines if obj else ()

    @admin.display(description=_("state"), ordering="active")
    def state_shown(self, shop: Shop) -> SafeString:
        """Show whether the portal works for the shop."""
        return badge(_("active"), "ok") if shop.active else badge(_("switched off"), "quiet")

    @admin.display(description=_("exchange rates"))
    def rates_shown(self, shop: Shop) -> str:
        """Show what Shoptet says that the currencies are worth in the shop's own."""
        others = [(currency, rate) for currency, rate in sorted(shop.exchange_rates.items()) if currency != shop.currency]
        return ", ".join(f"1 {currency} = {float(rate):g} {shop.currency}".strip() for currency, rate in others) or "–"

    @admin.display(description=_("left out for want of a module"))
    def sections_shown(self, shop: Shop) -> str:
        """Show which sections Shoptet does not give for this shop, and what comes of it."""
        return "\n".join(missing_section_notes(shop.pk)) or "–"

    @admin.display(description=_("flows"))
    def flows_shown(self, shop: Shop) -> str:
        """Show how many of the flows write."""
        flows = list(shop.flows.all())
        live = [flow for flow in flows if flow.mode == FlowSetting.Mode.LIVE]
        return f"{len(live)} / {len(flows)}"

    @admin.display(description=_("secrets"))
    def secrets_shown(self, shop: Shop) -> SafeString:
        """Show whether the portal has what it needs, never what."""
        has_token = bool(shop.oauth_token if shop.access == Shop.Access.OAUTH else shop.api_token)
        return badge(_("set"), "ok") if has_token and shop.webhook_key else badge(_("missing"), "act")
