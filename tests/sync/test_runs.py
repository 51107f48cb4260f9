"""Runs: what they look at, what they count, how far the cursor moves, and what becomes of one that is broken off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from mappings.models import CategoryMapping
from shops.models import FlowSetting
from sync import sweepers
from sync.models import RecordLink, SyncChunk, SyncJob, SyncRun
from sync.pipeline import run_batch
from sync.runs import AlreadyRunning, cancel_run, plan_run, start_run, work_on_run
from sync.runs.control import start_delta
from sync.schedules import start_scheduled
from tests.sync.happenings import CUSTOMERS, ORDERS, PRODUCTS, STOCK, bring, finished, place, planned
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

PassTime = Callable[[float], None]
pytestmark = pytest.mark.parametrize("dialect", ["data"])
VARIANTS = 46
DAY = timedelta(hours=24)


@pytest.fixture
def holds(portal: Portal, pass_time: PassTime) -> Holdings:
    return Holdings(portal)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lay runs out in chunks of ten products."""
    monkeypatch.setattr("sync.runs.plan.CHUNK", 10)


def cursor(portal: Portal, flow: str) -> datetime | None:
    return parse_datetime(FlowSetting.objects.get(shop=portal.shop, flow=flow).cursor.get("since", ""))


def last_success(portal: Portal, flow: str, ago: timedelta) -> None:
    since = (timezone.now() - ago).isoformat()
    FlowSetting.objects.filter(shop=portal.shop, flow=flow).update(cursor={"since": since})


def begun(portal: Portal, flow: str) -> SyncRun:
    return start_run(portal.shop, flow, trigger="test", enqueue=False)


def counts(run: SyncRun) -> dict[str, int]:
    names = ("read", "created", "updated", "unchanged", "skipped", "waiting", "parked", "failed")
    return {name: count for name in names if (count := getattr(run, name))}


# What a run looks at


def test_the_first_run_looks_at_everything(portal: Portal, holds: Holdings) -> None:
    run = begun(portal, PRODUCTS)

    assert (run.mode, run.since) == ("full", None)


@pytest.mark.parametrize(("ago", "window"), [(timedelta(minutes=10), DAY), (timedelta(days=3), timedelta(days=3))])
def test_a_run_looks_at_what_changed_since_the_last_success_and_a_day_at_least(
    portal: Portal, holds: Holdings, ago: timedelta, window: timedelta
) -> None:
    last_success(portal, PRODUCTS, ago)

    run = begun(portal, PRODUCTS)

    assert run.mode == "delta"
    assert abs(run.since - (timezone.now() - window)) < timedelta(seconds=5)


def test_a_success_older_than_the_feeds_remember_means_everything(portal: Portal, holds: Holdings) -> None:
    last_success(portal, PRODUCTS, timedelta(days=40))

    assert begun(portal, PRODUCTS).mode == "full"


def test_a_run_brings_what_changed_and_leaves_the_rest_alone(portal: Portal, holds: Holdings) -> None:
    portal.run(PRODUCTS)
    portal.control("/products/SPO01/price", {"price": "31000"})
    writes = holds.writes()

    run = portal.run(PRODUCTS, mode="delta")

    assert counts(run) == {"read": 1, "updated": 1}
    assert holds.writes() == writes + 1


def test_a_run_puts_away_what_was_deleted_and_does_not_look_for_what_bluejet_never_had(portal: Portal, holds: Holdings) -> None:
    bring(portal, "SPO01")
    last_success(portal, PRODUCTS, timedelta(hours=1))
    for code in ("SPO01", "SPO02"):
        portal.control(f"/products/{code}", method="DELETE")

    run = portal.run(PRODUCTS, mode="delta")

    assert counts(run) == {"read": 1, "updated": 1}
    assert holds.product("SPO01")["archived"]


def test_records_that_are_as_they_were_make_no_job(portal: Portal, holds: Holdings) -> None:
    portal.run(PRODUCTS)

    run = portal.run(PRODUCTS)

    assert counts(run) == {"read": VARIANTS, "unchanged": VARIANTS}
    assert not SyncJob.objects.exists()


