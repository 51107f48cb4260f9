"""Say what the office did in BlueJet and what became of it: each difference once, and never too many at a record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import time

from clients.bluejet.values import PRAGUE, moment, number, plain, text, wire_text
from sync.flow import Part
from sync.issues import Issue
from sync.push.changes import Changes, Difference
from sync.push.kept_values import is_fingerprint
from sync.push.lines import LINES
from sync.push.plan import Plan
from sync.push.sending import lost_before

MOST = 10
LONGEST = 200
LONGEST_NAME = 60
# Nothing else is written in another way: "007" is a code.
MONEY = re.compile(r"-?(0|[1-9][\d \u00a0\u202f]*)[.,]\d+")
DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}\.\s?\d{1,2}\.\s?\d{4}")
KEPT, LOST, LEFT = "kept", "lost", "left"


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
    yield from (_issue(part, one, line, LOST) for line, one in lost_before(part))
    yield from _of(part, plan.header, "")
    for line in part.lines:
        if line.key in plan.lines.changes:
            yield from _of(part, plan.lines.changes[line.key], line.key)
    for key, changes in plan.lines.parting.items():
        yield from _of(part, changes, key)
    told = part.held.seen.get(LINES, {})
    for key in sorted(plan.lines.deleted):
        if key not in told:
            yield Issue("line_deleted_in_bluejet", "warning", LINES, {"line": _name(part, key), "done": KEPT})
    for key in sorted(plan.lines.restored):
        yield Issue("line_deleted_in_bluejet", "warning", LINES, {"line": _name(part, key), "done": "restored"})


def _of(part: Part, changes: Changes, line: str) -> Iterator[Issue]:
    yield from (_issue(part, one, line, LOST) for one in changes.lost)
    yield from (_issue(part, one, line, LEFT if part.purpose == "close" else KEPT) for one in changes.kept)


def _issue(part: Part, one: Difference, line: str, done: str) -> Issue:
    params = {"ours": _shown(one.ours), "theirs": _shown(one.theirs), "done": done}
    if line:
        params["place"] = f"{one.column} ({_name(part, line)})"
    return Issue("changed_in_bluejet", "warning", f"{LINES}/{line}/{one.column}" if line else one.column, params)


def _name(part: Part, key: str) -> str:
    """Return what the line is called, also one that is not in the order any more."""
    known = next((line.fields for line in part.lines if line.key == key), None) or part.held.sent.get(LINES, {}).get(key)
    names = [known.get(column) for column in ("nazev", "name")] if isinstance(known, Mapping) else []
    return _bounded(str(next((name for name in names if name), key)), LONGEST_NAME)


def _shown(value: object) -> str:
    """Write a value as people read it: an amount without needless zeros, a moment by the clock in Prague, on one line."""
    if isinstance(value, bool):
        return wire_text(value)
    if is_fingerprint(value):
        return f"… ({str(value).rpartition(':')[2]})"
    if isinstance(value, Mapping):
        return _bounded(", ".join(_shown(one) for one in value.values() if text(one)), LONGEST) or "–"
    shown = " ".join(text(wire_text(value)).split())
    amount, when = number(shown), moment(shown) if DATE.match(shown) else None
    if amount is not None and MONEY.fullmatch(shown):
        shown = plain(amount.normalize())
    elif when is not None:
        local = when.astimezone(PRAGUE)
        shown = f"{local:%Y-%m-%d}" if local.time() == time() else f"{local:%Y-%m-%d %H:%M}"
    return _bounded(shown, LONGEST) or "–"


def _bounded(shown: str, most: int) -> str:
    return shown if len(shown) <= most else f"{shown[:most]}…"
