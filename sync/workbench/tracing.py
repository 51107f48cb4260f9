"""One record through the rows of a content, row by row: what was read, what became of it, and how BlueJet differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.bluejet import BlueJetRow
from mappings.compiled import Row
from mappings.drafts import Draft
from mappings.engine import TO_BLUEJET, map_record
from mappings.roles import is_role
from mappings.snapshot import row_of
from mappings.tracing import SourceValue, source_values
from sync.flow import Context, Part
from sync.flows.order.lines import line_key, line_records
from sync.issues import Issue
from sync.mapping import roles_of
from sync.push.lines import plan_lines
from sync.workbench.comparing import is_held
from sync.workbench.shapes import Change, FieldPreview, LinePreview

Columns = Mapping[str, Any]
# A line's name in BlueJet, in either dialect, in small letters.
LINE_NAMES = ("nazev", "name", "productname")


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


def columns_held(row: BlueJetRow | None) -> Columns | None:
    """Return BlueJet's columns in small letters, None where it holds no such record."""
    return None if row is None else {name.lower(): value for name, value in row.fields.items()}


def changes_between(outgoing: Columns, held: Columns | None) -> list[Change]:
    """Return what would be written that BlueJet does not hold already."""
    before = held or {}
    names = [name for name, value in outgoing.items() if held is None or not is_held(value, held.get(name.lower()))]
    return [Change(name, before.get(name.lower()), outgoing[name]) for name in names]


@dataclass(frozen=True)
class _Trial:
    """One record under the rows of its entity, with what would go out and what BlueJet holds; `judged` are sentences by column."""

    draft: Draft
    roles: Mapping[str, str]
    outgoing: Columns
    held: Columns | None
    judged: Mapping[str, str]
    problems: Mapping[str, str]

    def field(self, place: str, row: Row, source: SourceValue) -> FieldPreview:
        """Show one row at work."""
        column = self.roles.get(row.target, "") if is_role(row.target) else row.target
        value = self.outgoing.get(column, self.draft.fields.get(row.target)) if row.active else None
        now = None if self.held is None else self.held.get(column.lower())
        problem = source.problem or self.problems.get(row.target) or self.judged.get(column) or self.judged.get(row.target, "")
        return FieldPreview(
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
            problem=problem if row.active else "",
            held=now,
            is_sent=row.active and column in self.outgoing,
            differs=self.held is not None and value is not None and not is_held(value, now),
        )


def trace_fields(
    ctx: Context, rows: Sequence[tuple[str, Row]], entity: str, part: Part, outgoing: Columns, held: Columns | None
) -> list[FieldPreview]:
    """Show each row of the entity at work on the part, beside what would go out and what BlueJet holds."""
    issues = [*(part.outcome.issues if part.outcome else ()), *part.item.issues]
    judged = {issue.field: issue.sentence() for issue in reversed(issues) if not _is_of_mapping(issue)}
    return _trace(ctx, rows, entity, str(part.kind), part.record, part.refs, outgoing=outgoing, held=held, judged=judged)


def trace_lines(ctx: Context, rows: Sequence[tuple[str, Row]], part: Part, seen: Sequence[BlueJetRow]) -> list[LinePreview]:
    """Show each line of a document, paired with BlueJet's; then the lines that go."""
    if not part.lines:
        return []
    kind = ctx.bluejet.evidences[part.kind].line_kind
    plan, by_id = plan_lines(ctx, part, seen), {row.id: row for row in seen}
    traced = []
    for record, line, write in zip(line_records(part.record), part.lines, plan.writes, strict=True):
        held = columns_held(by_id.get(write.id))
        fields = _trace(ctx, rows, "order_line", kind, record, part.refs, outgoing=line.fields, held=held, judged={})
        changes = changes_between(line.fields, held)
        action = "create" if held is None else "update" if changes else "unchanged"
        traced.append(LinePreview(line_key(record), str(record.get("name") or record.get("code") or line.key), action, fields, changes))
    return traced + [LinePreview(row.id, _name_of(row), "remove") for row in seen if row.id in plan.removed]


def _trace(
    ctx: Context,
    rows: Sequence[tuple[str, Row]],
    entity: str,
    kind: str,
    record: Mapping[str, Any],
    refs: Mapping[str, Any],
    *,
    outgoing: Columns,
    held: Columns | None,
    judged: Mapping[str, str],
) -> list[FieldPreview]:
    draft = map_record(ctx.snapshot, entity, record, refs=refs)
    problems = {
        problem.field: Issue(problem.code, field=problem.field, params=problem.params).sentence()
        for problem in draft.left_out + draft.problems
    }
    trial = _Trial(draft, roles_of(ctx.bluejet.evidences[kind]), outgoing, held, judged, problems)
    sources = source_values(ctx.snapshot, [row for _place, row in rows], record, refs)
    return [trial.field(place, row, source) for (place, row), source in zip(rows, sources, strict=True)]


OF_MAPPING = ("mapping_failed", "value_unusable", "value_left_out")


def _is_of_mapping(issue: Issue) -> bool:
    """A mapping's own findings come with the draft, where those of the header and of the lines are apart."""
    return issue.code in OF_MAPPING or issue.code.startswith("unmapped_")


def _name_of(row: BlueJetRow) -> str:
    columns = columns_held(row) or {}
    return str(next((columns[name] for name in LINE_NAMES if columns.get(name)), ""))
