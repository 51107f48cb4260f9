"""A flow that is not live holds what comes; once it is live and a person has said so, everything is in BlueJet."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.bluejet.values import number
from shops.models import FlowName, FlowSetting, Shop
from sync.catch_up import catch_up
from sync.jobs import held, replay_jobs
from sync.jobs.held import answer_held, let_go, unanswered
from sync.models import SyncJob, SyncRun
from sync.models.job import Priority
from sync.pacing.limiter import HEADROOM
from sync.runs import plan_run, work_on_run
from sync.sweepers import complete_forgotten_events, resume_runs, sweep
from tests.sync.happenings import CUSTOMERS, ORDERS, PRODUCTS, STOCK, announce, bring, finished, issues_of, look_at, place, planned
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal
from webhooks.models import WebhookEvent
from webhooks.processing import FLOW_HELD, FLOW_NEVER_LIVE, FLOW_OFF_IMPORT

pytestmark = pytest.mark.parametrize("dialect", ["data"])
Mode = FlowSetting.Mode
OFF, SHADOW, LIVE = Mode.OFF, Mode.SHADOW, Mode.LIVE


@pytest.fixture(autouse=True)
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is let go take its turn at once; that it leaves room for others is the budget's own test."""
    monkeypatch.setitem(HEADROOM, Priority.RECONCILIATION, 0.05)


@pytest.fixture
def holds(portal: Portal) -> Holdings:
    return Holdings(portal)


def switch(portal: Portal, mode: str, *flows: str, **more: Any) -> None:
    """Switch the flows as a shell would, without answering anything."""
    FlowSetting.objects.filter(shop=portal.shop, flow__in=flows or FlowName.values).update(mode=mode, **more)


def never_live(portal: Portal, mode: str) -> None:
    switch(portal, mode, begins_at=None, cursor={})


def let_all_go(portal: Portal, **since: Any) -> None:
    """Answer for every flow that asks, and carry it out."""
    for one in unanswered(portal.shop):
        answer_held(one.setting, **since)
        while let_go(one.setting.pk):
            pass


def order_quietly(portal: Portal) -> str:
    return str(portal.control("/orders", {"items": ["SPO01"]})["code"])


def standing(portal: Portal, flow: str, key: str) -> str:
    """Return the state of a record's job and what was found, or that there is none."""
    job = SyncJob.objects.filter(shop=portal.shop, flow=flow, key=key).first()
    return " ".join([job.state, *issues_of(job)]) if job else "no job"


# Whether the flows were live before, what they are now → what becomes of what comes in each way.
WAYS: dict[tuple[bool, str], dict[str, str]] = {
    (True, OFF): {
        "webhook": "held flow_off",
        "event": "processing",
        "deletion": "held flow_off",
        "stock": "held flow_off",
        "replay": "held flow_off",
        "catch-up": "no job",
        "run": "cancelled 0",
    },
    (False, OFF): {
        "webhook": "no job",
        "event": "ignored",
        "deletion": "no job",
        "stock": "no job",
        "replay": "done flow_never_live",
        "catch-up": "no job",
        "run": "cancelled 0",
    },
    (True, SHADOW): {
        "webhook": "held flow_shadow",
        "event": "processing",
        "deletion": "held flow_shadow",
        "stock": "done",
        "replay": "held flow_shadow",
        "catch-up": "held flow_shadow",
        "run": "completed 20",
    },
    (False, SHADOW): {
        "webhook": "held flow_shadow",
        "event": "processing",
        "deletion": "held flow_shadow",
        "stock": "done",
        "replay": "held flow_shadow",
        "catch-up": "no job",
        "run": "completed 20",
    },
}


