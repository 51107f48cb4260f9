"""Shoptet's stand-in: faults that can be switched on."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import requests

from tests.sandbox.fixtures import SMALL, Caller, running_sandbox


@pytest.fixture(scope="module")
def running() -> Iterator[Caller]:
    with running_sandbox(**SMALL) as caller:
        yield caller


@pytest.fixture
def shop(running: Caller) -> Iterator[Caller]:
    yield running
    running.control("/faults", method="DELETE")


def test_a_fault_strikes_as_often_as_asked_and_only_where_it_matches(shop: Caller) -> None:
    shop.fault(fault="503", match="^/api/stocks", method="GET", times=2)

    statuses = [shop.call("GET", path).status_code for path in ("/api/eshop", "/api/stocks", "/api/stocks/1", "/api/stocks")]

    assert statuses == [200, 503, 503, 200]


def test_a_fault_can_let_some_requests_pass_first(shop: Caller) -> None:
    shop.fault(fault="500", skip=1, times=1)

    statuses = [shop.call("GET", "/api/stocks").status_code for _request in range(3)]

    assert statuses == [200, 500, 200]


def test_dropped_before_nothing_was_done_dropped_after_it_was(shop: Caller) -> None:
    code = shop.control("/orders", {"items": ["BAR01"]})["code"]

    for kind, paid in (("drop_before", False), ("drop_after", True)):
        shop.fault(fault=kind, method="PATCH", times=1)
        with pytest.raises(requests.ConnectionError):
            shop.call("PATCH", f"/api/orders/{code}/status", {"data": {"paid": True}})
        assert shop.control(f"/orders/{code}", method="GET")["paid"] is paid


def test_a_late_commit_is_carried_out_after_the_connection_is_gone(shop: Caller) -> None:
    code = shop.control("/orders", {"items": ["BAR01"]})["code"]
    shop.fault(fault="late_commit", method="PATCH", times=1, seconds=0.2)

    with pytest.raises(requests.ConnectionError):
        shop.call("PATCH", f"/api/orders/{code}/status", {"data": {"paid": True}})
    before = shop.control(f"/orders/{code}", method="GET")["paid"]
    time.sleep(0.4)

    assert before is False
    assert shop.control(f"/orders/{code}", method="GET")["paid"] is True


def test_answers_can_be_no_json_or_cut_off_or_lack_a_field(shop: Caller) -> None:
    shop.fault(fault="malformed", times=1)
    malformed = shop.call("GET", "/api/stocks")
    shop.fault(fault="missing_field", field="defaultStockId", times=1)
    lacking = shop.call("GET", "/api/stocks").json()
    shop.fault(fault="truncated", times=1)

    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        shop.call("GET", "/api/stocks")
    with pytest.raises(requests.exceptions.JSONDecodeError):
        malformed.json()
    assert "defaultStockId" not in lacking["data"]


def test_a_429_carries_a_retry_date_and_a_slow_answer_takes_its_time(shop: Caller) -> None:
    shop.fault(fault="429", times=1, seconds=7)
    shop.fault(fault="slow", times=1, seconds=0.3)

    refused = shop.call("GET", "/api/stocks")
    begin = time.monotonic()
    slow = shop.call("GET", "/api/stocks")

    assert refused.headers["Retry-After"].endswith("GMT")
    assert slow.status_code == 200
    assert time.monotonic() - begin >= 0.3


def test_a_stale_read_answers_what_it_answered_before(shop: Caller) -> None:
    code = shop.control("/orders", {"items": ["BAR01"]})["code"]
    shop.get(f"/api/orders/{code}")
    shop.control(f"/orders/{code}/pay")
    shop.fault(fault="stale", times=1)

    assert shop.get(f"/api/orders/{code}")["order"]["paid"] is False
    assert shop.get(f"/api/orders/{code}")["order"]["paid"] is True


def test_an_outage_lasts_until_it_is_cleared_and_leaves_the_control_interface(shop: Caller) -> None:
    fault = shop.fault(fault="outage")

    for _request in range(2):
        with pytest.raises(requests.ConnectionError):
            shop.call("GET", "/api/eshop")
    shop.control(f"/faults/{fault['id']}", method="DELETE")

    assert shop.call("GET", "/api/eshop").status_code == 200


def test_the_specification_s_error_form_and_deprecation_headers_can_be_had(shop: Caller) -> None:
    shop.fault(fault="spec_error", times=1)
    error = shop.call("GET", "/api/orders/1").json()
    shop.fault(fault="deprecated", times=1)
    deprecated = shop.call("GET", "/api/eshop")

    assert set(error["errors"][0]) == {"message", "code", "field", "statusCode"}
    assert {"X-Shoptet-Deprecated", "Sunset"} <= set(deprecated.headers)


def test_an_unknown_fault_is_refused_with_the_known_ones(shop: Caller) -> None:
    answer = shop.call("POST", "/_sandbox/faults", {"fault": "gremlins"})

    assert answer.status_code == 400
    assert "late_commit" in answer.json()["error"]
