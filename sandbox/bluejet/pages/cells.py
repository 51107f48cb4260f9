"""How one value looks on a page: amounts, dates, links to other records, states."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from html import escape
from typing import Any

from sandbox.bluejet.columns import Column
from sandbox.bluejet.evidences import EVIDENCES
from sandbox.bluejet.pages.layout import Frame, badge
from sandbox.bluejet.store import Store
from sandbox.bluejet.table import Row

STATES = ("statuscode", "stavuhrady")
NAMES = ("nazev", "name", "fullname", "recipient", "kodnabidky", "kodobjednavky", "kodfaktury", "code")
QUANTITIES = ("mnozstvi", "mnozstvirezervovane", "mnozstviobjednane", "mnoszstvidisponibilni", "zasoba", "hmotnost", "sazbadph")


def cell(store: Store, frame: Frame, column: Column, value: str | None) -> str:
    """Return a value as HTML."""
    if value is None:
        return ""
    if column.references:
        return record_link(store, frame, column.references, value)
    if column.name in STATES:
        return badge(value)
    if column.type == "Money":
        return escape(amount(value, column.name))
    if column.type == "DateTime":
        return escape(day(value))
    return f'<a href="{escape(value)}">{escape(value)}</a>' if value.startswith(("https://", "http://")) else escape(value)


def record_link(store: Store, frame: Frame, no: int, id_: str) -> str:
    """Return a link to a record that shows its name."""
    return f'<a href="{frame.link(f"/evidence/{EVIDENCES[no].kind}/{id_}")}">{escape(name_of(store, no, id_))}</a>'


def name_of(store: Store, no: int, id_: str) -> str:
    """Name a record the way people do; its id where it has no name."""
    table = store.tables[no]
    if id_ not in table.rows:
        return id_
    names = (table.value(id_, name) for name in NAMES if name in table.evidence.by_name)
    return next((name for name in names if name), id_)


def title_of(store: Store, no: int, row: Row) -> str:
    """Name a record by its number and its name."""
    evidence = EVIDENCES[no]
    code = row.get(evidence.code or "code") or ""
    name = name_of(store, no, row[evidence.key] or "")
    return " – ".join(part for part in dict.fromkeys((code, name)) if part)


def amount(value: str, name: str = "") -> str:
    """Return a number as Czechs write it; prices with two places at least."""
    number = Decimal(value)
    places = 0 if name in QUANTITIES and number == number.to_integral() else max(2, -int(number.normalize().as_tuple().exponent))
    return f"{number:,.{places}f}".translate(str.maketrans(",.", "\u00a0,"))


def day(value: str) -> str:
    moment = datetime.fromisoformat(value)
    clock = f" {moment:%H:%M:%S}" if moment.time().replace(microsecond=0).isoformat() != "00:00:00" else ""
    return f"{moment.day}.\u00a0{moment.month}.\u00a0{moment.year}{clock}"


def plain(value: Any) -> str:
    """Return a JSON value of the rest dialect as HTML."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return escape(amount(str(value)))
    return "" if value is None else escape(str(value))
