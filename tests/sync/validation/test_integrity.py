"""E-mail, telephone, price, address and registration number."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from clients.shoptet.company_numbers import is_ico
from sync.validation import validate_address, validate_company, validate_contact, validate_order, validate_product
from tests.sync.validation.records import address, line_draft, order, order_draft, product_draft

CONTACT = {"externiidsupl": "shoptet:1", "lastname": "Novák"}


def contact_issues(record: dict[str, Any], **options: Any) -> list[tuple[str, str, str]]:
    return [(issue.code, issue.field, issue.severity) for issue in validate_contact(record, CONTACT, dialect="data", **options)]


@pytest.mark.parametrize("email", ["jan", "jan@", "jan novak@example.com", "a@b.cz, c@d.cz", "jan@example..com"])
def test_a_broken_email_is_a_warning(email: str) -> None:
    assert contact_issues({"email": email}) == [("bad_email", "email", "warning")]


def test_a_broken_email_of_a_customer_that_an_order_brings_is_a_warning() -> None:
    assert contact_issues({"email": "jan@"}, for_order=True) == [("bad_email", "email", "warning")]


def test_a_broken_email_never_holds_an_order_back() -> None:
    record = order(customer={"email": "jan@", "phone": ""})

    issues = validate_order(record, order_draft(), [line_draft()], dialect="data", kind="offer", severities={"bad_email": "error"})

    assert [(issue.code, issue.severity) for issue in issues] == [("bad_email", "warning")]


def test_an_email_that_is_not_filled_in_is_no_finding() -> None:
    assert contact_issues({"email": "", "phone": None}) == []


def test_the_accounts_of_a_company_customer_are_looked_at_too() -> None:
    record = {"email": "a@example.com", "accounts": [{"email": "a@example.com"}, {"email": "b@"}]}

    assert contact_issues(record) == [("bad_email", "accounts[2].email", "warning")]


@pytest.mark.parametrize(
    "phone", ["+420 777 123 456", "777123456", "00420777123456", "+420-777-123-456", "(0)777/123456", "+49 30 1234567"]
)
def test_telephone_numbers_as_people_write_them_are_taken(phone: str) -> None:
    assert contact_issues({"phone": phone}) == []


@pytest.mark.parametrize("phone", ["volejte večer", "123", "777 123 456, 608 123 456", "+420 777 123 456 789 012 345"])
def test_what_is_not_a_telephone_number_is_a_warning(phone: str) -> None:
    assert contact_issues({"phone": phone}) == [("bad_phone", "phone", "warning")]


@pytest.mark.parametrize("price", [Decimal(0), Decimal("-1"), None, "", "dohodou"])
def test_a_price_that_is_not_above_zero_is_a_warning(price: Any) -> None:
    [issue] = validate_product({"price": price}, product_draft(), dialect="data")

    assert (issue.code, issue.severity) == ("price_not_positive", "warning")


def test_a_product_without_its_external_id_would_be_made_twice() -> None:
    [issue] = validate_product(
        {"price": Decimal(1)}, product_draft(externiidsupl=""), dialect="data", severities={"identity_missing": "off"}
    )

    assert (issue.code, issue.field, issue.is_error) == ("identity_missing", "externiidsupl", True)


def test_an_address_that_lacks_parts_names_them_all() -> None:
    [issue] = validate_address(address(street="", zip=None), {}, dialect="data")

    assert issue.severity == "warning"
    assert issue.sentence() == "The customer's address lacks the street, the postcode."


def test_both_addresses_of_an_order_are_looked_at() -> None:
    record = order(addressesEqual=False, billingAddress=address(city=""), deliveryAddress=address(zip=""))

    issues = validate_order(record, order_draft(), [line_draft()], dialect="data", kind="offer")

    assert [(issue.code, issue.field) for issue in issues] == [
        ("address_incomplete", "billingAddress"),
        ("address_incomplete", "deliveryAddress"),
    ]


@pytest.mark.parametrize(
    ("number", "is_one"), [("27082440", True), ("25596641", True), ("27082441", False), ("1234", False), ("CZ27082440", False)]
)
def test_a_czech_company_number_is_told_by_its_check_digit(number: str, is_one: bool) -> None:
    assert is_ico(number) is is_one


def test_company_numbers_of_other_countries_are_left_alone() -> None:
    record = {"companyId": "FN 12345", "billingAddress": {"country": "AT"}}

    assert validate_company(record, {"name": "Gasthof GmbH"}, dialect="data") == []


def test_a_wrong_czech_company_number_is_a_warning() -> None:
    [issue] = validate_company({"companyId": "123 456 78"}, {"name": "Novák s.r.o."}, dialect="data")

    assert (issue.code, issue.severity) == ("bad_company_id", "warning")
