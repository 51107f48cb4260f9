"""What an order refers to, and the rules of the trade."""

from __future__ import annotations

from typing import Any

from sync.validation import validate_order
from tests.sync.validation.records import item, line_draft, order, order_draft

KNOWN = {"contactId": "C-1", "productIds": {"RON-24": "P-1"}}


def codes(record: dict[str, Any], refs: dict[str, Any], **options: Any) -> list[tuple[str, str]]:
    draft = {**order_draft(cenadphprodej=record["total"]), **options.pop("draft", {})}
    lines = [line_draft(str(line["total"]), rate=str(line["vatRate"])) for line in record["items"]]
    issues = validate_order(record, draft, lines, dialect="data", kind="offer", refs=refs, **options)
    return [(issue.code, issue.severity) for issue in issues]


def test_two_lines_with_one_id_hold_the_order_back_whatever_staff_set() -> None:
    record = order(item("10.00"), item("20.00"))

    assert codes(record, KNOWN, severities={"duplicate_line": "off"}) == [("duplicate_line", "error")]


def test_a_state_that_bluejet_was_never_seen_to_have_goes_along_as_a_warning() -> None:
    assert codes(order(), {**KNOWN, "states": ["Odeslaná"]}) == [("status_unknown", "warning")]
    assert codes(order(), {**KNOWN, "states": ["Probíhající"]}) == []


def test_an_order_without_external_id_holds() -> None:
    assert codes(order(), KNOWN, draft={"externiidsupl": None}) == [("identity_missing", "error")]


def test_a_columns_own_name_in_the_account_is_followed() -> None:
    from clients.bluejet.evidences import evidences_for

    evidences = evidences_for("data", {"offer": {"external_id": "pole1supl"}})

    issues = validate_order(order(), order_draft(), [line_draft()], dialect="data", kind="offer", evidences=evidences)

    assert [(issue.code, issue.field) for issue in issues] == [("identity_missing", "pole1supl")]
