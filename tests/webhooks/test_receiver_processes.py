"""The receiver as production runs it: real gunicorn, real PostgreSQL, a Redis that is stopped, paused and killed."""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis
from django.db import connection, transaction

from demo.redis_server import EmbeddedRedis
from shops.models import Shop
from tests.contracts.receiver import KEY
from tests.webhooks.test_receiver import recorded
from tests.webhooks.web_server import WebServer, web_server
from webhooks.models import WebhookEvent
from webhooks.raw_body import LARGEST_BODY

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL (make test-services)")


@pytest.fixture
def portal(transactional_db: None, shop: Shop, private_redis: EmbeddedRedis) -> Iterator[WebServer]:
    with web_server(private_redis.url) as server:
        yield server


def body(number: int) -> bytes:
    # Without sync a test of its own: addon events have a handler of the inbox's own.
    return recorded("addon_approve.json").replace(b'"eventInstance": "222651"', b'"eventInstance": "%d"' % number)


def deliver_many(portal: WebServer, numbers: range) -> list[tuple[int, float]]:
    with ThreadPoolExecutor(8) as senders:
        return list(senders.map(lambda number: portal.deliver(body(number), key=KEY), numbers))


def announced(url: str) -> set[int]:
    """Return the events that wait in the queue."""
    with redis.Redis.from_url(url) as client:
        queues = [key for key in client.scan_iter("inbox*") if client.type(key) == b"list"]  # one for each priority
        messages = [json.loads(message) for queue in queues for message in client.lrange(queue, 0, -1)]
    arguments = [json.loads(_decoded(message))[0][0] for message in messages]
    return {pk for argument in arguments for pk in (argument if isinstance(argument, list) else [argument])}


def _decoded(message: dict[str, str]) -> bytes:
    import base64

    return base64.b64decode(message["body"])


def wait_until_announced(url: str, pks: set[int], seconds: float) -> set[int]:
    until = time.monotonic() + seconds
    while not pks <= announced(url) and time.monotonic() < until:
        time.sleep(0.2)
    return announced(url)


def stored() -> set[int]:
    return set(WebhookEvent.objects.values_list("pk", flat=True))


def test_every_delivery_is_announced(portal: WebServer, private_redis: EmbeddedRedis) -> None:
    answers = deliver_many(portal, range(100))

    assert {status for status, _ in answers} == {200}
    assert len(stored()) == 100
    assert wait_until_announced(private_redis.url, stored(), seconds=5) == stored()


def test_while_redis_is_stopped_every_delivery_is_answered_within_a_second(portal: WebServer, private_redis: EmbeddedRedis) -> None:
    deliver_many(portal, range(10))
    wait_until_announced(private_redis.url, stored(), seconds=5)
    private_redis.stop()

    answers = deliver_many(portal, range(10, 110))

    private_redis.start()
    assert {status for status, _ in answers} == {200}
    assert max(seconds for _, seconds in answers) < 1
    assert len(stored()) == 110
    assert wait_until_announced(private_redis.url, stored(), seconds=15) == stored()


def test_while_redis_is_paused_every_delivery_is_answered_within_a_second(portal: WebServer, private_redis: EmbeddedRedis) -> None:
    deliver_many(portal, range(10))
    process = private_redis.process_id
    os.kill(process, signal.SIGSTOP)
    try:
        answers = deliver_many(portal, range(10, 110))
        time.sleep(2)
        answers += deliver_many(portal, range(110, 130))
    finally:
        os.kill(process, signal.SIGCONT)

    assert {status for status, _ in answers} == {200}
    assert max(seconds for _, seconds in answers) < 1
    assert wait_until_announced(private_redis.url, stored(), seconds=15) == stored()


def test_a_redis_that_is_down_from_the_start_costs_no_delivery(transactional_db: None, shop: Shop, tmp_path: Path) -> None:
    with web_server(f"unix://{tmp_path}/nobody.sock") as portal:
        answers = deliver_many(portal, range(30))

    assert {status for status, _ in answers} == {200}
    assert max(seconds for _, seconds in answers) < 1
    assert len(stored()) == 30


def test_every_200_has_its_row_when_the_web_server_is_killed_under_load(portal: WebServer) -> None:
    accepted: list[int] = []
    stop = threading.Event()

    def send(first: int) -> None:
        number = first
        while not stop.is_set():
            try:
                status, _ = portal.deliver(body(number), key=KEY, timeout=2)
            except (OSError, http.client.HTTPException):
                return
            if status == 200:
                accepted.append(number)
            number += 8

    with ThreadPoolExecutor(8) as senders:
        for first in range(8):
            senders.submit(send, first)
        time.sleep(1.5)
        portal.kill()
        stop.set()

    instances = {int(instance) for instance in WebhookEvent.objects.values_list("instance", flat=True)}
    assert len(accepted) > 50
    assert set(accepted) <= instances


def test_a_lock_on_the_row_is_waited_for_only_so_long_that_shoptet_still_hears_an_answer(portal: WebServer) -> None:
    portal.deliver(body(1), key=KEY)

    with transaction.atomic():
        WebhookEvent.objects.select_for_update().get()
        status, seconds = portal.deliver(body(1), key=KEY)

    assert status == 503
    assert 2.5 < seconds < 4
    assert portal.deliver(body(1), key=KEY)[0] == 200


def test_five_clients_that_send_the_same_at_once_make_one_row(portal: WebServer) -> None:
    with ThreadPoolExecutor(5) as senders:
        answers = [sender.result() for sender in [senders.submit(portal.deliver, body(1), key=KEY) for _ in range(5)]]

    assert {status for status, _ in answers} == {200}
    assert WebhookEvent.objects.get().times_seen == 5


def test_a_body_that_is_too_large_gets_its_answer_over_the_wire(portal: WebServer) -> None:
    status, _ = portal.deliver(b" " * (LARGEST_BODY + 1), key=KEY)

    assert status == 413


def test_a_body_in_chunks_is_read(portal: WebServer) -> None:
    from webhooks.signatures import sign

    client = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=5)
    headers = {"Shoptet-Webhook-Signature": sign(KEY.encode(), body(1)), "Transfer-Encoding": "chunked"}
    client.request("POST", "/webhooks/shoptet", iter([body(1)[:20], body(1)[20:]]), headers, encode_chunked=True)

    assert client.getresponse().status == 200
    client.close()
