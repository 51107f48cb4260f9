"""What kind of value a column holds, told from its values, and what kind a mapping row writes, told from its transforms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from clients.bluejet.values import moment, number, text
from mappings.chains import BadChain, parse_chain
from sync.models.column import BlueJetColumn

Type = BlueJetColumn.Type

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LOOKS_LIKE_A_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}\. ?\d{1,2}\. ?\d{4}|/Date\(")


def type_of_values(values: Iterable[Any]) -> Type:
    """Tell a column's type from what its records hold; a column whose values disagree is text."""
    found = {_type_of(value) for value in values if value is not None and value != "" and value != []}
    if not found:
        return Type.UNKNOWN
    if found <= {Type.NUMBER, Type.AMOUNT}:
        return max(found, key=[Type.NUMBER, Type.AMOUNT].index)
    return found.pop() if len(found) == 1 else Type.TEXT


def _type_of(value: Any) -> Type:
    if isinstance(value, (list, dict)):
        return Type.STRUCTURE
    if isinstance(value, bool):
        return Type.YES_NO
    word = text(value)
    if _GUID.fullmatch(word):
        return Type.ID
    if _LOOKS_LIKE_A_DATE.match(word) and moment(word) is not None:
        return Type.MOMENT
    if word.lower() in ("true", "false"):
        return Type.YES_NO
    if number(word) is None or (word.startswith("0") and word[1:].isdigit()):
        return Type.TEXT
    return Type.AMOUNT if re.search(r"[.,]\d+$", word) or isinstance(value, float) else Type.NUMBER


# What the last transform of a row makes of a value; transforms that are not here leave its type open.
_MAKES = {
    **dict.fromkeys(("number", "decimal", "money", "round", "quantity", "negate", "add_vat", "remove_vat", "czk", "convert"), Type.AMOUNT),
    **dict.fromkeys(("local_date", "iso_datetime", "add_days"), Type.MOMENT),
    **dict.fromkeys(
        ("strip_html", "parameters_text", "template", "date_format", "country_name", "phone_e164", "prefix", "suffix"), Type.TEXT
    ),
    **dict.fromkeys(("first_name", "last_name", "capitalize", "external_id", "product_code"), Type.TEXT),
    "boolean": Type.YES_NO,
    "bool_text": Type.TEXT,
    "split": Type.STRUCTURE,
    "product_id": Type.ID,
}
# Types that a column takes beside its own: BlueJet writes yes as 1, and any text may be a number's.
_TAKES = {
    Type.AMOUNT: {Type.AMOUNT, Type.NUMBER},
    Type.MOMENT: {Type.MOMENT},
    Type.ID: {Type.ID},
    Type.YES_NO: {Type.YES_NO},
    Type.STRUCTURE: {Type.STRUCTURE},
}


def type_written(transform: str) -> Type | None:
    """Tell what a row's transforms make, or None where that depends on the record."""
    try:
        chain = parse_chain(transform)
    except BadChain:
        return None
    return _MAKES.get(chain[-1][0].name) if chain else None


def fits(written: Type | None, column: str) -> bool:
    """Whether the column takes what is written, as far as its values show; in doubt it does."""
    taken = _TAKES.get(Type(column))
    return written is None or taken is None or written in taken
