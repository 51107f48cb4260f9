"""A worker of which nothing is left but its requests: `python -m tests.promises.caller URL TOKEN REQUESTS DRAIN [CALL]`."""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import django

from clients.errors import Throttled
from clients.shoptet.client import ShoptetClient

PARTNER = "shoptet:budget"
Call = Callable[[], Any]


def calls_of(client: ShoptetClient) -> tuple[Call, ...]:
    """Return reads of small and of large answers, each of one request."""
    return client.eshop, lambda: next(iter(client.products())), client.stocks, client.order_statuses


def call_on(url: str, token: str, requests: int, drain: float, priority: int, only: str = "") -> Counter[str]:
    """Make so many requests on the shared budget; who is told to wait comes back later, as a job does."""
    from sync.pacing import SHOPTET, RedisLimiter

    limiter, made = RedisLimiter(PARTNER, replace(SHOPTET, drain=drain)), Counter[str]()
    with ShoptetClient.for_token(url, token, limiter=limiter, priority=priority) as client:
        calls = [getattr(client, only)] if only else calls_of(client)
        for call in itertools.islice(itertools.cycle(calls), requests):
            while not _is_answered(call, made):
                pass
    return made


def _is_answered(call: Call, made: Counter[str]) -> bool:
    try:
        call()
    except Throttled as told:
        made["sent away"] += 1
        time.sleep(told.retry_after or 1.0)
        return False
    made["answered"] += 1
    return True


def main(url: str, token: str, requests: str, drain: str, only: str = "") -> None:
    """Make half of the requests for orders and half for the catalogue, at the same time; say in JSON how it went."""
    django.setup()
    from sync.models.job import Priority

    if only:
        call_on(url, token, int(requests), float(drain), Priority.ORDERS, only)
        return
    with ThreadPoolExecutor(2) as threads:
        half = int(requests) // 2
        made = [threads.submit(call_on, url, token, half, float(drain), priority) for priority in (Priority.ORDERS, Priority.CATALOGUE)]
    print(json.dumps([future.result() for future in made]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
