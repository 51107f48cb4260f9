"""The rest dialect's resources: JSON objects by id, as the specification's appendix A writes them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.bluejet.refusals import Refusal

ORDER_STATES = ("Nabídka", "Objednávka", "Potvrzená", "Odeslaná", "Vyřízená", "Stornováno", "Stornovaná", "Vráceno")


@dataclass(frozen=True)
class Shape:
    """Say what an object needs: required fields, numbers, texts of which one must be there, and what look-ups are indexed."""

    required: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    indexed: tuple[str, ...] = ("externalId",)


RESOURCES = {
    "products": Shape(("productCode", "title"), ("price", "stock"), indexed=("externalId", "productCode", "ean")),
    "contacts": Shape(one_of=("email", "lastName", "name", "company"), indexed=("externalId", "email", "companyId")),
    "orders": Shape(("orderNumber", "lineItems", "status"), ("totalAmount",), indexed=("externalId", "orderNumber", "customerEmail")),
    "stock": Shape(("quantity",), ("quantity",), ("productCode", "productId"), ("externalId", "productCode", "productId", "warehouse")),
}


class Resource:
    """Keep the objects of one resource, with indexes; the caller holds the store's lock."""

    def __init__(self, name: str) -> None:
        self.name, self.shape = name, RESOURCES[name]
        self.rows: dict[str, dict[str, Any]] = {}
        self._indexes: dict[str, dict[str, dict[str, None]]] = {field: {} for field in self.shape.indexed}

    def put(self, id_: str, row: dict[str, Any]) -> None:
        """Insert an object or take the place of one."""
        self.remove(id_, keep_place=id_ in self.rows)
        self.rows[id_] = row
        for field, index in self._indexes.items():
            if row.get(field) not in (None, ""):
                index.setdefault(str(row[field]).casefold(), {})[id_] = None

    def remove(self, id_: str, *, keep_place: bool = False) -> None:
        """Forget an object, if there is one."""
        row = self.rows.get(id_, {})
        for field, index in self._indexes.items():
            index.get(str(row.get(field)).casefold(), {}).pop(id_, None)
        if not keep_place:
            self.rows.pop(id_, None)

    def all(self) -> list[dict[str, Any]]:
        """Return copies of all objects, in the order of their insertion."""
        return [dict(row) for row in self.rows.values()]

    def matching(self, field: str, value: str) -> list[dict[str, Any]]:
        """Return copies of the objects that hold a value at their top level; letter case does not matter."""
        wanted = value.casefold()
        if field in self._indexes:
            return [dict(self.rows[id_]) for id_ in self._indexes[field].get(wanted, ())]
        return [dict(row) for row in self.rows.values() if str(row.get(field, "")).casefold() == wanted]


def check_object(name: str, row: Mapping[str, Any]) -> None:
    """Refuse an object that lacks a field or holds one of the wrong type."""
    shape = RESOURCES[name]
    for field in shape.required:
        if row.get(field) in (None, "") and row.get(field) != []:
            raise Refusal(f"Povinné pole {field} není vyplněno.", 422, field)
    if shape.one_of and not any(row.get(field) for field in shape.one_of):
        raise Refusal(f"Musí být vyplněno aspoň jedno z polí: {', '.join(shape.one_of)}.", 422, shape.one_of[0])
    for field in shape.numbers:
        _check_number(row.get(field), field)
    if name == "orders":
        _check_order(row)


def _check_order(row: Mapping[str, Any]) -> None:
    if row["status"] not in ORDER_STATES:
        raise Refusal(f"Neznámý stav „{row['status']}“. Známé: {', '.join(ORDER_STATES)}.", 422, "status")
    if not isinstance(row["lineItems"], list) or not all(isinstance(line, dict) for line in row["lineItems"]):
        raise Refusal("lineItems musí být seznam objektů.", 422, "lineItems")
    for number, line in enumerate(row["lineItems"]):
        for field in ("quantity", "unitPrice", "total"):
            _check_number(line.get(field), f"lineItems[{number}].{field}")


def _check_number(value: Any, field: str) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise Refusal(f"Pole {field} musí být číslo.", 422, field)


def with_line_ids(row: dict[str, Any]) -> dict[str, Any]:
    """Give an id to every line that has none."""
    if isinstance(row.get("lineItems"), list):
        row["lineItems"] = [{"id": str(uuid.uuid4()), **line} for line in row["lineItems"]]
    return row
