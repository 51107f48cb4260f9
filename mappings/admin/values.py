"""The tables of values: what a status, a category, a method of Shoptet is called in BlueJet."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mappings.admin.category_tree import read_tree
from mappings.admin.versioned import VersionedAdmin
from mappings.changes import announce
from mappings.models import (
    CategoryMapping,
    CustomerGroupMapping,
    PaymentMapping,
    PaymentStateMapping,
    PriceListMapping,
    ShippingMapping,
    Side,
    StatusMapping,
    ValueMapping,
    WarehouseMapping,
)
from mappings.partner_lists import doubt, vanished
from mappings.value_form import TABLE_OF_MODEL, ValueMappingForm
from shops.models import Shop
from shops.pages.badges import badge
from shops.pages.chosen_shop import chosen_shop


class ValueList(ChangeList):
    """One page of pairs, each with whether its values still exist."""

    def get_results(self, request: HttpRequest) -> None:
        """Look both sides up once for the page."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        shops, table = {row.shop_id for row in self.result_list}, TABLE_OF_MODEL[self.model]
        in_shoptet, in_bluejet = (vanished(shops, side, table) for side in (Side.SHOPTET, Side.BLUEJET))
        for row in self.result_list:
            row.shoptet_vanished = (row.shop_id, row.shoptet_id) in in_shoptet
            row.bluejet_vanished = (row.shop_id, row.bluejet_value) in in_bluejet


@admin.register(PaymentMapping, PaymentStateMapping, ShippingMapping, PriceListMapping, CustomerGroupMapping)
class ValueMappingAdmin(VersionedAdmin):
    """Pairs of values; saving one lets the records go on that waited for it."""

    form = ValueMappingForm
    change_list_template = "portal/value_list.html"
    list_display: Any = ("shoptet_shown", "bluejet_shown", "shop")
    search_fields = ("shoptet_name", "shoptet_id", "bluejet_value", "bluejet_name")
    list_per_page = 100
    extra_fields: tuple[str, ...] = ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What Shoptet says above, what BlueJet gets below."""
        return (
            (None, {"fields": ("shop",)}),
            (_("In Shoptet"), {"fields": ("shoptet_id", "shoptet_name")}),
            (_("In BlueJet"), {"fields": ("bluejet_value", "bluejet_name", *self.extra_fields)}),
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Bring along which table this is, for the buttons."""
        return super().changelist_view(request, {"table": self.table, **(extra_context or {})})

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Use the list that knows what vanished."""
        return ValueList

    @property
    def table(self) -> str:
        """The table's name in the engine."""
        return TABLE_OF_MODEL[self.model]

    def save_model(self, request: HttpRequest, obj: ValueMapping, form: Any, change: bool) -> None:
        """Save the pair and, once it is there for all to see, tell those who wait for it."""
        super().save_model(request, obj, form, change)
        transaction.on_commit(partial(self._let_go, request, obj))
        doubtful = doubt(obj.shop_id, self.table, obj.bluejet_value)
        if doubtful:
            self.message_user(request, doubtful, messages.WARNING)

    def _let_go(self, request: HttpRequest, row: ValueMapping) -> None:
        """Tell those who wait for the value, and the person how many they were."""
        count = announce(row.shop_id, self.table, row.shoptet_id)
        if count:
            sentence = ngettext(
                "%(count)d record that waited for “%(value)s” goes on by itself.",
                "%(count)d records that waited for “%(value)s” go on by themselves.",
                count,
            )
            self.message_user(request, sentence % {"count": count, "value": _name(row)}, messages.SUCCESS)

    @admin.display(description=_("in Shoptet"), ordering="shoptet_name")
    def shoptet_shown(self, row: ValueMapping) -> SafeString:
        """Show the value of Shoptet by its name and id."""
        return _pair(row.shoptet_name, row.shoptet_id, gone=getattr(row, "shoptet_vanished", False))

    @admin.display(description=_("in BlueJet"), ordering="bluejet_name")
    def bluejet_shown(self, row: ValueMapping) -> SafeString:
        """Show the value of BlueJet by its name and id."""
        return _pair(row.bluejet_name, row.bluejet_value, gone=getattr(row, "bluejet_vanished", False))


@admin.register(CategoryMapping)
class CategoryMappingAdmin(ValueMappingAdmin):
    """Categories also come as a tree, in which a category without a row shows the one that it inherits."""

    def get_urls(self) -> list[URLPattern]:
        """Add the tree."""
        tree = self.admin_site.admin_view(self.tree_view)
        return [path("tree/", tree, name="mappings_categorymapping_tree"), *super().get_urls()]

    def tree_view(self, request: HttpRequest) -> HttpResponse:
        """Show the shop's categories as Shoptet nests them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        shops = list(Shop.objects.order_by("name"))
        shop = chosen_shop(shops, request.GET.get("shop"))
        tree = read_tree(shop) if shop else None
        context = {"opts": self.opts, "title": _("Categories as a tree"), "shop": shop, "shops": shops, "tree": tree}
        context["may_add"] = self.has_add_permission(request)
        return TemplateResponse(request, "portal/category_tree.html", self.admin_site.each_context(request) | context)


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


def _pair(name: str, value: str, *, gone: bool) -> SafeString:
    mark = format_html(" {}", badge(_("vanished"), "act")) if gone else ""
    if not name or name == value:
        return format_html("{}{}", value, mark)
    return format_html('{}{}<span class="sub">{}</span>', name, mark, value)
