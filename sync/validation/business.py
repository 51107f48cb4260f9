"""Rules of the trade: one id per line, a state that BlueJet has, enough stock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sync.validation.document_lines import money_items
from sync.validation.reading import amount, text
from sync.validation.rules import Findings


def check_line_ids(record: Mapping[str, Any], findings: Findings) -> None:
    """Two lines with one id would be one line in BlueJet."""
    ids = Counter(text(item.get("id")) for item in money_items(record))
    for line_id, count in ids.items():
        if line_id and count > 1:
            findings.add("duplicate_line", "items", id=line_id, count=count)


def check_status(draft: Mapping[str, Any], state_field: str, refs: Mapping[str, Any], findings: Findings) -> None:
    """Note a state that BlueJet was never seen to have; `refs["states"]` are those that it was, none where nobody looked yet."""
    states = refs.get("states")
    value = text(draft.get(state_field))
    if value and isinstance(states, (set, frozenset, list, tuple)) and states and value not in states:
        findings.add("status_unknown", state_field, value=value)


def check_stock(record: Mapping[str, Any], findings: Findings) -> None:
    """Note a variant of which more was ordered than there is.

    Shoptet takes every order off the amount that it still sells, so only an amount below zero means that something is missing.
    """
    left = amount(record.get("amount"))
    if left is not None and left < 0:
        findings.add("stock_insufficient", "amount", code=text(record.get("code")), available=left)
