"""Many who change the same jobs at once never wait for each other; where two transactions do, both are done all the same."""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from mappings.versions import record_version
from shops.database_trouble import repeat_deadlocked
from shops.models import FlowName, Shop
from sync import waiting
from sync.breakers import release_held
from sync.flow import Outcome, Request, Result
from sync.issues import Issue
from sync.jobs import Ask, ask
from sync.jobs.abandoned import take_back
from sync.jobs.claim import claim_due
from sync.models import SyncJob, SyncRun
from sync.models.job import Priority
from sync.runs.leftovers import keep_leftovers
from tests.promises.waiting import until

pytestmark = [pytest.mark.services, pytest.mark.timeout(120), pytest.mark.usefixtures("_postgresql")]
ORDERS, CUSTOMERS = FlowName.ORDER_TO_BLUEJET, FlowName.CUSTOMER_TO_BLUEJET
# Letters that a language sorts otherwise than their numbers.
KEYS = [f"{letter}{number}" for letter in ("a", "B", "č", "ch", "_", "Z") for number in range(12)]
MANY = 60


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Enqueue nothing: no worker is to help. And hear of every transaction that is done again."""
    caplog.set_level("INFO", logger="shops.database_trouble")
    monkeypatch.setattr("sync.dispatch._send", lambda task, args, **options: True)


def deadlocks() -> int:
    """Return how many deadlocks PostgreSQL has counted in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def repeated(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was said of transactions that had to be done again."""
    return [line.getMessage() for line in caplog.records if line.name == "shops.database_trouble"]


def at_once(*works: Callable[[], object]) -> None:
    """Do all of these at the same time, each on a connection of its own; raise what one of them raises."""
    start = threading.Barrier(len(works))

    def work(one: Callable[[], object]) -> None:
        start.wait()
        try:
            one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        for done in [threads.submit(work, one) for one in works]:
            done.result()


def orders_without_customers(names: Sequence[str], prefix: str) -> list[Request]:
    """Return orders as a first full run finds them: each waits for its customer and asks for them."""
    return [
        Request(
            f"{prefix}{name}",
            outcome=Outcome(
                Result.WAITING,
                [Issue("missing_customer", "warning")],
                topics=(waiting.job_topic(CUSTOMERS, name),),
                asks=(Ask(CUSTOMERS, name, Priority.CUSTOMERS),),
            ),
        )
        for name in names
    ]


def test_two_chunks_of_a_first_full_run_whose_orders_ask_for_the_same_customers_never_wait_for_each_other(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    run = SyncRun.objects.create(shop=shop, flow=ORDERS, state=SyncRun.State.RUNNING)
    names = [f"customer {number:03}" for number in range(MANY)]
    before = deadlocks()

    def keep(requests: list[Request]) -> None:
        with transaction.atomic():
            keep_leftovers(run, requests)

    at_once(
        lambda: keep(orders_without_customers(names, "first")),
        lambda: keep(orders_without_customers(names[::-1], "second")),
        lambda: keep(orders_without_customers(names[::2] + names[1::2], "third")),
    )

    assert (deadlocks(), repeated(caplog)) == (before, [])
    assert set(SyncJob.objects.filter(flow=CUSTOMERS).values_list("key", "wanted")) == {(name, 3) for name in names}
    assert SyncJob.objects.filter(flow=ORDERS, state="waiting").count() == 3 * MANY


class Hands:
    """One of several who do to the jobs whatever is done to jobs, in an order of their own."""

    def __init__(self, shop: Shop, run: SyncRun, seed: int) -> None:
        self.shop, self.run, self.chance = shop, run, random.Random(seed)

    def work(self, rounds: int) -> None:
        """Do so many things, one after the other."""
        deeds = (self.ask, self.ask, self.wake, self.look_again, self.claim, self.lose, self.release, self.leave, self.map)
        for _ in range(rounds):
            self.chance.choice(deeds)()

    def some(self) -> list[str]:
        return self.chance.sample(KEYS, 24)

    def ask(self) -> None:
        priorities = list(Priority)
        wishes = [Ask(flow, key, self.chance.choice(priorities)) for key in self.some() for flow in (ORDERS, CUSTOMERS)]
        ask(self.shop, wishes, asked_by="test")

    def wake(self) -> None:
        waiting.wake(self.shop.pk, [waiting.job_topic(CUSTOMERS, key) for key in self.some()])

    def look_again(self) -> None:
        waiting.look_again(self.shop.pk, [waiting.job_topic(CUSTOMERS, key) for key in self.some()])

    def claim(self) -> None:
        claim_due(self.shop.pk, self.chance.choice([ORDERS, CUSTOMERS]), up_to=10)

    def lose(self) -> None:
        past = timezone.now() - timedelta(seconds=1)
        for key in self.some()[:5]:
            SyncJob.objects.filter(flow=ORDERS, key=key, state="running").update(claimed_until=past, claim=uuid.uuid4(), tries=0)
        take_back()

    def release(self) -> None:
        for key in self.some()[:5]:
            SyncJob.objects.filter(flow=ORDERS, key=key, state="queued").update(state="waiting", blocked_by="bluejet:1")
        release_held("bluejet:1")

    def map(self) -> None:
        with transaction.atomic():
            record_version(self.shop)
            waiting.wake(self.shop.pk, [waiting.job_topic(CUSTOMERS, key) for key in self.some()])

    def leave(self) -> None:
        with transaction.atomic():
            keep_leftovers(self.run, orders_without_customers(self.some(), ""))


def test_whoever_asks_wakes_claims_gives_back_or_leaves_jobs_takes_them_in_the_same_order(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    run = SyncRun.objects.create(shop=shop, flow=ORDERS, state=SyncRun.State.RUNNING)
    hands = [Hands(shop, run, seed) for seed in range(5)]
    before = deadlocks()

    at_once(*(lambda one=one: one.work(25) for one in hands))  # type: ignore[misc]

    assert (deadlocks(), repeated(caplog)) == (before, [])
    assert SyncJob.objects.count() == 2 * len(KEYS)


def test_two_transactions_that_do_wait_for_each_other_are_both_done(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    first, second = ask(shop, [Ask(ORDERS, "first", Priority.ORDERS), Ask(ORDERS, "second", Priority.ORDERS)], asked_by="test")
    before, tries = deadlocks(), []
    both_hold_one = threading.Barrier(2)

    def change(*pks: int) -> None:
        tries.append(pks)
        with transaction.atomic():
            SyncJob.objects.filter(pk=pks[0]).update(lag=pks[0] % 1000)
            if len(tries) <= 2:
                both_hold_one.wait(30)
            SyncJob.objects.filter(pk=pks[1]).update(priority=Priority.STOCK, tries=len(pks))

    at_once(
        lambda: repeat_deadlocked(lambda: change(first.pk, second.pk)),
        lambda: repeat_deadlocked(lambda: change(second.pk, first.pk)),
    )

    until(lambda: deadlocks() == before + 1, "PostgreSQL counted the deadlock")
    assert len(tries) == 3
    assert len(repeated(caplog)) == 1
    assert set(SyncJob.objects.values_list("priority", "tries")) == {(Priority.STOCK, 2)}
