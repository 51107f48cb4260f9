"""One budget for all workers: connections, the bucket, pauses that a partner asks for, the account's pace."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

import pytest
import redis
from pytest_django import Settings

from clients.errors import Throttled
from sync.models.job import Priority
from sync.pacing import SHOPTET, Budget, RedisLimiter
from sync.pacing.limiter import connection

pytestmark = pytest.mark.usefixtures("redis_client")
NO_BUCKET = Budget(connections=3, bulk_connections=2, longest_wait=0.1)
WITH_BUCKET = replace(SHOPTET, longest_wait=0.0)
Enter = Callable[..., None]


@pytest.fixture
def enter() -> Iterator[Enter]:
    """Return what takes a slot and keeps it until the test ends; each call is a worker of its own."""
    with ExitStack() as held:
        yield lambda budget, priority=Priority.ORDERS, **wishes: held.enter_context(worker(budget).slot(priority=priority, **wishes))


def worker(budget: Budget) -> RedisLimiter:
    return RedisLimiter("shoptet:1", budget)


# Connections


def test_however_many_workers_there_are_three_are_connected_at_a_time() -> None:
    budget = replace(NO_BUCKET, longest_wait=5.0)
    at_once: list[int] = []

    def call(_: int) -> None:
        with worker(budget).slot(priority=Priority.ORDERS):
            at_once.append(connection().zcard("pace:{shoptet:1}:slots"))
            time.sleep(0.01)

    with ThreadPoolExecutor(12) as workers:
        list(workers.map(call, range(36)))

    assert (len(at_once), max(at_once)) == (36, 3)


def test_bulk_work_leaves_one_connection_to_orders(enter: Enter) -> None:
    enter(NO_BUCKET, Priority.CATALOGUE)
    enter(NO_BUCKET, Priority.STOCK)

    with pytest.raises(Throttled):
        enter(NO_BUCKET, Priority.CATALOGUE)
    enter(NO_BUCKET, Priority.ORDERS)
    with pytest.raises(Throttled):
        enter(NO_BUCKET, Priority.ORDERS)


def test_a_connection_that_was_given_back_is_free_at_once(enter: Enter) -> None:
    for _ in range(10):
        with worker(NO_BUCKET).slot(priority=Priority.ORDERS), worker(NO_BUCKET).slot(priority=Priority.ORDERS):
            pass

    enter(NO_BUCKET)


def test_a_call_that_fails_gives_its_connection_back() -> None:
    for _ in range(10):
        with pytest.raises(KeyError), worker(NO_BUCKET).slot(priority=Priority.ORDERS):
            raise KeyError

    assert connection().zcard("pace:{shoptet:1}:slots") == 0


def test_the_connection_of_a_killed_worker_comes_back_by_itself(enter: Enter) -> None:
    short = replace(NO_BUCKET, slot_seconds=0.2, longest_wait=0.0)
    for _ in range(3):
        enter(short)
    with pytest.raises(Throttled):
        enter(short)

    time.sleep(0.25)

    enter(short)


def test_all_shops_together_keep_what_shoptet_allows_one_ip_address(enter: Enter) -> None:
    two_in_all = replace(NO_BUCKET, address="shoptet", address_connections=2)
    enter(two_in_all)
    other_shop = RedisLimiter("shoptet:2", two_in_all)

    with other_shop.slot(priority=Priority.ORDERS), pytest.raises(Throttled):
        enter(two_in_all)

    with other_shop.slot(priority=Priority.ORDERS):
        pass
    assert SHOPTET.address_connections == 50


def test_two_partners_do_not_share_connections(enter: Enter) -> None:
    for _ in range(3):
        enter(NO_BUCKET)

    with RedisLimiter("shoptet:2", NO_BUCKET).slot(priority=Priority.ORDERS):
        pass


def test_a_long_wait_gives_the_worker_back_and_says_how_long() -> None:
    worker(NO_BUCKET).observe(filling=None, capacity=None, retry_after=30.0)
    begun = time.monotonic()

    with pytest.raises(Throttled) as caught, worker(NO_BUCKET).slot(priority=Priority.ORDERS):
        pass

    assert time.monotonic() - begun < 1
    assert 29 < (caught.value.retry_after or 0) <= 30


def test_a_short_wait_is_waited_for() -> None:
    budget = replace(NO_BUCKET, longest_wait=1.0)
    worker(budget).observe(filling=None, capacity=None, retry_after=0.2)
    begun = time.monotonic()

    with worker(budget).slot(priority=Priority.ORDERS):
        assert time.monotonic() - begun >= 0.2


# The bucket


@pytest.mark.parametrize(
    ("level", "welcome"),
    [
        (0, [Priority.ORDERS, Priority.CUSTOMERS, Priority.STOCK, Priority.CATALOGUE, Priority.RECONCILIATION]),
        (110, [Priority.ORDERS, Priority.CUSTOMERS, Priority.STOCK, Priority.CATALOGUE]),
        (145, [Priority.ORDERS, Priority.CUSTOMERS, Priority.STOCK]),
        (165, [Priority.ORDERS, Priority.CUSTOMERS]),
        (182, [Priority.ORDERS]),
        (197, []),
    ],
)
def test_the_fuller_the_bucket_the_fewer_may_call(level: int, welcome: list[Priority]) -> None:
    found = []
    for priority in Priority:
        worker(WITH_BUCKET).observe(filling=level, capacity=200, retry_after=None)
        try:
            with worker(WITH_BUCKET).slot(priority=priority):
                found.append(priority)
        except Throttled:
            continue

    assert found == welcome


def test_a_full_bucket_says_when_there_will_be_room() -> None:
    worker(WITH_BUCKET).observe(filling=200, capacity=200, retry_after=None)

    with pytest.raises(Throttled) as caught, worker(WITH_BUCKET).slot(priority=Priority.ORDERS):
        pass

    # 200 drops there, 2 of this call and 10 kept free are 12 too many; 10 leak away each second.
    assert caught.value.retry_after == pytest.approx(1.2, abs=0.1)


def test_the_bucket_leaks() -> None:
    quick = replace(WITH_BUCKET, drain=100.0)
    worker(quick).observe(filling=200, capacity=200, retry_after=None)

    time.sleep(0.2)

    with worker(quick).slot(priority=Priority.ORDERS):
        assert worker(quick).filling() < 0.95


def test_what_is_under_way_counts_before_it_is_answered() -> None:
    for _ in range(40):
        with worker(WITH_BUCKET).slot(priority=Priority.ORDERS):
            pass

    assert worker(WITH_BUCKET).filling() == pytest.approx(0.5 + 40 * 2 / 200, abs=0.05)


def test_after_a_flush_of_redis_the_bucket_is_taken_for_half_full(redis_client: redis.Redis) -> None:
    worker(WITH_BUCKET).observe(filling=0, capacity=200, retry_after=None)
    redis_client.flushdb()

    with worker(WITH_BUCKET).slot(priority=Priority.ORDERS):
        pass
    with pytest.raises(Throttled), worker(WITH_BUCKET).slot(priority=Priority.RECONCILIATION):
        pass


def test_after_a_flush_of_redis_those_who_leave_half_the_bucket_to_others_have_their_turn(enter: Enter) -> None:
    enter(SHOPTET, Priority.RECONCILIATION)

    assert connection().zcard("pace:{shoptet:1}:slots") == 1


def test_a_stream_of_calls_never_fills_the_bucket() -> None:
    """Play the partner: a bucket of 200 drops from which 10 leak a second, two drops a call, for a thousand calls at once."""
    calls = 0
    worker(WITH_BUCKET).observe(filling=0, capacity=200, retry_after=None)
    for _ in range(1000):
        try:
            with worker(WITH_BUCKET).slot(priority=Priority.ORDERS):
                calls += 1
        except Throttled:
            break

    assert 90 <= calls <= 100


# Pauses and pace


def test_after_a_429_nobody_calls_until_the_pause_is_over(enter: Enter) -> None:
    budget = replace(WITH_BUCKET, longest_wait=0.0)
    worker(budget).observe(filling=None, capacity=None, retry_after=0.3)

    for priority in Priority:
        with pytest.raises(Throttled):
            enter(budget, priority)
    time.sleep(0.3)

    enter(budget)


def test_calls_keep_the_accounts_pace_whoever_makes_them() -> None:
    paced = Budget(connections=4, bulk_connections=3, pace=0.05, longest_wait=5.0)
    made: list[float] = []

    def call(_: int) -> None:
        with worker(paced).slot(priority=Priority.ORDERS):
            made.append(time.monotonic())

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(call, range(6)))

    assert max(made) - min(made) >= 5 * 0.05 - 0.02


def test_without_redis_a_call_waits_instead_of_going_out_unpaced(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"

    with pytest.raises(Throttled) as caught, worker(NO_BUCKET).slot(priority=Priority.ORDERS):
        pass

    assert caught.value.retry_after == 5.0


def test_an_answer_is_not_lost_because_redis_went_away_meanwhile(settings: Settings) -> None:
    there = settings.REDIS_URL
    with worker(NO_BUCKET).slot(priority=Priority.ORDERS):
        settings.REDIS_URL = "redis://127.0.0.1:9/0"
        worker(WITH_BUCKET).observe(filling=10, capacity=200, retry_after=None)

    settings.REDIS_URL = there
    assert connection().zcard("pace:{shoptet:1}:slots") == 1
