"""Shoptet's limits are kept by all workers together, and what a killed one held comes back."""

from __future__ import annotations

import time

import pytest

from sync.models.job import Priority
from tests.promises.programs import Program
from tests.promises.stack import Stack
from tests.promises.waiting import until

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]
PRIORITIES = (Priority.ORDERS, Priority.CUSTOMERS, Priority.STOCK, Priority.CATALOGUE)
REQUESTS = 3000
# Shoptet's bucket leaks 10 drops a second, with which the test would last for five minutes; both sides are told of more.
DRAIN = 80
SMALL = ("--products", "40", "--customers", "20", "--orders", "0")


def start_workers(stack: Stack, requests: int, drain: float) -> list[Program]:
    """Start four processes that ask as fast as the budget lets them, each with another priority."""
    module = ("-m", "tests.promises.limited_requests", str(requests), str(drain))
    return [stack.program(f"asking{int(priority)}", *module, str(int(priority))) for priority in PRIORITIES]


def test_four_processes_with_3000_requests_never_open_a_fourth_connection_and_never_hear_429(stack: Stack) -> None:
    stack.start_partners(*SMALL, limits=("--bucket-drain", str(DRAIN), "--latency", "0.005"))
    stack.set_up_shop()
    stack.shoptet.call("/stats", method="DELETE")

    workers = start_workers(stack, REQUESTS // len(PRIORITIES), DRAIN)
    codes = [worker.wait(seconds=200) for worker in workers]

    stats = stack.shoptet.get("/stats")
    assert codes == [0, 0, 0, 0]
    assert stats["requests"] == stats["statuses"]["200"] == REQUESTS
    assert (stats["maxConcurrency"], stats["refusals"], stats["tooManyRequests"]) == (3, {}, 0)


def test_what_a_killed_worker_held_is_back_within_40_seconds(stack: Stack) -> None:
    stack.environment["SHOPTET_TIMEOUT"] = "30"
    stack.start_partners(*SMALL, limits=("--bucket-drain", "1000", "--latency", "0.2"))
    stack.set_up_shop()
    victim = stack.program("victim", "-m", "tests.promises.limited_requests", "1", "1000", str(int(Priority.ORDERS)))
    stack.shoptet.fault("slow", seconds=5, match="/api/categories", times=1)
    until(lambda: stack.shoptet.get("/stats")["faults"].get("slow"), "the worker holds a connection")

    victim.kill()
    killed_at = time.monotonic()
    start_workers(stack, 1_000_000, 1000)
    until(lambda: stack.shoptet.get("/stats")["statuses"].get("200", 0) > 20, "the other workers go on")
    until(lambda: time.monotonic() > killed_at + 6, "Shoptet has noticed that the killed worker is gone")
    stack.shoptet.call("/stats", method="DELETE")
    until(lambda: stack.shoptet.get("/stats")["requests"] > 20, "the other workers go on")
    during = stack.shoptet.get("/stats")["maxConcurrency"]
    until(lambda: stack.shoptet.get("/stats")["maxConcurrency"] == 3, "all three connections are used again")

    assert during == 2
    assert time.monotonic() - killed_at < 40
    assert stack.shoptet.get("/stats")["tooManyRequests"] == 0
