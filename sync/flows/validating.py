"""Put the findings of validation onto the parts: errors hold back, warnings go along."""

from __future__ import annotations

from collections.abc import Iterable

from sync.flow import Outcome, Part, Result
from sync.issues import Issue


def judge(part: Part, issues: Iterable[Issue]) -> None:
    """Park the part on an error; keep warnings with the item."""
    found = list(issues)
    errors = [issue for issue in found if issue.is_error]
    part.item.issues += [issue for issue in found if not issue.is_error]
    if errors:
        part.outcome = Outcome(Result.PARKED, errors)


def no_step(ctx: object, parts: object) -> None:
    """Stand for a step that a stage does not need."""