@pytest.mark.parametrize(("lived", "mode"), list(WAYS))
def test_whatever_comes_in_whatever_way_is_in_bluejet_once_the_flow_is_live_and_let_go(
    portal: Portal, holds: Holdings, lived: bool, mode: str
) -> None:
    bring(portal, "SPO01", "SPO02")
    deleted = place(portal, "SPO01")
    portal.work()
    SyncJob.objects.all().delete()
    switch(portal, mode) if lived else never_live(portal, mode)
    writes = holds.writes()

    portal.control("/products/SPO02/price", {"price": "40000"})
    portal.control("/products/SPO02/stock", {"stock": 1, "real": 77})
    announced, lost = order_quietly(portal), order_quietly(portal)
    event = announce(portal, "order:create", announced)
    portal.control(f"/orders/{deleted}", method="DELETE")
    announce(portal, "order:delete", deleted)
    announce(portal, "stock:movement", "1")
    replay_jobs(look_at(portal, PRODUCTS, "code:SPO02"), by="Jana")
    portal.work()
    catch_up(portal.shop.pk)
    run = portal.run(CUSTOMERS)
    portal.work()
    event.refresh_from_db()
    assert {
        "webhook": standing(portal, ORDERS, announced),
        "event": event.status,
        "deletion": standing(portal, ORDERS, deleted),
        "stock": standing(portal, STOCK, "movements:1"),
        "replay": standing(portal, PRODUCTS, "code:SPO02"),
        "catch-up": standing(portal, ORDERS, lost),
        "run": f"{run.state} {run.read}",
    } == WAYS[lived, mode]
    assert holds.writes() == writes

    switch(portal, LIVE)
    portal.work()
    assert holds.writes() == writes
    let_all_go(portal)
    for flow in (PRODUCTS, CUSTOMERS, STOCK, ORDERS):
        if not lived:
            portal.run(flow, SyncRun.Mode.DELTA)
    portal.work()
    catch_up(portal.shop.pk)
    portal.work()

    assert [len(holds.documents(code)) for code in (announced, lost, deleted)] == [1, 1, 1]
    assert (holds.document(announced).lines != (), holds.document(lost).lines != ()) == (True, True)
    assert holds.document(deleted).state == "Stornovaná" or not lived
    assert holds.product("SPO02")["price"] == Decimal("48400")
    (card,) = [row for row in holds.records("stock_card") if row["mark"] == "shoptet:1:SPO02"]
    assert number(card["mnozstvi"]) == 77
    assert not SyncJob.objects.exclude(state="done").exists()
    assert set(WebhookEvent.objects.values_list("status", flat=True)) <= {"completed", "ignored"}


@pytest.mark.parametrize(("lived", "reason"), [(True, FLOW_HELD), (False, FLOW_NEVER_LIVE)])
def test_an_event_of_a_flow_that_is_off_says_why_it_is_not_green(portal: Portal, holds: Holdings, lived: bool, reason: str) -> None:
    switch(portal, OFF) if lived else never_live(portal, OFF)
    event = announce(portal, "order:create", order_quietly(portal))

    portal.work()
    complete_forgotten_events()

    event.refresh_from_db()
    assert (event.status in ("processing", "ignored"), event.error) == (True, reason)


@pytest.mark.parametrize(("lived", "reason"), [(True, FLOW_OFF_IMPORT), (False, FLOW_NEVER_LIVE)])
def test_an_import_of_customers_while_their_flow_is_off_starts_no_run_and_is_found_later(
    portal: Portal, holds: Holdings, lived: bool, reason: str
) -> None:
    switch(portal, OFF) if lived else never_live(portal, OFF)
    registered = portal.control("/customers", {"account": {"email": "jana@zakaznik.example", "fullName": "Jana Malá"}})["guid"]

    event = announce(portal, "customer:import", "")
    switch(portal, LIVE)
    catch_up(portal.shop.pk)

    assert (event.status, event.error, SyncRun.objects.count()) == ("ignored", reason, 0)
    assert SyncJob.objects.filter(flow=CUSTOMERS, key=registered).exists()


def test_a_record_asked_for_again_while_it_is_held_is_one_row_with_its_last_state(portal: Portal, holds: Holdings) -> None:
    switch(portal, OFF)
    code = order_quietly(portal)
    for remark in ("první", "druhá", "poslední"):
        portal.control(f"/orders/{code}", {"notes": {"customerRemark": remark}})
        announce(portal, "order:update", code)
        portal.work()
    assert SyncJob.objects.filter(flow=ORDERS, state="held").count() == 1

    switch(portal, LIVE)
    let_all_go(portal)
    portal.work()

    assert holds.document(code).fields["poznamka"] == "poslední"
    assert set(WebhookEvent.objects.values_list("status", "error")) == {("completed", "")}


def test_what_comes_anew_for_a_held_record_goes_over_without_an_answer(portal: Portal, holds: Holdings) -> None:
    switch(portal, OFF)
    code = place(portal, "SPO01")
    portal.work()

    switch(portal, LIVE)
    announce(portal, "order:update", code)
    portal.work()

    assert holds.document(code).lines
    assert unanswered(portal.shop) == []


def test_what_is_let_go_stands_behind_what_comes_now_and_goes_in_pieces(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "PIECE", 2)
    monkeypatch.setattr(held, "PIECES", 1)
    switch(portal, OFF)
    codes = [place(portal, "SPO01") for _ in range(5)]
    portal.work()
    switch(portal, LIVE)

    (asked,) = unanswered(portal.shop)
    answer_held(asked.setting)
    left = [(let_go(asked.setting.pk), SyncJob.objects.held().count()) for _ in range(4)]

    assert left == [(True, 3), (True, 1), (True, 0), (False, 0)]
    assert set(SyncJob.objects.filter(key__in=codes).values_list("priority", flat=True)) == {Priority.RECONCILIATION}


