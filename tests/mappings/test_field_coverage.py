"""Whatever is fetched from Shoptet has its place in BlueJet, or a line in docs/fields.md says why it has none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from clients.shoptet.records import CustomerRecord, DeliveryAddressRecord, OrderItem, OrderRecord, ProductRecord, StockRecord
from mappings.compiled import Row
from mappings.expressions import fields_read
from mappings.packs import pack_rows
from mappings.tables import TABLES

PAGE = (Path(__file__).parents[2] / "docs" / "fields.md").read_text(encoding="utf-8")
LINE = re.compile(r"^\| `(\w+)` \| ((?:`[\w.]+`(?:, )?)+) \| (data|rest|data, rest) \| (.+) \|$", re.MULTILINE)
# Which record stands before the rows of which entities.
RECORDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "product": (ProductRecord, ("product",)),
    "stock": (StockRecord, ("stock",)),
    "customer": (CustomerRecord, ("contact", "company")),
    "address": (DeliveryAddressRecord, ("address",)),
    "order": (OrderRecord, ("order",)),
    "order_line": (OrderItem, ("order_line",)),
}
# What a transform reads of the objects that it is given; all others are given texts, or pass everything on.
READS = {"parameters_text": {"name", "value", "label", "text"}} | {table: {"id", "name"} for table in TABLES}


def named(record: str, dialect: str) -> set[str]:
    """Return the fields that the page names for a record."""
    lines = [line for line in LINE.findall(PAGE) if line[0] == record and dialect in line[2]]
    return {name for line in lines for name in re.findall(r"`([\w.]+)`", line[1])}


def fields_of(shape: Any, inside: str = "") -> Iterator[str]:
    """Yield every field of a record that holds a value, those of objects inside it by their path."""
    for name, kind in get_type_hints(shape).items():
        parts = list(typed_dicts(kind))
        for part in parts:
            yield from fields_of(part, f"{inside}{name}.")
        if not parts:
            yield f"{inside}{name}"


def typed_dicts(kind: Any) -> Iterator[Any]:
    if is_typeddict(kind):
        yield kind
    elif isinstance(kind, UnionType) or get_origin(kind) is not None:
        for part in get_args(kind):
            yield from typed_dicts(part)


def is_read(row: Row, path: str) -> bool:
    """Tell whether a row's value depends on the field."""
    root, _, rest = path.partition(".")
    if root not in fields_read(row.source):
        return False
    names, first = rest.split(".") if rest else [], re.split(r"[|:]", row.transform)[0]
    if all(re.search(rf"\b{name}\b", row.source) for name in names):
        return True
    is_whole = re.search(rf"(?<![\w.]){root}(?![\w.])", row.source) is not None
    return is_whole and (first not in READS or set(names) <= READS[first])


def is_named(path: str, page: set[str]) -> bool:
    parts = path.split(".")
    return any(".".join(parts[:count]) in page for count in range(1, len(parts) + 1))


@pytest.mark.parametrize("dialect", ["data", "rest"])
@pytest.mark.parametrize("record", RECORDS)
def test_nothing_that_is_fetched_is_dropped_without_a_word(record: str, dialect: str) -> None:
    shape, entities = RECORDS[record]
    rows = [row for row in pack_rows(dialect) if row.entity in entities and row.source]
    page = named(record, dialect)

    dropped = [path for path in fields_of(shape) if not is_named(path, page) and not any(is_read(row, path) for row in rows)]

    assert dropped == []


@pytest.mark.parametrize("record", RECORDS)
def test_the_page_names_only_fields_that_there_are(record: str) -> None:
    paths = set(fields_of(RECORDS[record][0]))
    prefixes = {".".join(path.split(".")[:count]) for path in paths for count in range(1, len(path.split(".")) + 1)}

    assert named(record, "data") | named(record, "rest") <= prefixes


def test_a_field_that_no_row_reads_would_be_noticed() -> None:
    row = Row("order", "zpusobdopravy", "shipping", "shipping:none")

    assert is_read(row, "shipping.name")
    assert not is_read(row, "shipping.branchId")
    assert not is_read(row, "vatMode")
