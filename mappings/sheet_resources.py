"""How a spreadsheet's row becomes a row of a table: found by the value's id, checked like a form, refused if it is there twice."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export import fields, resources, widgets
from import_export.instance_loaders import CachedInstanceLoader

from mappings.choices import MODEL_OF_TABLE
from mappings.models import ValueMapping
from mappings.pack_format import columns_of
from shops.models import Shop

YES = frozenset({"1", "true", "yes", "ano", "x"})
NO = frozenset({"0", "false", "no", "ne", ""})


class YesOrNo(widgets.Widget):
    """A cell that says yes or no, and nothing else."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        """Read it."""
        word = str(value if value is not None else "").strip().lower()
        if word not in YES | NO:
            raise ValueError(_("“%(value)s” is neither yes nor no.") % {"value": word[:60]})
        return word in YES


class Choice(widgets.Widget):
    """A cell with one of a column's choices, by its word or by its name in any of the portal's languages."""

    def __init__(self, choices: Any) -> None:
        super().__init__()
        self._choices = choices

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Read it."""
        word = str(value if value is not None else "").strip()
        found = next((key for key, name in self._choices if word.casefold() in (key.casefold(), str(name).casefold())), None)
        if found is None:
            known = ", ".join(str(name) for _key, name in self._choices)
            raise ValueError(_("“%(value)s” is not one of: %(known)s.") % {"value": word[:60], "known": known})
        return str(found)


class TableResource(resources.ModelResource):
    """One table of one shop."""

    def __init__(self, shop: Shop) -> None:
        super().__init__()
        self._shop = shop
        self._seen: set[str] = set()

    def get_queryset(self) -> Any:
        """Look at this shop's rows only."""
        return self._meta.model._default_manager.filter(shop=self._shop)

    def init_instance(self, row: Any = None) -> ValueMapping:
        """Make a new row for this shop."""
        made: ValueMapping = self._meta.model(shop=self._shop)
        return made

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """Refuse a second row for the same value."""
        value = str(row.get("shoptet_id") or "").strip()
        if value and value in self._seen:
            raise ValidationError(_("“%(value)s” stands in the file twice.") % {"value": value})
        self._seen.add(value)


def resource_for(table: str, shop: Shop) -> TableResource:
    """Make the resource of a table."""
    model = MODEL_OF_TABLE[table]
    columns = columns_of(model)
    declared = {name: fields.Field(attribute=name, column_name=name, widget=_widget(column)) for name, column in columns.items()}
    options = {
        "model": model,
        "fields": list(columns),
        "import_id_fields": ["shoptet_id"],
        "skip_unchanged": True,
        "report_skipped": True,
        "clean_model_instances": True,
        "instance_loader_class": CachedInstanceLoader,
    }
    made: TableResource = type(f"{model.__name__}Resource", (TableResource,), {**declared, "Meta": type("Meta", (), options)})(shop)
    return made


def _widget(column: Any) -> widgets.Widget:
    if column.choices:
        return Choice(column.choices)
    return YesOrNo() if column.get_internal_type() == "BooleanField" else Text()


class Text(widgets.CharWidget):
    """A text without blanks at its ends."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Read it."""
        return str(value if value is not None else "").strip()
