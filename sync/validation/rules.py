"""Which finding is how serious: the defaults, what a shop may change, and what protects the promises."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, get_args

from sync.issues import Issue

Setting = Literal["error", "warning", "off"]
SETTINGS: tuple[str, ...] = get_args(Setting)
NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


class Rule(NamedTuple):
    """The default severity of a code; a protected one cannot be changed."""

    severity: Setting
    protected: bool = False


RULES: dict[str, Rule] = {
    # These keep orders whole, single and right to the cent.
    "identity_missing": Rule("error", protected=True),
    "duplicate_line": Rule("error", protected=True),
    "line_without_amount": Rule("error", protected=True),
    "total_missing": Rule("error", protected=True),
    "total_differs": Rule("error", protected=True),
    "draft_total_differs": Rule("error", protected=True),
    "header_total_differs": Rule("error", protected=True),
    "draft_rate_differs": Rule("error", protected=True),
    "exchange_rate_missing": Rule("error", protected=True),
    # What the target would refuse.
    "required_missing": Rule("error"),
    "schema_type": Rule("error"),
    "schema_too_long": Rule("error"),
    "schema_choice": Rule("error"),
    "schema_format": Rule("error"),
    "schema_range": Rule("error"),
    # Integrity.
    "bad_email": Rule("warning"),
    "bad_phone": Rule("warning"),
    "bad_company_id": Rule("warning"),
    "tax_number_left_out": Rule("warning"),
    "price_not_positive": Rule("warning"),
    "address_incomplete": Rule("warning"),
    # References and business rules.
    "product_gone": Rule("warning"),
    "status_unknown": Rule("warning"),
    "stock_insufficient": Rule("warning"),
    "to_pay_differs": Rule("error"),
    "vat_differs": Rule("warning"),
    "exchange_rate_one": Rule("warning"),
    "crowns_unknown": Rule("warning"),
    "rounding_line": Rule("warning"),
}


class Findings:
    """Collect issues of one record, each with the severity that the shop gave it."""

    def __init__(self, severities: Mapping[str, str]) -> None:
        self._severities = severities
        self._issues: list[Issue] = []

    def add(self, code: str, field: str = "", /, *, at_most: Setting = "error", **params: Any) -> None:
        """Note a finding, unless the shop has switched its code off; `at_most` caps the severity."""
        severity = severity_of(code, self._severities)
        if severity == "off":
            return
        self._issues.append(Issue(code, "warning" if at_most == "warning" else severity, field, params))

    def sorted(self) -> list[Issue]:
        """Return every finding once, errors first."""
        return sorted_once(self._issues)


def severity_of(code: str, severities: Mapping[str, str]) -> Setting:
    """Return the severity that holds for a code; an unknown setting counts as none."""
    rule = RULES[code]
    wanted = severities.get(code)
    if rule.protected or wanted not in SETTINGS:
        return rule.severity
    return wanted  # type: ignore[return-value]


def sorted_once(issues: list[Issue]) -> list[Issue]:
    """Put errors first and drop what is said twice of the same field, as the mapping and the schema may do."""
    seen: dict[tuple[str, str, str], Issue] = {}
    for issue in issues:
        seen.setdefault((issue.code, issue.field, str(issue.params)), issue)
    return sorted(seen.values(), key=lambda issue: not issue.is_error)
