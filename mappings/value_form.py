"""The form of a pair of values: choices where a partner's list is known, free text where it is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mappings.choices import MODEL_OF_TABLE
from mappings.models import PartnerValue, Side
from mappings.partner_lists import is_whole, labels_of, values_of
from shops.models import Shop

TABLE_OF_MODEL: dict[type[Model], str] = {model: table for table, model in MODEL_OF_TABLE.items()}
MOST_SUGGESTED = 300


class SuggestedInput(forms.TextInput):
    """A text field that suggests what is known and takes anything else."""

    def __init__(self, suggestions: Sequence[tuple[str, str]], attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"class": "vTextField", "autocomplete": "off", **(attrs or {})})
        self.suggestions = suggestions

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Put the list of suggestions beside the field."""
        key = f"known-{(attrs or {}).get('id') or name}"
        field = super().render(name, value, {**(attrs or {}), "list": key}, renderer)
        options = format_html_join("", '<option value="{}">{}</option>', self.suggestions[:MOST_SUGGESTED])
        return format_html('{}<datalist id="{}">{}</datalist>', field, key, options)


def widget_for(shop_id: int | None, side: str, table: str, current: str = "") -> forms.Widget | None:
    """Return a choice or a field with suggestions; None where nothing is known of the list."""
    values = values_of(shop_id, side, table) if shop_id else []
    if not values or shop_id is None:
        return None
    labels = labels_of(values)
    offered = [(one.value, labels[one.value]) for one in values if one.vanished_at is None]
    if not is_whole(shop_id, side, table):
        return SuggestedInput([(value, "" if label == value else label) for value, label in offered])
    if current and all(value != current for value, _label in offered):
        offered.append((current, _not_offered(current, labels)))
    return forms.Select(choices=[("", "–"), *offered])


def _not_offered(current: str, labels: Mapping[str, str]) -> str:
    if current in labels:
        return _("%(value)s – vanished") % {"value": labels[current]}
    return _("%(value)s – not in the list that was read last") % {"value": current}


class ValueMappingForm(forms.ModelForm):
    """A pair; the names follow the chosen values where nobody typed one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = TABLE_OF_MODEL[type(self.instance)]
        shop_id = self._shop_id()
        for name, side in (("shoptet_id", Side.SHOPTET), ("bluejet_value", Side.BLUEJET)):
            if name in self.fields:
                self.fields[name].widget = widget_for(shop_id, side, self.table, self._current(name)) or self.fields[name].widget
        for name in ("shoptet_name", "bluejet_name"):
            if name in self.fields:
                self.fields[name].help_text = _("For people; it follows the chosen value where it is left empty.")

    def clean(self) -> dict[str, Any]:
        """Fill in the names, and refuse a value that does not exist any more."""
        data = super().clean() or self.cleaned_data
        shop_id = data["shop"].pk if data.get("shop") else self.instance.shop_id
        if shop_id:
            self._follow(data, shop_id, "shoptet_id", "shoptet_name", Side.SHOPTET)
            self._follow(data, shop_id, "bluejet_value", "bluejet_name", Side.BLUEJET)
        return data

    def _follow(self, data: dict[str, Any], shop_id: int, value: str, name: str, side: str) -> None:
        if value not in self.fields or not data.get(value):
            return
        known = PartnerValue.objects.filter(shop_id=shop_id, side=side, table=self.table, value=data[value]).first()
        if known is not None and known.vanished_at and value in self.changed_data:
            self.add_error(value, ValidationError(_("This value does not exist any more."), code="vanished"))
        label = labels_of(values_of(shop_id, side, self.table)).get(data[value], "") if known else ""
        unchanged = value not in self.changed_data
        named = str(data.get(name) or "")
        if label and (not named or (not unchanged and name not in self.changed_data)):
            data[name] = "" if label == data[value] else label[:255]
            setattr(self.instance, name, data[name])

    def _shop_id(self) -> int | None:
        """Return the shop that the form is about: the row's, the chosen one, or the only one that there is."""
        asked = self.instance.shop_id or self.data.get(self.add_prefix("shop")) or self.initial.get("shop")
        if asked and str(asked).isdecimal():
            return int(asked)
        shops = list(Shop.objects.values_list("pk", flat=True)[:2])
        return shops[0] if len(shops) == 1 else None

    def _current(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name)) or self.initial.get(name) or getattr(self.instance, name) or "")
