"""What an optional field cannot take is left out with a warning; what a record cannot do without holds it."""

from __future__ import annotations

from typing import Any

import pytest

from clients.bluejet.evidences import evidences_for
from sync.issues import Issue
from sync.validation import leave_out_optional, validate_address, validate_contact, validate_order, validate_product
from tests.sync.validation.records import line_draft, order, order_draft

EVIDENCES = evidences_for("data", {})
CONTACT = {"lastname": "Malá", "externiidsupl": "shoptet:1"}


def judged(kind: str, fields: dict[str, Any], found: list[Issue], **options: Any) -> list[tuple[str, str, str]]:
    issues = leave_out_optional(found, fields, "data", EVIDENCES[kind], **options)  # type: ignore[index]
    return [(issue.code, issue.field, issue.severity) for issue in issues]


@pytest.mark.parametrize(
    ("column", "value"), [("datumnarozeni", "0000-00-00 00"), ("emailaddress2", "x" * 300), ("telephone1", ["1"]), ("town", {"a": 1})]
)
def test_what_people_typed_into_an_optional_field_is_left_out(column: str, value: Any) -> None:
    fields = {**CONTACT, column: value}

    found = judged("contact", fields, validate_contact({}, fields, dialect="data"))

    assert (found, fields) == ([("value_left_out", column, "warning")], CONTACT)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("lastname", "x" * 300, "schema_too_long"),  # required
        ("externiidsupl", "x" * 300, "schema_too_long"),  # how the record is found again
        ("cenikid", "retail", "schema_format"),  # a BlueJet ID, which a mapping gives
    ],
)
def test_what_a_contact_needs_or_a_mapping_gives_is_not_left_out(column: str, value: str, code: str) -> None:
    fields = {**CONTACT, column: value}

    found = judged("contact", fields, validate_contact({}, fields, dialect="data"))

    assert (found, fields[column]) == ([(code, column, "error")], value)


@pytest.mark.parametrize(("column", "value"), [("cenaprodej", -1), ("sazbadph", 121), ("mena", "korun")])
def test_no_money_of_a_product_is_left_out(column: str, value: Any) -> None:
    fields = {"code": "PAN", "name": "Pan", "externiidsupl": "shoptet:PAN", column: value}

    found = judged("product", fields, validate_product({"price": 1}, fields, dialect="data"))

    assert [severity for _code, field, severity in found if field == column] == ["error"]
    assert fields[column] == value


def test_a_long_note_of_an_order_is_left_out_of_its_header_and_of_its_line() -> None:
    header, line = {**order_draft(), "pole1supl": "x" * 300}, {**line_draft(), "typsupl": "x" * 300}
    found = validate_order(order(), header, [line], dialect="data", kind="offer")

    left = leave_out_optional(found, header, "data", EVIDENCES["offer"])
    left = leave_out_optional(left, line, "data", EVIDENCES["offer_line"], prefix="lines[1].")

    assert [(issue.code, issue.field) for issue in left] == [("value_left_out", "pole1supl"), ("value_left_out", "lines[1].typsupl")]
    assert not {"pole1supl", "typsupl"} & {*header, *line}


def test_a_broken_email_is_taken_out_of_every_column_that_holds_it() -> None:
    fields = {**CONTACT, "emailaddress1": "jana@zakaznik.example", "emailaddress2": "PETR@"}
    record = {"email": "jana@zakaznik.example", "accounts": [{"email": "Petr@"}]}

    found = judged("contact", fields, validate_contact(record, fields, dialect="data"))

    assert found == [("bad_email", "accounts[1].email", "warning")]
    assert fields == {**CONTACT, "emailaddress1": "jana@zakaznik.example"}


def test_an_address_does_not_carry_a_broken_email_either() -> None:
    fields = {"street1": "Dlouhá 5", "emailaddress1": "petr@"}
    address = {"street": "Dlouhá 5", "city": "Brno", "zip": "602 00", "country": "CZ", "email": "petr@"}

    assert judged("address", fields, validate_address(address, fields, dialect="data")) == [("bad_email", "email", "warning")]
    assert fields == {"street1": "Dlouhá 5"}
