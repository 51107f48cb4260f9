"""What was answered 200 arrives in BlueJet, whatever becomes of Redis and of the web server."""

from __future__ import annotations

import http.client
import itertools
import os
import shutil
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from demo.redis_server import EmbeddedRedis
from sync.models import SyncJob
from tests.promises.partners import expected_lines, held_lines
from tests.promises.stack import Stack, now, order_event
from tests.promises.waiting import until
from webhooks.models import WebhookEvent

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]
CLIENTS = 8


def place_orders(stack: Stack, count: int) -> list[str]:
    """Place orders of guests, and tell nobody."""
    stack.shoptet.keep_quiet()
    return stack.shoptet.place_many(count, *stack.shoptet.variants()[:2])


def deliver(stack: Stack, codes: list[str]) -> list[tuple[int, float]]:
    """Announce the orders by several clients; return the answers with the seconds they took."""
    with ThreadPoolExecutor(CLIENTS) as clients:
        return list(clients.map(lambda code: stack.deliver(order_event(code)), codes))


def assert_all_arrived(stack: Stack, codes: list[str]) -> None:
    """Hold BlueJet's documents against the shop's orders."""
    documents, orders = stack.bluejet.documents(), stack.shoptet.orders()
    assert {code: len(found) for code, found in documents.items()} == dict.fromkeys(codes, 1)
    assert {code: held_lines(documents[code][0][1]) for code in codes} == {code: expected_lines(orders[code]) for code in codes}
    assert not stack.bluejet.duplicates("product", "contact", "company", "address", "stock_card", "offer_line")


def test_while_redis_is_stopped_each_webhook_is_answered_in_time_and_all_is_processed_although_redis_forgot_everything(
    stack: Stack, private_redis: EmbeddedRedis
) -> None:
    stack.start()
    codes = place_orders(stack, 60)
    before = deliver(stack, codes[:20])
    private_redis.stop()
    shutil.rmtree(private_redis.directory / "appendonlydir")

    answers = deliver(stack, codes[20:])
    private_redis.start()
    stack.wait_until_quiet(seconds=150)

    assert {status for status, _ in before + answers} == {200}
    assert max(seconds for _, seconds in answers) < 1
    assert_all_arrived(stack, codes)


def test_while_redis_is_paused_each_webhook_is_answered_in_time_and_all_is_processed_afterwards(
    stack: Stack, private_redis: EmbeddedRedis
) -> None:
    stack.start()
    codes = place_orders(stack, 60)
    process = private_redis.process_id
    before = deliver(stack, codes[:20])
    os.kill(process, signal.SIGSTOP)
    try:
        answers = deliver(stack, codes[20:40])
        # Long enough that the workers meet it, too: what they ask Redis gets no answer for 5 s.
        threading.Event().wait(6)
        answers += deliver(stack, codes[40:])
    finally:
        os.kill(process, signal.SIGCONT)
    stack.wait_until_quiet(seconds=150)

    assert {status for status, _ in before + answers} == {200}
    assert max(seconds for _, seconds in answers) < 1
    assert_all_arrived(stack, codes)


def send_until_refused(
    stack: Stack, orders: list[str], numbers: itertools.count[int], accepted: list[bytes], ended: threading.Event
) -> None:
    """Announce orders, each time as a new event, until the web server is gone; keep what was answered 200."""
    while not ended.is_set():
        number = next(numbers)
        body = order_event(orders[number % len(orders)], f"order:{('create', 'update', 'paid')[number % 3]}", now())
        try:
            status, _ = stack.deliver(body, timeout=2)
        except (OSError, http.client.HTTPException):
            return
        if status == 200:
            accepted.append(body)


def test_the_web_server_killed_under_load_has_a_row_for_every_200_and_every_order_arrives(stack: Stack) -> None:
    stack.start()
    codes = place_orders(stack, 60)
    accepted: list[bytes] = []
    ended, numbers = threading.Event(), itertools.count()

    with ThreadPoolExecutor(CLIENTS) as clients:
        for _ in range(CLIENTS):
            clients.submit(send_until_refused, stack, codes, numbers, accepted, ended)
        until(lambda: len(accepted) >= 150, "150 webhooks are taken in")
        stack.kill_web()
        ended.set()
    rows = {bytes(raw) for raw in WebhookEvent.objects.values_list("raw_body", flat=True)}
    stack.wait_until_quiet(seconds=150)

    assert set(accepted) <= rows
    assert not SyncJob.objects.exclude(state="done").exists()
    assert_all_arrived(stack, codes)
