"""The inbox of unmapped values: grouped by table, those first that most records wait for, each with its form."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Concat
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mappings.choices import MODEL_OF_TABLE
from mappings.models import ValueMapping
from mappings.partner_lists import doubt
from mappings.value_form import KnownLists, ValueMappingForm
from shops.models import Shop
from shops.pages.chosen_shop import chosen_shop
from sync.admin.addresses import add_value, list_of_jobs
from sync.inbox import Held, Mapped, MappedMeanwhile, map_value, what_waits
from sync.models import UnmappedValue, WaitingJob

MOST_SHOWN = 100
# What a row of the table says beside the value itself.
MORE_FIELDS = {"status": ("document", "cancels"), "warehouse": ("master",)}


def with_waiting(values: QuerySet) -> QuerySet:
    """Count the jobs that wait for each value."""
    topic = Concat(Value("value:"), OuterRef("table"), Value(":"), OuterRef("value"), output_field=TextField())
    waiting = WaitingJob.objects.filter(shop=OuterRef("shop"), topic=topic, fulfilled_at__isnull=True)
    counted = waiting.order_by().annotate(one=Value(1)).values("one").annotate(count=Count("pk")).values("count")
    return values.annotate(waiting_jobs=Coalesce(Subquery(counted), 0))


def table_name(table: str) -> str:
    """Return the mapping table's name for people."""
    return str(MODEL_OF_TABLE[table]._meta.verbose_name_plural) if table in MODEL_OF_TABLE else table


@dataclass(frozen=True)
class Entry:
    """One value on the page."""

    value: UnmappedValue
    jobs: int
    jobs_address: str
    money: str
    since: datetime
    form: forms.ModelForm | None
    whole_form: str


def form_for(value: UnmappedValue, data: Any = None, lists: KnownLists | None = None) -> forms.ModelForm:
    """Return the short form of a value's row; what Shoptet says is fixed."""
    model = MODEL_OF_TABLE[value.table]
    made: Any = forms.modelform_factory(model, form=ValueMappingForm, fields=("bluejet_value", *MORE_FIELDS.get(value.table, ())))
    row = model(shop=value.shop, shoptet_id=value.value, shoptet_name="" if value.label == value.value else value.label)
    form: forms.ModelForm = made(data, instance=row, prefix=f"value-{value.pk}", label_suffix="", lists=lists)
    return form


def may_map(request: HttpRequest, table: str) -> bool:
    """Whether the person may add a row to the table."""
    model = MODEL_OF_TABLE.get(table)
    return model is not None and request.user.has_perm(f"mappings.add_{model._meta.model_name}")


def inbox_page(page: admin.ModelAdmin, request: HttpRequest, bound: dict[int, forms.ModelForm] | None = None) -> TemplateResponse:
    """Show the inbox; `bound` are forms that were sent and need a correction."""
    shops = list(Shop.objects.order_by("name"))
    shop = chosen_shop(shops, request.GET.get("shop") or str(_busiest(shops)))
    found = with_waiting(UnmappedValue.objects.filter(shop=shop).select_related("shop")).order_by("-waiting_jobs", "table", "value")
    values = list(found[: MOST_SHOWN + 1])
    context = {
        "opts": page.opts,
        "title": _("Unmapped values"),
        "shops": shops,
        "shop": shop,
        "groups": _groups(request, values[:MOST_SHOWN], bound or {}),
        "is_cut": len(values) > MOST_SHOWN,
        "most": MOST_SHOWN,
    }
    return TemplateResponse(request, "portal/inbox.html", page.admin_site.each_context(request) | context)


def _busiest(shops: list[Shop]) -> int | None:
    """Return the shop with most unmapped values, to open the page with."""
    counted = UnmappedValue.objects.order_by().values("shop").annotate(count=Count("pk")).order_by("-count", "shop")
    row = counted.first()
    return row["shop"] if row else next((shop.pk for shop in shops), None)


def _groups(request: HttpRequest, values: list[UnmappedValue], bound: dict[int, forms.ModelForm]) -> list[dict[str, Any]]:
    held = what_waits(values)
    grouped: dict[str, list[Entry]] = defaultdict(list)
    lists = KnownLists(values[0].shop_id if values else None)
    for value in values:
        form = bound.get(value.pk) or (form_for(value, lists=lists) if may_map(request, value.table) else None)
        grouped[value.table].append(_entry(value, held[value.pk], form))
    return [{"table": table, "name": table_name(table), "entries": entries} for table, entries in grouped.items()]


def _entry(value: UnmappedValue, held: Held, form: forms.ModelForm | None) -> Entry:
    return Entry(
        value=value,
        jobs=held.jobs,
        jobs_address=list_of_jobs(awaits=f"{value.table}:{value.value}", shop__id__exact=value.shop_id),
        money=crowns(held.money),
        since=held.since or value.first_met_at,
        form=form,
        whole_form=add_value(value.shop_id, value.table, value.value, value.label) if value.table in MODEL_OF_TABLE else "",
    )


def crowns(amount: Decimal) -> str:
    """Write an amount in Czech crowns, to the crown; empty for nothing."""
    return f"{number_format(amount, 0, use_l10n=True, force_grouping=True)} CZK" if amount else ""


def map_one(page: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Save the form of one value; show it again where it needs a correction."""
    value = get_object_or_404(UnmappedValue.objects.select_related("shop"), pk=pk)
    if not may_map(request, value.table):
        raise PermissionDenied
    form = form_for(value, request.POST)
    if not form.is_valid():
        return inbox_page(page, request, {value.pk: form})
    _map(page, request, value, form.save(commit=False))
    return HttpResponseRedirect(f"{reverse('admin:sync_unmappedvalue_changelist')}?shop={value.shop_id}")


def _map(page: admin.ModelAdmin, request: HttpRequest, value: UnmappedValue, row: ValueMapping) -> None:
    try:
        done = map_value(value, row, request.user)
    except MappedMeanwhile:
        sentence = _("Somebody else mapped “%(value)s” meanwhile; nothing was overwritten.") % {"value": value}
        page.message_user(request, sentence, messages.WARNING)
        return
    page.message_user(request, _sentence(value, done), messages.SUCCESS)
    doubtful = doubt(row.shop_id, value.table, row.bluejet_value)
    if doubtful:
        page.message_user(request, doubtful, messages.WARNING)


def _sentence(value: UnmappedValue, done: Mapped) -> Any:
    said = _("“%(value)s” is mapped.") % {"value": value}
    if not done.count:
        return said
    goes_on = ngettext("%(count)d record that waited goes on now.", "%(count)d records that waited go on now.", done.count)
    address = list_of_jobs(id__in=",".join(str(job) for job in done.jobs))
    return format_html('{} <a href="{}">{}</a>', said, address, goes_on % {"count": done.count})
