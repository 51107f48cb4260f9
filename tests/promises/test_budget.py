"""Four worker processes are one caller to Shoptet: three connections and one bucket, whoever of them dies."""

from __future__ import annotations

import json
import time

import pytest

from sync.pacing import SHOPTET
from tests.promises.programs import Program
from tests.promises.stack import TOKEN, Stack

pytestmark = pytest.mark.services
WORKERS, REQUESTS = 4, 3000
SMALL_SHOP = ("--products", "40", "--customers", "20", "--orders", "0")
# Drops a second that leak away here; Shoptet's ten would make five minutes of it.
DRAIN, FAST_DRAIN = 150, 2000
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
    """Watch Shoptet for so long; return requests a second and the most connections at once."""
    stack.shoptet.call("/stats", method="DELETE")
    began = time.monotonic()
    time.sleep(seconds)
    stats = stack.shoptet.get("/stats")
    return stats["requests"] / (time.monotonic() - began), stats["maxConcurrency"]


def test_four_workers_never_open_a_fourth_connection_and_are_never_turned_away(stack: Stack) -> None:
    open_shop(stack, drain=DRAIN)
    began = time.monotonic()

    workers = [start_caller(stack, f"caller{number}", REQUESTS // WORKERS, DRAIN) for number in range(WORKERS)]
    codes = [worker.wait(seconds=90) for worker in workers]

    seconds, stats = time.monotonic() - began, stack.shoptet.get("/stats")
    said = [json.loads(worker.said().splitlines()[-1]) for worker in workers]
    print(f"{stats['requests']} requests in {seconds:.1f} s, {stats['maxConcurrency']} at once, {stats['statuses']}; {said}")
    assert codes == [0] * WORKERS
    assert stats["statuses"] == {"200": REQUESTS}
    assert stats["maxConcurrency"] == ALL_CONNECTIONS
    assert (stats["tooManyRequests"], stats["refusals"]) == (0, {})
