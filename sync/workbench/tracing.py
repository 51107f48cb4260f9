"""One record through the rows of a content, row by row: what was read, what became of it, and how BlueJet differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from clients.bluejet import BlueJetRow
from mappings.compiled import Row
from mappings.drafts import Draft
from mappings.engine import TO_BLUEJET, map_record
from mappings.roles import is_role
from mappings.snapshot import row_of
from mappings.tracing import source_values
from sync.flow import Context, LineDraft, Part
from sync.flows.order.lines import line_key, line_records
from sync.issues import Issue
from sync.mapping import roles_of
from sync.push.lines import plan_lines
from sync.workbench.comparing import is_held


@dataclass(frozen=True)
class FieldPreview:
    """One row of the mappings at work on one record.

    `place` names the row in the content (`fields/12`); `column` is the target where that is a neutral name; `value` is what the row
    gives, `problem` a sentence where it gives nothing; `held` is what BlueJet holds now, None where it holds no such record.
    `differs` says that it holds something else, whether or not that would be sent (`is_sent`) now.
    """

    place: str
    target: str
    column: str
    source: str
    source_value: Any
    transform: str
    value: Any
    required: bool
    create_only: bool
    active: bool
    problem: str = ""
    held: Any = None
    is_sent: bool = False
    differs: bool = False


@dataclass(frozen=True)
class TracedLine:
    """One line of a document; `changes` are (column, before, after)."""

    key: str
    title: str
    action: str
    fields: list[FieldPreview] = field(default_factory=list)
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)


class RowsOf:
    """A content's rows towards BlueJet, by entity, each with its place; sorted as the engine applies them."""

    def __init__(self, fields: Sequence[Mapping[str, Any]]) -> None:
        placed = [(f"fields/{number}", row_of(row)) for number, row in enumerate(fields)]
        self._rows: dict[str, list[tuple[str, Row]]] = {}
        for place, row in sorted(placed, key=lambda one: one[1].position):
            if row.direction == TO_BLUEJET:
                self._rows.setdefault(row.entity, []).append((place, row))

    def __getitem__(self, entity: str) -> list[tuple[str, Row]]:
        return self._rows.get(entity, [])


def trace_fields(
    ctx: Context, rows: RowsOf, entity: str, part: Part, outgoing: Mapping[str, Any], held: Mapping[str, Any] | None
) -> list[FieldPreview]:
    """Show each row of the entity at work on the part, beside what would go out and what BlueJet holds (by lower-case column)."""
    draft = map_record(ctx.snapshot, entity, part.record, refs=part.refs)
    issues = [*(part.outcome.issues if part.outcome else ()), *part.item.issues]
    judged = {issue.field: issue.sentence() for issue in reversed(issues) if not _is_of_mapping(issue)}
    return _traced(ctx, str(part.kind), rows[entity], part.record, part.refs, draft, judged, outgoing, held)


def trace_lines(ctx: Context, rows: RowsOf, part: Part, seen: Sequence[BlueJetRow]) -> list[TracedLine]:
    """Show each line of a document, paired with BlueJet's; then the lines that go."""
    if not part.lines:
        return []
    kind = ctx.bluejet.evidences[part.kind].line_kind
    plan = plan_lines(ctx, part, seen)
    held = {row.id: {name.lower(): value for name, value in row.fields.items()} for row in seen}
    traced = []
    for record, line, write in zip(line_records(part.record), part.lines, plan.writes, strict=True):
        draft = map_record(ctx.snapshot, "order_line", record, refs=part.refs)
        mine = held.get(write.id)
        fields = _traced(ctx, kind, rows["order_line"], record, part.refs, draft, {}, line.fields, mine)
        traced.append(_line(line, record, fields, mine))
    gone = [row for row in seen if row.id in plan.removed]
    return traced + [TracedLine(row.id, _name_of(row.fields), "remove") for row in gone]


def _line(line: LineDraft, record: Mapping[str, Any], fields: list[FieldPreview], held: Mapping[str, Any] | None) -> TracedLine:
    before = held or {}
    changes = [
        (name, before.get(name.lower()), value)
        for name, value in line.fields.items()
        if held is None or not is_held(value, before.get(name.lower()))
    ]
    action = "create" if held is None else "update" if changes else "unchanged"
    return TracedLine(line_key(record), str(record.get("name") or record.get("code") or line.key), action, fields, changes)


def _traced(
    ctx: Context,
    kind: str,
    rows: Sequence[tuple[str, Row]],
    record: Mapping[str, Any],
    refs: Mapping[str, Any],
    draft: Draft,
    judged: Mapping[str, str],
    outgoing: Mapping[str, Any],
    held: Mapping[str, Any] | None,
) -> list[FieldPreview]:
    roles = roles_of(ctx.bluejet.evidences[kind])
    problems = {problem.field: Issue(problem.code, field=problem.field, params=problem.params).sentence() for problem in draft.problems}
    found = []
    for (place, row), source in zip(rows, source_values(ctx.snapshot, [row for _place, row in rows], record, refs), strict=True):
        column = roles.get(row.target, "") if is_role(row.target) else row.target
        value = outgoing.get(column, draft.fields.get(row.target)) if row.active else None
        problem = problems.get(row.target, "") or judged.get(column, "") or judged.get(row.target, "")
        now = None if held is None else held.get(column.lower())
        found.append(
            FieldPreview(
                place=place,
                target=row.target,
                column=column,
                source=row.source,
                source_value=source.value,
                transform=row.transform,
                value=value,
                required=row.required,
                create_only=row.when == "create",
                active=row.active,
                problem=(source.problem or problem) if row.active else "",
                held=now,
                is_sent=row.active and column in outgoing,
                differs=held is not None and row.active and value is not None and not is_held(value, now),
            )
        )
    return found


def _is_of_mapping(issue: Issue) -> bool:
    """A mapping's own findings come with the draft, where those of the header and of the lines are apart."""
    return issue.code == "mapping_failed" or issue.code.startswith("unmapped_")


def _name_of(fields: Mapping[str, Any]) -> str:
    known: Iterable[str] = ("nazev", "name", "productname")
    lowered = {name.lower(): value for name, value in fields.items()}
    return str(next((lowered[name] for name in known if lowered.get(name)), ""))
