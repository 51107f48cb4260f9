"""Leases through work that takes longer than one lasts: kept while it goes on, and the end of it where one is lost."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from clients.bluejet.session import Login
from sync import leases, sweepers
from sync.models import RecordLink, SyncJob
from tests.sync.happenings import ORDERS, PRODUCTS, bring, guid_of, issues_of, look_at, place
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

pytestmark = [pytest.mark.parametrize("dialect", ["data"]), pytest.mark.usefixtures("impatient")]
PassTime = Callable[[float], None]
LINES = 130


@pytest.fixture
def holds(portal: Portal, pass_time: PassTime) -> Holdings:
    bring(portal, "SPO01")
    return Holdings(portal)


def before_each_write(monkeypatch: pytest.MonkeyPatch, look: Callable[[], None]) -> None:
    """Have something happen right before each request that writes."""
    send_with = Login._send_with

    def watched(self: Login, token: str, method: str, *arguments: Any) -> Any:
        answer = send_with(self, token, method, *arguments)
        if method != "GET":
            look()
        return answer

    monkeypatch.setattr(Login, "_send_with", watched)


def test_each_request_of_a_document_that_takes_long_to_write_prolongs_its_lease_and_says_until_when_it_counts_as_unfinished(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    code = place(portal, *["SPO01"] * LINES)
    seen: list[tuple[datetime, datetime]] = []

    def note() -> None:
        link = RecordLink.objects.filter(kind="offer", key=code).first()
        if link and link.leased_until and link.unfinished_until:
            seen.append((link.leased_until, link.unfinished_until))

    before_each_write(monkeypatch, note)
    portal.work(ORDERS)

    spans = {round((unfinished - leased).total_seconds()) for leased, unfinished in seen}
    assert len(seen) > 3
    assert seen == sorted(set(seen))
    assert spans == {round(settings.BLUEJET_TIMEOUT + settings.SYNC_SETTLE_SECONDS - settings.SYNC_LEASE_SECONDS)}
    assert len(holds.document(code).lines) == LINES + 2


def test_whoever_lost_a_lease_writes_no_more_and_the_next_holder_makes_the_document_whole(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch, pass_time: PassTime
) -> None:
    code = place(portal, *["SPO01"] * LINES)
    other = {"lease": uuid.uuid4(), "leased_until": timezone.now() + timedelta(seconds=120)}

    with monkeypatch.context() as patch:
        before_each_write(patch, lambda: RecordLink.objects.filter(kind="offer", key=code).update(**other) and None)
        portal.work(ORDERS)
    written, state = len(holds.document(code).lines), portal.job(ORDERS, code).state
    pass_time(180)
    portal.work(ORDERS)

    assert (0 < written < LINES, state) == (True, "waiting")
    assert portal.job(ORDERS, code).state == "done"
    assert len({line.external_id for line in holds.document(code).lines}) == len(holds.document(code).lines) == LINES + 2


# One product, whose price changes


def price_of(holds: Holdings) -> int:
    return int(float(holds.product("SPO01")["price"]))


def change_price(portal: Portal, price: int) -> str:
    """Let the shop ask for another price, and look at the product; return the key of its job."""
    portal.control("/products/SPO01/price", {"price": str(price), "includingVat": True})
    guid = guid_of(portal, "SPO01")
    look_at(portal, PRODUCTS, guid)
    return guid


def take_over(monkeypatch: pytest.MonkeyPatch, model: Any, before_attempt: int, **which: Any) -> None:
    """Let another worker take claim or lease right before this attempt of a write (the first is 0)."""
    check, field = leases.Writing.check, "lease" if model is RecordLink else "claim"
    attempts: list[int] = []

    def checked(self: leases.Writing) -> None:
        if len(attempts) == before_attempt:
            model.objects.filter(**which).update(**{field: uuid.uuid4()})
        attempts.append(1)
        check(self)

    monkeypatch.setattr(leases.Writing, "check", checked)


@pytest.mark.parametrize("model", [RecordLink, SyncJob], ids=["lease", "claim"])
@pytest.mark.parametrize("attempt", [0, 1])
def test_no_attempt_goes_out_once_the_lease_or_the_claim_is_another_workers(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch, model: Any, attempt: int
) -> None:
    change_price(portal, 1000)
    portal.bluejet.fault("503", no=217, times=attempt, method="PUT") if attempt else None
    which = {"kind": "product", "key": "SPO01"} if model is RecordLink else {"state": "running"}
    take_over(monkeypatch, model, attempt, **which)
    writes, before = holds.writes(), price_of(holds)

    portal.work(PRODUCTS, rounds=1)

    assert (holds.writes(), price_of(holds)) == (writes, before)


def test_what_was_written_under_a_lost_lease_is_read_back_although_nothing_is_to_be_sent(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch, pass_time: PassTime
) -> None:
    """The other worker wrote 2000 and knows of nothing else; the stale 1000 is carried out after that."""
    guid = change_price(portal, 1000)
    known = RecordLink.objects.get(kind="product", key="SPO01")
    with monkeypatch.context() as patch:
        before_each_write(patch, lambda: RecordLink.objects.filter(pk=known.pk).update(lease=uuid.uuid4()) and None)
        portal.work(PRODUCTS, rounds=1)
    job, link = portal.job(PRODUCTS, guid), RecordLink.objects.get(pk=known.pk)
    stale = price_of(holds)
    portal.control("/products/SPO01/price", {"price": "2000", "includingVat": True})
    RecordLink.objects.filter(pk=known.pk).update(lease=None, leased_until=None)
    pass_time(1)
    portal.work(PRODUCTS, rounds=1)
    too_early = price_of(holds)
    pass_time(100)
    portal.work(PRODUCTS)

    assert (stale, link.draft_hash, link.doubts) == (1000, known.draft_hash, 1)
    assert link.settle_until is not None
    assert job.wanted - job.done == 2
    assert (too_early, price_of(holds)) == (1000, 2000)
    assert issues_of(portal.job(PRODUCTS, guid)) == []
    assert RecordLink.objects.get(pk=known.pk).settle_until is None


def test_a_doubt_that_comes_up_while_another_worker_writes_outlasts_its_writing_down(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch, pass_time: PassTime
) -> None:
    """Whoever holds the record has read nothing since, so it must not take the doubt for its own."""
    guid = change_price(portal, 2000)
    link = RecordLink.objects.get(kind="product", key="SPO01")
    column = next(name for name in link.sent if name.lower() == "cenadphprodej")
    doubt = {"settle_until": timezone.now() + timedelta(seconds=60), "doubts": 1, "sending": {"fields": {column: "1000"}}}
    with monkeypatch.context() as patch:
        before_each_write(patch, lambda: RecordLink.objects.filter(pk=link.pk, doubts=0).update(**doubt) and None)
        portal.work(PRODUCTS, rounds=1)
    after = RecordLink.objects.get(pk=link.pk)
    holds.office_changes("product", link.bluejet_id, price="1000")  # what was sent before is carried out last
    pass_time(100)
    look_at(portal, PRODUCTS, guid)
    portal.work(PRODUCTS)

    assert (after.draft_hash != link.draft_hash, after.settle_until) == (True, doubt["settle_until"])
    assert price_of(holds) == 2000
    assert issues_of(portal.job(PRODUCTS, guid)) == []


class Killed(BaseException):
    """Stand for the end of a process: nothing of ours sees it coming."""


def test_what_was_killed_inside_a_write_waits_for_timeout_and_settle_time_from_the_attempts_begin(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch, pass_time: PassTime, settings: Settings
) -> None:
    guid = change_price(portal, 1000)

    def die() -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("sync.leases.release", lambda *_: None)
        patch.setattr("sync.leases.mark_unknown", lambda *_: None)
        before_each_write(patch, die)
        with pytest.raises(Killed):
            portal.work(PRODUCTS, rounds=1)
    portal.control("/products/SPO01/price", {"price": "2000", "includingVat": True})
    pass_time(settings.SYNC_CLAIM_SECONDS + 2)
    sweepers.requeue_abandoned()
    portal.work(PRODUCTS, rounds=1)
    early, job = price_of(holds), portal.job(PRODUCTS, guid)
    pass_time(settings.BLUEJET_TIMEOUT + settings.SYNC_SETTLE_SECONDS - settings.SYNC_CLAIM_SECONDS)
    portal.work(PRODUCTS)

    left = (job.next_try_at - job.changed_at).total_seconds()
    assert (early, job.state, issues_of(job)) == (1000, "waiting", ["outcome_unknown"])
    assert 0 < left < settings.BLUEJET_TIMEOUT + settings.SYNC_SETTLE_SECONDS - settings.SYNC_CLAIM_SECONDS
    assert (price_of(holds), portal.job(PRODUCTS, guid).state) == (2000, "done")


def test_a_document_that_was_made_twice_by_whoever_had_lost_it_is_shown_to_a_person(portal: Portal, holds: Holdings) -> None:
    code = place(portal, "SPO01")
    portal.work(ORDERS)
    holds.office_adds("offer", mark=f"shoptet:{code}")
    RecordLink.objects.filter(kind="offer", key=code).update(doubts=1, settle_until=timezone.now() - timedelta(seconds=1))

    look_at(portal, ORDERS, code)
    portal.work(ORDERS)

    job = portal.job(ORDERS, code)
    assert (job.state, issues_of(job)) == ("parked", ["candidates"])


def test_a_doubt_lets_no_older_state_write_over_a_newer_one(portal: Portal, holds: Holdings) -> None:
    guid, link = change_price(portal, 1000), RecordLink.objects.filter(kind="product", key="SPO01")
    later, settled = timezone.now() + timedelta(minutes=5), timezone.now() - timedelta(seconds=1)
    link.update(source_changed_at=later, doubts=1, settle_until=settled)
    writes = holds.writes()

    portal.work(PRODUCTS)

    assert (holds.writes(), issues_of(portal.job(PRODUCTS, guid))) == (writes, ["stale"])
    assert link.get().settle_until == settled
