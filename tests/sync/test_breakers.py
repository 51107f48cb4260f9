"""A partner that is down: known to all workers, asked once in a while, and its backlog let go when it is back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clients.errors import BreakerOpen, PartnerUnavailable
from sync.breakers import PartnerBreaker, held_seconds
from sync.issues import Issue
from sync.models import Breaker, SyncJob
from sync.partners import bluejet_name
from tests.sync.happenings import ORDERS, PRODUCTS, bring, finished, place, planned
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

PassTime = Callable[[float], None]
pytestmark = pytest.mark.django_db
NAME = "bluejet:1"
DOWN = PartnerUnavailable("no answer", partner="BlueJet")


def worker() -> PartnerBreaker:
    return PartnerBreaker(NAME, label="BlueJet")


def is_open() -> bool:
    try:
        worker().check()
    except BreakerOpen:
        return True
    return False


def test_three_failures_in_a_row_open_it_for_every_worker(pass_time: PassTime) -> None:
    found = []
    for _ in range(3):
        worker().failed(DOWN)
        found.append(is_open())

    assert found == [False, False, True]
    assert held_seconds([NAME, "shoptet:1"]) == (NAME, pytest.approx(30, abs=1))


def test_failures_with_successes_between_them_do_not_open_it(pass_time: PassTime) -> None:
    for _ in range(3):
        for _ in range(2):
            worker().failed(DOWN)
        worker().succeeded()

    assert not is_open()


def test_one_request_probes_and_the_others_wait(pass_time: PassTime) -> None:
    for _ in range(3):
        worker().failed(DOWN)
    pass_time(31)

    assert [is_open() for _ in range(3)] == [False, True, True]


def test_a_probe_that_fails_keeps_it_open_for_as_long_again(pass_time: PassTime) -> None:
    for _ in range(3):
        worker().failed(DOWN)
    since = Breaker.objects.get().opened_at
    pass_time(31)
    worker().check()
    worker().failed(DOWN)

    assert is_open()
    pass_time(31)
    assert not is_open()
    assert Breaker.objects.get().opened_at == since


def test_a_probe_that_succeeds_closes_it_for_every_worker(pass_time: PassTime) -> None:
    for _ in range(3):
        worker().failed(DOWN)
    pass_time(31)
    probe = worker()
    probe.check()
    probe.succeeded()

    row = Breaker.objects.get()
    assert (row.is_open, row.failures, row.error) == (False, 0, "")
    assert not is_open()


def test_it_says_what_went_wrong_and_since_when(pass_time: PassTime) -> None:
    for _ in range(3):
        worker().failed(DOWN)

    row = Breaker.objects.get()
    assert row.error == "BlueJet: no answer"
    assert row.opened_at is not None


# With jobs


@pytest.fixture
def holds(portal: Portal, pass_time: PassTime, impatient: None) -> Holdings:
    bring(portal, "SPO01")
    return Holdings(portal)


def test_while_bluejet_is_down_jobs_wait_without_trying_and_then_all_arrive(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    portal.bluejet.go_down()
    codes = [place(portal, "SPO01") for _ in range(12)]
    portal.work(ORDERS)
    jobs = SyncJob.objects.filter(flow=ORDERS)
    waiting = set(jobs.values_list("state", "tries", "blocked_by"))
    asked = portal.shoptet.gateway.stats.read()["requests"]

    for _ in range(4):
        pass_time(5)
        portal.work(ORDERS)
    still = portal.shoptet.gateway.stats.read()["requests"]
    portal.bluejet.come_back()
    for _ in range(4):
        pass_time(31)
        portal.work(ORDERS)

    assert waiting == {("waiting", 0, f"bluejet:{portal.shop.bluejet.pk}")}
    assert still == asked
    assert all(holds.document(code).lines for code in codes)
    assert set(jobs.values_list("state", "tries", "blocked_by")) == {("done", 0, "")}
    assert not Breaker.objects.get(partner=f"bluejet:{portal.shop.bluejet.pk}").is_open


@pytest.mark.parametrize("dialect", ["data"])
def test_a_job_that_is_not_even_tried_while_bluejet_is_down_says_so(portal: Portal, holds: Holdings) -> None:
    for _ in range(3):
        PartnerBreaker(bluejet_name(portal.shop.bluejet), label="BlueJet").failed(DOWN)
    code = place(portal, "SPO01")

    portal.work(ORDERS)

    (issue,) = portal.job(ORDERS, code).issues
    assert Issue.from_json(issue).sentence() == "BlueJet does not answer: it is known to be down"


@pytest.mark.parametrize("dialect", ["data"])
def test_two_hours_of_outage_cost_no_try_and_no_person(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    portal.bluejet.go_down()
    codes = []
    for _ in range(8):
        codes.append(place(portal, "SPO01"))
        portal.work(ORDERS)
        pass_time(900)

    portal.bluejet.come_back()
    for _ in range(4):
        portal.work(ORDERS)
        pass_time(31)

    assert set(SyncJob.objects.filter(flow=ORDERS).values_list("state", flat=True)) == {"done"}
    assert all(holds.document(code).lines for code in codes)


@pytest.mark.parametrize("dialect", ["data"])
def test_while_shoptet_is_down_a_run_waits_in_its_chunk(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    run = planned(portal, PRODUCTS)
    portal.control("/faults", {"fault": "503"})
    for _ in range(4):
        finished(run)
        pass_time(10)
    held = (run.state, run.read)

    portal.control("/faults", method="DELETE")
    for _ in range(4):
        pass_time(31)
        finished(run)

    assert held == ("running", 0)
    assert (run.state, run.created, run.unchanged) == ("completed", 45, 1)
