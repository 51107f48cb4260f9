"""What the engine hands on: a record in the target's words, and what stood in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any

LONGEST = 255


@dataclass(frozen=True)
class Unmapped:
    """A value that a table has no row for; `label` is its name for people."""

    table: str
    value: str
    label: str

    @classmethod
    def of(cls, table: str, value: str, label: str = "") -> Unmapped:
        """Name a value, by its id where it has no name; longer ones than a table can hold are cut."""
        return cls(table, value[:LONGEST], (label or value)[:LONGEST])


@dataclass(frozen=True)
class MappingProblem:
    """Why a field could not be filled.

    Codes: `required_missing`; `mapping_failed`, `value_unusable` and `value_left_out` with `reason`;
    `unmapped_<table>` with `value` and `label`.
    """

    code: str
    field: str
    params: Mapping[str, str] = attribute(default_factory=dict)


@dataclass
class Draft:
    """A mapped record that was not sent yet.

    `fields` hold text, bool, int, Decimal, lists and objects, by target name; roles such as "@total" are not resolved yet.
    `create_only` names the fields that an update must leave alone.
    `empty` names the targets that Shoptet gave no value for; they are not in `fields`. Of a record of which a value could not be read
    it names none: what seems to be missing may be just that.
    `problems` hold the record back, all of them; `unmapped` repeats those that a row in a table would cure.
    `left_out` are values of optional rows that their transform could not use; they are neither in `fields` nor in `empty`.
    `substituted` are values without a row for which the transform allowed something else.
    `looked_up` are the tables and values whose rows were used.
    `document` is "offer" or "order", by the status table; `cancels` asks to cancel it. Both for orders only.
    """

    fields: dict[str, Any] = attribute(default_factory=dict)
    create_only: frozenset[str] = frozenset()
    empty: set[str] = attribute(default_factory=set)
    unmapped: list[Unmapped] = attribute(default_factory=list)
    substituted: list[Unmapped] = attribute(default_factory=list)
    looked_up: list[tuple[str, str]] = attribute(default_factory=list)
    problems: list[MappingProblem] = attribute(default_factory=list)
    left_out: list[MappingProblem] = attribute(default_factory=list)
    document: str | None = None
    cancels: bool = False

    @property
    def is_blocked(self) -> bool:
        """Whether anything stands in the way of sending it."""
        return bool(self.problems)

    def for_update(self) -> dict[str, Any]:
        """Return the fields without those that are written on create only."""
        return {name: value for name, value in self.fields.items() if name not in self.create_only}

    def add_unmapped(self, target: str, missing: Unmapped) -> None:
        """Note a value without a counterpart, once for each target."""
        if missing not in self.unmapped:
            self.unmapped.append(missing)
        params = {"value": missing.value, "label": missing.label}
        problem = MappingProblem(f"unmapped_{missing.table}", target, params)
        if problem not in self.problems:
            self.problems.append(problem)
