"""The table of one entity's rows, as the page shows it and as a browser sends it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

ROW = "row"
TEXTS = ("source", "transform", "target", "default")
# Far more than any of them may have: what is too long is to be refused with a sentence, not cut off in silence.
LONGEST = 5_000
CHOICES = {"when": ("changed", "always", "create")}
FLAGS = ("required", "active")
COLUMNS = (*TEXTS, *CHOICES, *FLAGS)
EMPTY = {"source": "", "transform": "", "target": "", "default": "", "when": "changed", "required": False, "active": True}


@dataclass
class TableRow:
    """One row of the table: what is written in it, what is wrong with it, and what it does with the record shown beside.

    `mark` is what BlueJet's columns have against it, which does not keep it from being activated.
    """

    key: str
    said: dict[str, Any]
    change: str = ""
    problems: dict[str, list[str]] = field(default_factory=dict)
    mark: str = ""
    live: Any = None
    is_open: bool = False

    @property
    def is_wrong(self) -> bool:
        """Whether the row cannot be activated as it is."""
        return bool(self.problems)

    @property
    def sentences(self) -> list[str]:
        """Return everything that is wrong with the row."""
        return [sentence for sentences in self.problems.values() for sentence in sentences]


def rows_of(content: Mapping[str, Any], entity: str, direction: str) -> list[dict[str, Any]]:
    """Return the content's rows of one entity and direction, in their order."""
    rows = [row for row in content.get("fields", ()) if row["entity"] == entity and row["direction"] == direction]
    return sorted(rows, key=lambda row: row["position"])


def as_table(rows: Iterable[Mapping[str, Any]]) -> list[TableRow]:
    """Number the rows of a content for the page."""
    return [TableRow(str(number), {name: row[name] for name in COLUMNS}) for number, row in enumerate(rows, start=1)]


def read_table(post: QueryDict) -> list[TableRow]:
    """Read the rows as the browser sends them; they come in the order in which they stand on the page."""
    keys = dict.fromkeys(key for key in post.getlist(ROW) if key.isdecimal())
    return [TableRow(key, _read_row(post, key), is_open=f"open-{key}" in post) for key in keys]


def _read_row(post: QueryDict, key: str) -> dict[str, Any]:
    said: dict[str, Any] = {name: post.get(f"{name}-{key}", "").strip()[:LONGEST] for name in TEXTS}
    for name, known in CHOICES.items():
        value = post.get(f"{name}-{key}", "")
        said[name] = value if value in known else known[0]
    return said | {name: f"{name}-{key}" in post for name in FLAGS}


def is_empty(row: TableRow) -> bool:
    """Whether nothing was written into the row yet."""
    return not any(row.said[name] for name in TEXTS)


def put_into(content: Mapping[str, Any], entity: str, direction: str, table: Iterable[TableRow]) -> dict[str, Any]:
    """Return the content with the table's rows in place of the entity's; empty ones are left out."""
    others = [row for row in content.get("fields", ()) if (row["entity"], row["direction"]) != (entity, direction)]
    written = [row for row in table if not is_empty(row)]
    rows = [{"entity": entity, "direction": direction, **row.said, "position": number} for number, row in enumerate(written, start=1)]
    return {**content, "fields": sorted([*others, *rows], key=_order)}


def _order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["entity"], row["direction"], row["position"], row["target"]


def rearranged(table: list[TableRow], command: str) -> list[TableRow]:
    """Carry out one button of the table: `add`, `remove:3`, `up:3`, `down:3`; anything else changes nothing."""
    name, _colon, key = command.partition(":")
    if name == "add":
        return [*table, TableRow(str(max((int(row.key) for row in table), default=0) + 1), dict(EMPTY), is_open=True)]
    place = next((number for number, row in enumerate(table) if row.key == key), None)
    if place is None:
        return table
    if name == "remove":
        return table[:place] + table[place + 1 :]
    other = place + {"up": -1, "down": 1}.get(name, 0)
    if 0 <= other < len(table):
        table[place], table[other] = table[other], table[place]
    return table


def mark_changes(table: Iterable[TableRow], active: Iterable[Mapping[str, Any]]) -> None:
    """Say of each row whether it is new or says something else than the active rows do."""
    known = {row["target"]: row for row in active if row["active"]} | {row["target"]: row for row in active if not row["active"]}
    for row in table:
        before = known.get(row.said["target"])
        if before is None:
            row.change = "new"
        elif any(before[name] != row.said[name] for name in COLUMNS):
            row.change = "changed"


def places_of(content: Mapping[str, Any], entity: str, direction: str, table: Iterable[TableRow]) -> dict[str, TableRow]:
    """Return which row of the table stands where in the content (`fields/12`)."""
    mine = [place for place, row in enumerate(content["fields"]) if (row["entity"], row["direction"]) == (entity, direction)]
    written = (row for row in table if not is_empty(row))
    return {f"fields/{place}": row for place, row in zip(mine, written, strict=True)}
