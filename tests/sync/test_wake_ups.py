"""Whoever waits for another record is woken, however the two of them meet."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from mappings.changes import announce
from mappings.models import CategoryMapping
from mappings.versions import record_version
from shops.models import FlowName, Shop
from sync import waiting
from sync.flow import Outcome, Result
from sync.jobs import Ask, ask, claim_with, finish
from sync.models import SyncJob, UnmappedValue, WaitingJob
from sync.models.job import Priority
from tests.sync.portal import Portal

pytestmark = pytest.mark.django_db
PRODUCT = waiting.job_topic(FlowName.PRODUCT_TO_BLUEJET, "a product")
OTHER_PRODUCT = waiting.job_topic(FlowName.PRODUCT_TO_BLUEJET, "another product")


@pytest.fixture
def order(shop: Shop) -> SyncJob:
    """Return an order's job that a worker is at, and that has waited for two products before."""
    job = ask(shop, [Ask(FlowName.ORDER_TO_BLUEJET, "2026000001", Priority.ORDERS)], asked_by="test")[0]
    waiting.wait(job, [PRODUCT, OTHER_PRODUCT])
    return claim_with(job.pk, up_to=1)[0]


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def state_of(job: SyncJob) -> str:
    return str(SyncJob.objects.get(pk=job.pk).state)


def test_what_comes_while_the_job_is_worked_on_wakes_it_at_once(order: SyncJob) -> None:
    waiting.wake(order.shop_id, [PRODUCT])

    finish(order, Outcome(Result.WAITING, topics=(PRODUCT,)))

    assert state_of(order) == "queued"


def test_what_has_not_come_is_waited_for(order: SyncJob) -> None:
    waiting.wake(order.shop_id, [PRODUCT])

    finish(order, Outcome(Result.WAITING, topics=(OTHER_PRODUCT,)))

    assert state_of(order) == "waiting"


def test_a_worker_that_dies_before_the_end_is_written_has_woken_others_and_asked_for_what_is_missing(
    order: SyncJob, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = ask(shop, [Ask(FlowName.PRODUCT_TO_BLUEJET, "a product", Priority.CATALOGUE)], asked_by="test")[0]
    asks = (Ask(FlowName.PRODUCT_TO_BLUEJET, "another product", Priority.ORDERS),)
    monkeypatch.setattr(sys.modules["sync.jobs.finish"], "_changes", killed)

    with pytest.raises(KeyboardInterrupt):
        finish(claim_with(product.pk, up_to=1)[0], Outcome(Result.CREATED))
    with pytest.raises(KeyboardInterrupt):
        finish(order, Outcome(Result.WAITING, topics=(OTHER_PRODUCT,), asks=asks))

    assert WaitingJob.objects.get(topic=PRODUCT).fulfilled_at is not None
    assert SyncJob.objects.filter(key="another product", state="queued").exists()


@pytest.mark.parametrize("dialect", ["data"])
@pytest.mark.parametrize("way", ["a job", "a run"])
def test_a_value_mapped_while_its_records_are_worked_on_lets_them_go_on(portal: Portal, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    category = CategoryMapping.objects.get(shop=portal.shop, bluejet_value="Sporáky")
    category.delete()
    record_version(portal.shop)

    def map_it_now(*_: object) -> None:
        if not CategoryMapping.objects.filter(shop=portal.shop, bluejet_value="Sporáky").exists():
            CategoryMapping.objects.create(shop=portal.shop, shoptet_id=category.shoptet_id, bluejet_value="Sporáky")
            record_version(portal.shop)
            announce(portal.shop.pk, "category", category.shoptet_id)

    # The batch has its mappings by then, and nobody waits for the value yet.
    monkeypatch.setattr(sys.modules["sync.work" if way == "a job" else "sync.runs.chunks"], "note_unmapped", map_it_now)
    if way == "a job":
        ask(portal.shop, [Ask(FlowName.PRODUCT_TO_BLUEJET, "code:SPO01", Priority.CATALOGUE)], asked_by="test")
    else:
        portal.run(FlowName.PRODUCT_TO_BLUEJET)
    portal.work(FlowName.PRODUCT_TO_BLUEJET)

    assert not SyncJob.objects.exclude(state="done").exists()
    assert not UnmappedValue.objects.exists()
    assert portal.bluejet.store.find("product", "externiidsupl", "shoptet:SPO01")


def test_whoever_asks_with_a_delay_again_and_again_does_not_put_the_job_off(shop: Shop) -> None:
    movements = Ask(FlowName.STOCK_TO_BLUEJET, "movements:1", Priority.STOCK, delay=300)
    first = ask(shop, [movements], asked_by="test")[0]

    again = ask(shop, [movements], asked_by="test")[0]

    assert first.next_try_at > timezone.now() + timedelta(seconds=290)
    assert again.next_try_at == first.next_try_at
    assert again.wanted == 2


def test_whoever_asks_without_a_delay_does_not_wait_for_one_who_asked_with(shop: Shop) -> None:
    movements = Ask(FlowName.STOCK_TO_BLUEJET, "movements:1", Priority.STOCK, delay=300)
    ask(shop, [movements], asked_by="test")

    job = ask(shop, [replace(movements, delay=0)], asked_by="test")[0]

    assert job.next_try_at <= timezone.now()
