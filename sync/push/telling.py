"""Say what the office did in BlueJet and what became of it: each difference once, and never too many at a record."""

from __future__ import annotations

from collections.abc import Iterator

from clients.bluejet.values import text, wire_text
from sync.flow import Part
from sync.issues import Issue
from sync.push.changes import Changes, Difference
from sync.push.lines import LINES
from sync.push.plan import Plan
from sync.push.sending import lost_before

MOST = 10
LONGEST = 200
KEPT, LOST = "kept", "lost"


def tell(part: Part, plan: Plan) -> None:
    """Put what is news onto the item, at most `MOST` fields one by one and the others together."""
    found = list({repr(issue): issue for issue in _issues(part, plan)}.values())
    part.item.issues += found[:MOST]
    if found[MOST:]:
        names = ", ".join(dict.fromkeys(issue.field for issue in found[MOST:]))
        part.item.issues.append(
            Issue("more_changed_in_bluejet", "warning", params={"count": len(found) - MOST, "fields": names[: LONGEST * 2]})
        )


def _issues(part: Part, plan: Plan) -> Iterator[Issue]:
    yield from (_issue(one, line, LOST) for line, one in lost_before(part))
    yield from _of(plan.header, "")
    for line in part.lines:
        if line.key in plan.lines.changes:
            yield from _of(plan.lines.changes[line.key], line.key)
    for key, changes in plan.lines.parting.items():
        yield from _of(changes, key)
    told = part.held.seen.get(LINES, {})
    for key in sorted(plan.lines.deleted):
        if key not in told:
            yield Issue("line_deleted_in_bluejet", "warning", LINES, {"line": _name(part, key), "done": KEPT})
    for key in sorted(plan.lines.restored):
        yield Issue("line_deleted_in_bluejet", "warning", LINES, {"line": _name(part, key), "done": "restored"})


def _of(changes: Changes, line: str) -> Iterator[Issue]:
    yield from (_issue(one, line, LOST) for one in changes.lost)
    yield from (_issue(one, line, KEPT) for one in changes.kept)


def _issue(one: Difference, line: str, done: str) -> Issue:
    params = {"ours": _shown(one.ours), "theirs": _shown(one.theirs), "done": done}
    return Issue("changed_in_bluejet", "warning", f"{LINES}/{line}/{one.column}" if line else one.column, params)


def _name(part: Part, key: str) -> str:
    line = next(line for line in part.lines if line.key == key)
    names = (line.fields.get(column) for column in ("nazev", "name"))
    return str(next((name for name in names if name), key))


def _shown(value: object) -> str:
    shown = text(wire_text(value))
    return (shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…") or "–"