def test_an_answer_that_nobody_carried_out_is_carried_out_by_the_sweeper(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, ...]] = []
    switch(portal, OFF)
    place(portal, "SPO01")
    portal.work()
    switch(portal, LIVE)
    answer_held(unanswered(portal.shop)[0].setting)

    monkeypatch.setattr(held, "enqueue", lambda *args, **options: asked.append(args))
    sweep()

    assert [args[0] for args in asked] == ["let_held_go"]


def test_what_was_left_out_is_not_brought_back_by_catch_up_nor_by_the_daily_pass(portal: Portal, holds: Holdings, pass_time: Any) -> None:
    bring(portal, "SPO01")
    FlowSetting.objects.filter(shop=portal.shop, flow=ORDERS).update(cursor={"since": timezone.now().isoformat()})
    switch(portal, OFF)
    early = place(portal, "SPO01")
    portal.work()
    pass_time(7200)
    late = place(portal, "SPO01")
    portal.work()
    switch(portal, LIVE)

    let_all_go(portal, since=timezone.now() - timedelta(hours=1))
    portal.work()
    catch_up(portal.shop.pk)
    portal.run(ORDERS, SyncRun.Mode.DELTA)
    portal.work()

    assert (standing(portal, ORDERS, early), holds.documents(early)) == ("done held_closed", [])
    assert holds.document(late).lines
    assert sorted(WebhookEvent.objects.values_list("instance", "status")) == [(early, "ignored"), (late, "completed")]


def test_a_full_pass_still_brings_what_was_left_out(portal: Portal, holds: Holdings, pass_time: Any) -> None:
    switch(portal, OFF)
    early = place(portal, "SPO01")
    portal.work()
    pass_time(7200)
    switch(portal, LIVE)
    let_all_go(portal, since=timezone.now() - timedelta(hours=1))

    portal.run(PRODUCTS)
    portal.run(ORDERS)
    portal.work()

    assert holds.document(early).lines


def test_a_flow_begins_when_it_is_first_live_whoever_switched_it_on_and_never_again(portal: Portal) -> None:
    never_live(portal, OFF)
    switch(portal, LIVE)

    sweep()
    (begun,) = set(FlowSetting.objects.filter(shop=portal.shop).values_list("begins_at", flat=True))
    for setting in FlowSetting.objects.filter(shop=portal.shop):
        setting.mode = OFF
        setting.save()
        setting.mode = LIVE
        setting.save()

    assert begun is not None
    assert set(FlowSetting.objects.filter(shop=portal.shop).values_list("begins_at", flat=True)) == {begun}


