"""Everything that keeps a set of mappings from being put into force has a place and a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from mappings.contents import normal_content
from mappings.draft_problems import RowProblem, problems_of
from mappings.models import FieldMapping
from mappings.packs import pack_rows
from shops.models import Shop


def field(**columns: Any) -> dict[str, Any]:
    """Return a row for addresses, of which no target is required."""
    return {"entity": "address", "target": "town", "source": "city", **columns}


def found_in(*rows: dict[str, Any], **tables: list[dict[str, Any]]) -> list[RowProblem]:
    """Check these rows and tables."""
    return problems_of(normal_content({"format": 1, "fields": list(rows), "tables": tables}), "data")


@pytest.mark.parametrize("dialect", ["data", "rest"])
def test_the_default_mappings_have_no_problem(dialect: str) -> None:
    content = normal_content({"format": 1, "fields": [vars(row) for row in pack_rows(dialect)], "tables": {}})

    assert problems_of(content, dialect) == []


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (field(source="city ||"), "source", "ends too early"),
        (field(source="city ]"), "source", "“]” at character 6"),
        (field(source="city || citty"), "source", "“citty” does not exist in a record of Shoptet (character 9). Did you mean “city”?"),
        (field(transform="strip|shout"), "transform", "no transform “shout”"),
        (field(transform="truncate:many"), "transform", "truncate"),
        (field(source="", required=True), "source", "Give a source expression"),
        (field(target="mesto!"), "target", "cannot be a field's name"),
        (field(target=""), "target", "cannot be blank"),
        (field(target="x" * 101), "target", "at most 100 characters"),
        (field(entity="invoice"), "entity", "not a valid choice"),
        (field(when="sometimes"), "when", "not a valid choice"),
        (field(position=-1), "position", "greater than or equal to 0"),
        (field(transform="number", default="many"), "default", "is not a number"),
    ],
)
def test_a_wrong_row_is_named_with_its_column_and_a_sentence(row: dict[str, Any], column: str, words: str) -> None:
    (problem,) = found_in(field(target="street1"), row)

    assert (problem.place, problem.column) == ("fields/1", column)
    assert words in problem.sentence


def test_two_active_rows_cannot_fill_one_target() -> None:
    (problem,) = found_in(field(), field(source="district"), field(source="region", active=False))

    assert (problem.place, problem.column) == ("fields/1", "target")


def test_two_rows_cannot_translate_one_value() -> None:
    rows = [{"shoptet_id": "1", "bluejet_value": "a"}, {"shoptet_id": "1", "bluejet_value": "b"}]

    (problem,) = found_in(status=rows)

    assert (problem.place, problem.column) == ("tables/status/1", "shoptet_id")


def test_a_value_needs_its_counterpart() -> None:
    (problem,) = found_in(status=[{"shoptet_id": "1"}])

    assert (problem.place, problem.column) == ("tables/status/0", "bluejet_value")


def test_a_pair_of_fields_is_not_written_always_in_both_directions() -> None:
    back = field(direction="to_shoptet", source="town", target="city")

    (problem,) = found_in(field(), back)

    assert (problem.place, problem.column) == ("fields/1", "when")
    assert "one side must be the master" in problem.sentence


@pytest.mark.parametrize("change", [{"when": "create"}, {"active": False}, {"entity": "contact"}, {"source": "street1"}])
def test_a_pair_may_be_written_both_ways_if_not_always(change: dict[str, Any]) -> None:
    back = field(direction="to_shoptet", source="town", target="city") | change

    assert [problem for problem in found_in(field(), back) if problem.column == "when"] == []


def test_a_target_that_bluejet_cannot_do_without_needs_a_row() -> None:
    (problem,) = found_in({"entity": "company", "target": "ico", "source": "companyId"})

    assert (problem.place, problem.column) == ("", "target")
    assert problem.sentence == "BlueJet needs “name” of every company, and no active row fills it."


def test_the_plain_form_refuses_a_pair_written_both_ways(shop: Shop) -> None:
    FieldMapping.objects.create(shop=shop, **field())
    back = FieldMapping(shop=shop, **field(direction="to_shoptet", source="town", target="city"))

    with pytest.raises(ValidationError) as refused:
        back.full_clean()

    assert "when" in refused.value.message_dict
