"""How a write to the `data` dialect looks on the wire, in the three forms that are in circulation.

Which form an instance takes has never been shown in public; it is the account's option `write_form`, and only this module knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class WireObject:
    """One row to write, with its columns as text; `reference` names it within its request, `children` are its lines.

    `id` is BlueJet's, where the row exists; `key` is the caller's name for a line.
    """

    no: int
    columns: Mapping[str, str]
    reference: str
    id: str = ""
    key: str = ""
    condition: str = ""
    children: tuple[WireObject, ...] = ()

    def flattened(self) -> list[WireObject]:
        """List the row and its lines, the row first."""
        return [self, *self.children]


@dataclass(frozen=True)
class WireRequest:
    """The query and the body of one write."""

    params: dict[str, Any]
    body: Any


class WriteForm(Protocol):
    """One way to put rows into a request."""

    max_objects: int
    takes_lines: bool

    def request(self, objects: Sequence[WireObject]) -> WireRequest:
        """Put the rows into one request."""

    def removal(self, no: int, ids: Sequence[str]) -> WireRequest:
        """Put the deletion of several rows into one request."""


class SingleRow:
    """S1: one row of columns, the table in the query, as on reads."""

    max_objects = 1
    takes_lines = False

    def request(self, objects: Sequence[WireObject]) -> WireRequest:
        """Put one row into a request."""
        (row,) = objects
        params: dict[str, Any] = {"no": row.no}
        if row.condition:
            params["condition"] = row.condition
        return WireRequest(params, {"columns": name_value_pairs(row.columns)})

    def removal(self, no: int, ids: Sequence[str]) -> WireRequest:
        """Name the rows to delete by table and id."""
        return WireRequest({}, {"dataObjectRows": [{"no": no, "id": row_id} for row_id in ids]})


class NestedObjects:
    """S2: data objects with their lines inside."""

    max_objects = 1000
    takes_lines = True

    def request(self, objects: Sequence[WireObject]) -> WireRequest:
        """Put one object under `dataObject`, several under `dataObjects`."""
        if len(objects) == 1:
            return WireRequest({}, {"dataObject": self._object(objects[0])})
        return WireRequest({}, {"dataObjects": [self._object(row) for row in objects]})

    def _object(self, row: WireObject) -> dict[str, Any]:
        body: dict[str, Any] = {"no": row.no, "reference": row.reference, "columns": name_value_pairs(row.columns)}
        if row.condition:
            body["condition"] = row.condition
        if row.children:
            body["innerObjects"] = [self._object(child) for child in row.children]
        return body

    def removal(self, no: int, ids: Sequence[str]) -> WireRequest:
        """Name the rows to delete by table and id."""
        return WireRequest({}, {"dataObjects": [{"no": no, "id": row_id} for row_id in ids]})


class FieldMaps:
    """S3: a flat list of rows as maps of fields; lines follow their document and name it by its reference."""

    max_objects = 1000
    takes_lines = True

    def request(self, objects: Sequence[WireObject]) -> WireRequest:
        """List every row and line."""
        return WireRequest({}, {"dataObjectRows": [self._row(part) for row in objects for part in row.flattened()]})

    def _row(self, row: WireObject) -> dict[str, Any]:
        body: dict[str, Any] = {"no": row.no, "reference": row.reference, "fields": dict(row.columns)}
        if row.condition:
            body["condition"] = row.condition
        return body

    def removal(self, no: int, ids: Sequence[str]) -> WireRequest:
        """Name the rows to delete by table and id."""
        return WireRequest({}, {"dataObjectRows": [{"no": no, "id": row_id} for row_id in ids]})


FORMS: dict[str, WriteForm] = {"S1": SingleRow(), "S2": NestedObjects(), "S3": FieldMaps()}


def name_value_pairs(columns: Mapping[str, str]) -> list[dict[str, str]]:
    """Write columns as the list of names and values that reads show."""
    return [{"name": name, "value": value} for name, value in columns.items()]
