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
from shops.pages.numbers import whole_number

TABLE_OF_MODEL: dict[type[Model], str] = {model: table for table, model in MODEL_OF_TABLE.items()}
MOST_SUGGESTED = 300


class SuggestedInput(forms.TextInput):
    """A text field that suggests what is known and takes anything else; fields of one page share their list."""

    def __init__(self, key: str, suggestions: Sequence[tuple[str, str]]) -> None:
        super().__init__({"class": "vTextField", "autocomplete": "off", "list": key})
        self.key, self.suggestions = key, suggestions

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Put the list of suggestions beside the first of the fields."""
        field = super().render(name, value, attrs, renderer)
        if not self.suggestions:
            return field
        options = format_html_join("", '<option value="{}">{}</option>', self.suggestions[:MOST_SUGGESTED])
        return format_html('{}<datalist id="{}">{}</datalist>', field, self.key, options)


class KnownLists:
    """A shop's lists of partner values, each read once for all the forms of a page."""

    def __init__(self, shop_id: int | None) -> None:
        self._shop_id = shop_id
        self._read: dict[tuple[str, str], tuple[list[PartnerValue], dict[str, str], bool]] = {}
        self._shown: set[str] = set()

    def labels(self, side: str, table: str) -> dict[str, str]:
        """Return the values with their names for people."""
        return self._list(side, table)[1]

    def find(self, side: str, table: str, value: str) -> PartnerValue | None:
        """Return one value; None where the list does not have it."""
        return next((one for one in self._list(side, table)[0] if one.value == value), None)

    def widget(self, side: str, table: str, current: str = "") -> forms.Widget | None:
        """Return a choice or a field with suggestions; None where nothing is known of the list."""
        values, labels, whole = self._list(side, table)
        offered = [(one.value, labels[one.value]) for one in values if one.vanished_at is None]
        if not values:
            return None
        if not whole:
            return self._suggested(f"known-{side}-{table}", offered)
        if current and all(value != current for value, _label in offered):
            offered.append((current, _not_offered(current, labels)))
        return forms.Select(choices=[("", "–"), *offered])

    def _suggested(self, key: str, offered: Sequence[tuple[str, str]]) -> SuggestedInput:
        suggestions = [] if key in self._shown else [(value, "" if label == value else label) for value, label in offered]
        self._shown.add(key)
        return SuggestedInput(key, suggestions)

    def _list(self, side: str, table: str) -> tuple[list[PartnerValue], dict[str, str], bool]:
        if (side, table) not in self._read:
            values = values_of(self._shop_id, side, table) if self._shop_id else []
            whole = bool(values and self._shop_id) and is_whole(values[0].shop_id, side, table)
            self._read[side, table] = values, labels_of(values), whole
        return self._read[side, table]


def _not_offered(current: str, labels: Mapping[str, str]) -> str:
    if current in labels:
        return _("%(value)s – vanished") % {"value": labels[current]}
    return _("%(value)s – not in the list that was read last") % {"value": current}


class ValueMappingForm(forms.ModelForm):
    """A pair; the names follow the chosen values where nobody typed one."""

    def __init__(self, *args: Any, lists: KnownLists | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = TABLE_OF_MODEL[type(self.instance)]
        self.lists = lists or KnownLists(self._shop_id())
        for name, side in (("shoptet_id", Side.SHOPTET), ("bluejet_value", Side.BLUEJET)):
            if name in self.fields:
                self.fields[name].widget = self.lists.widget(side, self.table, self._current(name)) or self.fields[name].widget
        for name in ("shoptet_name", "bluejet_name"):
            if name in self.fields:
                self.fields[name].help_text = _("For people; it follows the chosen value where it is left empty.")

    def clean(self) -> dict[str, Any]:
        """Fill in the names, and refuse a value that does not exist any more."""
        data = super().clean() or self.cleaned_data
        self._follow(data, "shoptet_id", "shoptet_name", Side.SHOPTET)
        self._follow(data, "bluejet_value", "bluejet_name", Side.BLUEJET)
        return data

    def _follow(self, data: dict[str, Any], value: str, name: str, side: str) -> None:
        if value not in self.fields or not data.get(value):
            return
        known = self.lists.find(side, self.table, data[value])
        if known is not None and known.vanished_at and value in self.changed_data:
            self.add_error(value, ValidationError(_("This value does not exist any more."), code="vanished"))
            return
        label = self.lists.labels(side, self.table).get(data[value], "")
        unchanged = value not in self.changed_data
        named = str(data.get(name) or "")
        if label and (not named or (not unchanged and name not in self.changed_data)):
            data[name] = "" if label == data[value] else label[:255]
            setattr(self.instance, name, data[name])

    def _shop_id(self) -> int | None:
        """Return the shop that the form is about: the row's, the chosen one, or the only one that there is."""
        asked = self.instance.shop_id or self.data.get(self.add_prefix("shop")) or self.initial.get("shop")
        if asked and (number := whole_number(str(asked))):
            return number
        shops = list(Shop.objects.values_list("pk", flat=True)[:2])
        return shops[0] if len(shops) == 1 else None

    def _current(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name)) or self.initial.get(name) or getattr(self.instance, name) or "")