def test_a_bulk_run_reads_the_target_once_instead_of_searching_record_by_record(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.runs.plan.INDEX_FROM", 1)
    known = holds.office_adds("product", code="SPO01", name="Sporák od dodavatele")
    portal.bluejet.stats.reset()

    run = portal.run(PRODUCTS)

    reads = {name: count for name, count in portal.bluejet.stats.to_json([])["requests"].items() if name.startswith("GET")}
    assert sum(reads.values()) <= 3
    assert (run.created, run.updated, holds.product("SPO01")["id"]) == (VARIANTS - 1, 1, known)


# How far the cursor moves


def test_the_cursor_moves_to_the_partners_time_at_the_beginning_less_an_overlap(
    portal: Portal, holds: Holdings, pass_time: PassTime
) -> None:
    portal.control("/clock", {"offset": 7200})
    run = planned(portal, PRODUCTS)
    began = timezone.now() + timedelta(hours=2)
    pass_time(600)

    finished(run)

    assert abs(cursor(portal, PRODUCTS) - (began - timedelta(minutes=5))) < timedelta(seconds=10)


def test_the_cursor_never_moves_back(portal: Portal, holds: Holdings) -> None:
    ahead = timezone.now() + timedelta(hours=1)
    FlowSetting.objects.filter(shop=portal.shop, flow=PRODUCTS).update(cursor={"since": ahead.isoformat()})

    portal.run(PRODUCTS)

    assert cursor(portal, PRODUCTS) == ahead


@pytest.mark.parametrize(("mode", "wishes"), [("full", {"dry_run": True}), ("window", {"since": timezone.now() - DAY})])
def test_a_dry_run_and_a_window_of_time_leave_the_cursor(portal: Portal, holds: Holdings, mode: str, wishes: dict[str, Any]) -> None:
    run = portal.run(PRODUCTS, mode=mode, **wishes)

    assert run.state == "completed"
    assert cursor(portal, PRODUCTS) is None


@pytest.mark.usefixtures("impatient")
def test_the_cursor_waits_for_a_record_that_could_not_be_read(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    run = planned(portal, PRODUCTS)
    portal.control("/faults", {"fault": "503", "match": "/api/products/", "skip": 20})
    finished(run)
    held = (run.state, cursor(portal, PRODUCTS))

    portal.control("/faults", method="DELETE")
    pass_time(120)
    finished(run)

    assert held == ("running", None)
    assert (run.state, counts(run)) == ("completed", {"read": VARIANTS, "created": VARIANTS})
    assert cursor(portal, PRODUCTS) is not None


def test_the_cursor_moves_past_a_parked_record_which_a_job_keeps(portal: Portal, holds: Holdings) -> None:
    CategoryMapping.objects.get(shop=portal.shop, bluejet_value="Sporáky").delete()

    run = portal.run(PRODUCTS)

    assert (run.state, run.parked, SyncJob.objects.filter(state="parked").count()) == ("completed", 6, 6)
    assert cursor(portal, PRODUCTS) is not None


def test_a_run_whose_chunk_fails_three_times_fails_and_leaves_the_cursor(
    portal: Portal, holds: Holdings, pass_time: PassTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise KeyError("code")

    monkeypatch.setattr("sync.runs.chunks.open_context", broken)
    run = planned(portal, PRODUCTS)

    for _ in range(3):
        finished(run)
        pass_time(60)

    assert (run.state, run.error, cursor(portal, PRODUCTS)) == ("failed", "1 chunks failed.", None)
    assert "KeyError: 'code'" in SyncChunk.objects.get().attempts.first().traceback


# A run that is broken off


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("after", [1, 2, 4])
def test_a_run_that_was_broken_off_counts_as_if_nothing_had_happened(
    portal: Portal, holds: Holdings, pass_time: PassTime, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    run = planned(portal, PRODUCTS)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        _die_after_writes(patch, after)
        finished(run)

    pass_time(200)
    finished(run)

    assert (run.state, counts(run)) == ("completed", {"read": VARIANTS, "created": VARIANTS})
    assert len(holds.records("product")) == VARIANTS
    assert not SyncJob.objects.exists()


def _die_after_writes(patch: pytest.MonkeyPatch, most: int) -> None:
    """Let the worker die right after BlueJet committed so many batches, before it could note anything."""
    from clients.bluejet.data import DataClient

    write, done = DataClient.write, []

    def dying(self: DataClient, writes: Any) -> Any:
        result = write(self, writes)
        done.append(result)
        if len(done) >= most:
            raise KeyboardInterrupt
        return result

    patch.setattr(DataClient, "write", dying)


def test_a_plan_that_was_broken_off_is_made_anew_and_leaves_no_chunk_twice(
    portal: Portal, holds: Holdings, pass_time: PassTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("sync.runs.plan.build_index", dying)
        patch.setattr("sync.runs.plan.INDEX_FROM", 1)
        planned(portal, PRODUCTS)
    run = SyncRun.objects.get()

    pass_time(3600)
    plan_run(run.pk)
    finished(run)

    assert (run.state, counts(run)) == ("completed", {"read": VARIANTS, "created": VARIANTS})


def test_a_run_that_the_portal_itself_cannot_plan_fails_and_makes_room_for_the_next(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("sync.runs.plan._chunked", lambda keys: 1 / 0)
        run = planned(portal, PRODUCTS)

    assert (run.state, run.error, cursor(portal, PRODUCTS)) == ("failed", "ZeroDivisionError: division by zero", None)
    assert portal.run(PRODUCTS).created == VARIANTS


def test_an_empty_list_where_there_should_be_records_is_no_success(portal: Portal, holds: Holdings) -> None:
    bring(portal, "SPO01")
    catalogue = portal.shoptet.state.catalogue
    for guid in [product["guid"] for product in catalogue.products()]:
        catalogue.remove(guid)

    run = portal.run(PRODUCTS)

    assert (run.state, cursor(portal, PRODUCTS), holds.product("SPO01")["archived"]) == ("failed", None, False)
    assert "no record at all" in run.error


def test_an_empty_shop_is_brought_over_at_once(portal: Portal, holds: Holdings) -> None:
    run = portal.run(ORDERS)

    assert (run.state, counts(run)) == ("completed", {})


def test_the_sweeper_goes_on_with_runs_that_nobody_works_on(portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch) -> None:
    enqueued: list[tuple[str, int]] = []
    monkeypatch.setattr(sweepers, "enqueue", lambda name, *args, **options: enqueued.append((name, args[0])))
    ready = planned(portal, PRODUCTS)
    lost = begun(portal, CUSTOMERS)

    sweepers.resume_runs()

    assert set(enqueued) == {("work_run", ready.pk), ("plan", lost.pk)}


# Starting, stopping, switching off


def test_a_flow_has_one_run_at_a_time(portal: Portal, holds: Holdings) -> None:
    run = planned(portal, PRODUCTS)

    with pytest.raises(AlreadyRunning) as caught:
        begun(portal, PRODUCTS)

    assert caught.value.run == run
    assert begun(portal, CUSTOMERS)
    assert start_delta(portal.shop.pk, PRODUCTS, trigger="customer:import") is None


@pytest.mark.usefixtures("small_chunks")
def test_a_cancelled_run_stops_leaves_the_cursor_and_makes_room_for_the_next(portal: Portal, holds: Holdings) -> None:
    run = planned(portal, PRODUCTS)
    work_on_run(run.pk)
    made = len(holds.records("product"))

    cancelled = cancel_run(run)
    finished(run)

    assert (cancelled, run.state, cursor(portal, PRODUCTS)) == (True, "cancelled", None)
    assert 0 < made == len(holds.records("product")) < VARIANTS
    assert counts(portal.run(PRODUCTS)) == {"read": VARIANTS, "created": VARIANTS - made, "unchanged": made}


@pytest.mark.parametrize("flow", [PRODUCTS, STOCK])
def test_a_run_that_is_cancelled_in_the_middle_of_a_chunk_doubles_nothing(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch, flow: str
) -> None:
    monkeypatch.setattr("sync.runs.plan.INDEX_FROM", 1)
    portal.run(PRODUCTS)
    portal.run(STOCK)
    kind = {PRODUCTS: "product", STOCK: "stock_card"}[flow]
    before = len(holds.store.rows(kind))
    _forget(holds, kind)
    run = planned(portal, flow)

    monkeypatch.setattr("sync.runs.chunks.run_batch", _cancelling(run))
    finished(run)

    assert (run.indexed, run.state) == (True, "cancelled")
    assert len(holds.store.rows(kind)) == before


def _forget(holds: Holdings, kind: str) -> None:
    """Leave the records as if the office had keyed them in: without our mark, and without links."""
    for row in holds.records(kind):
        holds.store.change(kind, row["id"], externiidsupl="")
    RecordLink.objects.filter(kind=kind).delete()


def _cancelling(run: SyncRun) -> Callable[..., None]:
    """Have somebody cancel the run when a chunk of it has just been taken up."""

    def run_batch_after_cancelling(*arguments: Any) -> None:
        cancel_run(run)
        run_batch(*arguments)

    return run_batch_after_cancelling


@pytest.mark.parametrize("flow", [PRODUCTS, CUSTOMERS, ORDERS])
def test_a_window_that_the_feeds_have_forgotten_means_everything(portal: Portal, holds: Holdings, flow: str) -> None:
    run = start_run(portal.shop, flow, trigger="test", mode="window", since=timezone.now() - timedelta(days=60), enqueue=False)

    assert (run.mode, run.since) == ("full", None)


def test_a_window_of_the_stock_reaches_back_as_far_as_wanted(portal: Portal, holds: Holdings) -> None:
    since = timezone.now() - timedelta(days=60)

    run = start_run(portal.shop, STOCK, trigger="test", mode="window", since=since, enqueue=False)

    assert (run.mode, run.since) == ("window", since)


def test_who_orders_as_a_guest_while_a_run_is_under_way_is_no_second_contact(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.runs.plan.INDEX_FROM", 1)
    bring(portal, "SPO01")
    email = str(next(iter(portal.shoptet.state.customers.values()))["accounts"][0]["email"])
    run = planned(portal, CUSTOMERS)
    place(portal, "SPO01", guest={"email": email, "fullName": "Jana Malá"})
    portal.work(ORDERS)

    finished(run)

    assert (run.indexed, run.state, len(holds.contacts(email))) == (True, "completed", 1)


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(portal: Portal, holds: Holdings) -> None:
    bring(portal, "SPO01")
    SyncJob.objects.all().delete()
    portal.control("/products/SPO01/price", {"price": "31000"})
    writes = holds.writes()

    run = portal.run(PRODUCTS, dry_run=True)

    assert counts(run) == {"read": VARIANTS, "created": VARIANTS - 1, "updated": 1}
    assert holds.writes() == writes
    assert not SyncJob.objects.exists()
    assert RecordLink.objects.count() == 1


def test_in_shadow_mode_an_event_leaves_a_draft_to_look_at_and_nothing_in_bluejet(portal: Portal, holds: Holdings) -> None:
    FlowSetting.objects.filter(shop=portal.shop).update(mode=FlowSetting.Mode.SHADOW)
    code = place(portal, "SPO01")

    portal.work()

    job = portal.job(ORDERS, code)
    drafts = {name.split(" ")[0] for name in job.draft}
    assert (job.state, drafts) == ("held", {"contact", "address", "offer"})
    assert (holds.writes(), RecordLink.objects.count()) == (0, 0)


def test_in_shadow_mode_a_run_counts_what_it_would_do(portal: Portal, holds: Holdings) -> None:
    FlowSetting.objects.filter(shop=portal.shop).update(mode=FlowSetting.Mode.SHADOW)

    run = portal.run(PRODUCTS)

    assert (counts(run), holds.writes()) == ({"read": VARIANTS, "created": VARIANTS}, 0)


def test_what_a_run_saw_without_writing_is_looked_at_again_once_the_flow_is_live(portal: Portal, holds: Holdings) -> None:
    FlowSetting.objects.filter(shop=portal.shop).update(mode=FlowSetting.Mode.SHADOW)
    portal.run(PRODUCTS)
    seen = cursor(portal, PRODUCTS)

    FlowSetting.objects.filter(shop=portal.shop).update(mode=FlowSetting.Mode.LIVE)
    run = portal.run(PRODUCTS, SyncRun.Mode.DELTA)

    assert (seen, counts(run)) == (None, {"read": VARIANTS, "created": VARIANTS})
    assert cursor(portal, PRODUCTS) is not None


@pytest.mark.usefixtures("small_chunks")
def test_a_run_that_was_in_shadow_mode_for_a_while_leaves_the_cursor(portal: Portal, holds: Holdings) -> None:
    FlowSetting.objects.filter(shop=portal.shop).update(mode=FlowSetting.Mode.SHADOW)
    run = planned(portal, PRODUCTS)
    work_on_run(run.pk)

    FlowSetting.objects.filter(shop=portal.shop).update(mode=FlowSetting.Mode.LIVE)
    finished(run)

    assert (run.state, cursor(portal, PRODUCTS)) == ("completed", None)


def test_the_daily_pass_starts_wherever_the_flow_is_on_and_none_is_under_way(portal: Portal, holds: Holdings) -> None:
    FlowSetting.objects.filter(shop=portal.shop, flow=ORDERS).update(mode=FlowSetting.Mode.OFF)
    begun(portal, CUSTOMERS)

    started = {flow: start_scheduled(flow) for flow in (PRODUCTS, ORDERS, CUSTOMERS)}

    assert started == {PRODUCTS: 1, ORDERS: 0, CUSTOMERS: 0}
