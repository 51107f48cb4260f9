"""Optional values that BlueJet would not take: the record goes without them, with a warning, instead of waiting for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import replace
from typing import Any

from clients.bluejet.evidences import Evidence
from clients.bluejet.values import text
from sync.issues import Issue
from sync.validation.schema import pattern_word, validator_for

# A wrong choice, currency or BlueJet ID comes from a mapping, and is put right there; these come from what people typed.
TYPED = ("schema_type", "schema_too_long", "schema_range", "schema_format")
TYPED_PATTERNS = ("date", "number", "integer", "boolean")
# Without them a price or a document would be another one. The words are parts of column names, in either dialect.
MONEY_WORDS = ("cen", "dph", "kurz", "mnozstvi", "zaokrouhleni", "sleva", "mena", "price", "total", "vat", "rate", "quantity", "discount")


def leave_out_optional(
    issues: Iterable[Issue], fields: MutableMapping[str, Any], dialect: str, evidence: Evidence, *, prefix: str = ""
) -> list[Issue]:
    """Take out of the draft's `fields` what is wrong with optional values; return the issues, those of them as warnings.

    `prefix` is how issues name the draft among others: `lines[2].` for a line of a document.
    """
    found = []
    for issue in issues:
        column = issue.field.removeprefix(prefix)
        if issue.code == "bad_email":
            _without_email(fields, str(issue.params.get("value", "")))
        elif issue.field.startswith(prefix) and _is_optional(issue, column, fields, dialect, evidence):
            reason = issue.sentence()
            issue = replace(issue, code="value_left_out", severity="warning", params={"reason": reason})
            del fields[column]
        found.append(issue)
    return found


def _is_optional(issue: Issue, column: str, fields: Mapping[str, Any], dialect: str, evidence: Evidence) -> bool:
    if not issue.is_error or issue.code not in TYPED or column not in fields or column in _kept(evidence):
        return False
    validator = validator_for(dialect, evidence.kind)
    schema: Mapping[str, Any] = validator.schema if validator else {}  # type: ignore[assignment]
    if column in schema.get("required", ()) or any(word in column.lower() for word in MONEY_WORDS):
        return False
    wanted = pattern_word(schema.get("properties", {}).get(column, {}).get("pattern", ""))
    return issue.code == "schema_too_long" or wanted in ("", *TYPED_PATTERNS)


def _kept(evidence: Evidence) -> Sequence[str]:
    """Return the columns by which a record is known, and that say where it stands."""
    return (evidence.key, evidence.external_id, evidence.natural, evidence.code, evidence.state, evidence.parent)


def _without_email(fields: MutableMapping[str, Any], broken: str) -> None:
    for column in [name for name, value in fields.items() if broken and text(value)[: len(broken)].lower() == broken.lower()]:
        del fields[column]
