"""Tables of values as CSV and XLSX: out as they are, in only after every row has been looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import tablib
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from import_export.results import RowResult

from mappings.changes import announce
from mappings.choices import MODEL_OF_TABLE
from mappings.models import MappingVersion, ValueMapping
from mappings.pack_format import columns_of
from mappings.sheet_resources import resource_for
from mappings.versions import record_version
from shops.models import Shop

NEW, CHANGED, SAME, BAD = "new", "changed", "same", "bad"
_KINDS = {RowResult.IMPORT_TYPE_NEW: NEW, RowResult.IMPORT_TYPE_UPDATE: CHANGED, RowResult.IMPORT_TYPE_SKIP: SAME}


class SheetRefused(ValueError):
    """The rows cannot be taken in; the text says why, for people."""


@dataclass(frozen=True)
class SheetRow:
    """One row: its number in the file, what would become of it, its cells, and what is wrong with it."""

    number: int
    kind: str
    cells: tuple[str, ...]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetPreview:
    """What a spreadsheet would change, row by row."""

    headers: tuple[str, ...]
    rows: tuple[SheetRow, ...]

    def count(self, kind: str) -> int:
        """Return how many rows are new, changed, same or bad."""
        return sum(row.kind == kind for row in self.rows)


def titles(table: str) -> dict[str, str]:
    """Return the table's columns with their names for people, in the reader's language."""
    return {name: str(column.verbose_name) for name, column in columns_of(MODEL_OF_TABLE[table]).items()}


def export_rows(shop: Shop, table: str) -> tablib.Dataset:
    """Return a table's rows under the columns' names for people."""
    model, named = MODEL_OF_TABLE[table], titles(table)
    rows = model._default_manager.filter(shop=shop).order_by("shoptet_name", "shoptet_id").values_list(*named)
    dataset = tablib.Dataset(headers=list(named.values()), title=table)
    dataset.extend([_cell(value) for value in row] for row in rows)
    return dataset


def _cell(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def check_rows(shop: Shop, table: str, dataset: tablib.Dataset) -> SheetPreview:
    """Try every row and write nothing."""
    result = _run(shop, table, dataset, dry_run=True)
    named = titles(table)
    headers = tuple(named.get(header, header) for header in dataset.headers or ())
    rows = [
        SheetRow(
            number, BAD if (wrong := tuple(_problems(found, named))) else _KINDS.get(found.import_type, SAME), tuple(map(str, cells)), wrong
        )
        for number, (found, cells) in enumerate(zip(result.rows, dataset, strict=True), start=2)
    ]
    return SheetPreview(headers, tuple(rows))


@transaction.atomic
def import_rows(shop: Shop, table: str, dataset: tablib.Dataset, user: User | None) -> MappingVersion:
    """Add and change rows by the value's id, all or none; rows that the file does not name stay as they are."""
    model = MODEL_OF_TABLE[table]
    Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)
    present = _counterparts(model, shop)
    result = _run(shop, table, dataset, dry_run=False)
    if any(True for row in result.rows for _problem in _problems(row, {})):
        raise SheetRefused(_("Some rows are wrong; nothing was saved."))
    for key, counterpart in _counterparts(model, shop).items():
        if present.get(key) != counterpart:
            transaction.on_commit(partial(announce, shop.pk, table, key))
    return record_version(shop, user, _("%(table)s: imported from a spreadsheet") % {"table": model._meta.verbose_name_plural})


def _counterparts(model: type[ValueMapping], shop: Shop) -> dict[str, dict[str, Any]]:
    """Return the table's rows by the value's id."""
    return {row["shoptet_id"]: row for row in model._default_manager.filter(shop=shop).values(*columns_of(model))}


def _run(shop: Shop, table: str, dataset: tablib.Dataset, *, dry_run: bool) -> Any:
    resource = resource_for(table, shop)
    return resource.import_data(dataset, dry_run=dry_run, use_transactions=True, rollback_on_validation_errors=True)


def _problems(row: RowResult, named: Mapping[str, str]) -> Iterable[str]:
    yield from (str(error.error) for error in row.errors)
    if row.validation_error is not None:
        found = row.validation_error
        if hasattr(found, "error_dict"):
            yield from (f"{named.get(name, name)}: {sentence}" for name, sentences in found.message_dict.items() for sentence in sentences)
        else:
            yield from found.messages
