"""The BlueJet stand-in's dialect `data`: inserting, changing, insert-or-update, deleting."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sandbox.bluejet.server import BlueJetSandbox
from tests.sandbox.bluejet_caller import Caller, pairs


@pytest.fixture
def bluejet() -> Iterator[Caller]:
    caller = Caller(BlueJetSandbox(seed=False).start())
    yield caller
    caller.close()


def _order_with_lines(count: int = 2) -> dict[str, Any]:
    lines = [
        {"no": 322, "reference": f"$line{number}$", "columns": pairs(objednavkaid="$order$", nazev=f"Řádek {number}", mnozstvi=1)}
        for number in range(count)
    ]
    columns = pairs(nazev="Objednávka", externiidsupl="shoptet:O1", cenadphprodej="242")
    return {"dataObject": {"no": 321, "reference": "$order$", "columns": columns, "innerObjects": lines}}


def _message(bluejet: Caller, how: str, body: Any, status: int = 400) -> str:
    answer = bluejet.write(how, body)
    assert answer.status_code == status, answer.text
    return str(answer.json()["message"])


@pytest.mark.parametrize(
    ("body", "query"),
    [
        ({"columns": pairs(code="P", name="Pánev")}, {"no": 217}),
        ({"no": 217, "columns": pairs(code="P", name="Pánev")}, {}),
        ({"dataObject": {"no": 217, "columns": pairs(CODE="P", Name="Pánev")}}, {}),
        ({"dataObjects": [{"no": 217, "columns": pairs(code="P", name="Pánev")}]}, {}),
        ({"dataObjectRows": [{"no": 217, "fields": {"code": "P", "name": "Pánev"}}]}, {}),
    ],
)
def test_an_insert_is_understood_in_every_form_in_circulation(bluejet: Caller, body: Any, query: dict[str, int]) -> None:
    (row,) = bluejet.written("insert", body, **query)

    assert row["action"] == "inserted"
    assert row["no"] == 217
    assert bluejet.store.get("product", row["id"])["name"] == "Pánev"


def test_an_instance_that_knows_one_form_refuses_the_others(bluejet: Caller) -> None:
    bluejet.sandbox.options.write_forms = ("S3",)

    assert bluejet.write("insert", bluejet.product("P")).status_code == 400


def test_an_order_comes_with_its_lines_in_one_request(bluejet: Caller) -> None:
    rows = bluejet.written("insert", _order_with_lines(20))

    order = rows[0]["id"]
    assert [row["reference"] for row in rows[:2]] == ["$order$", "$line0$"]
    assert len(bluejet.store.lines("order", order)) == 20
    assert {line["objednavkaid"] for line in bluejet.store.rows("order_line")} == {order}


def test_flat_rows_refer_to_earlier_ones_by_reference(bluejet: Caller) -> None:
    company = {"no": 225, "reference": "$1$", "fields": {"name": "ABC s.r.o."}}
    contact = {"no": 222, "fields": {"lastname": "Nováková", "customerid": "$1$"}}

    rows = bluejet.written("insert", {"dataObjectRows": [company, contact]})

    assert bluejet.store.rows("contact")[0]["customerid"] == rows[0]["id"]


def test_a_refused_line_leaves_nothing_of_its_order(bluejet: Caller) -> None:
    body = _order_with_lines(3)
    body["dataObject"]["innerObjects"][2]["columns"] = pairs(objednavkaid="$order$", nazev="Bez množství")

    message = _message(bluejet, "insert", body)

    assert "mnozstvi" in message
    assert bluejet.store.count("order") == bluejet.store.count("order_line") == 0
    assert bluejet.sandbox.journal.commits == []


def test_documents_are_numbered_and_dated_by_the_server(bluejet: Caller) -> None:
    bluejet.written("insert", {"dataObjects": [{"no": 293, "columns": []}, {"no": 293, "columns": []}]})

    first, second = bluejet.store.rows("offer")

    assert first["kodnabidky"].split("/")[0] == "1"
    assert second["kodnabidky"].split("/")[0] == "2"
    assert first["statuscode"] == "Probíhající"
    assert first["datumvystaveni"]


def test_a_number_that_the_writer_gives_is_kept(bluejet: Caller) -> None:
    bluejet.written("insert", {"dataObject": {"no": 321, "columns": pairs(kodobjednavky="2026000123")}})

    assert bluejet.store.rows("order")[0]["kodobjednavky"] == "2026000123"


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ({"code": "P"}, "name"),
        ({"code": "P", "name": "X", "neznamy": "1"}, "neznamy"),
        ({"code": "P", "name": "X", "zasoba": "1"}, "zasoba"),
        ({"code": "P", "name": "X", "modifiedon": "2026-01-01"}, "modifiedon"),
        ({"code": "P", "name": "X", "cenaprodej": "dvacet"}, "cenaprodej"),
        ({"code": "P", "name": "X", "mena": "Kč"}, "mena"),
        ({"code": "P", "name": "X", "zobrazit": "možná"}, "zobrazit"),
        ({"code": "P", "name": "X", "productid": str(uuid.uuid4())}, "productid"),
    ],
)
def test_a_column_that_does_not_fit_is_a_400_that_names_it(bluejet: Caller, columns: dict[str, str], named: str) -> None:
    message = _message(bluejet, "insert", {"dataObject": {"no": 217, "columns": pairs(**columns)}})

    assert named in message
    assert bluejet.store.count("product") == 0


@pytest.mark.parametrize("value", ["není-guid", "6f0c2a51-8f5e-4a50-9c5e-0d8f4d2f1b77", "$unknown$"])
def test_a_foreign_key_without_its_record_is_a_400(bluejet: Caller, value: str) -> None:
    message = _message(bluejet, "insert", {"dataObject": {"no": 222, "columns": pairs(lastname="Nový", customerid=value)}})

    assert "customerid" in message or "$unknown$" in message


def test_more_than_ten_objects_are_a_400(bluejet: Caller) -> None:
    rows = [{"no": 217, "fields": {"code": f"P{number}", "name": "Pánev"}} for number in range(11)]

    assert _message(bluejet, "insert", {"dataObjectRows": rows})
    assert len(bluejet.written("insert", {"dataObjectRows": rows[:10]})) == 10


def test_inner_objects_count_towards_the_ten_by_a_knob(bluejet: Caller) -> None:
    bluejet.sandbox.options.count_inner = True

    assert bluejet.write("insert", _order_with_lines(10)).status_code == 400
    assert bluejet.write("insert", _order_with_lines(9)).status_code == 200


def test_an_update_needs_the_key_and_changes_only_what_it_names(bluejet: Caller) -> None:
    id_ = bluejet.store.insert("product", code="P", name="Pánev", cenaprodej="10")

    (row,) = bluejet.written("update", {"dataObject": {"no": 217, "columns": pairs(productid=id_, cenaprodej="12,50")}})

    assert row == {"action": "updated", "id": id_, "no": 217, "reference": None}
    assert bluejet.store.get("product", id_)["cenaprodej"] == "12.5"
    assert bluejet.store.get("product", id_)["name"] == "Pánev"
    assert "productid" in _message(bluejet, "update", {"dataObject": {"no": 217, "columns": pairs(cenaprodej="1")}})


def test_an_update_of_what_is_not_there_is_a_404(bluejet: Caller) -> None:
    _message(bluejet, "update", {"dataObject": {"no": 217, "columns": pairs(productid=str(uuid.uuid4()), name="X")}}, 404)


def test_a_required_column_cannot_be_emptied(bluejet: Caller) -> None:
    id_ = bluejet.store.insert("product", code="P", name="Pánev")

    assert "name" in _message(bluejet, "update", {"dataObject": {"no": 217, "columns": pairs(productid=id_, name="")}})


def test_insert_or_update_inserts_first_and_updates_then(bluejet: Caller) -> None:
    body = bluejet.product("P", externiidsupl="shoptet:P")
    body["dataObject"]["condition"] = "externiidsupl|=|shoptet:P"

    first = bluejet.written("upsert", body)
    second = bluejet.written("upsert", body)

    assert (first[0]["action"], second[0]["action"]) == ("inserted", "updated")
    assert first[0]["id"] == second[0]["id"]
    assert bluejet.store.count("product") == 1


def test_insert_or_update_takes_lines_by_their_own_conditions(bluejet: Caller) -> None:
    body = _order_with_lines(2)
    body["dataObject"]["condition"] = "externiidsupl|=|shoptet:O1"
    for number, line in enumerate(body["dataObject"]["innerObjects"]):
        line["columns"] += pairs(externiidsupl=f"shoptet:O1:{number}")
        line["condition"] = f"externiidsupl|=|shoptet:O1:{number}"

    bluejet.written("upsert", body)
    bluejet.written("upsert", body)

    assert (bluejet.store.count("order"), bluejet.store.count("order_line")) == (1, 2)


def test_insert_or_update_refuses_a_condition_that_finds_two(bluejet: Caller) -> None:
    for _twice in range(2):
        bluejet.store.insert("product", code="P", name="Pánev")
    body = bluejet.product("P")
    body["dataObject"]["condition"] = "code|=|P"

    assert "2" in _message(bluejet, "upsert", body)


def test_twenty_insert_or_updates_at_once_make_one_row(bluejet: Caller) -> None:
    body = bluejet.product("P", externiidsupl="shoptet:P")
    body["dataObject"]["condition"] = "externiidsupl|=|shoptet:P"

    with ThreadPoolExecutor(10) as pool:
        rows = list(pool.map(lambda _number: bluejet.written("upsert", body)[0], range(20)))

    assert bluejet.store.count("product") == 1
    assert [row["action"] for row in rows].count("inserted") == 1


def test_two_plain_inserts_make_two_rows_even_with_one_external_id(bluejet: Caller) -> None:
    for _twice in range(2):
        bluejet.written("insert", bluejet.product("P", externiidsupl="shoptet:P"))

    assert len(bluejet.store.find("product", "externiidsupl", "shoptet:P")) == 2


def test_an_instance_may_refuse_a_second_external_id(bluejet: Caller) -> None:
    bluejet.sandbox.options.unique_external_ids = True
    bluejet.written("insert", bluejet.product("P", externiidsupl="shoptet:P"))

    assert bluejet.write("insert", bluejet.product("Q", externiidsupl="shoptet:P")).status_code == 409


def test_a_deleted_order_takes_its_lines_along(bluejet: Caller) -> None:
    order = bluejet.written("insert", _order_with_lines(3))[0]["id"]

    answer = bluejet.http.delete(f"{bluejet.sandbox.data_url}/data", params={"no": 321, "id": order}, timeout=5)

    assert answer.status_code == 200
    assert bluejet.store.count("order") == bluejet.store.count("order_line") == 0


def test_a_delete_of_what_is_not_there_is_a_404(bluejet: Caller) -> None:
    params = {"no": 321, "id": str(uuid.uuid4())}

    assert bluejet.http.delete(f"{bluejet.sandbox.data_url}/data", params=params, timeout=5).status_code == 404


def test_a_record_in_use_cannot_be_deleted(bluejet: Caller) -> None:
    company = bluejet.store.insert("company", name="ABC")
    bluejet.store.insert("order", customerid=company)

    answer = bluejet.http.delete(f"{bluejet.sandbox.data_url}/data", params={"no": 225, "id": company}, timeout=5)

    assert answer.status_code == 400
    assert bluejet.store.count("company") == 1


def test_remove_deletes_several_or_none(bluejet: Caller) -> None:
    ids = [bluejet.store.insert("product", code=f"P{number}", name="Pánev") for number in range(3)]
    gone = [{"no": 217, "id": str(uuid.uuid4())}]

    _message(bluejet, "remove", {"dataObjectRows": [{"no": 217, "id": ids[0]}, *gone]}, 404)
    before = bluejet.store.count("product")
    bluejet.written("remove", {"dataObjects": [{"no": 217, "id": id_} for id_ in ids[:2]]})

    assert (before, bluejet.store.count("product")) == (3, 1)


def test_sums_are_the_writers_unless_the_instance_computes_them(bluejet: Caller) -> None:
    body = _order_with_lines(2)
    for line in body["dataObject"]["innerObjects"]:
        line["columns"] += pairs(cenaprodej="50", cenadphprodej="60.5")
    bluejet.written("insert", body)
    bluejet.sandbox.options.compute_totals = True
    bluejet.written("insert", body)

    given, computed = bluejet.store.rows("order")

    assert given["cenadphprodej"] == "242"
    assert (computed["cenaprodej"], computed["celkemdph"]) == ("100", "21.0")


@pytest.mark.parametrize("body", ["[]", "{", '"text"', '{"dataObject": [1]}', '{"columns": [{"value": 1}]}', ""])
def test_a_body_that_is_no_write_is_a_400(bluejet: Caller, body: str) -> None:
    answer = bluejet.http.post(f"{bluejet.sandbox.data_url}/data?no=217", data=body, timeout=5)

    assert answer.status_code == 400
