"""The BlueJet stand-in's journal, faults and other controls."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from sandbox.bluejet.options import Options
from sandbox.bluejet.server import BlueJetSandbox, main
from tests.sandbox.bluejet_caller import Caller


@pytest.fixture
def bluejet(tmp_path: Path) -> Iterator[Caller]:
    caller = Caller(BlueJetSandbox(seed=False, journal=str(tmp_path / "journal.jsonl")).start())
    yield caller
    caller.close()


def test_a_commit_is_in_the_journals_file_when_the_answer_comes(bluejet: Caller, tmp_path: Path) -> None:
    (row,) = bluejet.written("insert", bluejet.product("P", externiidsupl="shoptet:P"))

    (line,) = (tmp_path / "journal.jsonl").read_text(encoding="utf-8").splitlines()

    logged = json.loads(line)
    assert logged["n"] == 1
    assert logged["rows"][0] | {"id": row["id"], "action": "inserted", "externalId": "shoptet:P"} == logged["rows"][0]


def test_a_refused_write_is_not_in_the_journal(bluejet: Caller) -> None:
    bluejet.write("insert", {"dataObject": {"no": 217, "columns": []}})

    assert bluejet.control("GET", "journal").json() == {"last": 0, "commits": []}


def test_the_journal_is_read_from_a_number_on(bluejet: Caller) -> None:
    for code in "ABC":
        bluejet.written("insert", bluejet.product(code))

    answer = bluejet.control("GET", "journal", params={"since": 2}).json()

    assert [commit["n"] for commit in answer["commits"]] == [3]


def test_a_delayed_answer_comes_after_the_commit_was_logged(bluejet: Caller) -> None:
    bluejet.sandbox.fault("delay_answer", seconds=30)

    with pytest.raises(requests.ReadTimeout):
        bluejet.write("insert", bluejet.product("P"), timeout=0.3)

    assert bluejet.sandbox.journal.wait_for(1, 1)


def test_a_late_commit_happens_although_the_client_gave_up(bluejet: Caller) -> None:
    bluejet.sandbox.fault("late_commit", seconds=0.6, times=1)

    with pytest.raises(requests.ReadTimeout):
        bluejet.write("insert", bluejet.product("P"), timeout=0.2)
    before = bluejet.store.count("product")

    assert before == 0
    assert bluejet.sandbox.journal.wait_for(1, 3)
    assert bluejet.store.count("product") == 1


def test_a_late_commit_may_drop_the_connection_long_before(bluejet: Caller) -> None:
    bluejet.sandbox.fault("late_commit", seconds=0.5, hold=0)
    start = time.monotonic()

    with pytest.raises(requests.ConnectionError):
        bluejet.write("insert", bluejet.product("P"))

    assert time.monotonic() - start < 0.4
    assert bluejet.sandbox.journal.wait_for(1, 3)


@pytest.mark.parametrize(("fault", "kept"), [("drop_after", 1), ("drop_before", 0), ("outage", 0)])
def test_a_dropped_connection_leaves_what_was_committed(bluejet: Caller, fault: str, kept: int) -> None:
    bluejet.sandbox.fault(fault, times=1)

    with pytest.raises(requests.ConnectionError):
        bluejet.write("insert", bluejet.product("P"))

    assert bluejet.store.count("product") == kept


@pytest.mark.parametrize(("fault", "status", "kept"), [("error_after", 500, 1), ("500", 500, 0), ("413", 413, 0), ("400", 400, 0)])
def test_a_status_is_answered_before_or_after_the_write(bluejet: Caller, fault: str, status: int, kept: int) -> None:
    bluejet.sandbox.fault(fault, times=1)

    assert bluejet.write("insert", bluejet.product("P")).status_code == status
    assert bluejet.store.count("product") == kept


def test_too_many_requests_say_when_to_come_back(bluejet: Caller) -> None:
    bluejet.sandbox.fault("429", seconds=7)

    answer = bluejet.read(217)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "7"


def test_a_malformed_answer_is_a_200_without_json(bluejet: Caller) -> None:
    bluejet.sandbox.fault("malformed")

    answer = bluejet.read(217)

    assert answer.status_code == 200
    assert answer.text.startswith("<html>")


def test_a_truncated_answer_ends_in_the_middle(bluejet: Caller) -> None:
    bluejet.sandbox.fault("truncated")

    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        bluejet.read(217)


def test_a_slow_answer_takes_its_seconds(bluejet: Caller) -> None:
    bluejet.sandbox.fault("slow", seconds=0.3)

    assert bluejet.read(217).elapsed.total_seconds() >= 0.3


def test_a_fault_strikes_only_what_it_is_meant_for(bluejet: Caller) -> None:
    fault = {"fault": "500", "match": "/data$", "method": "POST", "no": 321, "times": 1, "skip": 1}
    bluejet.control("POST", "faults", json=fault)
    order = {"dataObject": {"no": 321, "columns": []}}

    statuses = [
        bluejet.read(321).status_code,
        bluejet.write("insert", bluejet.product("P")).status_code,
        bluejet.write("insert", order).status_code,
        bluejet.write("insert", order).status_code,
        bluejet.write("insert", order).status_code,
    ]

    assert statuses == [200, 200, 200, 500, 200]


def test_a_fault_spares_the_login_unless_it_is_named(bluejet: Caller) -> None:
    bluejet.sandbox.fault("503")
    bluejet.log_in()
    bluejet.sandbox.faults.switch_off()
    bluejet.sandbox.fault("503", match="authenticate")

    answer = requests.post(f"{bluejet.sandbox.data_url}/users/authenticate", json={}, timeout=5)

    assert answer.status_code == 503


def test_faults_are_listed_and_switched_off(bluejet: Caller) -> None:
    bluejet.control("POST", "faults", json={"fault": "outage"})

    listed = bluejet.control("GET", "faults").json()["faults"]
    off = bluejet.control("DELETE", "faults").json()

    assert [fault["fault"] for fault in listed] == ["outage"]
    assert off == {"switchedOff": 1}
    assert bluejet.read(217).status_code == 200


@pytest.mark.parametrize("body", [{"fault": "flood"}, {"fault": "500", "match": "("}, {"fault": "500", "colour": 1}, []])
def test_an_unknown_fault_is_refused_with_a_sentence(bluejet: Caller, body: object) -> None:
    answer = bluejet.control("POST", "faults", json=body)

    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_server_that_is_down_refuses_connections_and_comes_back(bluejet: Caller) -> None:
    bluejet.sandbox.go_down()

    with pytest.raises(requests.ConnectionError):
        requests.get(bluejet.sandbox.url, timeout=1)
    bluejet.sandbox.come_back()

    assert bluejet.read(217).status_code == 200


def test_sessions_can_be_ended_all_at_once(bluejet: Caller) -> None:
    bluejet.control("POST", "expire-sessions")

    assert bluejet.read(217).status_code == 401


def test_requests_above_the_limit_are_answered_429(bluejet: Caller) -> None:
    bluejet.control("POST", "options", json={"requests_per_second": 3})

    statuses = [bluejet.read(217).status_code for _number in range(5)]

    assert statuses[:3] == [200, 200, 200]
    assert 429 in statuses


@pytest.mark.parametrize(
    "knob",
    [{"gravity": 9.8}, {"max_limit": "many"}, {"over_limit": "ignore"}, {"bad_login_status": 418}, {"write_forms": ["S1", "S4"]}],
)
def test_a_knob_or_a_value_that_does_not_exist_is_refused(bluejet: Caller, knob: dict[str, object]) -> None:
    assert bluejet.control("POST", "options", json=knob).status_code == 400


def test_the_command_line_has_every_knob(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])

    said = capsys.readouterr().out
    assert [name for name in Options().public() if name != "seed" and f"--{name.replace('_', '-')}" not in said] == []


def test_the_counts_tell_requests_writes_and_how_many_ran_at_once(bluejet: Caller) -> None:
    bluejet.written("insert", bluejet.product("P"))
    bluejet.read(217)

    stats = bluejet.control("GET", "stats").json()

    assert stats["requests"]["POST /api/v1/data"] == 1
    assert stats["requests"]["GET /api/v1/data"] == 1
    assert stats["writes"] == {"product.inserted": 1}
    assert stats["maxConcurrency"] == 1


def test_records_are_dumped_by_kind_and_number(bluejet: Caller) -> None:
    bluejet.written("insert", bluejet.product("P"))

    by_number = bluejet.control("GET", "records", params={"no": 217}).json()
    by_kind = bluejet.control("GET", "records", params={"kind": "product"}).json()

    assert by_number == by_kind
    assert by_kind["records"][0]["code"] == "P"
    assert bluejet.control("GET", "records").json()["counts"]["product"] == 1


def test_the_office_can_write_a_record_of_its_own(bluejet: Caller) -> None:
    id_ = bluejet.control("POST", "records", json={"kind": "product", "fields": {"code": "P", "name": "Pánev"}}).json()["id"]

    bluejet.control("POST", "records", json={"kind": "product", "id": id_, "fields": {"cenaprodej": "9"}})

    assert bluejet.store.get("product", id_)["cenaprodej"] == "9"


def test_a_reset_goes_back_to_the_start(bluejet: Caller) -> None:
    bluejet.written("insert", bluejet.product("P"))
    bluejet.sandbox.fault("500")

    bluejet.control("POST", "reset")
    bluejet.log_in()

    assert bluejet.read(217).json()["recordsCount"] == 0
    assert bluejet.sandbox.journal.commits == []


def test_records_outlive_a_restart_with_a_state_file(tmp_path: Path) -> None:
    state = str(tmp_path / "state.jsonl")
    first = Caller(BlueJetSandbox(state=state).start())
    kept = first.written("insert", first.product("KEPT"))[0]["id"]
    gone = first.written("insert", first.product("GONE"))[0]["id"]
    first.store.remove("product", gone)
    order = first.rest("POST", "orders", json={"orderNumber": "1", "lineItems": [], "status": "Nabídka"}).json()["id"]
    counts = first.store.count("product"), first.store.count("warehouse")
    first.close()

    second = BlueJetSandbox(state=state)

    assert second.store.get("product", kept)["code"] == "KEPT"
    assert second.store.get("product", gone) is None
    assert second.store.get("orders", order)["orderNumber"] == "1"
    assert (second.store.count("product"), second.store.count("warehouse")) == counts
    second.stop()


def test_a_state_file_that_was_cut_off_loses_only_its_last_line(tmp_path: Path) -> None:
    state = tmp_path / "state.jsonl"
    first = BlueJetSandbox(state=str(state), seed=False)
    first.store.insert("product", code="A", name="A")
    first.stop()
    state.write_text(state.read_text(encoding="utf-8") + '[217, "half', encoding="utf-8")

    second = BlueJetSandbox(state=str(state), seed=False)

    assert second.store.count("product") == 1
    second.stop()
