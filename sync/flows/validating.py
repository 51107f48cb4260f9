"""Put the findings of validation onto the parts: errors hold back, warnings go along."""

from __future__ import annotations

from collections.abc import Iterable

from sync.flow import Context, Outcome, Part, Result
from sync.issues import Issue
from sync.validation import leave_out_optional


def judge_draft(ctx: Context, part: Part, issues: Iterable[Issue]) -> None:
    """Leave optional values out of the draft that BlueJet would not take, then judge the rest."""
    evidence = ctx.bluejet.evidences[part.kind]
    found = leave_out_optional(issues, part.fields, ctx.account.dialect, evidence)
    for number, line in enumerate(part.lines, 1):
        line_evidence = ctx.bluejet.evidences[evidence.line_kind]
        found = leave_out_optional(found, line.fields, ctx.account.dialect, line_evidence, prefix=f"lines[{number}].")
    judge(part, found)


def judge(part: Part, issues: Iterable[Issue]) -> None:
    """Park the part on an error; keep warnings with the item."""
    found = list(issues)
    errors = [issue for issue in found if issue.is_error]
    part.item.issues += [issue for issue in found if not issue.is_error]
    if errors:
        part.outcome = Outcome(Result.PARKED, errors)


def no_step(ctx: object, parts: object) -> None:
    """Stand for a step that a stage does not need."""
