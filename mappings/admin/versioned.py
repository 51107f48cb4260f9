"""Every change of a mapping becomes a version, with the name of the person who made it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from mappings.versions import record_version
from shops.models import Shop
from shops.pages.lists import ShopColumns


class VersionedAdmin(ShopColumns):
    """Rows of a shop whose every save and deletion is recorded."""

    list_filter: Any = ("shop",)
    list_select_related: Any = ("shop",)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Where there is one shop, it need not be chosen."""
        shops = list(Shop.objects.values_list("pk", flat=True)[:2])
        return ({"shop": shops[0]} if len(shops) == 1 else {}) | super().get_changeform_initial_data(request)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Leave out the buttons beside the shop: it is chosen here, not edited; whoever may only look has no field to choose it by."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if "shop" not in form.base_fields:
            return form
        widget = form.base_fields["shop"].widget
        widget.can_add_related = widget.can_change_related = widget.can_view_related = widget.can_delete_related = False
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the row and the version together."""
        before = type(obj)._default_manager.filter(pk=obj.pk).values_list("shop_id", flat=True).first() if change else None
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            self._record(request, {obj.shop_id, before or obj.shop_id}, f"{obj._meta.verbose_name}: {obj}")

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete the row and record the version together."""
        shop, comment = obj.shop_id, f"– {obj._meta.verbose_name}: {obj}"
        with transaction.atomic():
            super().delete_model(request, obj)
            self._record(request, {shop}, comment)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete the rows and record one version for each of their shops."""
        shops = set(queryset.order_by().values_list("shop_id", flat=True))
        with transaction.atomic():
            super().delete_queryset(request, queryset)
            self._record(request, shops, f"– {self.opts.verbose_name_plural}")

    def _record(self, request: HttpRequest, shops: set[int], comment: str) -> None:
        for shop in Shop.objects.filter(pk__in=shops):
            version = record_version(shop, request.user, comment[:255])
            sentence = _("%(shop)s now has the mappings of version %(number)s.") % {"shop": shop, "number": version.number}
            self.message_user(request, sentence, messages.INFO)
