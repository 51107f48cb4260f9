"""What stands in the way of putting a set of mappings into force, row by row, with a sentence each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from mappings.checks import check_direction, check_row
from mappings.choices import MODEL_OF_TABLE
from mappings.compiled import Row
from mappings.contents import columns_of
from mappings.models import Direction, FieldMapping
from mappings.packs import pack_rows
from mappings.pairs import rows_written_both_ways
from mappings.snapshot import row_of


@dataclass(frozen=True)
class RowProblem:
    """One thing that is wrong: where (`fields/3`, `tables/status/0`, or empty for the whole), in which column, and why."""

    place: str
    column: str
    sentence: str


def problems_of(content: Mapping[str, Any], dialect: str) -> list[RowProblem]:
    """Check a content, as `normal_content` returns it, as a whole; `dialect` says which targets BlueJet cannot do without."""
    fields = content.get("fields", [])
    rows = [row_of(row) for row in fields]
    found = list(_wrong_values("fields", FieldMapping, fields))
    spoken = {(problem.place, problem.column) for problem in found}
    for number, row in enumerate(rows):
        place = f"fields/{number}"
        found += [RowProblem(place, name, sentence) for name, sentence in check_row(row).items() if (place, name) not in spoken]
    found += _doubled_targets(rows)
    found += _both_ways(rows)
    found += _not_carried_out(rows, {problem.place for problem in found})
    found += _left_out(rows, dialect)
    for table, values in content.get("tables", {}).items():
        found += _wrong_values(f"tables/{table}", MODEL_OF_TABLE[table], values)
        found += _doubled_values(table, values)
    return found


def _wrong_values(place: str, model: type[Model], rows: Sequence[Mapping[str, Any]]) -> Iterator[RowProblem]:
    """Hold each value against its column: its length, its choices, whether it may be empty."""
    for name, column in columns_of(model).items():
        good: set[Any] = set()
        for number, row in enumerate(rows):
            if row[name] in good:
                continue
            try:
                column.clean(row[name], None)
            except ValidationError as error:
                yield RowProblem(f"{place}/{number}", name, " ".join(error.messages))
            else:
                good.add(row[name])


def _doubled_targets(rows: Sequence[Row]) -> Iterator[RowProblem]:
    sentence = _("Another active row already fills this target field; switch one of the two off.")
    keys = [(row.entity, row.direction, row.target) if row.active else None for row in rows]
    yield from (RowProblem(f"fields/{number}", "target", sentence) for number in _repeated(keys))


def _doubled_values(table: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[RowProblem]:
    sentence = _("This value already has a row; change that one.")
    keys = [row["shoptet_id"] for row in rows]
    yield from (RowProblem(f"tables/{table}/{number}", "shoptet_id", sentence) for number in _repeated(keys))


def _repeated(keys: Iterable[Any]) -> Iterator[int]:
    """Yield the places of keys that were there before; None is no key."""
    seen = set()
    for number, key in enumerate(keys):
        if key is not None and key in seen:
            yield number
        seen.add(key)


def _both_ways(rows: Sequence[Row]) -> Iterator[RowProblem]:
    for number, other in rows_written_both_ways(rows):
        names = {"source": rows[other].source, "target": rows[other].target}
        sentence = _("“%(source)s → %(target)s” is always written in the other direction; one side must be the master.") % names
        yield RowProblem(f"fields/{number}", "when", sentence)


def _not_carried_out(rows: Sequence[Row], wrong: Collection[str]) -> Iterator[RowProblem]:
    """Say it of rows that have nothing else wrong with them: one sentence a row is enough."""
    for number, row in enumerate(rows):
        place = f"fields/{number}"
        if place not in wrong and (sentence := check_direction(row)):
            yield RowProblem(place, "direction", sentence)


def _left_out(rows: Sequence[Row], dialect: str) -> Iterator[RowProblem]:
    """Name the targets that no record can do without and that no row in force fills; an entity without any row is left out on purpose."""
    filled = {(row.entity, row.target) for row in rows if row.active and row.direction == Direction.TO_BLUEJET}
    entities = {entity for entity, _target in filled}
    for row in pack_rows(dialect):
        if row.required and row.entity in entities and (row.entity, row.target) not in filled:
            sentence = _("BlueJet needs “%(target)s” of every %(entity)s, and no active row fills it.")
            shown = FieldMapping(entity=row.entity).get_entity_display()
            yield RowProblem("", "target", sentence % {"target": row.target, "entity": shown})
