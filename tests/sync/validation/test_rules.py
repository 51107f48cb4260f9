"""Severities that a shop may change, those it may not, and the sentences of every code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sync.validation
from sync.issue_texts import TEXTS
from sync.issue_words import WORDS
from sync.issues import Issue
from sync.validation.rules import RULES, Findings, severity_of, sorted_once

SOURCES = [path.read_text(encoding="utf-8") for path in Path(sync.validation.__file__).parent.glob("*.py")]
PLACEHOLDER = re.compile(r"%\((\w+)\)s")

# The parameters that each finding brings, as the validators give them.
PARAMS: dict[str, set[str]] = {
    "identity_missing": set(),
    "duplicate_line": {"id", "count"},
    "line_without_amount": {"name"},
    "total_missing": set(),
    "total_differs": {"lines", "total", "currency", "rates"},
    "draft_total_differs": {"lines", "total", "currency"},
    "header_total_differs": {"value", "total", "currency"},
    "draft_rate_differs": {"rate", "lines", "total", "currency"},
    "exchange_rate_missing": {"currency"},
    "exchange_rate_one": {"currency"},
    "crowns_unknown": {"currency"},
    "required_missing": set(),
    "schema_type": {"value", "expected"},
    "schema_too_long": {"value", "limit", "length"},
    "schema_choice": {"value", "choices"},
    "schema_format": {"value", "expected"},
    "schema_range": {"value", "limit", "side"},
    "bad_email": {"value"},
    "bad_phone": {"value"},
    "bad_company_id": {"value"},
    "tax_number_left_out": {"value", "kept"},
    "price_not_positive": {"value"},
    "address_incomplete": {"missing"},
    "product_gone": {"code"},
    "status_unknown": {"value"},
    "stock_insufficient": {"code", "available"},
    "to_pay_differs": {"value", "to_pay", "currency"},
    "vat_differs": {"lines", "total", "currency"},
    "rounding_line": {"value", "currency"},
}


def test_every_code_that_validators_give_has_a_rule_and_every_rule_is_used() -> None:
    given = set().union(*(re.findall(r'findings\.add\(\s*"(\w+)"|return "(schema\w*)"', source) for source in SOURCES))

    assert {code for pair in given for code in pair if code} == set(RULES) == set(PARAMS)


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_finding_can_be_said_with_what_it_brings(code: str) -> None:
    issue = Issue(code, field="name", params=dict.fromkeys(PARAMS[code], "7"))

    wanted = set(PLACEHOLDER.findall(str(TEXTS[code].happened) + str(TEXTS[code].remedy)))
    assert wanted <= PARAMS[code] | {"field"}
    assert "–" not in issue.sentence() + issue.remedy()
    assert issue.sentence().endswith(".")


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_every_code_of_the_portal_has_two_sentences(code: str) -> None:
    issue = Issue(code, params=dict.fromkeys(TEXTS[code].words, "street"))

    assert issue.sentence()
    assert issue.remedy()


def test_words_are_said_in_the_readers_language_also_after_storage() -> None:
    stored = Issue("address_incomplete", "warning", params={"missing": "street,zip"}).to_json()

    assert Issue.from_json(stored).sentence() == f"The customer's address lacks {WORDS['street']}, {WORDS['zip']}."


def test_staff_may_make_a_finding_a_warning_an_error_or_nothing() -> None:
    assert severity_of("bad_phone", {"bad_phone": "error"}) == "error"
    assert severity_of("bad_email", {"bad_email": "warning"}) == "warning"
    assert severity_of("bad_email", {"bad_email": "off"}) == "off"


def test_what_protects_the_promises_cannot_be_changed() -> None:
    assert {code: severity_of(code, dict.fromkeys(RULES, "off")) for code, rule in RULES.items() if rule.protected} == {
        code: "error" for code, rule in RULES.items() if rule.protected
    }
    assert RULES["total_differs"].protected
    assert RULES["identity_missing"].protected


def test_a_setting_that_is_none_of_the_three_counts_as_none() -> None:
    assert severity_of("bad_phone", {"bad_phone": "loud"}) == "warning"


def test_a_finding_that_is_switched_off_is_not_noted() -> None:
    findings = Findings({"bad_phone": "off"})

    findings.add("bad_phone", "phone", value="x")

    assert findings.sorted() == []


def test_errors_come_first_and_nothing_is_said_twice() -> None:
    warning, error = Issue("bad_phone", "warning", "phone"), Issue("required_missing", "error", "name")

    assert sorted_once([warning, error, warning, error]) == [error, warning]


def test_the_page_for_staff_explains_every_code_with_its_default() -> None:
    page = Path(__file__).parents[3] / "docs" / "validation.md"
    words = {"error": "chyba", "warning": "upozornění"}

    explained = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", page.read_text(encoding="utf-8"), re.MULTILINE)

    assert dict(explained) == {code: words[rule.severity] + (" 🔒" if rule.protected else "") for code, rule in RULES.items()}
