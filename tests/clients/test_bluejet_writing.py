"""Writing in the dialect `data`, against a wire."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import requests

from clients.bluejet import LineWrite, RowRefused, Write, Written
from clients.errors import OutcomeUnknown, PartnerUnavailable, Refused, TooLarge
from tests.contracts.bluejet_wire import GUID, Wire, answer, client_on, results


def created(number: int, no: int = 217, reference: int | None = None) -> dict[str, Any]:
    return {"action": "inserted", "id": f"id-{number}", "no": no, "reference": f"${reference or number}$"}


def product(code: str, **options: Any) -> Write:
    return Write("product", {"code": code, "cenaprodej": Decimal("149.90"), "zobrazit": True}, **options)


def order(*keys: str, **options: Any) -> Write:
    lines = tuple(LineWrite(key, {"nazev": f"Položka {key}", "mnozstvi": Decimal("2")}) for key in keys)
    return Write("offer", {"nazev": "Objednávka"}, external_id="shoptet:1", lines=lines, **options)


def columns(body: dict[str, Any]) -> dict[str, str]:
    return {pair["name"]: pair["value"] for pair in body["columns"]}


def test_several_records_go_in_one_request_and_their_results_keep_their_order() -> None:
    wire = Wire(results(created(2), created(1)))

    outcomes = client_on(wire).write([product("A", external_id="shoptet:a"), product("B")])

    assert outcomes == [Written("id-1", "inserted"), Written("id-2", "inserted")]
    assert wire.sent[0].method == "POST"
    assert columns(wire.sent[0].json["dataObjects"][0]) == {
        "externiidsupl": "shoptet:a",
        "code": "A",
        "cenaprodej": "149.90",
        "zobrazit": "1",
    }


def test_a_document_is_created_with_its_lines_in_one_request() -> None:
    lines = ({"action": "inserted", "id": f"line-{n}", "no": 291, "reference": f"${n}$"} for n in (2, 3))
    wire = Wire(results(created(1, no=293), *lines))

    (written,) = client_on(wire).write([order("10", "11")])

    sent = wire.sent[0].json["dataObject"]
    assert written == Written("id-1", "inserted", {"10": "line-2", "11": "line-3"})
    assert [columns(child)["nabidkaid"] for child in sent["innerObjects"]] == [sent["reference"]] * 2
    assert columns(sent["innerObjects"][0])["externiidsupl"] == "10"


def test_lines_beyond_the_knob_follow_their_document() -> None:
    wire = Wire(results(created(1, no=293), created(2, no=291)), results(created(3, no=291, reference=1)))

    (written,) = client_on(wire, {"options": {"lines_per_write": 1}}).write([order("10", "11")])

    assert written == Written("id-1", "inserted", {"10": "id-2", "11": "id-3"})
    assert columns(wire.sent[1].json["dataObject"])["nabidkaid"] == "id-1"


def test_documents_share_a_request_as_long_as_their_lines_fit() -> None:
    wire = Wire(
        results(created(1, no=293), created(2, no=291), created(3, no=293), created(4, no=291)),
        results(created(1, no=293), created(2, no=291)),
    )

    outcomes = client_on(wire, {"options": {"lines_per_write": 2}}).write([order("1"), order("2"), order("3")])

    assert [outcome.id for outcome in outcomes] == ["id-1", "id-3", "id-1"]
    assert len(wire.sent) == 2


def test_a_document_whose_later_lines_fail_names_its_id_with_the_error() -> None:
    wire = Wire(results(created(1, no=293)), requests.ReadTimeout())

    (outcome,) = client_on(wire, {"options": {"lines_per_write": 0}}).write([order("10")])

    assert isinstance(outcome, RowRefused)
    assert outcome.id == "id-1"
    assert outcome.is_outcome_unknown


def test_an_update_changes_adds_and_removes_lines_after_the_header() -> None:
    wire = Wire(
        results({"action": "updated", "id": GUID, "reference": "$1$"}),
        results({"action": "updated", "id": "line-a", "reference": "$1$"}),
        results({"action": "inserted", "id": "line-new", "reference": "$1$"}),
        results(),
    )
    lines = (LineWrite("10", {"mnozstvi": 3}, "line-a"), LineWrite("12", {"nazev": "Nová"}))

    (written,) = client_on(wire).write([Write("offer", {"statuscode": "Odeslaná"}, GUID, lines=lines, removed_lines=("line-b",))])

    assert written == Written(GUID, "updated", {"10": "line-a", "12": "line-new"})
    assert [(sent.method, sent.path) for sent in wire.sent] == [("PUT", "data"), ("PUT", "data"), ("POST", "data"), ("POST", "data/remove")]
    assert columns(wire.sent[1].json["dataObject"]) == {"polozkaid": "line-a", "mnozstvi": "3"}
    assert columns(wire.sent[2].json["dataObject"])["nabidkaid"] == GUID
    assert wire.sent[3].json == {"dataObjects": [{"no": 291, "id": "line-b"}]}


def test_lines_that_are_gone_already_are_removed_one_by_one() -> None:
    wire = Wire(answer({"message": "neexistuje"}, 404), answer({"message": "neexistuje"}, 404), results())

    (written,) = client_on(wire).write([Write("offer", {}, GUID, removed_lines=("a", "b"))])

    assert written == Written(GUID, "updated")
    assert [(sent.method, sent.params.get("id")) for sent in wire.sent[1:]] == [("DELETE", "a"), ("DELETE", "b")]


def test_an_upsert_carries_its_condition_and_its_external_id() -> None:
    wire = Wire(results({"action": "updated", "id": GUID, "reference": "$1$"}))

    (written,) = client_on(wire).write([product("A", external_id="shoptet:a", upsert=True)])

    assert written == Written(GUID, "updated")
    assert wire.sent[0].path == "data/insertorupdate"
    assert wire.sent[0].json["dataObject"]["condition"] == "externiidsupl|=|shoptet:a"


def test_a_document_cannot_be_upserted_since_its_lines_would_be_doubled() -> None:
    client = client_on(Wire())

    assert not client.can_upsert("offer")
    assert client.can_upsert("product")
    with pytest.raises(ValueError, match="it has none, or it has lines"):
        client.write([order("10", upsert=True)])


def test_creates_updates_and_upserts_of_one_call_go_apart() -> None:
    wire = Wire(
        results(created(1)), results({"id": GUID, "action": "updated", "reference": "$1$"}), results({"id": "id-3", "reference": "$1$"})
    )

    outcomes = client_on(wire).write([product("A"), product("B", id=GUID), product("C", external_id="c", upsert=True)])

    assert [outcome.id for outcome in outcomes] == ["id-1", GUID, "id-3"]
    assert [(sent.method, sent.path) for sent in wire.sent] == [("POST", "data"), ("PUT", "data"), ("POST", "data/insertorupdate")]


def test_more_records_than_a_request_takes_are_cut() -> None:
    wire = Wire(results(*[created(n) for n in range(1, 11)]), results(created(1)))

    outcomes = client_on(wire).write([product(f"K{n}") for n in range(11)])

    assert len(outcomes) == 11
    assert len(wire.sent) == 2


def test_an_answer_that_lacks_an_id_leaves_that_record_unknown() -> None:
    wire = Wire(results(created(1)))

    first, second = client_on(wire).write([product("A"), product("B")])

    assert isinstance(first, Written)
    assert isinstance(second, RowRefused)
    assert second.is_outcome_unknown


def test_an_answer_without_references_counts_by_position_where_it_is_complete() -> None:
    rows = [{"action": "inserted", "id": "id-1", "no": 217}, {"action": "inserted", "id": "id-2", "no": 217}]

    outcomes = client_on(Wire(results(*rows))).write([product("A"), product("B")])

    assert [outcome.id for outcome in outcomes] == ["id-1", "id-2"]


def test_an_answer_without_references_counts_for_nothing_where_a_row_is_missing() -> None:
    outcomes = client_on(Wire(results({"action": "inserted", "id": "id-1"}))).write([product("A"), product("B")])

    assert all(isinstance(outcome, RowRefused) and outcome.is_outcome_unknown for outcome in outcomes)


def test_an_update_is_recognised_by_the_id_it_named() -> None:
    wire = Wire(answer([{"ID": GUID.upper()}, {"ID": "something-else"}]))

    first, second = client_on(wire).write([product("A", id=GUID), product("B", id="b")])

    assert isinstance(first, Written)
    assert isinstance(second, RowRefused)


def test_a_row_that_is_refused_with_a_message_spares_its_neighbours() -> None:
    refused = {"reference": "$2$", "id": None, "message": "Neznámá měna"}
    wire = Wire(results(created(1), refused))

    first, second = client_on(wire).write([product("A"), product("B")])

    assert isinstance(first, Written)
    assert isinstance(second, RowRefused)
    assert "Neznámá měna" in str(second.error)
    assert not second.is_outcome_unknown


def test_a_refusal_of_the_first_request_is_raised_for_the_caller_to_bisect() -> None:
    with pytest.raises(Refused, match="Neznámý sloupec"):
        client_on(Wire(answer({"message": "Neznámý sloupec"}, 400))).write([product("A"), product("B")])


def test_a_batch_that_is_too_large_says_so() -> None:
    with pytest.raises(TooLarge):
        client_on(Wire(answer(status=413))).write([product("A"), product("B")])


def test_a_later_refusal_is_the_outcome_of_its_own_records_and_tells_that_they_were_several() -> None:
    wire = Wire(results(created(1)), answer({"message": "ne"}, 400), results({"id": GUID, "reference": "$1$"}))
    writes = [product("A"), product("B", id="b"), product("C", id="c"), Write("company", {"name": "Firma"}, GUID)]

    outcomes = client_on(wire).write(writes)

    assert isinstance(outcomes[0], Written)
    assert isinstance(outcomes[3], Written)
    assert [isinstance(outcome, RowRefused) and outcome.alone for outcome in outcomes[1:3]] == [False, False]


def test_after_bluejet_went_away_nothing_more_of_the_call_is_sent() -> None:
    lost = [requests.ConnectionError()] * 3
    wire = Wire(results(created(1)), *lost)

    outcomes = client_on(wire).write([product("A"), product("B", id="b"), Write("company", {"name": "Firma"}, GUID)])

    assert [type(outcome.error) for outcome in outcomes[1:] if isinstance(outcome, RowRefused)] == [PartnerUnavailable] * 2
    assert len(wire.sent) == 4


@pytest.mark.parametrize(
    "failure", [requests.ReadTimeout(), requests.ConnectionError("dropped"), answer(status=502), answer(text='{"dataObj')]
)
def test_a_lost_answer_to_an_insert_is_an_unknown_outcome_and_is_not_repeated(failure: Any) -> None:
    wire = Wire(failure)

    with pytest.raises(OutcomeUnknown):
        client_on(wire).write([product("A")])

    assert len(wire.sent) == 1


@pytest.mark.parametrize("write", [product("A", id=GUID), product("A", external_id="a", upsert=True)])
def test_a_lost_answer_to_a_write_that_is_harmless_twice_is_asked_for_again(write: Write) -> None:
    wire = Wire(requests.ReadTimeout(), answer(status=503), results({"id": GUID, "reference": "$1$"}))

    (written,) = client_on(wire, {"options": {"repeat_upserts": True}}).write([write])

    assert written.id == GUID
    assert len(wire.sent) == 3


def test_upserts_are_not_repeated_unless_the_account_says_so() -> None:
    wire = Wire(requests.ReadTimeout())

    with pytest.raises(OutcomeUnknown):
        client_on(wire).write([product("A", external_id="a", upsert=True)])


def test_the_form_of_single_rows_writes_one_record_a_request_and_lines_after_it() -> None:
    wire = Wire(answer({"id": "id-1"}), answer({"id": "id-2"}), answer({"id": "id-3"}))

    (written,) = client_on(wire, {"options": {"write_form": "S1"}}).write([order("10", "11")])

    assert written == Written("id-1", "inserted", {"10": "id-2", "11": "id-3"})
    assert [sent.params for sent in wire.sent] == [{"no": 293}, {"no": 291}, {"no": 291}]
    assert set(wire.sent[0].json) == {"columns"}


def test_the_form_of_field_maps_lists_a_document_before_its_lines() -> None:
    wire = Wire(results(created(1, no=293), created(2, no=291)))

    client_on(wire, {"options": {"write_form": "S3"}}).write([order("10")])

    header, line = wire.sent[0].json["dataObjectRows"]
    assert (header["no"], line["no"]) == (293, 291)
    assert line["fields"]["nabidkaid"] == header["reference"]


def test_a_record_whose_id_is_known_is_updated_though_an_upsert_was_asked_for() -> None:
    wire = Wire(results({"action": "updated", "id": GUID, "reference": "$1$"}))

    client_on(wire).write([product("A", id=GUID, external_id="a", upsert=True)])

    assert (wire.sent[0].method, wire.sent[0].path) == ("PUT", "data")
