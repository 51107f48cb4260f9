"""The body of a write in the data dialect. Which form the vendor means is not public, so three are understood.

S1  {"columns": [{"name": …, "value": …}]}, the number in the query or beside it
S2  {"dataObject": {"no", "reference", "columns": […], "innerObjects": […]}}, or a list of such objects
S3  {"dataObjectRows": [{"no", "reference", "fields": {name: value}}]}
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.bluejet.refusals import Refusal

CARRIERS = {"dataobject": "S2", "dataobjects": "S2", "dataobjectrows": "S3", "rows": "S1"}


@dataclass
class WriteObject:
    """Hold one object of a write, whatever form it came in."""

    no: int
    columns: dict[str, Any] = field(default_factory=dict)
    reference: str = ""
    condition: str = ""
    id: str = ""
    inner: list[WriteObject] = field(default_factory=list)

    def walk(self) -> Iterator[WriteObject]:
        """Yield this object and all below it, parents first."""
        yield self
        for child in self.inner:
            yield from child.walk()


def read_objects(body: Any, query_no: str = "", forms: tuple[str, ...] = ("S1", "S2", "S3")) -> list[WriteObject]:
    """Return the objects of a body. Raises Refusal for a form that is not understood."""
    form, items = _carried(_lower(body))
    if form not in forms:
        raise Refusal("Tělo požadavku nemá očekávaný tvar.")
    if not items or not all(isinstance(item, dict) for item in items):
        raise Refusal("Tělo požadavku neobsahuje žádný objekt.")
    return [_read_object(_lower(item), query_no) for item in items]


def _carried(body: Any) -> tuple[str, list[Any]]:
    if isinstance(body, list):
        return "S1", body
    if not isinstance(body, dict):
        raise Refusal("Tělo požadavku musí být objekt JSON.")
    for name, form in CARRIERS.items():
        if name in body:
            return form, body[name] if isinstance(body[name], list) else [body[name]]
    return "S1", [body]


def _read_object(item: dict[str, Any], query_no: str) -> WriteObject:
    inner = item.get("innerobjects") or []
    return WriteObject(
        no=_number(item.get("no", query_no)),
        columns=_read_columns(item),
        reference=str(item.get("reference") or ""),
        condition=str(item.get("condition") or ""),
        id=str(item.get("id") or "").lower(),
        inner=[_read_object(_lower(child), "") for child in inner],
    )


def _read_columns(item: dict[str, Any]) -> dict[str, Any]:
    columns = item.get("columns", item.get("fields")) or {}
    if isinstance(columns, dict):
        return {str(name).lower(): value for name, value in columns.items()}
    found: dict[str, Any] = {}
    for column in map(_lower, columns):
        name = str(column.get("name") or "").lower() if isinstance(column, dict) else ""
        if not name or name in found:
            raise Refusal(f"Sloupec „{name}“ chybí nebo je uveden dvakrát.", field=name)
        found[name] = column.get("value")
    return found


def _number(raw: Any) -> int:
    try:
        return int(raw)
    except (TypeError, ValueError) as error:
        raise Refusal("Chybí číslo evidence (no).") from error


def _lower(item: Any) -> Any:
    return {str(name).lower(): value for name, value in item.items()} if isinstance(item, dict) else item
