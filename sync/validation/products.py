"""Validate a product and a stock card before they go to BlueJet."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from clients.bluejet.evidences import DEFAULTS, Evidence
from sync.issues import Issue
from sync.validation.integrity import check_identity, check_price
from sync.validation.rules import Findings
from sync.validation.schema import check_schema

NONE: Mapping[str, Any] = MappingProxyType({})


def validate_product(
    record: Mapping[str, Any],
    draft_fields: Mapping[str, Any],
    *,
    dialect: str,
    severities: Mapping[str, str] = NONE,
    evidences: Mapping[str, Evidence] | None = None,
) -> list[Issue]:
    """Return what is wrong with a product, errors first."""
    findings = Findings(severities)
    check_schema(dialect, "product", draft_fields, findings)
    check_identity(draft_fields, evidence_for("product", dialect, evidences).external_id, findings)
    check_price(record.get("price"), "price", findings)
    return findings.sorted()


def validate_stock(
    record: Mapping[str, Any], draft_fields: Mapping[str, Any], *, dialect: str, severities: Mapping[str, str] = NONE
) -> list[Issue]:
    """Return what is wrong with a stock card, errors first; an amount below zero is Shoptet's to decide."""
    findings = Findings(severities)
    check_schema(dialect, "stock_card", draft_fields, findings)
    return findings.sorted()


def evidence_for(kind: str, dialect: str, evidences: Mapping[str, Evidence] | None) -> Evidence:
    """Return where the account keeps a kind: its own settings, else the dialect's defaults."""
    return (evidences or DEFAULTS[dialect])[kind]  # type: ignore[index]
