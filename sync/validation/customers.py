"""Validate a contact, a company and an address before they go to BlueJet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sync.issues import Issue
from sync.validation.integrity import check_address, check_company_id, check_email, check_phone, check_tax_numbers
from sync.validation.reading import mapping, rows
from sync.validation.rules import NO_SETTINGS, Findings, Setting
from sync.validation.schema import check_schema


def validate_contact(
    record: Mapping[str, Any],
    draft_fields: Mapping[str, Any],
    *,
    dialect: str,
    severities: Mapping[str, str] = NO_SETTINGS,
    for_order: bool = False,
) -> list[Issue]:
    """Return what is wrong with a contact, errors first.

    `for_order` says that an order brings the customer along: then a broken e-mail is a warning, since it must not hold the order.
    """
    findings = Findings(severities)
    check_schema(dialect, "contact", draft_fields, findings)
    _check_reachable(record, findings, for_order)
    if "billingAddress" in record:
        check_address(mapping(record["billingAddress"]), "billingAddress", findings)
    return findings.sorted()


def _check_reachable(record: Mapping[str, Any], findings: Findings, for_order: bool) -> None:
    at_most: Setting = "warning" if for_order else "error"
    people = [("", record), *((f"accounts[{number}].", account) for number, account in enumerate(rows(record.get("accounts")), 1))]
    for prefix, person in people:
        check_email(person.get("email"), f"{prefix}email", findings, at_most=at_most)
        check_phone(person.get("phone"), f"{prefix}phone", findings)


def validate_company(
    record: Mapping[str, Any], draft_fields: Mapping[str, Any], *, dialect: str, severities: Mapping[str, str] = NO_SETTINGS
) -> list[Issue]:
    """Return what is wrong with a customer's company, errors first; dialects without companies have nothing to say."""
    findings = Findings(severities)
    check_schema(dialect, "company", draft_fields, findings)
    country = mapping(record.get("billingAddress")).get("country")
    check_company_id(record.get("companyId"), country, "companyId", findings)
    check_email(record.get("email"), "email", findings, at_most="warning")
    check_tax_numbers(record.get("vatId"), record.get("taxId"), country, findings)
    return findings.sorted()


def check_ordered_company(record: Mapping[str, Any], severities: Mapping[str, str] = NO_SETTINGS) -> list[Issue]:
    """Return what is wrong with the number of a company that an order names without anything coming of it: a warning at most."""
    findings = Findings(severities)
    check_company_id(
        record.get("companyId"), mapping(record.get("billingAddress")).get("country"), "companyId", findings, at_most="warning"
    )
    return findings.sorted()


def validate_address(
    record: Mapping[str, Any], draft_fields: Mapping[str, Any], *, dialect: str, severities: Mapping[str, str] = NO_SETTINGS
) -> list[Issue]:
    """Return what is wrong with one address of a customer, errors first; the record is the address itself."""
    findings = Findings(severities)
    check_schema(dialect, "address", draft_fields, findings)
    check_address(record, "address", findings)
    check_email(record.get("email"), "email", findings, at_most="warning")
    return findings.sorted()
