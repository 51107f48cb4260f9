"""Edits that a browser holds: the table as it stands there, put into the rest of the mappings, and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from mappings.contents import BadContent, normal_content
from mappings.draft_problems import problems_of
from mappings.models import Direction, FieldMapping
from shops.models import Shop
from sync.columns import marks_of_rows
from sync.workbench.pages.state import State, state_of
from sync.workbench.pages.table import TEXTS, TableRow, as_table, mark_changes, places_of, put_into, read_table, rearranged, rows_of


@dataclass
class Edits:
    """One table with its surroundings; `other_problems` are those of the tables that are not on the page."""

    state: State
    entity: str
    direction: str
    table: list[TableRow]
    content: dict[str, Any] = field(default_factory=dict)
    places: Mapping[str, TableRow] = field(default_factory=dict)
    other_problems: list[str] = field(default_factory=list)

    @property
    def is_wrong(self) -> bool:
        """Whether anything stands in the way of activating it."""
        return bool(self.other_problems) or any(row.problems for row in self.table)


def stored_edits(shop: Shop, entity: str, direction: str) -> Edits:
    """Return the table as it is saved."""
    state = state_of(shop)
    return _checked(Edits(state, entity, direction, as_table(rows_of(state.content, entity, direction))), shop)


def read_edits(request: HttpRequest, shop: Shop, entity: str, direction: str, command: str = "") -> Edits:
    """Return the table as the browser holds it, with one of its buttons carried out."""
    return _checked(Edits(state_of(shop), entity, direction, rearranged(read_table(request.POST), command)), shop)


def _checked(edits: Edits, shop: Shop) -> Edits:
    """Put the table into the content, and every problem beside its row."""
    edits.content = put_into(edits.state.content, edits.entity, edits.direction, edits.table)
    edits.places = places_of(edits.content, edits.entity, edits.direction, edits.table)
    _mark_columns(edits, shop)
    mark_changes(edits.table, rows_of(edits.state.active.content, edits.entity, edits.direction))
    try:
        found = problems_of(normal_content(edits.content), shop.bluejet.dialect)
    except BadContent as error:
        edits.other_problems = [str(error)]
        return edits
    for problem in found:
        row = edits.places.get(problem.place)
        if row is None:
            edits.other_problems.append(problem.sentence)
        else:
            row.problems.setdefault(problem.column if problem.column in TEXTS else "target", []).append(problem.sentence)
    return edits


def _mark_columns(edits: Edits, shop: Shop) -> None:
    """Say of each row whether BlueJet has a column for it."""
    if edits.direction != Direction.TO_BLUEJET:
        return
    written = [row for row in edits.table if row.said["target"]]
    rows = [FieldMapping(entity=edits.entity, **{name: row.said[name] for name in ("target", "transform", "active")}) for row in written]
    for row, mark in zip(written, marks_of_rows(shop.bluejet, rows), strict=True):
        row.mark = mark
