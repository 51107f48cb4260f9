"""The tables of values: what a status, a category, a method of Shoptet is called in BlueJet."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mappings.admin.versioned import VersionedAdmin
from mappings.changes import announce
from mappings.choices import MODEL_OF_TABLE
from mappings.models import (
    CategoryMapping,
    CustomerGroupMapping,
    PaymentMapping,
    PriceListMapping,
    ShippingMapping,
    StatusMapping,
    ValueMapping,
    WarehouseMapping,
)
from shops.pages.badges import badge

TABLE_OF_MODEL = {model: table for table, model in MODEL_OF_TABLE.items()}


@admin.register(CategoryMapping, PaymentMapping, ShippingMapping, PriceListMapping, CustomerGroupMapping)
class ValueMappingAdmin(VersionedAdmin):
    """Pairs of values; saving one lets the records go on that waited for it."""

    list_display: Any = ("shoptet_shown", "bluejet_shown", "shop")
    search_fields = ("shoptet_name", "shoptet_id", "bluejet_value", "bluejet_name")
    list_per_page = 100
    extra_fields: tuple[str, ...] = ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What Shoptet says above, what BlueJet gets below."""
        return (
            (None, {"fields": ("shop",)}),
            (_("In Shoptet"), {"fields": ("shoptet_name", "shoptet_id")}),
            (_("In BlueJet"), {"fields": ("bluejet_value", "bluejet_name", *self.extra_fields)}),
        )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Name the values of BlueJet that the table holds already: most new rows lead to one of them."""
        form = super().get_form(request, obj, change=change, **kwargs)
        used = self.model._default_manager.order_by("bluejet_value").values_list("bluejet_value", flat=True).distinct()[:20]
        if used:
            form.base_fields["bluejet_value"].help_text = _("Used in this table so far: %(values)s.") % {"values": ", ".join(used)}
        return form

    def save_model(self, request: HttpRequest, obj: ValueMapping, form: Any, change: bool) -> None:
        """Save the pair and, once it is there for all to see, tell those who wait for it."""
        super().save_model(request, obj, form, change)
        table = TABLE_OF_MODEL[type(obj)]
        transaction.on_commit(partial(announce, obj.shop_id, table, obj.shoptet_id))
        self.message_user(request, _("The records that waited for “%(value)s” go on by themselves.") % {"value": _name(obj)})

    @admin.display(description=_("in Shoptet"), ordering="shoptet_name")
    def shoptet_shown(self, row: ValueMapping) -> SafeString:
        """Show the value of Shoptet by its name and id."""
        return _pair(row.shoptet_name, row.shoptet_id)

    @admin.display(description=_("in BlueJet"), ordering="bluejet_name")
    def bluejet_shown(self, row: ValueMapping) -> SafeString:
        """Show the value of BlueJet by its name and id."""
        return _pair(row.bluejet_name, row.bluejet_value)


@admin.register(StatusMapping)
class StatusMappingAdmin(ValueMappingAdmin):
    """Statuses also say which document they lead to."""

    list_display = ("shoptet_shown", "document", "bluejet_shown", "cancels_shown", "shop")
    list_filter = ("shop", "document", "cancels")
    extra_fields = ("document", "cancels")

    @admin.display(description="", ordering="cancels")
    def cancels_shown(self, row: StatusMapping) -> SafeString | str:
        """Mark the statuses that cancel the document."""
        return badge(_("cancels the document"), "act") if row.cancels else ""


@admin.register(WarehouseMapping)
class WarehouseMappingAdmin(ValueMappingAdmin):
    """Stocks also say which side is the master."""

    list_display = ("shoptet_shown", "bluejet_shown", "master", "shop")
    list_filter = ("shop", "master")
    extra_fields = ("master",)


def _name(row: ValueMapping) -> str:
    return row.shoptet_name or row.shoptet_id


def _pair(name: str, value: str) -> SafeString:
    if not name or name == value:
        return format_html("{}", value)
    return format_html('{}<span class="sub">{}</span>', name, value)
