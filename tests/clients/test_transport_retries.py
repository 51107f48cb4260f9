"""The retry matrix, row by row."""

from __future__ import annotations

import ssl
from typing import Any

import pytest
import requests
import urllib3

from clients.errors import (
    Conflict,
    Locked,
    MalformedAnswer,
    NotFound,
    OutcomeUnknown,
    PartnerError,
    PartnerUnavailable,
    Refused,
    RightMissing,
    Throttled,
    TooLarge,
    Unauthorised,
)
from clients.transport import RetryPolicy, Transport
from tests.clients.fake_partner import FakePartner, Reply, session_on

FINE = Reply(body={"data": {}})
POOL = urllib3.HTTPConnectionPool("partner.example")
CONNECTION = urllib3.connection.HTTPConnection("partner.example")

REFUSED = requests.ConnectionError(
    urllib3.exceptions.MaxRetryError(POOL, "/api", urllib3.exceptions.NewConnectionError(CONNECTION, "refused"))
)
NO_SUCH_NAME = requests.ConnectionError(
    urllib3.exceptions.MaxRetryError(POOL, "/api", urllib3.exceptions.NameResolutionError("partner.example", CONNECTION, OSError()))
)
BAD_CERTIFICATE = requests.exceptions.SSLError(
    urllib3.exceptions.MaxRetryError(POOL, "/api", urllib3.exceptions.SSLError(ssl.SSLCertVerificationError("self-signed")))
)
NOT_CONNECTED = requests.ConnectTimeout("timed out")
NO_ANSWER = requests.ReadTimeout("timed out")
DROPPED = requests.ConnectionError(urllib3.exceptions.ProtocolError("Connection aborted.", ConnectionResetError(104, "reset by peer")))


def transport_on(partner: FakePartner, slept: list[float] | None = None, **options: Any) -> Transport:
    slept = [] if slept is None else slept
    return Transport(partner="Shoptet", base_url="https://api.example", session=session_on(partner), sleep=slept.append, **options)


@pytest.mark.parametrize("trouble", [Reply(500), Reply(502), Reply(503), Reply(429), NO_ANSWER, DROPPED, REFUSED, NOT_CONNECTED])
def test_a_read_is_tried_at_once_after_2_and_after_8_seconds(trouble: Reply | Exception) -> None:
    slept: list[float] = []
    partner = FakePartner(trouble, trouble, FINE)

    answer = transport_on(partner, slept).send("GET", "/api/eshop")

    assert answer.status == 200
    assert slept == [2, 8]


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (Reply(500), PartnerUnavailable),
        (Reply(503), PartnerUnavailable),
        (Reply(429), Throttled),
        (Reply(423), Locked),
        (NO_ANSWER, PartnerUnavailable),
        (DROPPED, PartnerUnavailable),
        (REFUSED, PartnerUnavailable),
    ],
)
def test_after_three_attempts_the_read_is_given_up_and_may_be_tried_later(trouble: Reply | Exception, expected: type[PartnerError]) -> None:
    partner = FakePartner(trouble)

    with pytest.raises(expected) as caught:
        transport_on(partner).send("GET", "/api/eshop")

    assert len(partner.requests) == 3
    assert caught.value.retryable
    assert caught.value.retry_after


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, Refused),
        (401, Unauthorised),
        (403, RightMissing),
        (404, NotFound),
        (405, Refused),
        (408, Refused),
        (409, Conflict),
        (413, TooLarge),
        (422, Refused),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_other_refusals_are_never_repeated(method: str, status: int, expected: type[PartnerError]) -> None:
    partner = FakePartner(Reply(status, body={"errors": []}))

    with pytest.raises(expected) as caught:
        transport_on(partner).send(method, "/api/orders")

    assert len(partner.requests) == 1
    assert type(caught.value) is expected
    assert not caught.value.retryable


@pytest.mark.parametrize("trouble", [REFUSED, NOT_CONNECTED, NO_SUCH_NAME, BAD_CERTIFICATE])
def test_a_write_that_never_left_is_sent_again(trouble: Exception) -> None:
    partner = FakePartner(trouble, trouble, FINE)

    assert transport_on(partner).send("POST", "/api/orders").status == 200


