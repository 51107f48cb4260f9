"""Whoever waits for another record is woken, however the two of them meet."""

from __future__ import annotations

import sys

import pytest

from shops.models import FlowName, Shop
from sync import waiting
from sync.flow import Outcome, Result
from sync.jobs import Ask, ask, claim_with, finish
from sync.models import SyncJob, WaitingJob
from sync.models.job import Priority

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
