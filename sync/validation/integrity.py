"""Whether a record's own values make sense: identity, e-mail, telephone, price, address, registration number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from clients.shoptet.company_numbers import ICO_COUNTRIES, company_number
from clients.shoptet.tax_numbers import tax_numbers
from sync.validation.reading import amount, text
from sync.validation.rules import Findings, Setting

ADDRESS_PARTS = ("street", "city", "zip", "country")
PHONE = re.compile(r"(\+|00)?[1-9][0-9]{5,14}|0[0-9]{8,10}")
PHONE_SEPARATORS = re.compile(r"[\s()./-]+")

_check_email = EmailValidator()


def check_identity(fields: Mapping[str, Any], external_id: str, findings: Findings) -> None:
    """Require the external id: without it the record could not be found again and would be made twice."""
    if external_id and not text(fields.get(external_id)):
        findings.add("identity_missing", external_id)


def check_email(value: Any, field: str, findings: Findings, *, at_most: Setting = "error") -> None:
    """Look at an e-mail address that is filled in."""
    email = text(value)
    if email and not is_email(email):
        findings.add("bad_email", field, at_most=at_most, value=email[:100])


def is_email(value: str) -> bool:
    """Tell whether mail can be sent to it; two addresses in one field cannot."""
    try:
        _check_email(value)
    except ValidationError:
        return False
    return True


def check_phone(value: Any, field: str, findings: Findings) -> None:
    """Look at a telephone number that is filled in."""
    phone = text(value)
    if phone and not PHONE.fullmatch(PHONE_SEPARATORS.sub("", phone)):
        findings.add("bad_phone", field, value=phone[:50])


def check_price(value: Any, field: str, findings: Findings) -> None:
    """Expect a price above zero."""
    price = amount(value)
    if price is None or price <= 0:
        findings.add("price_not_positive", field, value="–" if price is None else price)


def check_address(address: Mapping[str, Any], field: str, findings: Findings) -> None:
    """Expect street, town, postcode and country."""
    missing = [part for part in ADDRESS_PARTS if not text(address.get(part))]
    if missing:
        findings.add("address_incomplete", field, missing=",".join(missing))


def check_company_id(value: Any, country: Any, field: str, findings: Findings, *, at_most: Setting = "error") -> None:
    """Check a Czech or Slovak IČO by its check digit; other countries' numbers are left alone."""
    number = company_number(text(value), text(country))
    if number.written and not number.is_proof and number.country in ("", *ICO_COUNTRIES):
        findings.add("bad_company_id", field, at_most=at_most, value=number.written[:30])


def check_tax_numbers(vat_id: Any, tax_id: Any, country: Any, findings: Findings) -> None:
    """Note a tax number that BlueJet has no place for beside another one."""
    numbers = tax_numbers(text(vat_id), text(tax_id), text(country))
    for number in numbers.left_out:
        findings.add("tax_number_left_out", "taxId", value=number[:30], kept=numbers.dic)
