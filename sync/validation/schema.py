"""Hold a draft against the JSON Schema of what its target takes, and say each finding in plain words."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, cast

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from sync.validation.rules import Findings

FOLDER = Path(__file__).parent / "schemas"
LONGEST_SHOWN = 60

Details = tuple[str, dict[str, Any]]


def check_schema(dialect: str, kind: str, fields: Mapping[str, Any], findings: Findings, *, prefix: str = "") -> None:
    """Note every field that the target would not take; fields without a value count as not there."""
    validator = validator_for(dialect, kind)
    if validator is None:
        return
    present = {name: value for name, value in fields.items() if value is not None and value != ""}
    for error in validator.iter_errors(present):
        _note(error, findings, prefix)


@cache
def validator_for(dialect: str, kind: str) -> Validator | None:
    """Return the compiled schema, or None for a kind that the dialect does not have."""
    path = FOLDER / dialect / f"{kind}.json"
    if not path.is_file():
        return None
    schema = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return cast(Validator, _DraftValidator(schema))


def choices_of(dialect: str, kind: str, field: str) -> list[str]:
    """Return the values that the target takes in a field; none where it takes any."""
    validator = validator_for(dialect, kind)
    known: Mapping[str, Any] = validator.schema["properties"].get(field, {}) if validator else {}  # type: ignore[index]
    return [str(choice) for choice in known.get("enum", ())]


def _is_number(_checker: Any, value: Any) -> bool:
    """Take Decimal too; what is not finite is no number, and could not be compared with a limit."""
    if isinstance(value, Decimal):
        return value.is_finite()
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _is_integer(checker: Any, value: Any) -> bool:
    return _is_number(checker, value) and (isinstance(value, int) or Decimal(value) == Decimal(value).to_integral_value())


_DraftValidator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("number", _is_number).redefine("integer", _is_integer),
)


def _note(error: ValidationError, findings: Findings, prefix: str) -> None:
    if error.validator == "required":
        for name in _missing_names(error):
            findings.add("required_missing", prefix + name)
        return
    code, params = DETAILS[str(error.validator)](error)
    findings.add(code, prefix + _field_of(error), value=_shown(error.instance), **params)


def _missing_names(error: ValidationError) -> list[str]:
    """Name the field of this finding: jsonschema reports each missing field by itself, and says which only in its sentence."""
    return [name for name in _expected(error) if name not in cast(dict[str, Any], error.instance) and repr(name) in error.message]


def _expected(error: ValidationError) -> Any:
    """Return what the schema asks for: a limit, a pattern, a list of names, by the kind of finding."""
    return error.validator_value


def _field_of(error: ValidationError) -> str:
    first, *rest = error.absolute_path or [""]
    return str(first) + "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in rest)


def _type(error: ValidationError) -> Details:
    types = _expected(error)
    return "schema_type", {"expected": types if isinstance(types, str) else ",".join(types)}


def _too_long(error: ValidationError) -> Details:
    return "schema_too_long", {"limit": _expected(error), "length": len(cast(str, error.instance))}


def _choice(error: ValidationError) -> Details:
    return "schema_choice", {"choices": ", ".join(map(str, _expected(error)))}


def _format(error: ValidationError) -> Details:
    return "schema_format", {"expected": PATTERN_WORDS.get(_expected(error), "format")}


def _minimum(error: ValidationError) -> Details:
    return "schema_range", {"limit": _expected(error), "side": "at_least"}


def _maximum(error: ValidationError) -> Details:
    return "schema_range", {"limit": _expected(error), "side": "at_most"}


DETAILS: dict[str, Callable[[ValidationError], Details]] = {
    "type": _type,
    "maxLength": _too_long,
    "enum": _choice,
    "pattern": _format,
    "minimum": _minimum,
    "maximum": _maximum,
}

# Which word of issue_texts.WORDS says what a pattern asks for.
PATTERN_WORDS: dict[str, str] = {
    r"^-?[0-9]+(\.[0-9]+)?$": "number",
    "^-?[0-9]+$": "integer",
    "^([01]|true|false)$": "boolean",
    "^[A-Z]{3}$": "currency",
    "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$": "guid",
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?$": "date",
}


def pattern_word(pattern: str) -> str:
    """Return the word of issue_texts.WORDS for what a pattern asks for; an empty one for no pattern."""
    return PATTERN_WORDS.get(pattern, "format") if pattern else ""


def _shown(value: Any) -> str:
    shown = str(value)
    return shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}…"
