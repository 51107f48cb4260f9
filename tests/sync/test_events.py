"""Which records an event asks for, and when it counts as answered."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from mappings.changes import announce as announce_mapping
from mappings.models import StatusMapping
from sync.events import ASKS
from sync.models import EventJob, SyncJob, SyncRun
from tests.sync.happenings import CUSTOMERS, ORDERS, PRODUCTS, STOCK, announce, bring, guid_of, place
from tests.sync.portal import Portal
from webhooks.event_names import error_in_words
from webhooks.registry import get_handler
from webhooks.topics import EXCLUDES, SLUGS

PassTime = Callable[[float], None]
pytestmark = pytest.mark.parametrize("dialect", ["data"])
GUID = "735f48a3-0000-4000-8000-000000000001"
ORDER_EVENTS = ["order:create", "order:update", "order:paid", "order:cancel", "order:delete"]
PRODUCT_EVENTS = ["product:create", "product:update", "product:delete"]
VARIANT_EVENTS = ["productVariant:create", "productVariant:update", "productVariant:delete", "productVariantPrice:update"]
CUSTOMER_EVENTS = ["customer:create", "customer:update", "customer:delete", "customer:disableOrders", "customer:enableOrders"]
SINGLE = [
    *[(event, "2026000001", ORDERS, "2026000001") for event in ORDER_EVENTS],
    *[(event, GUID, PRODUCTS, GUID) for event in PRODUCT_EVENTS],
    *[(event, "SPO01", PRODUCTS, "code:SPO01") for event in VARIANT_EVENTS],
    *[(event, GUID, CUSTOMERS, GUID) for event in CUSTOMER_EVENTS],
    ("stock:movement", "1", STOCK, "movements:1"),
    ("order:create", "Order#12345", ORDERS, "12345"),
]
MASS = [
    ("order:massCreate", ORDERS, ["2026000001", "2026000002"], {"2026000001", "2026000002"}),
    ("order:massUpdate", ORDERS, ["2026000001"], {"2026000001"}),
    ("order:massPaid", ORDERS, ["2026000001"], {"2026000001"}),
    ("product:massCreate", PRODUCTS, [GUID], {GUID}),
    ("product:massUpdate", PRODUCTS, [GUID], {GUID}),
    ("product:massDelete", PRODUCTS, [GUID], {GUID}),
    ("productVariant:massCreate", PRODUCTS, ["SPO01", "SPO02"], {"code:SPO01", "code:SPO02"}),
    ("productVariant:massUpdate", PRODUCTS, ["SPO01"], {"code:SPO01"}),
    ("productVariant:massDelete", PRODUCTS, ["SPO01"], {"code:SPO01"}),
    ("productVariantPrice:massUpdate", PRODUCTS, ["SPO01"], {"code:SPO01"}),
]


def jobs() -> set[tuple[str, str]]:
    return set(SyncJob.objects.values_list("flow", "key"))


@pytest.mark.parametrize(("event_type", "instance", "flow", "key"), SINGLE)
def test_an_event_asks_for_the_record_that_it_names(portal: Portal, event_type: str, instance: str, flow: str, key: str) -> None:
    event = announce(portal, event_type, instance)

    job = SyncJob.objects.get()
    assert (job.flow, job.key, job.announced_at) == (flow, key, event.event_created)
    assert job.deletion_announced is (event_type in ("order:delete", "product:delete", "customer:delete"))
    assert event.status == "processing"


@pytest.mark.parametrize(("event_type", "flow", "named", "keys"), MASS)
def test_a_mass_event_asks_for_each_of_its_records(portal: Portal, event_type: str, flow: str, named: list[str], keys: set[str]) -> None:
    announce(portal, event_type, json.dumps(named))

    assert jobs() == {(flow, key) for key in keys}


def test_every_event_that_the_portal_registers_for_asks_for_something(portal: Portal) -> None:
    tested = {row[0] for row in SINGLE} | {row[0] for row in MASS} | {"customer:import"}

    assert set(ASKS) == tested
    assert {event for event in SLUGS if not event.startswith(("addon:", "job:"))} <= set(ASKS)


def test_orders_come_before_everything_else(portal: Portal) -> None:
    for event_type, instance in (("product:update", GUID), ("stock:movement", "1"), ("customer:update", GUID), ("order:update", "1")):
        announce(portal, event_type, instance)

    assert list(SyncJob.objects.order_by("priority").values_list("flow", flat=True)) == [ORDERS, CUSTOMERS, STOCK, PRODUCTS]


def test_the_event_of_a_known_variant_asks_for_its_product(portal: Portal) -> None:
    bring(portal, "FRI01/230")
    SyncJob.objects.all().delete()

    announce(portal, "productVariant:update", "FRI01/400")

    assert jobs() == {(PRODUCTS, guid_of(portal, "FRI01/230"))}


def test_a_mass_event_and_the_single_ones_beside_it_share_their_jobs(portal: Portal) -> None:
    codes = portal.control("/orders/bulk", {"count": 3, "items": ["SPO01"]})["codes"]

    announce(portal, "order:massCreate", json.dumps(codes))
    for code in codes:
        announce(portal, "order:create", code)

    assert set(SyncJob.objects.values_list("key", "wanted")) == {(code, 2) for code in codes}
    assert EventJob.objects.count() == 6


def test_a_burst_of_events_is_one_read_and_one_write(portal: Portal) -> None:
    bring(portal, "SPO01")
    code = portal.control("/orders", {"items": ["SPO01"]})["code"]
    events = [announce(portal, name, code) for name in ("order:create", "order:update", "order:paid", "order:update")]

    portal.work(ORDERS)

    job = portal.job(ORDERS, code)
    for event in events:
        event.refresh_from_db()
    assert (job.wanted, job.done, job.attempts.count()) == (4, 4, 1)
    assert {event.status for event in events} == {"completed"}


def test_an_import_of_customers_starts_a_pass_over_what_changed_even_if_the_broker_is_down(portal: Portal) -> None:
    event = announce(portal, "customer:import", "customers")
    again = announce(portal, "customer:import", "customers")

    run = SyncRun.objects.get()
    assert (run.flow, run.trigger, run.state) == (CUSTOMERS, "customer:import", SyncRun.State.PLANNING)
    assert (event.status, again.status) == ("completed", "completed")
    assert jobs() == set()


def test_what_an_import_brought_arrives_with_that_pass(portal: Portal) -> None:
    portal.run(CUSTOMERS)

    guids = portal.control("/customers/import", {"count": 3})["guids"]
    run = portal.run(CUSTOMERS, mode="delta")

    assert (len(guids), run.created) == (3, 3)


# When an event is answered


def test_an_event_is_completed_when_all_its_jobs_have_been_reached(portal: Portal) -> None:
    bring(portal, "SPO01")
    codes = portal.control("/orders/bulk", {"count": 2, "items": ["SPO01"], "separately": True})["codes"]
    event = announce(portal, "order:massCreate", json.dumps(codes))
    SyncJob.objects.filter(key=codes[1]).update(next_try_at=timezone.now() + timedelta(hours=1))

    portal.work(ORDERS)
    event.refresh_from_db()
    halfway = event.status
    SyncJob.objects.update(next_try_at=timezone.now())
    portal.work(ORDERS)

    event.refresh_from_db()
    assert (halfway, event.status, event.processed_at is not None) == ("processing", "completed", True)


def test_an_event_waits_as_long_as_its_order_does(portal: Portal) -> None:
    code = portal.control("/orders", {"items": ["SPO01"]})["code"]
    event = announce(portal, "order:create", code)

    portal.work(ORDERS)
    event.refresh_from_db()
    waiting = event.status
    portal.work()

    event.refresh_from_db()
    assert (waiting, event.status) == ("processing", "completed")


def test_a_failed_event_says_why_and_completes_when_its_reason_is_gone(portal: Portal) -> None:
    bring(portal, "SPO01")
    code = portal.control("/orders", {"items": ["SPO01"], "status": 11})["code"]
    event = announce(portal, "order:create", code)
    portal.work()
    event.refresh_from_db()
    failed = (event.status, event.error)

    StatusMapping.objects.create(shop=portal.shop, shoptet_id="11", bluejet_value="Potvrzená", document="order")
    announce_mapping(portal.shop.pk, "status", "11")
    portal.work()

    event.refresh_from_db()
    assert failed == ("failed", "The order status “Připraveno k odběru” (11) has no counterpart in BlueJet.")
    assert (event.status, event.error) == ("completed", "")


def test_a_later_event_completes_the_earlier_ones_too(portal: Portal) -> None:
    code = place(portal, "SPO01", status=11)
    bring(portal, "SPO01")
    portal.work()

    portal.control(f"/orders/{code}/status", {"status": -3})
    announce(portal, "order:update", code)
    portal.work()

    assert set(portal.shop.events.values_list("event_type", "status")) == {("order:create", "completed"), ("order:update", "completed")}


def test_an_event_of_a_record_that_is_being_worked_on_is_answered_by_the_next_look(portal: Portal) -> None:
    bring(portal, "SPO01")
    code = place(portal, "SPO01")
    SyncJob.objects.filter(key=code).update(state="running")
    event = announce(portal, "order:update", code)
    SyncJob.objects.filter(key=code).update(state="queued", done=1, next_try_at=timezone.now())

    portal.work(ORDERS)

    event.refresh_from_db()
    assert event.status == "completed"


@pytest.mark.parametrize("job_id", ["0190f1f0-6b53-7a4e-9f0c-2f1d1c9c0a11", "42", ""])
def test_a_finished_job_of_shoptets_is_noted_by_its_id_and_asks_for_nothing(portal: Portal, job_id: str) -> None:
    event = announce(portal, "job:finished", job_id)

    with override("cs"):
        said = error_in_words(event)
    assert (event.status, jobs()) == ("completed", set())
    assert event.error == f"Shoptet's job {job_id or '?'} has finished; nothing in the portal waits for it."
    assert said == f"Úloha Shoptetu {job_id or '?'} skončila; nic v portálu na ni nečeká."


def test_every_event_that_the_portal_registers_for_has_somebody_who_takes_it_up(dialect: str) -> None:
    assert [event for event in [*SLUGS, *itertools.chain(*EXCLUDES.values())] if get_handler(event) is None] == []


ODD_MEMBERS = [
    "K\x001",
    "K\ud8001",
    "K" * 5000,
    "",
    " ",
    "..",
    "a/b?c#d%",
    "\u202ex",
    10**30,
    None,
    1.5,
    True,
    {"code": "x"},
    ["x"],
    "😀" * 300,
]


@pytest.mark.parametrize("event_type", [event for event in ASKS if "mass" in event])
def test_an_odd_member_of_a_mass_event_does_not_keep_the_others_from_being_asked_for(portal: Portal, event_type: str) -> None:
    event = announce(portal, event_type, json.dumps(["FIRST1", *ODD_MEMBERS[:7], "MIDDLE1", *ODD_MEMBERS[7:], "LAST1"]))

    assert {"FIRST1", "MIDDLE1", "LAST1"} <= {key.removeprefix("code:") for _, key in jobs()}
    assert (event.status, event.error) == ("processing", "")
