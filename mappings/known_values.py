"""What is known of the other side: the values that both partners hold, and BlueJet's columns; who knows the columns registers here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.apps import apps

ColumnReader = Callable[[int, str], "Mapping[str, str] | None"]

MarkReader = Callable[[int], Mapping[int, str]]

SHOPTET, BLUEJET = "shoptet", "bluejet"

_column_readers: list[ColumnReader] = []
_mark_readers: list[MarkReader] = []


def register_columns(reader: ColumnReader) -> None:
    """Ask `reader(shop id, entity)` for the columns that a row may write to, with their types; None where they were never read."""
    if reader not in _column_readers:
        _column_readers.append(reader)


def register_marks(reader: MarkReader) -> None:
    """Ask `reader(shop id)` for what is wrong with the shop's rows on the other side: sentences by the row's id."""
    if reader not in _mark_readers:
        _mark_readers.append(reader)


def known_values(shop_id: int, side: str, table: str) -> Mapping[str, str] | None:
    """Return a partner's values by their names, as its list held them last; None where the list is not the whole one, or was never read."""
    lists, values = (apps.get_model("mappings", name) for name in ("PartnerList", "PartnerValue"))
    here = {"shop_id": shop_id, "side": side, "table": table}
    if not lists._default_manager.filter(**here, origin="list", read_at__isnull=False).exists():
        return None
    return dict(values._default_manager.filter(**here, vanished_at__isnull=True).values_list("value", "name"))


def known_columns(shop_id: int, entity: str) -> Mapping[str, str] | None:
    """Return the columns that BlueJet shows for an entity with their types, or None where they were never read."""
    answers = (reader(shop_id, entity) for reader in _column_readers)
    return next((answer for answer in answers if answer is not None), None)


def marks_of(shop_id: int) -> dict[int, str]:
    """Return what is wrong with a shop's rows on the other side, as sentences by the row's id."""
    return {pk: sentence for reader in _mark_readers for pk, sentence in reader(shop_id).items()}
