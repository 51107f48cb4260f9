"""What each table of values does with a record whose value has no row: hold it, use a default, or what the field mapping says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mappings.choices import MODEL_OF_TABLE
from mappings.models import Side, TablePolicy
from mappings.value_form import KnownLists
from shops.models import Shop
from shops.pages.chosen_shop import chosen_shop
from sync.admin.inbox_page import table_name
from sync.inbox import set_policies

BY_ROW = ("", gettext_lazy("as the field mapping says"))


class PolicyForm(forms.ModelForm):
    """One table's policy; no choice is none."""

    class Meta:
        model = TablePolicy
        fields = ("missing", "default_value", "document")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        table = self.instance.table
        self.title = table_name(table)
        choices = [one for one in TablePolicy.Missing.choices if table != "warehouse" or one[0] == TablePolicy.Missing.PARK]
        self.fields["missing"] = forms.ChoiceField(label=self.fields["missing"].label, choices=[BY_ROW, *choices], required=False)
        suggested = KnownLists(self.instance.shop_id).widget(Side.BLUEJET, table, self.instance.default_value)
        self.fields["default_value"].widget = suggested or self.fields["default_value"].widget
        if table != "status":
            del self.fields["document"]
        if table == "warehouse":
            del self.fields["default_value"]

    def _post_clean(self) -> None:
        if self.cleaned_data.get("missing"):
            super()._post_clean()


def policies_page(page: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Show the tables with their policies, and save them all at once."""
    shops = list(Shop.objects.order_by("name"))
    shop = chosen_shop(shops, request.POST.get("shop") or request.GET.get("shop"))
    posted = request.POST if request.method == "POST" else None
    rows = _forms(shop, posted) if shop else []
    if shop and posted is not None and _are_valid(rows):
        return _save(page, request, shop, rows)
    context = {"opts": page.opts, "title": _("Values without a row"), "shops": shops, "shop": shop, "rows": rows}
    return TemplateResponse(request, "portal/policies.html", page.admin_site.each_context(request) | context)


def _forms(shop: Shop, data: Any) -> list[PolicyForm]:
    held = {policy.table: policy for policy in TablePolicy.objects.filter(shop=shop)}
    policies = [held.get(table) or TablePolicy(shop=shop, table=table) for table in MODEL_OF_TABLE]
    return [PolicyForm(data, instance=policy, prefix=policy.table, label_suffix="") for policy in policies]


def _are_valid(rows: list[PolicyForm]) -> bool:
    """Check every form, even behind one that is wrong: all of them are shown again."""
    return not [form for form in rows if not form.is_valid()]


def _save(page: admin.ModelAdmin, request: HttpRequest, shop: Shop, rows: list[PolicyForm]) -> HttpResponse:
    wanted = [form.instance for form in rows if form.cleaned_data["missing"]]
    dropped = [form.instance.table for form in rows if not form.cleaned_data["missing"]]
    woken = set_policies(shop, wanted, dropped, request.user)
    page.message_user(request, _("It is saved."), messages.SUCCESS)
    if woken:
        goes_on = ngettext("%(count)d record that waited goes on now.", "%(count)d records that waited go on now.", woken)
        page.message_user(request, goes_on % {"count": woken}, messages.SUCCESS)
    return HttpResponseRedirect(f"{reverse('admin:sync_unmappedvalue_policies')}?shop={shop.pk}")
