"""A source that lags behind its own announcements, and a source from which things vanish."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from sync.jobs import replay_jobs
from sync.models import SyncJob
from tests.sync.happenings import CUSTOMERS, ORDERS, PRODUCTS, announce, bring, guid_of, issues_of, place
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

PassTime = Callable[[float], None]
pytestmark = pytest.mark.parametrize("dialect", ["data"])
LATE = "2026990001"
FIRST_LOOKS = ("SPO01", "SPO02", "SPO03", "SPO04", "SPO05")


@pytest.fixture
def holds(portal: Portal, pass_time: PassTime) -> Holdings:
    return Holdings(portal)


def seconds_to_wait(job: SyncJob) -> int:
    return round((job.next_try_at - timezone.now()).total_seconds())


def delete(portal: Portal, code: str) -> SyncJob:
    """Let the shop's staff delete a product, and Shoptet announce it; return the product's job afterwards."""
    guid = guid_of(portal, code)
    portal.control(f"/products/{code}", method="DELETE")
    announce(portal, "product:delete", guid)
    portal.work(PRODUCTS)
    return portal.job(PRODUCTS, guid)


# What was announced is not there yet


def test_what_was_announced_and_is_not_there_is_looked_for_three_times_more(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    event = announce(portal, "order:create", LATE)
    waits = []
    for _ in range(3):
        portal.work(ORDERS)
        waits.append(seconds_to_wait(portal.job(ORDERS, LATE)))
        pass_time(waits[-1] + 1)

    portal.work(ORDERS)

    job = portal.job(ORDERS, LATE)
    event.refresh_from_db()
    assert waits == [10, 60, 300]
    assert (job.state, issues_of(job), event.status) == ("done", ["source_missing"], "completed")


def test_an_order_that_shows_up_late_arrives(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    bring(portal, "SPO01")
    announce(portal, "order:create", LATE)
    portal.work(ORDERS)
    behind = portal.job(ORDERS, LATE)

    portal.control("/orders", {"code": LATE, "items": ["SPO01"]})
    pass_time(11)
    portal.work(ORDERS)

    assert (behind.state, issues_of(behind), behind.tries) == ("waiting", ["source_behind"], 0)
    assert holds.document(LATE)


def test_a_source_that_is_older_than_its_announcement_is_looked_at_again(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    bring(portal, "SPO01")
    code = place(portal, "SPO01")
    portal.work()
    pass_time(60)
    announce(portal, "order:update", code)
    portal.work(ORDERS)
    behind = portal.job(ORDERS, code)

    portal.control(f"/orders/{code}", {"amounts": {"SPO01": 4}})
    pass_time(11)
    portal.work(ORDERS)

    assert (behind.state, seconds_to_wait(behind) <= 10) == ("waiting", True)
    assert holds.document(code).lines[0].quantity == 4
    assert portal.job(ORDERS, code).state == "done"


def test_a_source_that_stays_older_is_looked_at_three_times_more_and_no_longer(
    portal: Portal, holds: Holdings, pass_time: PassTime
) -> None:
    bring(portal, "SPO01")
    code = place(portal, "SPO01")
    portal.work()
    looks = portal.job(ORDERS, code).attempts.count()
    pass_time(60)
    event = announce(portal, "order:update", code)

    waits = []
    portal.work(ORDERS)
    while portal.job(ORDERS, code).state == "waiting":
        waits.append(seconds_to_wait(portal.job(ORDERS, code)))
        pass_time(waits[-1] + 1)
        portal.work(ORDERS)

    event.refresh_from_db()
    assert waits == [10, 60, 300]
    assert portal.job(ORDERS, code).attempts.count() == looks + 4
    assert (portal.job(ORDERS, code).state, event.status) == ("done", "completed")


def test_a_new_announcement_starts_the_looks_anew(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    announce(portal, "order:create", LATE)
    portal.work(ORDERS)
    pass_time(11)
    portal.work(ORDERS)

    announce(portal, "order:update", LATE)
    portal.work(ORDERS)

    assert seconds_to_wait(portal.job(ORDERS, LATE)) == 10


# What is gone


@pytest.mark.parametrize("fault", ["503", "malformed", "drop_before"])
@pytest.mark.usefixtures("impatient")
def test_nothing_is_put_away_while_the_api_itself_does_not_answer(portal: Portal, holds: Holdings, pass_time: PassTime, fault: str) -> None:
    bring(portal, "SPO01")
    portal.control("/faults", {"fault": "404", "match": "/api/products/", "times": 1})
    portal.control("/faults", {"fault": fault, "match": "/api/eshop"})
    guid = guid_of(portal, "SPO01")

    announce(portal, "product:delete", guid)
    portal.work(PRODUCTS)

    assert portal.job(PRODUCTS, guid).state == "waiting"
    assert not holds.product("SPO01")["archived"]


def test_a_deletion_that_was_announced_for_what_still_lives_is_no_deletion(portal: Portal, holds: Holdings) -> None:
    bring(portal, "SPO01")
    guid = guid_of(portal, "SPO01")

    announce(portal, "product:delete", guid, created=timezone.now() - timedelta(days=1))
    portal.work(PRODUCTS)

    assert portal.job(PRODUCTS, guid).state in ("done", "waiting")
    assert not holds.product("SPO01")["archived"]


def test_a_flood_of_deletions_is_held_for_a_person(portal: Portal, holds: Holdings) -> None:
    bring(portal, *FIRST_LOOKS, "SPO06")
    for code in FIRST_LOOKS:
        delete(portal, code)

    job = delete(portal, "SPO06")

    assert (job.state, issues_of(job)) == ("parked", ["held_delete", "many_deletes"])
    assert [holds.product(code)["archived"] for code in (*FIRST_LOOKS, "SPO06")] == [True] * 5 + [False]


def test_a_flood_within_one_batch_is_held_too(portal: Portal, holds: Holdings) -> None:
    codes = [*FIRST_LOOKS, "SPO06", "KON01", "KON02"]
    bring(portal, *codes)
    guids = [guid_of(portal, code) for code in codes]
    for code, guid in zip(codes, guids, strict=True):
        portal.control(f"/products/{code}", method="DELETE")
        announce(portal, "product:delete", guid)

    portal.work(PRODUCTS)

    assert SyncJob.objects.filter(state="parked").count() == 3
    assert sum(holds.product(code)["archived"] for code in codes) == 5


def test_sending_a_held_deletion_again_approves_it(portal: Portal, holds: Holdings) -> None:
    bring(portal, *FIRST_LOOKS, "SPO06")
    for code in FIRST_LOOKS:
        delete(portal, code)
    job = delete(portal, "SPO06")

    replay_jobs([job], by="jana")
    portal.work(PRODUCTS)

    job.refresh_from_db()
    assert (job.state, job.approved, holds.product("SPO06")["archived"]) == ("done", False, True)


def test_an_hour_later_a_few_deletions_need_nobody_again(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    bring(portal, *FIRST_LOOKS, "SPO06")
    for code in FIRST_LOOKS:
        delete(portal, code)

    pass_time(3601)
    job = delete(portal, "SPO06")

    assert (job.state, holds.product("SPO06")["archived"]) == ("done", True)


def test_a_flood_that_a_run_finds_is_held_and_the_run_ends(portal: Portal, holds: Holdings) -> None:
    portal.run(CUSTOMERS)
    for guid in list(portal.shoptet.state.customers)[:7]:
        portal.control(f"/customers/{guid}", method="DELETE")

    run = portal.run(CUSTOMERS, mode="delta")

    assert (run.state, run.updated, run.parked) == ("completed", 5, 2)
    assert {tuple(issues_of(job)) for job in SyncJob.objects.filter(state="parked")} == {("held_delete", "many_deletes")}
