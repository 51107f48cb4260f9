"""What the transport asks and tells the budget, the breaker and the log, and what it keeps to itself."""

from __future__ import annotations

import logging
import pickle
import time
import traceback
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread
from typing import Any

import pytest
import requests

from clients.errors import BreakerOpen, MalformedAnswer, OutcomeUnknown, PartnerError, PartnerUnavailable, Throttled
from clients.redaction import scrub
from clients.transport import RetryPolicy, Transport
from tests.clients.fake_partner import CountingLimiter, FakePartner, RememberingBreaker, Reply, session_on

FINE = Reply(body={"data": {"amount": 1.10}}, headers={"X-RateLimit-Bucket-Filling": "150/200", "X-Request-ID": "req-1"})
TOKEN = "123456-p-secret-token-0123456789abcdef"
PERSONAL_QUERY = {"email": "jan@example.com"}
SECRET_HEADERS = {"Shoptet-Private-API-Token": TOKEN}


def transport_on(partner: FakePartner, **options: Any) -> Transport:
    options = {"sleep": lambda seconds: None} | options
    return Transport(partner="Shoptet", base_url="https://api.example/", session=session_on(partner), **options)


def test_an_answer_knows_its_date_its_request_id_and_exact_numbers() -> None:
    answer = transport_on(FakePartner(FINE)).send("GET", "/api/eshop")

    assert answer.date == datetime(2026, 3, 2, 8, 5, tzinfo=UTC)
    assert answer.request_id == "req-1"
    assert answer.body == {"data": {"amount": Decimal("1.1")}}


def test_the_request_id_may_stand_in_the_body_instead() -> None:
    partner = FakePartner(Reply(body={"data": None, "metadata": {"requestId": "req-2"}}))

    assert transport_on(partner).send("GET", "/api/eshop").request_id == "req-2"


def test_a_slot_is_held_for_each_exchange_and_not_while_waiting() -> None:
    limiter = CountingLimiter()
    held_while_asleep: list[int] = []
    partner = FakePartner(Reply(503), FINE)
    transport = transport_on(partner, limiter=limiter, priority=10, sleep=lambda _: held_while_asleep.append(limiter.held))

    transport.send("GET", "/api/eshop", cost=3)

    assert limiter.taken == [(10, 3), (10, 3)]
    assert held_while_asleep == [0]


@pytest.mark.parametrize(
    "trouble", [requests.ReadTimeout(), KeyboardInterrupt(), ValueError("bug"), Reply(500), Reply(404), Reply(200, b"{")]
)
def test_a_slot_is_given_back_whatever_happens(trouble: Any) -> None:
    limiter = CountingLimiter()
    partner = FakePartner(Reply())
    partner.script = [trouble]
    partner.send = _raising(trouble) if isinstance(trouble, KeyboardInterrupt) else partner.send  # type: ignore[method-assign]

    with pytest.raises((PartnerError, KeyboardInterrupt, ValueError)):
        transport_on(partner, limiter=limiter).send("POST", "/api/orders")

    assert limiter.taken
    assert limiter.held == 0


def _raising(trouble: BaseException) -> Any:
    def send(*_: Any, **__: Any) -> None:
        raise trouble

    return send


def test_the_limiter_learns_from_every_answer_how_full_the_bucket_is() -> None:
    limiter = CountingLimiter()
    full = Reply(429, headers={"X-RateLimit-Bucket-Filling": "200/200", "Retry-After": "3"})

    transport_on(FakePartner(full, FINE), limiter=limiter).send("GET", "/api/eshop")

    assert limiter.observed == [(200, 200, 3.0), (150, 200, None)]


def test_a_budget_without_room_stops_the_request_before_it_leaves_and_is_not_waited_for() -> None:
    slept: list[float] = []
    partner = FakePartner(FINE)
    limiter = CountingLimiter(refusal=Throttled("no room", partner="Shoptet", retry_after=4.0))
    breaker = RememberingBreaker()

    with pytest.raises(Throttled):
        transport_on(partner, limiter=limiter, breaker=breaker, sleep=slept.append).send("GET", "/api/eshop")

    assert (partner.requests, slept, breaker.told) == ([], [], ["checked"])


