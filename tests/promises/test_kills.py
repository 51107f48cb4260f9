"""A worker that is killed between BlueJet's commit and the portal's own leaves one record; a run that is killed skips nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from shops.models import FlowName
from sync.models import RecordLink, SyncJob, SyncRun
from sync.runs import start_run
from tests.promises.partners import expected_lines, held_lines
from tests.promises.stack import Stack, is_over, order_event
from tests.promises.waiting import until

pytestmark = [pytest.mark.services, pytest.mark.timeout(400)]
KILLS = 20
SHORT = {"SYNC_CLAIM_SECONDS": "6", "SYNC_LEASE_SECONDS": "4", "BLUEJET_TIMEOUT": "2"}
OFFER, CONTACT, ADDRESS = 293, 222, 243
# What is being written when the worker dies; mostly the document, since only that has no insert-or-update to save it.
STRUCK = (OFFER, OFFER, CONTACT, OFFER, ADDRESS)
KINDS = {OFFER: "offer", CONTACT: "contact", ADDRESS: "address"}


class Killer:
    """Kills the worker at the moment when BlueJet has a record of which the portal knows nothing."""

    def __init__(self, stack: Stack, variants: list[str]) -> None:
        self.stack, self.variants = stack, variants
        self.codes: list[str] = []
        self.kills = 0

    def strike(self) -> None:
        """Place an order and kill the worker that is bringing it over; count it if it was in time."""
        evidence, number = STRUCK[self.kills % len(STRUCK)], len(self.codes)
        before = self.stack.bluejet.last_commit()
        fault = self.stack.bluejet.fault("delay_answer", no=evidence, seconds=60)
        code = self.stack.shoptet.place(*self.variants, guest={"email": f"guest{number}@host.example", "street": f"Lipová {number}"})
        self.codes.append(code)
        assert self.stack.deliver(order_event(code))[0] == 200
        self._wait_for_commit(before, KINDS[evidence])
        if self.kills % 2:
            self.stack.workers[0].kill_children()
        else:
            self.stack.kill_workers()
            self.stack.start_workers(1, concurrency=1)
        self.stack.bluejet.call(f"/faults/{fault}", method="DELETE")
        self.kills += RecordLink.objects.filter(kind=KINDS[evidence]).latest("pk").bluejet_id == ""

    def _wait_for_commit(self, before: int, kind: str) -> None:
        def is_there() -> bool:
            rows = [row for commit in self.stack.bluejet.commits_since(before, wait=5) for row in commit["rows"]]
            return any(row["kind"] == kind and row["action"] == "inserted" for row in rows)

        until(is_there, f"BlueJet logged a new {kind}")


@pytest.fixture
def stack(request: pytest.FixtureRequest, make_stack: Callable[..., Stack]) -> Stack:
    """Return a stack whose claims outlast the test unless it lets them run out."""
    return make_stack(**getattr(request, "param", {}))


@pytest.mark.parametrize("stack", [{"SYNC_CLAIM_SECONDS": "600"}], indirect=True, ids=["long claims"])
def test_a_worker_killed_20_times_between_bluejets_commit_and_ours_leaves_one_record_each(stack: Stack) -> None:
    shop = stack.start(workers=1, concurrency=1)
    stack.shoptet.keep_quiet()
    stack.pass_over(shop, FlowName.PRODUCT_TO_BLUEJET)
    killer = Killer(stack, stack.shoptet.variants()[:2])

    while killer.kills < KILLS:
        killer.strike()
    let_claims_run_out()
    stack.wait_until_quiet(seconds=180)

    documents, orders = stack.bluejet.documents(), stack.shoptet.orders()
    assert {code: len(found) for code, found in documents.items()} == dict.fromkeys(killer.codes, 1)
    assert {code: held_lines(documents[code][0][1]) for code in orders} == {code: expected_lines(orders[code]) for code in orders}
    assert not stack.bluejet.duplicates("product", "contact", "company", "address", "stock_card", "offer_line")
    assert len(stack.bluejet.ours("contact")) == len(stack.bluejet.ours("address")) == len(killer.codes)
    assert not SyncJob.objects.exclude(state="done").exists()


def let_claims_run_out() -> None:
    """Let the time pass until what dead workers had claimed is free again."""
    abandoned = SyncJob.objects.filter(state="running")
    assert abandoned.count() == KILLS
    abandoned.update(claimed_until=timezone.now())


def run_with_kills(stack: Stack, run: SyncRun, *, kills: int) -> None:
    """Work on a run to its end while the workers are killed now and then in the middle of it."""
    stack.beat.send("bulk.plan", run.pk)
    for number in range(kills):
        commits = stack.bluejet.last_commit()
        until(lambda commits=commits: stack.bluejet.last_commit() >= commits + 2, "the run writes to BlueJet")
        stack.kill_workers()
        assert not is_over(run), "the workers were to be killed in the middle of the run"
        stack.start_workers(1 + number % 2)
    until(lambda: is_over(run), "the run is over", seconds=180)


def counts(run: SyncRun) -> dict[str, object]:
    """Return what a run says of itself."""
    names = ("state", "expected", "read", "created", "updated", "unchanged", "skipped", "waiting", "parked", "failed", "error")
    return {name: getattr(run, name) for name in names}


@pytest.mark.parametrize("stack", [SHORT], indirect=True, ids=["short claims"])
def test_a_run_over_products_and_one_over_orders_killed_in_the_middle_count_and_bring_what_undisturbed_ones_do(stack: Stack) -> None:
    shop = stack.start("--products", "200", "--customers", "20", "--orders", "120")
    stack.pass_over(shop, FlowName.CUSTOMER_TO_BLUEJET)
    runs = {}

    for flow in (FlowName.PRODUCT_TO_BLUEJET, FlowName.ORDER_TO_BLUEJET):
        runs[flow] = start_run(shop, flow, trigger="test", mode=SyncRun.Mode.FULL, enqueue=False)
        run_with_kills(stack, runs[flow], kills=3)
    stack.wait_until_quiet()

    variants, orders, documents = stack.shoptet.variants(), stack.shoptet.orders(), stack.bluejet.documents()
    nothing = dict.fromkeys(("updated", "unchanged", "skipped", "waiting", "parked", "failed"), 0)
    whole = {"state": "completed", "error": "", **nothing}
    products = counts(runs[FlowName.PRODUCT_TO_BLUEJET])
    assert products == {**whole, "expected": 200, "read": len(variants), "created": len(variants)}
    assert counts(runs[FlowName.ORDER_TO_BLUEJET]) == {**whole, "expected": 120, "read": 120, "created": 120}
    assert sorted(stack.bluejet.ours("product")) == sorted(variants)
    assert {code: len(found) for code, found in documents.items()} == dict.fromkeys(orders, 1)
    assert {code: held_lines(documents[code][0][1]) for code in orders} == {code: expected_lines(orders[code]) for code in orders}
    assert not stack.bluejet.duplicates("product", "contact", "company", "address", "stock_card", "offer_line", "order_line")
