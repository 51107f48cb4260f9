"""A record that a partner chokes on: it troubles nobody but itself, and ends in front of a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.bluejet.refusals import Refusal
from sandbox.bluejet.transaction import Transaction
from sync.models import SyncJob
from tests.sync.happenings import ORDERS, PRODUCTS, bring, finished, guid_of, issues_of, look_at, place, planned
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

PassTime = Callable[[float], None]
pytestmark = [pytest.mark.usefixtures("impatient"), pytest.mark.parametrize("dialect", ["data"])]
VARIANTS = 46
AN_HOUR = 3600


@pytest.fixture
def holds(portal: Portal, pass_time: PassTime) -> Holdings:
    bring(portal, "SPO01")
    return Holdings(portal)


def states(*codes: str) -> list[str]:
    return [SyncJob.objects.get(key=code).state for code in codes]


def shoptet_chokes_on(portal: Portal, key: str, fault: str, **wishes: Any) -> None:
    portal.control("/faults", {"fault": fault, "match": key, **wishes})


def bluejet_chokes_on(patch: pytest.MonkeyPatch, code: str) -> None:
    """Let BlueJet answer 500 to every request that carries this product, and keep nothing of it."""
    taken = Transaction._taken

    def choking(self: Transaction, evidence: Any, columns: dict[str, Any]) -> Any:
        if columns.get("code") == code:
            raise Refusal("Object reference not set to an instance of an object.", 500)
        return taken(self, evidence, columns)

    patch.setattr(Transaction, "_taken", choking)


@pytest.mark.parametrize(("fault", "wishes"), [("malformed", {}), ("500", {}), ("missing_field", {"field": "code"})])
def test_the_orders_beside_one_that_shoptet_chokes_on_arrive(
    portal: Portal, holds: Holdings, pass_time: PassTime, fault: str, wishes: dict[str, Any]
) -> None:
    bad, *others = [place(portal, "SPO01") for _ in range(4)]
    shoptet_chokes_on(portal, f"/api/orders/{bad}", fault, **wishes)

    for _ in range(3):
        portal.work(ORDERS)
        pass_time(61)

    assert states(bad, *others) == ["waiting", "done", "done", "done"]


def test_the_products_beside_one_that_bluejet_chokes_on_arrive(
    portal: Portal, holds: Holdings, pass_time: PassTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    bluejet_chokes_on(monkeypatch, "KON03")
    codes = ["KON01", "KON02", "KON03", "KON04"]
    look_at(portal, PRODUCTS, *[guid_of(portal, code) for code in codes])

    for _ in range(3):
        portal.work(PRODUCTS)
        pass_time(61)

    assert states(*[guid_of(portal, code) for code in codes]) == ["done", "done", "waiting", "done"]


@pytest.mark.parametrize("fault", ["malformed", "500"])
def test_a_run_ends_although_shoptet_chokes_on_one_record(portal: Portal, holds: Holdings, pass_time: PassTime, fault: str) -> None:
    guid = guid_of(portal, "KON03")
    shoptet_chokes_on(portal, f"/api/products/{guid}", fault)
    run = planned(portal, PRODUCTS)

    for _ in range(16):
        finished(run)
        pass_time(61)

    assert (run.state, run.read, run.created, run.waiting) == ("completed", VARIANTS, VARIANTS - 2, 1)
    assert states(guid) == ["queued"]


def test_a_run_ends_although_bluejet_chokes_on_one_record(
    portal: Portal, holds: Holdings, pass_time: PassTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    bluejet_chokes_on(monkeypatch, "KON03")
    run = planned(portal, PRODUCTS)

    for _ in range(16):
        finished(run)
        pass_time(61)

    assert (run.state, run.read, run.created, run.waiting) == ("completed", VARIANTS, VARIANTS - 2, 1)


@pytest.mark.parametrize("fault", ["malformed", "500"])
def test_a_record_that_shoptet_chokes_on_for_a_day_is_shown_to_a_person(
    portal: Portal, holds: Holdings, pass_time: PassTime, fault: str
) -> None:
    bad = place(portal, "SPO01")
    shoptet_chokes_on(portal, f"/api/orders/{bad}", fault)

    for _ in range(6):
        portal.work(ORDERS)
        place(portal, "SPO01")
        portal.work(ORDERS)
        pass_time(5 * AN_HOUR)

    job = portal.job(ORDERS, bad)
    assert (job.state, issues_of(job)[0]) == ("parked", "no_usable_answer")


def test_a_record_that_waits_for_a_partner_that_is_down_is_no_persons_matter(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    portal.bluejet.go_down()
    codes = [place(portal, "SPO01") for _ in range(4)]

    for _ in range(6):
        portal.work(ORDERS)
        pass_time(5 * AN_HOUR)
    down = states(*codes)
    portal.bluejet.come_back()
    for _ in range(4):
        portal.work(ORDERS)
        pass_time(31)

    assert set(down) == {"waiting"}
    assert set(states(*codes)) == {"done"}


def test_a_record_that_a_partner_chokes_on_is_asked_for_less_and_less_often(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    bad = place(portal, "SPO01")
    shoptet_chokes_on(portal, f"/api/orders/{bad}", "malformed")

    for _ in range(120):
        portal.work(ORDERS, rounds=1)
        pass_time(30)

    assert portal.job(ORDERS, bad).attempts.count() < 15