def test_an_open_breaker_stops_the_request_before_it_takes_a_slot() -> None:
    partner, limiter = FakePartner(FINE), CountingLimiter()
    breaker = RememberingBreaker(refusal=BreakerOpen("down", partner="Shoptet"))

    with pytest.raises(BreakerOpen):
        transport_on(partner, limiter=limiter, breaker=breaker).send("GET", "/api/eshop")

    assert (partner.requests, limiter.taken) == ([], [])


@pytest.mark.parametrize(
    ("trouble", "method", "told"),
    [
        (Reply(503), "GET", "failed: PartnerUnavailable"),
        (requests.ReadTimeout(), "GET", "failed: PartnerUnavailable"),
        (requests.ConnectTimeout(), "POST", "failed: PartnerUnavailable"),
        (requests.ReadTimeout(), "POST", "failed: OutcomeUnknown"),
        (Reply(500), "POST", "failed: OutcomeUnknown"),
        (Reply(404), "GET", "succeeded"),
        (Reply(422), "POST", "succeeded"),
        (Reply(429), "GET", "succeeded"),
    ],
)
def test_the_breaker_is_told_once_and_only_silence_and_5xx_count_as_failures(trouble: Any, method: str, told: str) -> None:
    breaker = RememberingBreaker()

    with pytest.raises(PartnerError):
        transport_on(FakePartner(trouble), breaker=breaker).send(method, "/api/orders")

    assert breaker.told == ["checked", told]


def test_a_success_after_a_retry_is_told_as_a_success() -> None:
    breaker = RememberingBreaker()

    transport_on(FakePartner(Reply(503), FINE), breaker=breaker).send("GET", "/api/eshop")

    assert breaker.told == ["checked", "succeeded"]


@pytest.mark.parametrize("body", [b"{", b"<html>"])
def test_a_malformed_answer_says_nothing_about_whether_the_partner_is_up(body: bytes) -> None:
    breaker = RememberingBreaker()

    with pytest.raises(MalformedAnswer):
        transport_on(FakePartner(Reply(200, body)), breaker=breaker).send("GET", "/api/eshop")

    assert breaker.told == ["checked"]


