"""A flow that is switched off in a storm loses nothing: what came meanwhile is held, asked about, and goes over once."""

from __future__ import annotations

import threading

import pytest

from shops.models import FlowName, FlowSetting
from sync.jobs.held import answer_held, unanswered
from sync.models import SyncJob, SyncRun
from sync.runs import start_run
from tests.promises.partners import expected_lines, held_lines
from tests.promises.stack import Stack, is_over, order_event
from tests.promises.waiting import until
from webhooks.models import WebhookEvent

pytestmark = [pytest.mark.services, pytest.mark.timeout(400)]
ORDERS, PRODUCTS = FlowName.ORDER_TO_BLUEJET, FlowName.PRODUCT_TO_BLUEJET
STORM, CLIENTS = 100, 4


def switch(mode: str, *flows: str) -> None:
    """Switch flows as a shell would, which answers no question."""
    FlowSetting.objects.filter(flow__in=flows).update(mode=mode)


def tell(stack: Stack, codes: list[str]) -> list[threading.Thread]:
    """Announce the orders from several clients at a time."""
    shares = [codes[start::CLIENTS] for start in range(CLIENTS)]
    clients = [threading.Thread(target=lambda share=share: [stack.deliver(order_event(code)) for code in share]) for share in shares]
    for client in clients:
        client.start()
    return clients


def test_orders_switched_off_in_the_middle_of_a_storm_are_all_there_once_when_they_are_on_again_and_let_go(stack: Stack) -> None:
    stack.start(workers=2, concurrency=2)
    stack.shoptet.keep_quiet()
    variants = stack.shoptet.variants()
    codes = stack.shoptet.place_many(STORM, variants[0], variants[1])

    clients = tell(stack, codes)
    until(lambda: stack.bluejet.ours("offer"), "the first orders are there")
    switch("off", ORDERS)
    for client in clients:
        client.join()
    resting = ["queued", "running"]
    until(lambda: not SyncJob.objects.filter(flow=ORDERS, state__in=resting).exists(), "nothing of the flow is under way")
    events_open = WebhookEvent.objects.filter(status__in=["pending"])
    until(lambda: not events_open.exists(), "every event was taken up")
    until(lambda: not SyncJob.objects.filter(flow=ORDERS, state__in=resting).exists(), "nothing of the flow is under way")
    written, kept = set(stack.bluejet.ours("offer")), set(SyncJob.objects.held().filter(flow=ORDERS).values_list("key", flat=True))
    asked_about_while_off = unanswered()

    switch("live", ORDERS)
    late = stack.shoptet.place(variants[2])
    stack.deliver(order_event(late))
    until(lambda: late in stack.bluejet.documents(), "an order that comes now goes over at once")
    untouched = set(SyncJob.objects.held().filter(flow=ORDERS).values_list("key", flat=True))
    (question,) = unanswered()
    answer_held(question.setting)
    stack.wait_until_quiet(seconds=200)

    assert asked_about_while_off == []
    assert (kept | written >= set(codes), len(kept) > 0, question.count) == (True, True, len(kept))
    assert untouched == kept
    documents, orders = stack.bluejet.documents(), stack.shoptet.orders()
    assert {code: len(found) for code, found in documents.items()} == dict.fromkeys([*codes, late], 1)
    assert {code: held_lines(documents[code][0][1]) for code in codes} == {code: expected_lines(orders[code]) for code in codes}
    assert set(WebhookEvent.objects.values_list("status", flat=True)) == {"completed"}


def test_a_run_whose_flow_is_switched_off_stops_and_the_next_one_brings_the_rest(stack: Stack) -> None:
    shop = stack.start("--products", "200", "--customers", "20", "--orders", "0", workers=1, concurrency=2)
    run = start_run(shop, PRODUCTS, trigger="test", mode=SyncRun.Mode.FULL, enqueue=False)
    stack.beat.send("bulk.plan", run.pk)
    until(lambda: stack.bluejet.ours("product"), "the first products are there")

    switch("off", PRODUCTS)
    until(lambda: is_over(run), "the run has stopped")
    until(lambda: not run.chunks.filter(state="running").exists(), "what was under way has ended")
    written, last = len(stack.bluejet.ours("product")), stack.bluejet.last_commit()
    commits_after = stack.bluejet.commits_since(last, wait=3)

    switch("live", PRODUCTS)
    (again,) = stack.pass_over(shop, PRODUCTS)
    stack.wait_until_quiet()

    assert (run.state, run.error, commits_after) == ("cancelled", "The flow was switched off.", [])
    assert 0 < written < len(stack.shoptet.variants())
    assert (again.state, again.failed, again.parked) == ("completed", 0, 0)
    assert set(stack.shoptet.variants()) ^ set(stack.bluejet.ours("product")) == set()
    assert not stack.bluejet.duplicates("product")
