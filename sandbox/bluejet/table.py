"""Rows of one evidence in memory, with indexes, so that a look-up costs the same among ten rows and among 100,000."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from sandbox.bluejet.columns import Evidence
from sandbox.bluejet.conditions import Condition, comparable

Row = dict[str, str | None]
KEPT_SELECTIONS = 16


class Table:
    """Keep rows by id in the order of their insertion; the caller holds the store's lock."""

    def __init__(self, evidence: Evidence, virtual: Callable[[str, Row], str | None]) -> None:
        self.evidence, self._virtual = evidence, virtual
        self.rows: dict[str, Row] = {}
        self._indexes: dict[str, dict[str, dict[str, None]]] = {
            column.name: {} for column in evidence.columns if column.indexed and not column.key
        }
        self._selections: dict[object, list[str]] = {}

    def put(self, id_: str, row: Row) -> None:
        """Insert a row or take the place of one, among those of the same value too."""
        self._unindex(id_, row)
        self.rows[id_] = row
        for name, index in self._indexes.items():
            if (value := row.get(name)) is not None:
                index.setdefault(value.casefold(), {})[id_] = None
        self._selections.clear()

    def remove(self, id_: str) -> None:
        """Forget a row, if there is one."""
        self._unindex(id_, {})
        self.rows.pop(id_, None)
        self._selections.clear()

    def _unindex(self, id_: str, after: Row) -> None:
        row = self.rows.get(id_, {})
        for name, index in self._indexes.items():
            value, later = row.get(name), after.get(name)
            if value is None or (later is not None and later.casefold() == value.casefold()):
                continue
            if (ids := index.get(value.casefold())) is not None:
                ids.pop(id_, None)
                if not ids:
                    del index[value.casefold()]

    def value(self, id_: str, name: str) -> str | None:
        """Return a stored or computed value of a row."""
        column = self.evidence.by_name.get(name)
        row = self.rows[id_]
        return self._virtual(name, row) if column is not None and column.virtual else row.get(name)

    def matching(self, name: str, value: str) -> list[str]:
        """Return the ids of the rows that hold a value in an indexed column or in the key."""
        if name == self.evidence.key:
            return [value.lower()] if value.lower() in self.rows else []
        return list(self._indexes[name].get(value.casefold(), ()))

    def select(self, conditions: tuple[Condition, ...] = (), sort: tuple[tuple[str, bool], ...] = ()) -> list[str]:
        """Return the ids that meet all conditions, sorted by (column, descending) pairs. Not to be changed by the caller."""
        question = (conditions, sort)
        if (known := self._selections.get(question)) is not None:
            return known
        ids = self._sorted(self._filtered(conditions), sort)
        if len(self._selections) >= KEPT_SELECTIONS:
            self._selections.clear()
        self._selections[question] = ids
        return ids

    def _filtered(self, conditions: tuple[Condition, ...]) -> list[str]:
        ids: Iterable[str] = self.rows
        rest = list(conditions)
        for condition in conditions:
            if self._is_quick(condition):
                ids = self.matching(condition.column.name, condition.value or "")
                rest.remove(condition)
                break
        return [id_ for id_ in ids if all(each.holds(self.value(id_, each.column.name)) for each in rest)]

    def _is_quick(self, condition: Condition) -> bool:
        name = condition.column.name
        return condition.operator == "=" and condition.value is not None and (name in self._indexes or name == self.evidence.key)

    def _sorted(self, ids: list[str], sort: tuple[tuple[str, bool], ...]) -> list[str]:
        for name, descending in reversed(sort):
            by_id = name == self.evidence.key
            ids = sorted(ids, key=None if by_id else partial(self._sort_key, name), reverse=descending)
        return ids

    def _sort_key(self, name: str, id_: str) -> tuple[bool, object]:
        value = self.value(id_, name)
        column = self.evidence.by_name.get(name)
        return (value is not None, comparable(column, value) if column and value is not None else value or "")