@pytest.mark.parametrize("status", [429, 423])
def test_a_write_that_was_turned_away_at_the_door_is_sent_again(status: int) -> None:
    partner = FakePartner(Reply(status), FINE)

    assert transport_on(partner).send("POST", "/api/orders").status == 200


@pytest.mark.parametrize("trouble", [NO_ANSWER, DROPPED, Reply(500), Reply(502), Reply(503), Reply(200, b'{"data": {"or')])
def test_a_lost_answer_to_a_write_is_an_unknown_outcome(trouble: Reply | Exception) -> None:
    partner = FakePartner(trouble, FINE)

    with pytest.raises(OutcomeUnknown) as caught:
        transport_on(partner).send("POST", "/api/orders")

    assert len(partner.requests) == 1
    assert caught.value.maybe_applied
    assert not caught.value.retryable


@pytest.mark.parametrize("trouble", [NO_ANSWER, DROPPED, Reply(500), Reply(503)])
def test_a_write_that_does_no_harm_twice_is_repeated_like_a_read(trouble: Reply | Exception) -> None:
    slept: list[float] = []
    partner = FakePartner(trouble, trouble, FINE)

    answer = transport_on(partner, slept).send("PATCH", "/api/orders/1/status", repeatable=True)

    assert answer.status == 200
    assert slept == [2, 8]


def test_a_harmless_write_that_is_given_up_says_that_it_may_have_been_applied() -> None:
    with pytest.raises(PartnerUnavailable) as caught:
        transport_on(FakePartner(NO_ANSWER)).send("PATCH", "/api/orders/1/status", repeatable=True)

    assert caught.value.maybe_applied


@pytest.mark.parametrize("last", [Reply(429, headers={"Retry-After": "45"}), Reply(409), REFUSED])
def test_a_harmless_write_that_is_refused_after_a_lost_answer_may_have_been_applied(last: Reply | Exception) -> None:
    with pytest.raises(PartnerError) as caught:
        transport_on(FakePartner(NO_ANSWER, last)).send("PATCH", "/api/orders/1/status", repeatable=True)

    assert caught.value.maybe_applied


@pytest.mark.parametrize("trouble", [REFUSED, Reply(429)])
def test_what_was_never_looked_at_was_not_applied(trouble: Reply | Exception) -> None:
    with pytest.raises((PartnerUnavailable, Throttled)) as caught:
        transport_on(FakePartner(trouble)).send("POST", "/api/orders")

    assert not caught.value.maybe_applied


def test_a_lock_is_waited_for_at_least_5_seconds() -> None:
    slept: list[float] = []

    transport_on(FakePartner(Reply(423), Reply(423), FINE), slept).send("PATCH", "/api/orders/1/status")

    assert slept == [5, 8]


def test_retry_after_as_a_date_is_measured_against_the_answers_own_clock() -> None:
    slept: list[float] = []
    # Neither of the two is anywhere near this machine's time.
    full = Reply(429, headers={"Date": "Mon, 12 Jan 2015 10:34:53 GMT", "Retry-After": "Mon, 12 Jan 2015 10:35:00 GMT"})

    transport_on(FakePartner(full, FINE), slept).send("GET", "/api/eshop")

    assert slept == [7]


def test_retry_after_in_plain_seconds_is_understood() -> None:
    slept: list[float] = []

    transport_on(FakePartner(Reply(429, headers={"Retry-After": "6"}), FINE), slept).send("GET", "/api/eshop")

    assert slept == [6]


@pytest.mark.parametrize("text", ["soon", "-5", "nan", "inf", "Mon, 99 Foo 2026", "Mon, 02 Mar 2026 07:00:00 GMT"])
def test_a_retry_after_that_says_nothing_leaves_the_usual_pause(text: str) -> None:
    slept: list[float] = []

    transport_on(FakePartner(Reply(429, headers={"Retry-After": text}), FINE), slept).send("GET", "/api/eshop")

    assert slept == [2]


def test_a_long_wait_gives_the_worker_back() -> None:
    slept: list[float] = []
    partner = FakePartner(Reply(429, headers={"Retry-After": "45"}))

    with pytest.raises(Throttled) as caught:
        transport_on(partner, slept).send("GET", "/api/eshop")

    assert caught.value.retry_after == 45
    assert (slept, len(partner.requests)) == ([], 1)


