"""Reads a CSV or XLSX file as people save it, and writes one that their program opens."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

import openpyxl
import tablib
from django.utils import translation
from django.utils.translation import gettext as _

from mappings.pack_format import ALWAYS
from mappings.spreadsheets import SheetRefused, titles

LARGEST = 5_000_000
LARGEST_UNPACKED = 60_000_000
MOST_ROWS = 20_000
# Far more than any table has, and the last row that a spreadsheet can have.
MOST_COLUMNS, LAST_ROW = 50, 1_048_576
# What a spreadsheet takes for a formula, behind any number of our own apostrophes; a plain number is none.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?\Z")
CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def write_sheet(dataset: tablib.Dataset, form: str) -> bytes:
    """Write CSV with semicolons, which a Czech Excel opens in columns, or XLSX."""
    if form == "xlsx":
        return bytes(_harmless(dataset).export("xlsx"))
    return ("\ufeff" + write_csv(dataset)).encode()


def write_csv(dataset: tablib.Dataset) -> str:
    """Write what `read_sheet` reads as the same cells again."""
    return str(_harmless(dataset).export("csv", delimiter=";"))


def _harmless(dataset: tablib.Dataset) -> tablib.Dataset:
    """Put an apostrophe before a text that a spreadsheet would run as a formula: names come from the partners."""
    return tablib.Dataset(*([_as_text(cell) for cell in row] for row in dataset), headers=dataset.headers, title=dataset.title)


def _as_text(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) and not NUMBER.match(cell) else cell


def _as_meant(cell: Any) -> Any:
    return cell[1:] if isinstance(cell, str) and cell.startswith("'") and FORMULA.match(cell) else cell


def read_sheet(table: str, raw: bytes) -> tablib.Dataset:
    """Read a file by what it is, not by its name; columns come back by their technical names. Raises SheetRefused."""
    if len(raw) > LARGEST:
        raise SheetRefused(_("The file is larger than a table of values can be."))
    found = _xlsx_rows(raw) if raw[:2] == b"PK" else _csv_rows(raw)
    rows: list[list[Any]] = []
    for row in found:
        if any(cell not in (None, "") for cell in row):
            rows.append([_as_meant(cell) for cell in row])
        if len(rows) > MOST_ROWS:
            raise SheetRefused(_("The file has more than %(limit)d rows.") % {"limit": MOST_ROWS})
    if len(rows) < 2:
        raise SheetRefused(_("The file has no rows."))
    return _dataset(table, rows)


def _csv_rows(raw: bytes) -> Iterator[Sequence[Any]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1250", errors="replace")  # what Excel on a Czech Windows saves
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield row[:MOST_COLUMNS]
    except csv.Error as error:
        raise SheetRefused(_("This is neither a CSV nor an XLSX file.")) from error


def _xlsx_rows(raw: bytes) -> Iterator[Sequence[Any]]:
    """Yield the first sheet's rows one by one: a small file may claim a million rows of sixteen thousand columns."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST_UNPACKED:
                raise SheetRefused(_("The file is larger than a table of values can be."))
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        for row in book.active.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS, values_only=True):
            if any(row):
                yield [_whole(cell) for cell in row]
    except SheetRefused:
        raise
    except Exception as error:  # openpyxl raises whatever the broken part of a file leads it to
        raise SheetRefused(_("This is neither a CSV nor an XLSX file.")) from error


def _whole(cell: Any) -> Any:
    """A spreadsheet keeps 12 as 12.0."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _dataset(table: str, rows: list[list[Any]]) -> tablib.Dataset:
    names = _column_names(table)
    given = [str(cell or "").strip() for cell in rows[0]]
    while given and not given[-1]:
        given.pop()
    unknown = [header for header in given if header.casefold() not in names]
    if unknown:
        known = ", ".join(titles(table).values())
        raise SheetRefused(_("The column “%(name)s” is not known. Known are: %(known)s.") % {"name": unknown[0][:60], "known": known})
    headers = [names[header.casefold()] for header in given]
    lacking = [titles(table)[name] for name in ALWAYS if name not in headers]
    if lacking or len(set(headers)) < len(headers):
        raise SheetRefused(
            _("The columns must be named once each; needed are: %(known)s.") % {"known": ", ".join(titles(table)[name] for name in ALWAYS)}
        )
    dataset = tablib.Dataset(headers=headers)
    dataset.extend([["" if cell is None else cell for cell in (row + [""] * len(headers))[: len(headers)]] for row in rows[1:]])
    return dataset


def _column_names(table: str) -> dict[str, str]:
    """Know the columns by their technical names and by their names in every language of the portal."""
    known = {name: name for name in titles(table)}
    for language in ("en", "cs"):
        with translation.override(language):
            known |= {title.casefold(): name for name, title in titles(table).items()}
    return known
