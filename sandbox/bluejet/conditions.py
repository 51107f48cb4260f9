"""A `condition` of the data dialect: field|operator|value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

from sandbox.bluejet.columns import Column
from sandbox.bluejet.refusals import Refusal
from sandbox.bluejet.values import take_value

ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {"<": lt, ">": gt, "<=": le, ">=": ge}
EQUALITIES = ("=", "!=", "<>")
TEXT_OPERATORS = ("contains", "starts", "!contains", "!starts")


@dataclass(frozen=True)
class Condition:
    """Hold one parsed condition; `value` is in the stored form, texts compare without regard to case."""

    column: Column
    operator: str
    value: str | None

    def holds(self, stored: str | None) -> bool:
        """Tell whether a stored value meets the condition; an empty one meets only equality with nothing and negations."""
        if self.operator in EQUALITIES:
            return bool(comparable(self.column, stored) == comparable(self.column, self.value)) == (self.operator == "=")
        if self.operator in TEXT_OPERATORS:
            return self._text_holds(stored)
        if stored is None or self.value is None:
            return False
        return ORDERINGS[self.operator](comparable(self.column, stored), comparable(self.column, self.value))

    def _text_holds(self, stored: str | None) -> bool:
        text, part = (stored or "").casefold(), (self.value or "").casefold()
        found = part in text if self.operator.endswith("contains") else text.startswith(part)
        return found != self.operator.startswith("!")


def comparable(column: Column, stored: str | None) -> Any:
    """Return what a stored value compares by."""
    if stored is None:
        return None
    if column.type in ("Money", "Int"):
        return Decimal(stored)
    return stored if column.type == "DateTime" else stored.casefold()


def parse_condition(raw: str, columns: Mapping[str, Column]) -> Condition:
    """Read `field|operator|value`. Raises Refusal for an unknown name, operator or form."""
    parts = raw.split("|", 2)
    if len(parts) != 3:
        raise Refusal(f"Podmínka „{raw}“ nemá tvar pole|operátor|hodnota.")
    name, operator, value = parts[0].strip().lower(), parts[1].strip().lower(), parts[2]
    if name not in columns:
        raise Refusal(f"Neznámý sloupec {name} v podmínce.", field=name)
    if operator not in (*EQUALITIES, *ORDERINGS, *TEXT_OPERATORS):
        raise Refusal(f"Neznámý operátor {operator} v podmínce.")
    return Condition(columns[name], operator, _operand(columns[name], operator, value))


def _operand(column: Column, operator: str, value: str) -> str | None:
    if operator in TEXT_OPERATORS or column.type == "PickUp":
        return value or None
    return take_value(column, value)
