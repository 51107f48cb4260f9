"""What a source expression may be, how it is refused, and how much it may cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from mappings.expressions import MAX_LENGTH, BadSource, SourceFailed, all_read, compile_source, fields_read

ORDER: dict[str, Any] = {
    "total": Decimal("10.10"),
    "customer": {"email": "jan@example.com", "tags": ["a", "b"]},
    "items": [
        {"code": "A", "total": Decimal("0.10"), "type": "product"},
        {"code": "B", "total": Decimal("10.00"), "type": "shipping"},
    ],
}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("total", Decimal("10.10")),
        ("customer.email", "jan@example.com"),
        ("customer.email.domain", None),
        ("nothing.at.all", None),
        ("items[0].code", "A"),
        ("items[?type=='shipping'].code | [0]", "B"),
        ("items[?total > `1`].code", ["B"]),
        ("sum(items[].total)", Decimal("10.10")),
        ("sum([total, `0.2`])", Decimal("10.30")),
        ("max(items[].total)", Decimal("10.00")),
        ("avg(items[].total)", Decimal("5.05")),
        ("abs(total)", Decimal("10.10")),
        ("to_number('1.10')", Decimal("1.1")),
        ("to_number(total)", Decimal("10.10")),
        ("to_string(total)", "10.10"),
        ("type(total)", "number"),
        ("sort_by(items, &total)[-1].code", "B"),
        ("not_null(nothing, customer.email)", "jan@example.com"),
        ("total == `10.10` || 'else'", "else"),
        ("'a' < `1`", None),
        ("customer.tags == ['a', 'b']", True),
        ("{id: total, name: customer.email}", {"id": Decimal("10.10"), "name": "jan@example.com"}),
    ],
)
def test_an_expression_reads_the_record_and_counts_in_decimals(source: str, value: Any) -> None:
    assert compile_source(source)(ORDER) == value


@pytest.mark.parametrize(
    ("source", "position", "words"),
    [
        ("", 1, "empty"),
        ("   ", 1, "empty"),
        ("name.", 6, "ends too early"),
        ("name[", 6, "ends too early"),
        ("na me", 4, "“me” at character 4 does not belong there"),
        ("name ~ x", 6, "“~” at character 6 is not understood"),
        ("name = 'x'", 6, "“=” at character 6 is not understood"),
        ("a" * (MAX_LENGTH + 1), MAX_LENGTH + 1, "longer than 500"),
    ],
)
def test_a_wrong_expression_is_refused_at_its_position_with_a_sentence(source: str, position: int, words: str) -> None:
    with pytest.raises(BadSource, match=words) as refusal:
        compile_source(source)

    assert refusal.value.position == position


@pytest.mark.parametrize(
    "source",
    ["[" * 200 + "a" + "]" * 200, "!" * 480 + "a", "a|" * 200 + "a", "&" * 400 + "a"],
)
def test_an_expression_nested_too_deeply_is_refused(source: str) -> None:
    with pytest.raises(BadSource):
        compile_source(source)


@pytest.mark.parametrize("source", ["sum(customer.email)", "customer.tags[::0]", "join(', ', items)", "contains('a', `1`)"])
def test_an_expression_that_does_not_fit_the_record_fails_with_a_sentence(source: str) -> None:
    read = compile_source(source)

    with pytest.raises(SourceFailed, match="does not fit this record"):
        read(ORDER)


@pytest.mark.parametrize(
    "source",
    [
        "|".join(["[@,@]"] * 20),
        "|".join(["[@,@]"] * 20) + "|to_string(@)",
        "|".join(["[@,@][]"] * 20),
        "a|" + "|".join(["join('',[@,@])"] * 22),
        "items" + "|map(&[@,@,@,@,@,@,@,@,@][],@)[]" * 7,
    ],
)
def test_an_expression_that_multiplies_itself_is_stopped(source: str) -> None:
    read = compile_source(source)

    with pytest.raises(SourceFailed, match="too much work"):
        read({**ORDER, "a": "x" * 100})


def test_a_failure_does_not_repeat_the_record_to_whoever_reads_it() -> None:
    read = compile_source("sum(customer.email)")

    with pytest.raises(SourceFailed) as failure:
        read(ORDER)

    assert "jan@" not in str(failure.value)


@pytest.mark.parametrize(
    ("source", "position", "words"),
    [
        ("frobnicate(a)", 1, "There is no function “frobnicate”. Known are: abs, avg"),
        ("name || lenght(items)", 9, "Did you mean “length”?"),
        ("[code, contains(name)]", 8, "The function “contains” takes 2 values."),
        ("items | sort_by(@, name)", 9, "needs an & before value 2"),
        ("length(&name)", 1, "takes no & before value 1"),
    ],
)
def test_a_call_that_can_never_work_is_refused_at_its_place(source: str, position: int, words: str) -> None:
    with pytest.raises(BadSource) as refusal:
        compile_source(source)

    assert refusal.value.position == position
    assert words in str(refusal.value)
    assert f"(character {position})" in str(refusal.value)


@pytest.mark.parametrize(
    "source", ["not_null(toPay, total)", "'length('", '`"join("`', '"sort_by"', "merge(a, b, c)", "contains(name, `old`)", "``"]
)
def test_a_good_call_and_one_in_quotes_are_left_alone(source: str) -> None:
    compile_source(source)


@pytest.mark.parametrize(
    ("source", "fields"),
    [
        ("customer.email", ["customer"]),
        ("items[?type=='product'].name | [0]", ["items"]),
        ("{id: status, name: statusName}", ["status", "statusName"]),
        ("[[firstName, lastName][?@], [fullName][?@]] | [0]", ["firstName", "lastName", "fullName"]),
        ("sort_by(items, &name)[0].code", ["items"]),
        ("!paid && total > `5`", ["paid", "total"]),
    ],
)
def test_the_fields_that_an_expression_reads_from_the_record_are_known(source: str, fields: list[str]) -> None:
    assert sorted(fields_read(source)) == sorted(fields)


@pytest.mark.parametrize(
    ("source", "paths"),
    [
        ("shipping.carrierId", {"shipping", "shipping.carrierId"}),
        ("shipping.[carrier, service]", {"shipping", "shipping.carrier", "shipping.service"}),
        ("shipping.{a: carrier} | a", {"shipping", "shipping.carrier", "shipping.a"}),
        ("items[].stockLocation", {"items", "items.stockLocation"}),
        ("items[?code=='x'] | [0].surcharges", {"items", "items.code", "items.surcharges"}),
        ("join(', ', [shipping.service, remark])", {"shipping", "shipping.service", "remark"}),
    ],
)
def test_what_an_expression_reads_in_a_field_is_known_however_it_is_written(source: str, paths: set[str]) -> None:
    assert all_read(source) == paths


def test_an_expression_of_many_steps_is_looked_through_in_time() -> None:
    assert {"a", "b", "a.c", "b.d"} <= all_read("[a, b]" + " | [c, d]" * 40)


def test_an_expression_stops_when_its_time_is_over() -> None:
    read = compile_source("items[].[@, name, code][]")

    with pytest.raises(SourceFailed, match="too much work"):
        read({"items": [{"name": "a", "code": "b"}] * 200}, 0.0)
