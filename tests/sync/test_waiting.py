"""Orders that wait for something else: woken by it, and shown to a person only when it takes too long."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mappings.changes import announce as announce_mapping
from mappings.models import CategoryMapping, StatusMapping
from sync.jobs import replay_jobs
from sync.models import SyncJob
from tests.sync.happenings import CUSTOMERS, ORDERS, PRODUCTS, guid_of, issues_of, place
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

PassTime = Callable[[float], None]
pytestmark = pytest.mark.parametrize("dialect", ["data"])
A_DAY = 24 * 3600


@pytest.fixture
def holds(portal: Portal, pass_time: PassTime) -> Holdings:
    return Holdings(portal)


@pytest.fixture
def category(portal: Portal) -> CategoryMapping:
    """Take from the mappings the category of the cookers, so that no cooker reaches BlueJet."""
    mapping = CategoryMapping.objects.get(shop=portal.shop, bluejet_value="Sporáky")
    mapping.delete()
    return mapping


def mapped_again(portal: Portal, category: CategoryMapping) -> None:
    CategoryMapping.objects.create(shop=portal.shop, shoptet_id=category.shoptet_id, bluejet_value="Sporáky")
    announce_mapping(portal.shop.pk, "category", category.shoptet_id)


def waits(portal: Portal, code: str) -> tuple[str, list[str]]:
    job = portal.job(ORDERS, code)
    return job.state, issues_of(job)


def test_a_mapped_category_brings_the_product_and_then_the_order(portal: Portal, holds: Holdings, category: CategoryMapping) -> None:
    code = place(portal, "SPO01")
    portal.work()
    before = waits(portal, code)

    mapped_again(portal, category)
    portal.work()

    assert before == ("waiting", ["waits_for_product"])
    assert holds.document(code).lines[0].product == holds.product("SPO01")["id"]


def test_an_order_that_waited_for_a_day_is_shown_to_a_person(
    portal: Portal, holds: Holdings, pass_time: PassTime, category: CategoryMapping
) -> None:
    code = place(portal, "SPO01")
    portal.work()

    pass_time(A_DAY + 60)
    portal.work()

    assert waits(portal, code) == ("parked", ["waited_too_long", "waits_for_product"])


def test_what_an_order_waits_for_brings_it_even_after_it_was_shown(
    portal: Portal, holds: Holdings, pass_time: PassTime, category: CategoryMapping
) -> None:
    code = place(portal, "SPO01")
    portal.work()
    pass_time(A_DAY + 60)
    portal.work()

    mapped_again(portal, category)
    portal.work()

    assert waits(portal, code)[0] == "done"
    assert holds.document(code)


def test_an_order_that_a_person_sends_again_waits_for_another_day(
    portal: Portal, holds: Holdings, pass_time: PassTime, category: CategoryMapping
) -> None:
    code = place(portal, "SPO01")
    portal.work()
    pass_time(A_DAY + 60)
    portal.work()

    replay_jobs([portal.job(ORDERS, code)], by="jana")
    portal.work()

    assert waits(portal, code) == ("waiting", ["waits_for_product"])


def test_the_days_that_an_order_was_parked_do_not_count_as_waiting(
    portal: Portal, holds: Holdings, pass_time: PassTime, category: CategoryMapping
) -> None:
    code = place(portal, "FRI01/230", status=11)
    portal.work()
    parked = waits(portal, code)
    pass_time(3 * A_DAY)
    portal.control(f"/orders/{code}", {"add": [{"code": "SPO01"}]})

    StatusMapping.objects.create(shop=portal.shop, shoptet_id="11", bluejet_value="Potvrzená", document="order")
    announce_mapping(portal.shop.pk, "status", "11")
    portal.work()

    assert parked == ("parked", ["unmapped_status"])
    assert waits(portal, code) == ("waiting", ["waits_for_product"])


def test_an_order_waits_for_everything_that_is_missing_at_once(portal: Portal, holds: Holdings) -> None:
    customer = next(iter(portal.shoptet.state.customers))
    code = place(portal, "SPO01", "FRI01/230", customer=customer)

    portal.work()

    asked = set(SyncJob.objects.exclude(flow=ORDERS).exclude(flow="stock_to_bluejet").values_list("flow", "key"))
    assert asked == {(CUSTOMERS, customer), (PRODUCTS, guid_of(portal, "SPO01")), (PRODUCTS, guid_of(portal, "FRI01/230"))}
    assert waits(portal, code)[0] == "done"


def test_a_waiting_order_is_not_read_again_before_its_time(portal: Portal, holds: Holdings, category: CategoryMapping) -> None:
    code = place(portal, "SPO01")
    portal.work()
    tries = portal.job(ORDERS, code).attempts.count()

    for _ in range(5):
        portal.work()

    assert portal.job(ORDERS, code).attempts.count() == tries
