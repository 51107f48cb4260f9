"""What is known of the other side: the values that both partners hold, and BlueJet's columns. Whoever knows it registers here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

ValueReader = Callable[[int, str, str], "Mapping[str, str] | None"]
ColumnReader = Callable[[int, str], "Mapping[str, str] | None"]

SHOPTET, BLUEJET = "shoptet", "bluejet"

_value_readers: list[ValueReader] = []
_column_readers: list[ColumnReader] = []


def register_values(reader: ValueReader) -> None:
    """Ask `reader(shop id, side, table)` for the values that the partner holds, with their names; None where it cannot tell."""
    if reader not in _value_readers:
        _value_readers.append(reader)


def register_columns(reader: ColumnReader) -> None:
    """Ask `reader(shop id, entity)` for the columns that a row may write to, with their types; None where they were never read."""
    if reader not in _column_readers:
        _column_readers.append(reader)


def known_values(shop_id: int, side: str, table: str) -> Mapping[str, str] | None:
    """Return a partner's values by their names, or None where nobody knows all of them."""
    answers = (reader(shop_id, side, table) for reader in _value_readers)
    return next((answer for answer in answers if answer is not None), None)


def known_columns(shop_id: int, entity: str) -> Mapping[str, str] | None:
    """Return the columns that BlueJet shows for an entity with their types, or None where they were never read."""
    answers = (reader(shop_id, entity) for reader in _column_readers)
    return next((answer for answer in answers if answer is not None), None)
