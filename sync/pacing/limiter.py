"""The limiter that the clients are given: slots and drops counted in Redis."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

from clients.errors import Throttled
from sync.models.job import Priority
from sync.pacing.scripts import ACQUIRE, OBSERVE
from sync.pacing.settings import Budget

logger = logging.getLogger(__name__)
EXPECTED_COST = 2.0
# What each priority leaves in the bucket for those before it, as a share of its capacity.
HEADROOM = {Priority.ORDERS: 0.05, Priority.CUSTOMERS: 0.1, Priority.STOCK: 0.2, Priority.CATALOGUE: 0.3, Priority.RECONCILIATION: 0.5}

_connections: dict[str, Redis] = {}


def connection() -> Redis:
    """Return this process' connection pool to the shared Redis."""
    url = settings.REDIS_URL
    if url not in _connections:
        _connections[url] = Redis.from_url(url, socket_timeout=5, socket_connect_timeout=2)
    return _connections[url]


def _run(script: str, keys: list[str], values: list[str | float]) -> Any:
    """Run a script by its digest, so that its text goes over the wire only where Redis does not know it yet."""
    return connection().register_script(script)(keys=keys, args=values)


class RedisLimiter:
    """Count one partner's connections and drops for every worker; `name` is the partner's, e.g. `shoptet:1`."""

    def __init__(
        self,
        name: str,
        budget: Budget,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name, self.budget = name, budget
        self._sleep, self._clock = sleep, clock
        self._keys = [f"pace:{{{name}}}:{part}" for part in ("slots", "bucket", "next", "held", "urgent")]
        self._address_slots = f"pace:address:{budget.address}:slots"

    @contextmanager
    def slot(self, *, priority: int, cost: float = EXPECTED_COST) -> Iterator[None]:
        """Hold one connection; wait a little for room, then raise Throttled so that the worker is free again."""
        slot_id = uuid.uuid4().hex
        self._enter(slot_id, priority, max(cost, EXPECTED_COST))
        try:
            yield
        finally:
            self._leave(slot_id)

    def _leave(self, slot_id: str) -> None:
        """Give the connection back; a slot that cannot be given back expires, and the answer must not be lost over it."""
        try:
            with connection().pipeline(transaction=False) as both:
                both.zrem(self._keys[0], slot_id)
                if self.budget.address_connections:
                    both.zrem(self._address_slots, slot_id)
                both.execute()
        except RedisError as error:
            logger.warning("A slot of %s stays taken until it expires: %s", self.name, error)

    def _enter(self, slot_id: str, priority: int, cost: float) -> None:
        deadline = self._clock() + self.budget.longest_wait
        while True:
            taken, wait = self._try(slot_id, priority, cost)
            if taken:
                return
            if self._clock() + wait > deadline:
                raise Throttled("no room in the shared budget", partner=self.name, retry_after=max(wait, 0.2))
            self._sleep(min(wait, 0.5) + 0.005)

    def _try(self, slot_id: str, priority: int, cost: float) -> tuple[bool, float]:
        budget = self.budget
        allowed = budget.connections if priority <= Priority.CUSTOMERS else budget.bulk_connections
        headroom = budget.capacity * HEADROOM.get(Priority(priority), 0.3)
        values: list[str | float] = [
            slot_id,
            allowed,
            budget.slot_seconds,
            budget.capacity,
            budget.drain,
            cost,
            headroom,
            budget.pace,
            int(priority <= Priority.ORDERS),
            budget.address_connections,
        ]
        try:
            taken, wait = _run(ACQUIRE, [*self._keys, self._address_slots], values)
        except RedisError as error:
            raise Throttled(f"the shared budget is out of reach: {error}", partner=self.name, retry_after=5.0) from error
        return bool(taken), float(wait)

    def observe(self, *, filling: int | None, capacity: int | None, retry_after: float | None) -> None:
        """Take over the partner's own count; after a 429 nobody calls before `retry_after` seconds are over."""
        if self.budget.capacity and filling is not None or retry_after:
            level = "" if filling is None else filling
            slots, bucket, _, held, _ = self._keys
            try:
                _run(OBSERVE, [bucket, slots, held], [level, EXPECTED_COST, min(retry_after or 0.0, 300.0)])
            except RedisError as error:
                logger.warning("The level of %s's bucket could not be shared: %s", self.name, error)

    def filling(self) -> float:
        """Return how full the bucket is believed to be, from 0 to 1."""
        if not self.budget.capacity:
            return 0.0
        level, at = connection().hmget(self._keys[1], "level", "at")
        if level is None or at is None:
            return 0.0
        seconds, micros = connection().time()
        now = seconds + micros / 1e6
        return max(0.0, float(level) - (now - float(at)) * self.budget.drain) / self.budget.capacity
