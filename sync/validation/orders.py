"""Validate an order, with its lines and its money, before it goes to BlueJet as an offer or an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clients.bluejet.evidences import Evidence
from sync.issues import Issue
from sync.validation.business import check_line_ids, check_status
from sync.validation.evidence import evidence_for
from sync.validation.integrity import check_address, check_company_id, check_email, check_identity, check_phone
from sync.validation.money import DRAFT_COLUMNS, DraftMoney, check_draft_money, check_order_money
from sync.validation.reading import mapping
from sync.validation.references import check_references
from sync.validation.rules import NO_SETTINGS, Findings
from sync.validation.schema import check_schema


def validate_order(
    record: Mapping[str, Any],
    draft_fields: Mapping[str, Any],
    line_fields: Sequence[Mapping[str, Any]],
    *,
    dialect: str,
    kind: str,
    refs: Mapping[str, Any] = NO_SETTINGS,
    severities: Mapping[str, str] = NO_SETTINGS,
    evidences: Mapping[str, Evidence] | None = None,
) -> list[Issue]:
    """Return what is wrong with an order, errors first.

    `kind` is "offer" or "order"; `line_fields` are the mapped `document_lines(record)`.
    """
    findings = Findings(severities)
    document = evidence_for(kind, dialect, evidences)
    line = evidence_for(document.line_kind, dialect, evidences)
    _check_shape(draft_fields, line_fields, dialect, document, findings)
    check_status(draft_fields, document.state, refs, findings)
    _check_record(record, refs, findings)
    made = DraftMoney(draft_fields, line_fields, document.total, line.total, DRAFT_COLUMNS[dialect])
    check_draft_money(record, made, findings)
    return findings.sorted()


def _check_shape(
    draft_fields: Mapping[str, Any], line_fields: Sequence[Mapping[str, Any]], dialect: str, document: Evidence, findings: Findings
) -> None:
    """Hold header and lines against what BlueJet takes."""
    check_schema(dialect, document.kind, draft_fields, findings)
    for number, fields in enumerate(line_fields, 1):
        check_schema(dialect, document.line_kind, fields, findings, prefix=f"lines[{number}].")
    check_identity(draft_fields, document.external_id, findings)


def _check_record(record: Mapping[str, Any], refs: Mapping[str, Any], findings: Findings) -> None:
    """Look at what Shoptet says: people, lines, references and money."""
    _check_people(record, findings)
    check_line_ids(record, findings)
    check_references(record, refs, findings)
    check_order_money(record, findings)


def _check_people(record: Mapping[str, Any], findings: Findings) -> None:
    """Look at the buyer; nothing of it may hold an order."""
    customer = mapping(record.get("customer"))
    check_email(customer.get("email"), "customer.email", findings, at_most="warning")
    check_phone(customer.get("phone"), "customer.phone", findings)
    billing = mapping(record.get("billingAddress"))
    check_company_id(customer.get("companyId"), billing.get("country"), "customer.companyId", findings)
    if "billingAddress" in record:
        check_address(billing, "billingAddress", findings)
    if record.get("deliveryAddress") and not record.get("addressesEqual"):
        check_address(mapping(record["deliveryAddress"]), "deliveryAddress", findings)