def test_a_retry_after_of_years_is_not_believed() -> None:
    with pytest.raises(Throttled) as caught:
        transport_on(FakePartner(Reply(429, headers={"Retry-After": "99999999"}))).send("GET", "/api/eshop")

    assert caught.value.retry_after == 3600


def test_an_answer_that_is_not_json_is_malformed_and_told_in_short() -> None:
    page = b"<html><head><title>Maintenance</title></head><body>We are back soon, ask jan@example.com</body></html>"

    with pytest.raises(MalformedAnswer) as caught:
        transport_on(FakePartner(Reply(200, page, {"Content-Type": "text/html"}))).send("GET", "/api/eshop")

    assert caught.value.received == f"text/html, {len(page)} bytes, begins “Maintenance We are back soon, ask …@…”"
    assert caught.value.retryable


def test_of_cut_off_json_only_the_names_of_fields_are_told() -> None:
    with pytest.raises(MalformedAnswer) as caught:
        transport_on(FakePartner(Reply(200, b'{"data": {"customer": {"email": "jan@exa'))).send("GET", "/api/customers/1")

    assert caught.value.received == "application/json, 40 bytes, fields data, customer, email"


@pytest.mark.parametrize("body", [b"\xff\xfe{}", b'{"a": NAN}', b"[" * 100_000, b"{} {}"])
def test_what_only_resembles_json_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedAnswer):
        transport_on(FakePartner(Reply(200, body))).send("GET", "/api/eshop")


def test_an_answer_shorter_than_its_length_is_asked_for_again_and_then_malformed() -> None:
    cut = Reply(200, b'{"data":', {"Content-Length": "500"})
    partner = FakePartner(cut)

    with pytest.raises(MalformedAnswer) as caught:
        transport_on(partner).send("GET", "/api/eshop")

    assert len(partner.requests) == 3
    assert "cut off" in str(caught.value)
    assert caught.value.received == "application/json, 8 bytes, fields data"


def test_a_write_whose_answer_was_cut_short_is_an_unknown_outcome() -> None:
    partner = FakePartner(Reply(200, b'{"data":', {"Content-Length": "500"}))

    with pytest.raises(OutcomeUnknown):
        transport_on(partner).send("POST", "/api/orders")

    assert len(partner.requests) == 1


def test_an_answer_that_drips_is_cut_off_at_the_time_limit() -> None:
    moments = iter([0.0, 0.0, 31.0, 31.0])
    transport = transport_on(FakePartner(FINE), clock=lambda: next(moments), policy=RetryPolicy(delays=(0,)))

    with pytest.raises(MalformedAnswer, match="too slow"):
        transport.send("GET", "/api/eshop")


def test_a_redirection_is_not_followed_because_the_token_would_travel_along() -> None:
    partner = FakePartner(Reply(301, headers={"Location": "https://elsewhere.example/"}))

    with pytest.raises(Refused, match="redirection"):
        transport_on(partner).send("GET", "/api/eshop", headers={"X-Token": "secret-token"})

    assert len(partner.requests) == 1


@pytest.mark.parametrize("headers", [{"X-Token": "secret\nInjected: 1"}, {"X-Token": "příliš"}])
def test_a_header_that_cannot_be_sent_is_refused_without_a_retry(headers: dict[str, str]) -> None:
    partner = FakePartner(UnicodeEncodeError("latin-1", "ř", 0, 1, "ordinal not in range"))

    with pytest.raises(Refused, match="could not be made"):
        transport_on(partner).send("GET", "/api/eshop", headers=headers)


def test_each_attempt_has_30_seconds() -> None:
    partner = FakePartner(FINE)

    transport_on(partner).send("GET", "/api/eshop")

    (limit,) = partner.timeouts
    assert (limit.connect_timeout, limit.total) == (10.0, 30.0)


def test_an_empty_body_is_an_answer() -> None:
    assert transport_on(FakePartner(Reply(204, b""))).send("DELETE", "/api/webhooks/1").body is None
