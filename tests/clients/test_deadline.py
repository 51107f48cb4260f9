"""One deadline an attempt, from connecting to the last byte: a partner that dribbles holds nobody."""

from __future__ import annotations

import os
import socket
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from clients.deadline import Deadline
from clients.errors import OutcomeUnknown, PartnerError, Stopped
from clients.transport import RetryPolicy, Transport
from tests.clients.fake_partner import FakePartner, Reply, session_on

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
LIMIT = 0.4
Answers = Callable[[socket.socket], None]


@contextmanager
def partner(answer: Answers) -> Iterator[str]:
    """Serve each connection by a function of the socket; yields host and port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server, answer), daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"


def _serve(server: socket.socket, answer: Answers) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_answer, args=(connection, answer), daemon=True).start()


def _answer(connection: socket.socket, answer: Answers) -> None:
    with connection:
        try:
            answer(connection)
        except OSError:
            return


def dribble(text: bytes, *, at_once: bytes = b"") -> Answers:
    """Send a beginning at once, and the rest a byte every tenth of a second."""

    def answer(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(at_once)
        for number in range(len(text)):
            time.sleep(0.1)
            connection.sendall(text[number : number + 1])

    return answer


def send(address: str, method: str = "GET", *, scheme: str = "http", limit: float = LIMIT) -> float:
    """Send one request in one attempt; return how long it took until it failed."""
    begun = time.monotonic()
    policy = RetryPolicy(delays=(0,), timeout=limit)
    with Transport(partner="BlueJet", base_url=f"{scheme}://{address}", policy=policy) as transport, pytest.raises(PartnerError):
        transport.send(method, "/")
    return time.monotonic() - begun


@pytest.mark.parametrize(
    "answer",
    [
        dribble(HEAD * 10),
        dribble(b"X: " + b"y" * 100, at_once=HEAD),
        dribble(b"{" * 100, at_once=HEAD + b"Content-Length: 100\r\n\r\n"),
        dribble(b"1\r\n{\r\n" * 20, at_once=HEAD + b"Transfer-Encoding: chunked\r\n\r\n"),
        dribble(b" " * 100, at_once=HEAD + b"Connection: close\r\n\r\n"),
        dribble(b"", at_once=b""),
    ],
    ids=["status line", "header", "body", "chunks", "body without a length", "ends at once"],
)
def test_an_answer_that_comes_byte_by_byte_ends_at_the_deadline(answer: Answers) -> None:
    with partner(answer) as address:
        assert send(address) < 2 * LIMIT + 0.5


def test_a_handshake_that_never_ends_ends_at_the_deadline() -> None:
    with partner(lambda connection: time.sleep(5)) as address:
        assert send(address, scheme="https") < 2 * LIMIT + 0.5


def test_a_write_whose_answer_dribbles_may_have_been_applied() -> None:
    with (
        partner(dribble(HEAD * 10)) as address,
        Transport(partner="BlueJet", base_url=f"http://{address}", policy=RetryPolicy(delays=(0,), timeout=LIMIT)) as transport,
        pytest.raises(OutcomeUnknown, match="not there after 0.4 s"),
    ):
        transport.send("POST", "/")


def test_a_connection_that_was_kept_is_under_the_next_requests_deadline_and_not_the_last_ones() -> None:
    def answer(connection: socket.socket) -> None:
        for pause in (0.0, 0.0, 6.0):
            if not connection.recv(65536):
                return
            time.sleep(pause)
            connection.sendall(HEAD + b"Content-Length: 2\r\n\r\n{}")

    with (
        partner(answer) as address,
        Transport(partner="BlueJet", base_url=f"http://{address}", policy=RetryPolicy(delays=(0,), timeout=1.5)) as transport,
    ):
        transport.send("GET", "/")
        time.sleep(1.6)
        transport.send("GET", "/")
        with pytest.raises(PartnerError):
            transport.send("GET", "/")


def test_whoever_guards_a_record_is_asked_before_every_attempt() -> None:
    asked: list[int] = []
    silent = FakePartner(Reply(503), Reply(503), Reply(body={}))
    policy = RetryPolicy(delays=(0, 0, 0))
    transport = Transport(
        partner="BlueJet", base_url="https://api.example", session=session_on(silent), policy=policy, sleep=lambda _: None
    )

    transport.send("PUT", "/", repeatable=True, before_attempt=lambda: asked.append(len(silent.requests)))

    assert asked == [0, 1, 2]


def test_an_update_is_not_sent_again_once_the_record_is_another_workers() -> None:
    def guard() -> None:
        if silent.requests:
            raise Stopped("another worker took the record over", partner="BlueJet")

    silent = FakePartner(Reply(503))
    policy = RetryPolicy(delays=(0, 0, 0))
    transport = Transport(
        partner="BlueJet", base_url="https://api.example", session=session_on(silent), policy=policy, sleep=lambda _: None
    )

    with pytest.raises(Stopped) as caught:
        transport.send("PUT", "/", repeatable=True, before_attempt=guard)

    assert (len(silent.requests), caught.value.maybe_applied) == (1, True)


def watchers() -> int:
    return sum(thread.name == "deadlines" for thread in threading.enumerate())


def test_one_thread_watches_over_every_exchange() -> None:
    for _exchange in range(20):
        with Deadline(60):
            assert watchers() == 1


def test_a_short_deadline_ends_before_a_long_one_that_began_earlier_and_one_that_was_met_ends_nothing() -> None:
    with Deadline(0.05) as met:
        pass
    with Deadline(60) as long, Deadline(0.05) as short:
        time.sleep(0.3)

    assert (met.is_over, long.is_over, short.is_over) == (False, False, True)


def test_a_forked_worker_watches_its_own_exchanges() -> None:
    with Deadline(60), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # a fork beside threads is what is tried
        child = os.fork()
    if not child:
        with Deadline(0.05) as deadline:
            time.sleep(0.5)
        os._exit(0 if deadline.is_over else 1)

    assert os.waitpid(child, 0)[1] == 0
