"""A document's lines: which exist already, which are new, which have to go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from clients.bluejet import BlueJetRow, LineWrite
from sync.flow import Context, LineDraft, Part

# Where a link keeps, beside the header's fields, which fields of each line were sent.
LINES = "lines"


@dataclass(frozen=True)
class LinePlan:
    """What has to happen to a document's lines so that they are the draft's."""

    writes: tuple[LineWrite, ...]
    removed: tuple[str, ...]


def plan_lines(ctx: Context, part: Part, seen: Sequence[BlueJetRow]) -> LinePlan:
    """Pair the draft's lines with those that BlueJet holds, by the kept ids, then by external id."""
    ids = match_lines(ctx, part, seen)
    writes = tuple(LineWrite(line.key, line.fields | _cleared(part, line, ids), ids.get(line.key, "")) for line in part.lines)
    ours = set(part.held.lines.values()) | {row.id for row in seen if _external(ctx, part, row).startswith(part.external_id + "/")}
    removed = tuple(row.id for row in seen if row.id in ours and row.id not in ids.values())
    return LinePlan(writes, removed)


def _cleared(part: Part, line: LineDraft, ids: Mapping[str, str]) -> dict[str, str]:
    """Empty what we filled before and Shoptet has no value for any more; what BlueJet filled itself stays."""
    filled = part.held.sent.get(LINES, {}).get(line.key, ()) if line.key in ids else ()
    return {name: "" for name in line.empty if name in filled}


def sent_lines(part: Part) -> dict[str, list[str]]:
    """Return which fields of each line were filled, to be kept with what was sent."""
    return {line.key: sorted(line.fields) for line in part.lines}


def filled_columns(sent: Mapping[str, Iterable[str]]) -> set[str]:
    """Return the columns that were filled in any line."""
    return {name for names in sent.values() for name in names}


def match_lines(ctx: Context, part: Part, seen: Sequence[BlueJetRow]) -> dict[str, str]:
    """Return BlueJet's line id by the draft's line key, as far as the lines exist."""
    existing = {row.id for row in seen}
    by_external = {_external(ctx, part, row): row.id for row in seen}
    found: dict[str, str] = {}
    for line in part.lines:
        kept = part.held.lines.get(line.key, "")
        line_id = by_external.get(line_external_id(part, line.key)) or (kept if kept in existing else "")
        if line_id and line_id not in found.values():
            found[line.key] = line_id
    return found


def line_external_id(part: Part, key: str) -> str:
    """Return the id that the line carries in BlueJet."""
    return f"{part.external_id}/{key}"


def _external(ctx: Context, part: Part, row: BlueJetRow) -> str:
    line_kind = ctx.bluejet.evidences[part.kind].line_kind
    column = ctx.bluejet.evidences[line_kind].external_id if line_kind else ""
    return str(row.fields.get(column) or "") if column else ""