@pytest.mark.parametrize(
    "trouble",
    [
        requests.ConnectionError(f"https://api.example/api/customers?email=jan@example.com {TOKEN}"),
        Reply(401, {"errors": [{"errorCode": "x", "message": f"Token {TOKEN} of jan@example.com, +420 777 888 999"}]}),
        Reply(500, f"<p>{TOKEN} jan@example.com +420777888999</p>".encode(), {"Content-Type": "text/html"}),
        Reply(200, f'{{"email": "jan@example.com", "token": "{TOKEN}"'.encode()),
        Reply(404, {"metadata": {"requestId": TOKEN}}),
    ],
)
def test_no_error_and_no_log_holds_a_token_or_personal_data(trouble: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    transport = transport_on(FakePartner(trouble))

    with pytest.raises(PartnerError) as caught:
        transport.send("GET", "/api/customers", params=PERSONAL_QUERY, headers=SECRET_HEADERS)

    shown = caplog.text + str(caught.value) + repr(caught.value) + "".join(traceback.format_exception(caught.value))
    assert not any(secret in shown for secret in (TOKEN, "jan@example.com", "777 888 999", "777888999"))


def test_each_exchange_is_logged_with_method_template_status_and_request_id(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="clients.transport")

    transport_on(FakePartner(Reply(503), FINE)).send("GET", "/api/orders/2026%2F1", shown="/api/orders/{code}")

    lines = [record.getMessage() for record in caplog.records]
    assert [line.partition(" in ")[0] for line in lines] == ["Shoptet GET /api/orders/{code}: 503", "Shoptet GET /api/orders/{code}: 200"]
    assert lines[1].endswith("request id req-1")


def test_the_http_library_does_not_log_urls_at_debug() -> None:
    assert not logging.getLogger("urllib3.connectionpool").isEnabledFor(logging.DEBUG)


class _BrokenHeaders(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nno colon in this line\r\nContent-Length: 2\r\n\r\n{}")

    def log_message(self, *_: Any) -> None:
        return None


def test_the_http_library_does_not_log_the_url_of_an_answer_with_broken_headers(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with HTTPServer(("127.0.0.1", 0), _BrokenHeaders) as server:
        Thread(target=server.handle_request, daemon=True).start()
        with Transport(partner="Shoptet", base_url=f"http://127.0.0.1:{server.server_port}") as transport:
            transport.send("GET", "/api/customers", params=PERSONAL_QUERY)

    assert "jan@example.com" not in caplog.text
    assert "jan%40example.com" not in caplog.text


def test_an_answer_that_is_shown_by_accident_shows_neither_body_nor_headers() -> None:
    answer = transport_on(FakePartner(Reply(200, {"access_token": TOKEN}, {"Set-Cookie": TOKEN}))).send("GET", "/", headers=SECRET_HEADERS)

    assert answer.body["access_token"] == TOKEN
    assert TOKEN not in repr(answer)


def test_an_error_says_what_was_asked_what_came_and_which_request_it_was() -> None:
    partner = FakePartner(Reply(409, b"<b>taken</b>", {"X-Request-ID": "req-9", "Content-Type": "text/html"}))

    with pytest.raises(PartnerError) as caught:
        transport_on(partner).send("POST", "/api/webhooks")

    expected = (
        "Shoptet: the request contradicts what the partner holds; request POST /api/webhooks; status 409; request id req-9; "
        "received: text/html, 12 bytes, begins “taken”"
    )
    assert str(caught.value) == expected


def test_an_error_survives_the_way_from_a_workers_process_to_its_parent() -> None:
    error = OutcomeUnknown("lost", partner="BlueJet", status=502, request_id="req-1")

    again = pickle.loads(pickle.dumps(error))  # noqa: S301

    assert (type(again), str(again), again.maybe_applied) == (OutcomeUnknown, str(error), True)


def test_a_guid_in_a_message_stays_readable() -> None:
    guid = "1b02cb8e-d7b5-11e0-9a5c-feab5ed617ed"

    assert scrub(f"product {guid} is gone") == f"product {guid} is gone"


def test_an_own_session_is_closed_and_a_lent_one_is_not() -> None:
    closed: list[str] = []
    lent = session_on(FakePartner(FINE))
    lent.close = lambda: closed.append("lent")  # type: ignore[method-assign]

    with Transport(partner="Shoptet", base_url="https://api.example", session=lent):
        pass
    with Transport(partner="Shoptet", base_url="https://api.example") as own:
        own._session.close = lambda: closed.append("own")  # type: ignore[method-assign]

    assert closed == ["own"]


class _CookieServer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.seen.append(self.headers.get("Cookie"))  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Set-Cookie", "shop=1; Path=/")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        return None


def test_a_session_takes_no_cookies_since_it_may_serve_several_shops() -> None:
    with HTTPServer(("127.0.0.1", 0), _CookieServer) as server:
        server.seen = []  # type: ignore[attr-defined]
        Thread(target=lambda: [server.handle_request() for _ in range(2)], daemon=True).start()
        with Transport(partner="Shoptet", base_url=f"http://127.0.0.1:{server.server_port}") as transport:
            transport.send("GET", "/")
            transport.send("GET", "/")

    assert server.seen == [None, None]  # type: ignore[attr-defined]


def test_a_failed_connection_hides_the_librarys_own_words() -> None:
    partner = FakePartner(requests.ConnectionError("Max retries exceeded with url: /api/customers?email=jan"))

    with pytest.raises(PartnerUnavailable) as caught:
        transport_on(partner).send("GET", "/api/customers")

    assert caught.value.__suppress_context__
    assert str(caught.value) == "Shoptet: the answer was lost (ConnectionError); request GET /api/customers"


class _DrippingServer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"{")
        self.server.may_end.wait(10)  # type: ignore[attr-defined]

    def log_message(self, *_: Any) -> None:
        return None


def test_a_partner_that_stops_in_the_middle_holds_the_worker_no_longer_than_the_limit() -> None:
    with HTTPServer(("127.0.0.1", 0), _DrippingServer) as server:
        server.may_end = Event()  # type: ignore[attr-defined]
        thread = Thread(target=server.handle_request)
        thread.start()
        policy = RetryPolicy(delays=(0,), timeout=0.3)
        with Transport(partner="Shoptet", base_url=f"http://127.0.0.1:{server.server_port}", policy=policy) as transport:
            begun = time.monotonic()
            with pytest.raises(MalformedAnswer, match="cut off"):
                transport.send("GET", "/")
            took = time.monotonic() - begun
        server.may_end.set()  # type: ignore[attr-defined]
        thread.join()

    assert took < 2
