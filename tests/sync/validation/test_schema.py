"""What the target takes, and the words for what it does not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mappings.packs import known_targets
from sandbox.bluejet.evidences import KINDS
from sync.validation import validate_company, validate_contact, validate_product, validate_stock
from sync.validation.schema import DETAILS, FOLDER, PATTERN_WORDS, validator_for
from tests.sync.validation.records import GUID, product_draft

PRICED = {"price": Decimal("149.90")}
FILES = sorted(FOLDER.glob("*/*.json"))
ENTITY_KINDS = {"stock": ("stock_card",), "order": ("offer", "order"), "order_line": ("offer_line", "order_line")}


def issues_of(dialect: str = "data", **changes: Any) -> list[Any]:
    return validate_product(PRICED, product_draft(**changes), dialect=dialect)


def test_a_good_product_has_no_issue() -> None:
    assert issues_of() == []


def test_a_missing_required_field_is_named() -> None:
    [issue] = issues_of(name=None)

    assert (issue.code, issue.field, issue.is_error) == ("required_missing", "name", True)


def test_an_empty_text_counts_as_missing() -> None:
    assert [(issue.code, issue.field) for issue in issues_of(name="", code=None)] == [
        ("required_missing", "code"),
        ("required_missing", "name"),
    ]


def test_a_text_that_is_too_long_says_the_limit_and_the_length() -> None:
    [issue] = issues_of(name="x" * 300)

    assert issue.code == "schema_too_long"
    assert "at most 255 characters" in issue.sentence()
    assert "300" in issue.sentence()


def test_a_word_where_a_number_belongs_is_said_in_plain_words() -> None:
    [issue] = issues_of(cenadphprodej="zdarma")

    assert issue.code == "schema_format"
    assert issue.sentence() == "The field “cenadphprodej” takes a number, not “zdarma”."


def test_a_list_where_a_text_belongs_is_said_in_plain_words() -> None:
    [issue] = issues_of(name=["a", "b"])

    assert issue.code == "schema_type"
    assert issue.sentence() == "The field “name” takes text, a number, not “['a', 'b']”."


def test_a_negative_price_is_out_of_range() -> None:
    [issue] = issues_of(cenadphprodej=Decimal("-1"))

    assert issue.sentence() == "The field “cenadphprodej” takes at least 0, not -1."


def test_a_state_that_offers_do_not_have_is_refused_with_the_choices() -> None:
    [error] = list(validator_for("data", "offer").iter_errors({"statuscode": "Hotovo", "datumvystaveni": "2026-01-12", "cenadphprodej": 1}))  # type: ignore[union-attr]

    assert error.validator == "enum"


def test_decimals_are_numbers_and_not_a_number_is_none() -> None:
    assert issues_of(hmotnost=Decimal("1.250")) == []
    assert [issue.code for issue in issues_of(hmotnost=Decimal("NaN"))] == ["schema_type"]
    assert [issue.code for issue in issues_of(hmotnost=float("inf"))] == ["schema_type"]


def test_columns_of_the_instance_that_nobody_described_are_taken() -> None:
    assert issues_of(pole150219155621supl="cokoli") == []


def test_a_stock_card_without_its_product_is_refused() -> None:
    issues = validate_stock({"amount": Decimal(3)}, {"skladid": GUID, "mnozstvi": Decimal(3)}, dialect="data")

    assert [(issue.code, issue.field) for issue in issues] == [("required_missing", "productid")]


def test_a_stock_record_without_an_amount_is_refused() -> None:
    issues = validate_stock({}, {"productid": GUID, "skladid": GUID}, dialect="data")

    assert [(issue.code, issue.field) for issue in issues] == [("required_missing", "amount")]


def test_a_dialect_without_companies_has_nothing_to_say_about_them() -> None:
    assert validate_company({}, {}, dialect="rest") == []


def test_a_contact_of_the_rest_dialect_is_taken() -> None:
    fields = {"externalId": "shoptet:1", "firstName": "Jan", "billingAddress": {"city": "Brno"}, "deliveryAddresses": []}

    assert validate_contact({}, fields, dialect="rest") == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_schema_is_one_and_all_its_patterns_have_words(path: Path) -> None:
    validator = validator_for(path.parent.name, path.stem)

    assert validator is not None
    validator.check_schema(validator.schema)
    patterns = {rule["pattern"] for rule in validator.schema["properties"].values() if "pattern" in rule}
    assert patterns <= set(PATTERN_WORDS)


def keywords(schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield every keyword of a schema and of those within it."""
    yield from schema
    for inner in [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]:
        yield from keywords(inner)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_demand_of_a_schema_has_a_rule_that_says_it(path: Path) -> None:
    demands = set(keywords(json.loads(path.read_text(encoding="utf-8")))) - {
        "$schema",
        "$id",
        "title",
        "description",
        "properties",
        "items",
    }

    assert demands <= {*DETAILS, "required"}


@pytest.mark.parametrize("path", [path for path in FILES if path.parent.name == "data"], ids=lambda path: path.stem)
def test_the_data_schemas_list_the_columns_that_can_be_written(path: Path) -> None:
    writable = {column.name for column in KINDS[path.stem].columns if not column.virtual}

    assert set(validator_for("data", path.stem).schema["properties"]) == writable  # type: ignore[union-attr]


@pytest.mark.parametrize("dialect", ["data", "rest"])
@pytest.mark.parametrize("entity", ["product", "stock", "contact", "company", "address", "order", "order_line"])
def test_every_target_of_the_default_mappings_is_described(dialect: str, entity: str) -> None:
    targets = {target for target in known_targets(dialect, entity) if not target.startswith("@")}

    described = [
        set(validator.schema["properties"]) for kind in ENTITY_KINDS.get(entity, (entity,)) if (validator := validator_for(dialect, kind))
    ]
    assert all(targets <= properties for properties in described)
    assert described or not targets
