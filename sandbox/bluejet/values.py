"""Column values: what a writer may send, how the store keeps it (plain text), and how a reader gets it."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.bluejet.columns import Column
from sandbox.bluejet.options import Options
from sandbox.bluejet.refusals import Refusal

PRAGUE = ZoneInfo("Europe/Prague")
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CZECH_DATES = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y")
MONEY_STEP = Decimal("0.0001")
CZECH_MARKS = str.maketrans(",.", " ,")
TRUE, FALSE = ("1", "true", "ano"), ("0", "false", "ne")


def take_value(column: Column, raw: Any) -> str | None:
    """Return the stored form of what a writer sent. Raises Refusal."""
    if raw is None or raw == "":
        return None
    if isinstance(raw, list | dict):
        raise Refusal(f"Hodnota sloupce {column.name} musí být text nebo číslo.", field=column.name)
    stored = READERS[column.type](column, _plain(raw))
    if column.choices and stored not in column.choices:
        raise Refusal(f"Hodnota „{raw}“ není v číselníku sloupce {column.name}.", field=column.name)
    return stored


def show_value(column: Column, stored: str | None, options: Options) -> str | None:
    """Return the text that a reader gets."""
    if stored is None:
        return "" if options.empty == "text" else None
    if column.type == "Money":
        return show_money(stored, options)
    if column.type == "DateTime" and options.date_format == "czech":
        return show_czech_date(stored)
    if column.type == "Bit" and options.bit_format == "word":
        return "True" if stored == "1" else "False"
    return stored


def stored_moment(moment: datetime) -> str:
    """Return a moment as the store keeps it: Prague's clock, no offset, milliseconds."""
    local = moment.astimezone(PRAGUE).replace(tzinfo=None)
    return local.isoformat(timespec="milliseconds" if local.microsecond >= 1000 else "seconds")


def show_money(stored: str, options: Options) -> str:
    amount = Decimal(stored).quantize(MONEY_STEP)
    return f"{amount:,f}".translate(CZECH_MARKS) if options.number_format == "czech" else f"{amount:f}"


def show_czech_date(stored: str) -> str:
    moment = datetime.fromisoformat(stored)
    return f"{moment.day}.{moment.month}.{moment.year} {moment:%H:%M:%S}"


def _plain(raw: Any) -> str:
    return ("1" if raw else "0") if isinstance(raw, bool) else str(raw)


def _text(_column: Column, raw: str) -> str:
    return raw


def _whole(column: Column, raw: str) -> str:
    try:
        return str(int(raw.strip()))
    except ValueError as error:
        raise Refusal(f"Hodnota „{raw}“ sloupce {column.name} není celé číslo.", field=column.name) from error


def _money(column: Column, raw: str) -> str:
    try:
        amount = Decimal(re.sub(r"\s", "", raw).replace(",", "."))
        return format(amount.quantize(MONEY_STEP, ROUND_HALF_UP).normalize(), "f")
    except InvalidOperation as error:
        raise Refusal(f"Hodnota „{raw}“ sloupce {column.name} není číslo.", field=column.name) from error


def _bit(column: Column, raw: str) -> str:
    word = raw.strip().lower()
    if word not in TRUE + FALSE:
        raise Refusal(f"Hodnota „{raw}“ sloupce {column.name} není ano/ne.", field=column.name)
    return "1" if word in TRUE else "0"


def _moment(column: Column, raw: str) -> str:
    for read in (datetime.fromisoformat, *(lambda text, form=form: datetime.strptime(text, form) for form in CZECH_DATES)):
        try:
            moment = read(raw.strip())
        except ValueError:
            continue
        return stored_moment(moment if moment.tzinfo else moment.replace(tzinfo=PRAGUE))
    raise Refusal(f"Hodnota „{raw}“ sloupce {column.name} není datum.", field=column.name)


def _guid(column: Column, raw: str) -> str:
    guid = raw.strip().lower()
    if not GUID.fullmatch(guid):
        raise Refusal(f"Hodnota „{raw}“ sloupce {column.name} není GUID.", field=column.name)
    return guid


READERS = {
    "NVarChar": _text,
    "NText": _text,
    "PickUp": _text,
    "Int": _whole,
    "Money": _money,
    "Bit": _bit,
    "DateTime": _moment,
    "UniqueIdentifier": _guid,
}
