"""Rules of the trade: one id per line, a status BlueJet knows, enough stock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sync.validation.document_lines import money_items
from sync.validation.reading import amount, mapping, rows, text
from sync.validation.references import PRODUCT_TYPES, product_code
from sync.validation.rules import Findings


def check_line_ids(record: Mapping[str, Any], findings: Findings) -> None:
    """Two lines with one id would be one line in BlueJet."""
    ids = Counter(text(item.get("id")) for item in money_items(record))
    for line_id, count in ids.items():
        if line_id and count > 1:
            findings.add("duplicate_line", "items", id=line_id, count=count)


def check_status(draft: Mapping[str, Any], state_field: str, refs: Mapping[str, Any], findings: Findings) -> None:
    """Where the flow says which states BlueJet knows (`refs["states"]`), the draft's must be one of them."""
    states = refs.get("states")
    value = text(draft.get(state_field))
    if value and isinstance(states, (set, frozenset, list, tuple)) and states and value not in states:
        findings.add("status_unknown", state_field, value=value)


def check_stock(record: Mapping[str, Any], refs: Mapping[str, Any], findings: Findings) -> None:
    """Warn where more was ordered than there is.

    `refs["stock"]` holds Shoptet's orderable amount by variant code. Shoptet has taken this order off it already, so only an
    amount below zero means that something is missing.
    """
    stock = mapping(refs.get("stock"))
    for code, quantity in _ordered(record, refs).items():
        left = amount(stock.get(code))
        if left is not None and left < 0:
            available = max(quantity + left, Decimal(0))
            findings.add("stock_insufficient", "items", code=code, available=available, quantity=quantity)


def _ordered(record: Mapping[str, Any], refs: Mapping[str, Any]) -> dict[str, Decimal]:
    """Add up the pieces per variant code; a set takes its components from the stock."""
    items = [item for item in money_items(record) if text(item.get("type")) in PRODUCT_TYPES]
    ordered: dict[str, Decimal] = {}
    for item in [*items, *rows(record.get("setComponents"))]:
        code, quantity = product_code(item, refs), amount(item.get("quantity"))
        if code and quantity is not None:
            ordered[code] = ordered.get(code, Decimal(0)) + quantity
    return ordered
