"""What BlueJet refuses because of a row in a table of values goes on as soon as somebody corrects that row."""

from __future__ import annotations

from collections.abc import Iterable

from sync.flow import Outcome, Part, Result
from sync.waiting import value_topic

# What a wrong counterpart ends in: our own validation names the value, BlueJet itself may only say that it does not take the record.
BY_VALUE = frozenset({"schema_choice", "status_unknown", "refused"})


def corrections_of(outcome: Outcome, parts: Iterable[Part]) -> tuple[str, ...]:
    """Return the rows, as something to wait for, that a parked record was made by and whose correction may cure it."""
    if outcome.result is not Result.PARKED or all(issue.code not in BY_VALUE for issue in outcome.issues):
        return ()
    return tuple(dict.fromkeys(value_topic(*one) for part in parts for one in part.looked_up))