def test_what_is_held_at_the_very_moment_of_switching_on_does_not_stay_behind(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(portal, OFF)
    code = place(portal, "SPO01")
    told = held.why_not_now
    monkeypatch.setattr("sync.work.why_not_now", lambda *args: (told(*args), switch(portal, LIVE))[0])

    portal.work()

    assert holds.document(code).lines
    assert unanswered(portal.shop) == []


@pytest.mark.parametrize("end", [OFF, "inactive"])
def test_a_run_whose_flow_or_shop_is_switched_off_stops_and_is_not_taken_up_again(portal: Portal, holds: Holdings, end: str) -> None:
    runs = [planned(portal, CUSTOMERS), planned(portal, PRODUCTS)]
    work_on_run(runs[0].pk)
    writes = holds.writes()

    switch(portal, OFF) if end == OFF else Shop.objects.update(active=False)
    unplanned = [SyncRun.objects.create(shop=portal.shop, flow=ORDERS, mode="full", trigger="test")]
    planned_after = [finished(run) for run in runs]
    plan_run(unplanned[0].pk)
    unplanned[0].refresh_from_db()
    resume_runs()

    reason = "The flow was switched off." if end == OFF else "The shop was switched off."
    assert {(run.state, run.error) for run in [planned_after[1], *unplanned]} == {("cancelled", reason)}
    assert holds.writes() == writes
    assert not SyncRun.objects.filter(state__in=SyncRun.ACTIVE).exists()


def test_a_run_that_is_being_planned_stops_when_its_flow_is_switched_off(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.runs.plan.CHUNK", 5)
    monkeypatch.setattr("sync.runs.plan.storable_json", lambda payload: (switch(portal, OFF), payload)[1])

    run = planned(portal, CUSTOMERS)

    assert (run.state, run.error, run.chunks.count()) == ("cancelled", "The flow was switched off.", 1)
    assert run.chunks.get().keys == []


def test_a_dry_run_of_a_flow_that_is_off_shows_what_would_be_written(portal: Portal, holds: Holdings) -> None:
    switch(portal, OFF)

    run = portal.run(CUSTOMERS, dry_run=True)

    assert (run.state, run.read, holds.writes()) == ("completed", 20, 0)


def test_what_a_stopped_run_left_behind_is_held(portal: Portal, holds: Holdings) -> None:
    code = portal.control("/orders", {"items": ["SPO01"]})["code"]
    portal.run(ORDERS)
    assert portal.job(ORDERS, code).state == "waiting"

    switch(portal, OFF)
    SyncJob.objects.update(next_try_at=timezone.now())
    portal.work()

    assert set(SyncJob.objects.values_list("state", flat=True)) == {"held"}


def test_the_jobs_of_an_inactive_shop_wait_and_go_on_by_themselves(portal: Portal, holds: Holdings) -> None:
    code = place(portal, "SPO01")
    Shop.objects.update(active=False)
    portal.shop.refresh_from_db()
    portal.work()
    while_off = (standing(portal, ORDERS, code), holds.documents(code))

    Shop.objects.update(active=True)
    sweep()
    portal.work()

    assert while_off == ("waiting shop_inactive", [])
    assert holds.document(code).lines


def test_an_order_does_not_wait_for_a_customer_whose_flow_is_switched_off_meanwhile(portal: Portal, holds: Holdings) -> None:
    bring(portal, "SPO01")
    customer = next(iter(portal.shoptet.state.customers))
    code = place(portal, "SPO01", customer=customer)
    portal.work(ORDERS, rounds=1)
    assert portal.job(ORDERS, code).state == "waiting"

    switch(portal, OFF, CUSTOMERS)
    portal.work()

    assert (portal.job(CUSTOMERS, customer).state, portal.job(ORDERS, code).state) == ("held", "done")
    assert holds.document(code).lines


steps = st.lists(
    st.sampled_from(["order", "lost order", "change", "lost change", "cancel", OFF, SHADOW, LIVE, "answer", "catch up", "run"]),
    min_size=4,
    max_size=14,
)


@pytest.mark.thorough
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_in_whatever_order_things_happen_and_flows_are_switched_the_last_state_of_each_order_is_in_bluejet(
    portal: Portal, holds: Holdings, steps: list[str]
) -> None:
    switch(portal, LIVE)
    bring(portal, "SPO01")
    wanted: dict[str, tuple[str, bool]] = {}
    for number_of_step, step in enumerate(steps):
        happen(portal, step, wanted, f"poznámka {number_of_step}")
        portal.work(rounds=3)
    switch(portal, LIVE)
    catch_up(portal.shop.pk)
    let_all_go(portal)
    portal.work()

    held_now = {code: holds.document(code) for code in wanted}
    assert {code: (one.fields["poznamka"], one.state == "Stornovaná") for code, one in held_now.items()} == wanted
    assert not SyncJob.objects.held().exists()


def happen(portal: Portal, step: str, wanted: dict[str, tuple[str, bool]], remark: str) -> None:
    """Let one thing happen; `wanted` keeps the remark of each order and whether it is cancelled."""
    open_orders = [code for code, (_remark, cancelled) in wanted.items() if not cancelled]
    if step in (OFF, SHADOW, LIVE):
        switch(portal, step, ORDERS)
    elif step == "answer":
        let_all_go(portal)
    elif step == "catch up":
        catch_up(portal.shop.pk)
    elif step == "run":
        portal.run(ORDERS, SyncRun.Mode.DELTA)
    elif step.endswith("order"):
        code = str(portal.control("/orders", {"items": ["SPO01"], "remark": remark})["code"])
        wanted[code] = (remark, False)
        tell(portal, step, "order:create", code)
    elif open_orders and step.endswith("change"):
        portal.control(f"/orders/{open_orders[-1]}", {"notes": {"customerRemark": remark}})
        wanted[open_orders[-1]] = (remark, False)
        tell(portal, step, "order:update", open_orders[-1])
    elif open_orders and step == "cancel":
        portal.control(f"/orders/{open_orders[0]}/cancel")
        wanted[open_orders[0]] = (wanted[open_orders[0]][0], True)
        announce(portal, "order:cancel", open_orders[0])


def tell(portal: Portal, step: str, event: str, code: str) -> None:
    if not step.startswith("lost"):
        announce(portal, event, code)
