"""Validate a product and a stock card before they go to BlueJet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clients.bluejet.evidences import Evidence
from sync.issues import Issue
from sync.validation.business import check_stock
from sync.validation.evidence import evidence_for
from sync.validation.integrity import check_identity, check_price
from sync.validation.reading import amount
from sync.validation.rules import NO_SETTINGS, Findings
from sync.validation.schema import check_schema


def validate_product(
    record: Mapping[str, Any],
    draft_fields: Mapping[str, Any],
    *,
    dialect: str,
    severities: Mapping[str, str] = NO_SETTINGS,
    evidences: Mapping[str, Evidence] | None = None,
) -> list[Issue]:
    """Return what is wrong with a product, errors first."""
    findings = Findings(severities)
    check_schema(dialect, "product", draft_fields, findings)
    check_identity(draft_fields, evidence_for("product", dialect, evidences).external_id, findings)
    check_price(record.get("price"), "price", findings)
    return findings.sorted()


def validate_stock(
    record: Mapping[str, Any], draft_fields: Mapping[str, Any], *, dialect: str, severities: Mapping[str, str] = NO_SETTINGS
) -> list[Issue]:
    """Return what is wrong with a stock card, errors first; an amount below zero goes along with a warning."""
    findings = Findings(severities)
    check_schema(dialect, "stock_card", draft_fields, findings)
    if amount(record.get("amount")) is None:
        findings.add("required_missing", "amount")
    check_stock(record, findings)
    return findings.sorted()
