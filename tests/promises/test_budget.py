"""Four worker processes are one caller to Shoptet: three connections and one bucket, whoever of them dies."""

from __future__ import annotations

import json
import time

import pytest

from sync.pacing import SHOPTET
from tests.promises.programs import Program
from tests.promises.stack import TOKEN, Stack
from tests.promises.waiting import until

pytestmark = [pytest.mark.services, pytest.mark.timeout(180)]
WORKERS, REQUESTS = 4, 3000
SMALL_SHOP = ("--products", "40", "--customers", "20", "--orders", "0")
# Drops a second that leak away here; Shoptet's ten would make five minutes of it.
DRAIN, FAST_DRAIN = 50, 2000
ALL_CONNECTIONS = SHOPTET.connections
BACK_WITHIN = 40.0
HELD_FOR = 3.0
ENDLESS = 1_000_000


def open_shop(stack: Stack, *options: str, drain: float) -> None:
    """Start Shoptet with its own limits, but for a bucket that drains faster."""
    limits = ("--bucket-size", str(SHOPTET.capacity), "--bucket-drain", str(drain), "--connections", str(ALL_CONNECTIONS))
    stack.start_partners(*SMALL_SHOP, *options, limits=limits)
    stack.shoptet.call("/stats", method="DELETE")


def start_caller(stack: Stack, name: str, requests: int, drain: float, *call: str) -> Program:
    """Start one worker process."""
    return stack.program(name, "-m", "tests.promises.caller", stack.shoptet.url, TOKEN, str(requests), str(drain), *call)


def seen_in(stack: Stack, seconds: float) -> tuple[float, int]:
    """Watch Shoptet for so long; return requests a second and the most connections at once. Nobody may be turned away."""
    stack.shoptet.call("/stats", method="DELETE")
    began = time.monotonic()
    time.sleep(seconds)
    stats = stack.shoptet.get("/stats")
    assert stats["tooManyRequests"] == 0, stats
    return stats["requests"] / (time.monotonic() - began), stats["maxConcurrency"]


def kill_while_it_holds_a_slot(stack: Stack) -> float:
    """Start one more worker and kill it while its request is under way; return when."""
    stack.shoptet.fault("slow", match="/api/payment-methods", times=1, seconds=HELD_FOR)
    victim = start_caller(stack, "victim", 1, FAST_DRAIN, "payment_methods")
    until(lambda: stack.shoptet.get("/stats")["faults"].get("slow"), "the worker's request is under way", seconds=20)
    victim.kill()
    return time.monotonic()


def seconds_until_full(stack: Stack, killed: float) -> tuple[list[float], float]:
    """Return when Shoptet saw less than all connections in use, and when it saw all of them again; seconds after the kill."""
    short: list[float] = []
    while (passed := time.monotonic() - killed) < BACK_WITHIN:
        _, connections = seen_in(stack, 1)
        if connections < ALL_CONNECTIONS:
            short.append(passed)
        elif short:
            break
    return short, time.monotonic() - killed


def test_four_workers_never_open_a_fourth_connection_and_are_never_turned_away(stack: Stack) -> None:
    open_shop(stack, "--latency", "0.03", drain=DRAIN)
    began = time.monotonic()

    workers = [start_caller(stack, f"caller{number}", REQUESTS // WORKERS, DRAIN) for number in range(WORKERS)]
    codes = [worker.wait(seconds=150) for worker in workers]

    seconds, stats = time.monotonic() - began, stack.shoptet.get("/stats")
    said = [json.loads(worker.said().splitlines()[-1]) for worker in workers]

    print(f"{stats['requests']} requests in {seconds:.1f} s, {stats['maxConcurrency']} at once, {stats['statuses']}; {said}")
    assert codes == [0] * WORKERS
    assert stats["statuses"] == {"200": REQUESTS}
    assert stats["maxConcurrency"] == ALL_CONNECTIONS
    assert (stats["tooManyRequests"], stats["refusals"]) == (0, {})


def test_the_slot_of_a_killed_worker_comes_back_within_forty_seconds(stack: Stack) -> None:
    open_shop(stack, "--latency", "0.2", drain=FAST_DRAIN)
    for number in range(WORKERS - 1):
        start_caller(stack, f"caller{number}", ENDLESS, FAST_DRAIN)
    until(lambda: seen_in(stack, 0.5)[1] == ALL_CONNECTIONS, "all connections are in use", seconds=20)
    before, _ = seen_in(stack, 4)

    killed = kill_while_it_holds_a_slot(stack)
    short, back = seconds_until_full(stack, killed)
    after, connections = seen_in(stack, 4)

    print(f"{before:.1f} requests a second before, {after:.1f} after; a connection short from {short[0]:.0f} s, back after {back:.0f} s")
    assert short, "the killed worker held no slot, so this shows nothing"
    assert back < BACK_WITHIN
    assert connections == ALL_CONNECTIONS
    assert after > 0.8 * before
