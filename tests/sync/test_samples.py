"""The newest records that passed are kept as they were read, and nothing else."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mappings.models import StatusMapping
from sync import samples
from sync.models import Preview, SampleRecord, SyncJob
from sync.workbench.fetching import fetch_preview, sweep_previews
from tests.sync.happenings import ORDERS, PRODUCTS, announce, bring, guid_of, look_at, place
from tests.sync.portal import Portal


@pytest.fixture
def dialect() -> str:
    """What is kept does not depend on the dialect."""
    return "data"


def test_a_record_is_kept_with_its_amounts_and_with_what_was_known_of_both_sides(portal: Portal) -> None:
    bring(portal, "SPO01")
    code = place(portal, "SPO01")
    portal.work()

    (order,) = samples.load(portal.shop, "order")
    assert (order.key, order.kind, order.flow, order.job_key) == (code, "offer", ORDERS, code)
    assert isinstance(order.record["total"], Decimal)
    assert set(order.refs["productIds"]) == {"SPO01"}
    assert {sample.entity for sample in SampleRecord.objects.all()} >= {"product", "stock", "contact", "address", "order"}


def test_a_record_that_nothing_changed_in_is_kept_anew(portal: Portal) -> None:
    bring(portal, "SPO01")
    before = SampleRecord.objects.get(key="SPO01")

    look_at(portal, PRODUCTS, guid_of(portal, "SPO01"))
    portal.work(PRODUCTS)

    after = SampleRecord.objects.get(key="SPO01")
    assert after.pk == before.pk
    assert after.taken_at > before.taken_at


def test_a_record_that_is_held_back_is_kept_too(portal: Portal) -> None:
    bring(portal, "SPO01")
    StatusMapping.objects.all().delete()
    code = place(portal, "SPO01")
    portal.work()

    assert portal.job(ORDERS, code).state == "parked"
    assert SampleRecord.objects.filter(entity="order", key=code).exists()


def test_a_record_that_is_gone_is_forgotten(portal: Portal) -> None:
    bring(portal, "SPO01")
    guid = guid_of(portal, "SPO01")
    portal.control("/products/SPO01", method="DELETE")
    announce(portal, "product:delete", guid)

    portal.work(PRODUCTS)

    assert not SampleRecord.objects.filter(entity="product", job_key=guid).exists()


def test_only_the_newest_are_kept(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "KEPT", 3)

    for code in ("SPO01", "SPO02", "SPO03", "SPO04"):
        bring(portal, code)

    assert {sample.key for sample in samples.load(portal.shop, "product")} == {"SPO02", "SPO03", "SPO04"}


def test_of_a_large_run_an_even_share_is_kept(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "KEPT", 20)

    run = portal.run(PRODUCTS)

    assert run.expected > 20
    assert 5 <= SampleRecord.objects.filter(entity="product").count() <= 20


def test_keeping_samples_costs_a_batch_a_few_statements_and_a_record_none(portal: Portal) -> None:
    bring(portal, "SPO01", "SPO02", "SPO03", "SPO04", "CHS01", "FRI01/230")

    with CaptureQueriesContext(connection) as asked:
        look_at(portal, PRODUCTS, *SyncJob.objects.filter(flow=PRODUCTS).values_list("key", flat=True))
        portal.work(PRODUCTS)

    assert len([query for query in asked if "sync_samplerecord" in query["sql"]]) <= 3


def test_trouble_with_the_samples_holds_no_record_up(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr(samples, "store", fail)

    bring(portal, "SPO01")

    assert portal.job(PRODUCTS, guid_of(portal, "SPO01")).state == "done"


def test_previews_are_dropped_after_a_day_and_handed_out_again_until_then(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    handed_out: list[tuple[Any, ...]] = []
    monkeypatch.setattr("sync.workbench.fetching.enqueue", lambda *what, **how: handed_out.append(what))
    old, lost, fresh = (Preview.objects.create(shop=portal.shop, entity="product", by="last") for _number in range(3))
    Preview.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=2))
    Preview.objects.filter(pk=lost.pk).update(created_at=timezone.now() - timedelta(minutes=5))

    sweep_previews()

    assert set(Preview.objects.all()) == {lost, fresh}
    assert handed_out == [("fetch_preview", lost.pk)]


def test_a_preview_is_fetched_by_one_worker_and_again_once_that_one_is_lost(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[int] = []
    monkeypatch.setattr("sync.workbench.fetching._fetch", lambda ctx, preview: fetched.append(preview.pk))
    preview = Preview.objects.create(shop=portal.shop, entity="product", by="last", claim=uuid.uuid4())
    for seconds in (20, -1):
        Preview.objects.update(claimed_until=timezone.now() + timedelta(seconds=seconds))
        fetch_preview(preview.pk)

    assert fetched == [preview.pk]


def test_a_preview_whose_worker_is_alive_is_not_handed_out_however_long_it_takes(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    handed_out: list[tuple[Any, ...]] = []
    monkeypatch.setattr("sync.workbench.fetching.enqueue", lambda *what, **how: handed_out.append(what))
    slow, lost = (Preview.objects.create(shop=portal.shop, entity="product", by="last", claim=uuid.uuid4()) for _number in range(2))
    now = timezone.now()
    Preview.objects.filter(pk=slow.pk).update(created_at=now - timedelta(minutes=5), claimed_until=now + timedelta(seconds=20))
    Preview.objects.filter(pk=lost.pk).update(claimed_until=now - timedelta(seconds=1))

    sweep_previews()

    assert handed_out == [("fetch_preview", lost.pk)]
