"""What could not be read of a source: a warning on the record that was read without it, or the outcome of one that cannot be read.

And which warnings a pass over many records has to show to somebody, although the record is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from clients.shoptet.results import BadRecord
from sync.flow import Item
from sync.issues import Issue
from sync.outcomes import outcome_of

# Codes of warnings that a record is in BlueJet without something that the shop has.
LEFT_OUT = frozenset({"unreadable_value", "unreadable_rows", "value_left_out", "bad_email"})
# Codes of what a write or a reading shows once and no later pass finds again.
TOLD_ONCE = frozenset(
    {
        "changed_in_bluejet",
        "more_changed_in_bluejet",
        "line_deleted_in_bluejet",
        "lines_added_in_bluejet",
        "update_resets",
        "order_number_reused",
    }
)


def unread_issues(record: Mapping[str, Any]) -> list[Issue]:
    """Return a warning for each value that the record had to leave out."""
    return [unread_issue(note["field"], note["reason"]) for note in record.get("unread") or ()]


def unread_issue(field: str, reason: str) -> Issue:
    """Return the warning that a value could not be read, with the code of the reason as `WORDS` has it."""
    return Issue("unreadable_value", "warning", field, {"reason": reason})


def left_out_issue(reasons: Sequence[str]) -> Issue:
    """Return the warning that rows of a list could not be read."""
    return Issue("unreadable_rows", "warning", params={"count": len(reasons), "first": reasons[0]})


def unreadable_items(bad: Iterable[BadRecord], fetched_at: datetime) -> list[Item]:
    """Return items for the records that cannot be read: what is wrong with them is theirs alone."""
    return [Item(one.key, {}, None, fetched_at, outcome=outcome_of(one.error)) for one in bad]
