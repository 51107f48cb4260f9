"""Reading in the dialect `data`, against a wire."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from clients.errors import MalformedAnswer, Refused
from tests.contracts.bluejet_wire import GUID, Wire, answer, client_on, page

IDENTITY = ["productid", "externiidsupl", "code"]


def product(number: int, **fields: Any) -> dict[str, Any]:
    return {"productid": f"id-{number}", "code": f"K{number}", **fields}


def test_a_search_is_one_condition_on_one_table_in_a_stable_order() -> None:
    wire = Wire(page(product(1, externiidsupl="shoptet:1")))

    found = client_on(wire).find("product", "externiidsupl", "shoptet:1")

    assert [row.id for row in found] == ["id-1"]
    expected = {"no": 217, "offset": 0, "limit": 200, "sort": "+productid", "condition": "externiidsupl|=|shoptet:1"}
    assert wire.sent[0].params == expected


def test_column_names_are_compared_in_lower_case() -> None:
    wire = Wire(page({"ProductID": "id-1", "Code": "K1"}))

    (row,) = client_on(wire).find("product", "Code", "k1")

    assert row.fields == {"productid": "id-1", "code": "K1"}


def test_a_row_that_the_search_did_not_ask_for_is_dropped() -> None:
    wire = Wire(page(product(1), product(2)))

    assert [row.id for row in client_on(wire).find("product", "code", "K2")] == ["id-2"]


def test_an_instance_that_ignores_the_condition_is_found_out_before_its_whole_table_is_read() -> None:
    wire = Wire(page(product(1), product(2), total=100_000))

    with pytest.raises(Refused, match="seems to ignore the condition"):
        client_on(wire, {"options": {"page_size": 2}}).find("product", "code", "K9")


def test_a_search_by_a_column_that_the_rows_do_not_show_is_not_taken_for_no_match() -> None:
    with pytest.raises(Refused, match="do not show this column"):
        client_on(Wire(page(product(1)))).find("product", "externiidsupl", "shoptet:1")


def test_nothing_is_searched_by_an_empty_value() -> None:
    wire = Wire()

    assert client_on(wire).find("product", "ean", "") == []
    assert client_on(wire).find("product", "ean", None) == []


def test_a_document_is_read_with_its_lines() -> None:
    wire = Wire(
        page({"nabidkaid": GUID, "kodnabidky": "1/2026"}),
        page({"polozkaid": "a", "nabidkaid": GUID}, {"polozkaid": "b", "nabidkaid": GUID.upper()}),
    )

    row = client_on(wire).read("offer", GUID)

    assert row is not None
    assert [line.id for line in row.lines] == ["a", "b"]
    assert wire.sent[1].params["no"] == 291
    assert wire.sent[1].params["condition"] == f"nabidkaid|=|{GUID}"


def test_a_document_without_its_lines_costs_one_request() -> None:
    wire = Wire(page({"nabidkaid": GUID}))

    client_on(wire).read("offer", GUID, with_lines=False)

    assert len(wire.sent) == 1


def test_a_record_that_is_not_there_is_none() -> None:
    assert client_on(Wire(page())).read("product", GUID) is None


def test_pages_go_on_where_the_instance_gives_fewer_rows_than_asked_for() -> None:
    wire = Wire(page(product(1), product(2), total=3), page(product(3), total=3))

    pages = list(client_on(wire).pages("product"))

    assert [[row.id for row in rows] for rows in pages] == [["id-1", "id-2"], ["id-3"]]
    assert [sent.params["offset"] for sent in wire.sent] == [0, 2]


def test_a_total_that_shifts_brings_a_second_pass_and_every_row_once() -> None:
    wire = Wire(
        page(product(1), product(2), total=4),
        page(product(4), total=3),
        page(product(2), product(3), total=3),
        page(product(4), total=3),
    )

    pages = list(client_on(wire, {"options": {"page_size": 2}}).pages("product"))

    assert [row.id for rows in pages for row in rows] == ["id-1", "id-2", "id-4", "id-3"]


def test_a_row_skipped_while_the_total_stayed_the_same_is_found_by_the_count() -> None:
    wire = Wire(
        page(product(1), product(2), total=4),
        page(product(2), product(4), total=4),
        page(product(1), product(2), total=4),
        page(product(3), product(4), total=4),
    )

    pages = list(client_on(wire, {"options": {"page_size": 2}}).pages("product"))

    assert sorted(row.id for rows in pages for row in rows) == ["id-1", "id-2", "id-3", "id-4"]


def test_reading_ends_though_the_rows_never_come_to_rest(caplog: pytest.LogCaptureFixture) -> None:
    wire = Wire(*[step for _ in range(3) for step in (page(product(1), total=2), page(product(2), total=3), page(total=4))])

    pages = list(client_on(wire).pages("product"))

    assert len(pages) == 2
    assert "kept moving" in caplog.text


def test_changes_are_asked_for_on_the_clock_of_the_instance() -> None:
    wire = Wire(page(), page())

    list(client_on(wire).pages("product", changed_since=datetime(2026, 7, 1, 12, 0, tzinfo=UTC)))

    assert wire.sent[1].params["condition"] == "modifiedon|>=|2026-07-01T14:00:00"


def test_an_instance_without_a_time_of_change_is_read_whole() -> None:
    wire = Wire(answer({"message": "Neznámý sloupec modifiedon"}, 400), page(product(1)), page(product(1)))
    client = client_on(wire)

    first = list(client.pages("product", changed_since=datetime(2026, 7, 1, tzinfo=UTC)))
    second = list(client.pages("product", changed_since=datetime(2026, 7, 1, tzinfo=UTC)))

    assert len(first) == len(second) == 1
    assert "condition" not in wire.sent[1].params
    assert len(wire.sent) == 3


def test_a_table_that_refuses_fields_is_read_in_whole_rows() -> None:
    wire = Wire(answer({"message": "fields"}, 400), page(product(1)), page(product(1)))
    client = client_on(wire)

    first, second = ([row.id for page in client.pages("product", fields=IDENTITY) for row in page] for _ in range(2))

    assert first == second == ["id-1"]
    assert ["fields" in sent.params for sent in wire.sent] == [True, False, False]


def test_a_reader_that_names_fields_asks_for_them_alone() -> None:
    wire = Wire(page(product(1, externiidsupl="shoptet:1")))

    ((row,),) = client_on(wire).pages("product", fields=IDENTITY)

    assert (row.id, row.fields["externiidsupl"]) == ("id-1", "shoptet:1")
    assert wire.sent[0].params["fields"] == "productid,externiidsupl,code"


def test_columns_are_those_of_the_first_row() -> None:
    assert client_on(Wire(page(product(1)))).columns("product") == ["productid", "code"]
    assert client_on(Wire(page())).columns("product") == []


def test_a_kind_without_a_number_asks_for_configuration() -> None:
    client = client_on(Wire())
    client.evidences["order_line"] = type(client.evidences["order_line"])("order_line")

    with pytest.raises(ValueError, match="“order_line” has no number"):
        client.columns("order_line")


@pytest.mark.parametrize(
    "broken",
    [
        answer({"no": 217}),
        answer({"rows": [{"offset": 0}]}),
        answer({"rows": [{"columns": [{"name": "code", "value": "K1"}]}]}),
        answer({"rows": []}),
        answer([]),
        answer(text='{"rows": [{"colu'),
        answer(text="<html>údržba</html>"),
    ],
)
def test_an_answer_that_is_not_a_page_is_malformed(broken: Any) -> None:
    with pytest.raises(MalformedAnswer):
        client_on(Wire(broken)).find("product", "code", "K1")


def test_a_malformed_answer_shows_no_value_of_a_customer() -> None:
    wire = Wire(answer({"rows": [{"columns": [{"name": "lastname", "value": "Novákovská"}]}]}))

    with pytest.raises(MalformedAnswer) as caught:
        client_on(wire).find("contact", "lastname", "Novákovská")

    assert "Novákovská" not in str(caught.value)
