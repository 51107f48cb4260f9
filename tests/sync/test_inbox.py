"""What waits for a value without a counterpart, and what mapping it lets go."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from mappings.models import CategoryMapping, MappingVersion, StatusMapping, TablePolicy
from mappings.pack_files import Pack, import_pack
from shops.models import FlowName, Shop
from sync.inbox import MappedMeanwhile, accept, map_value, set_policies, what_waits
from sync.models import SyncJob, UnmappedValue
from sync.proposals import Proposal
from sync.waiting import job_topic, value_topic, wait
from tests.admin.rows import make_job, make_user
from tests.sync.happenings import bring, place
from tests.sync.portal import Portal
from tests.sync.test_suggestions import hold

PRODUCTS, ORDERS = FlowName.PRODUCT_TO_BLUEJET, FlowName.ORDER_TO_BLUEJET


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enqueue nothing: what is let go is seen in the rows."""
    monkeypatch.setattr("sync.dispatch.enqueue_jobs", lambda jobs, **how: None)


@pytest.fixture
def jana(db: None) -> User:
    """Return somebody from the office."""
    return make_user("jana")


def _parked(shop: Shop, key: str, table: str, value: str, *, flow: str = ORDERS, worth: str | None = None) -> SyncJob:
    job = make_job(shop, key, flow=flow, state=SyncJob.State.PARKED)
    UnmappedValue.objects.get_or_create(shop=shop, table=table, value=value, defaults={"label": value})
    wait(job, [value_topic(table, value)], Decimal(worth) if worth else None)
    return job


def test_the_orders_that_wait_for_a_status_are_counted_and_added_up(shop: Shop) -> None:
    _parked(shop, "1", "status", "-4", worth="100.50")
    _parked(shop, "2", "status", "-4", worth="200")
    _parked(shop, "3", "status", "12", worth="7")

    [held] = what_waits([UnmappedValue.objects.get(value="-4")]).values()

    assert (held.jobs, held.money) == (2, Decimal("300.50"))
    assert held.since is not None


def test_an_order_behind_a_product_that_waits_for_its_category_is_added_up_once(shop: Shop) -> None:
    for guid in ("guid-1", "guid-2"):
        _parked(shop, guid, "category", "c1", flow=PRODUCTS)
    order = make_job(shop, "2026000900", state=SyncJob.State.WAITING)
    wait(order, [job_topic(PRODUCTS, "guid-1"), job_topic(PRODUCTS, "guid-2")], Decimal(500))

    [held] = what_waits([UnmappedValue.objects.get()]).values()

    assert (held.jobs, held.money) == (2, Decimal(500))


def test_mapping_a_value_lets_go_exactly_the_jobs_that_waited_for_it(shop: Shop, jana: User) -> None:
    ours, other = _parked(shop, "1", "status", "-4"), _parked(shop, "2", "status", "12")
    row = StatusMapping(shop=shop, shoptet_id="-4", shoptet_name="Čeká na díl", bluejet_value="Probíhající")

    done = map_value(UnmappedValue.objects.get(value="-4"), row, jana)

    states = dict(SyncJob.objects.values_list("key", "state"))
    assert (done.count, done.jobs) == (1, [ours.pk])
    assert states == {ours.key: "queued", other.key: "parked"}
    assert [value.value for value in UnmappedValue.objects.all()] == ["12"]
    assert str(MappingVersion.objects.get().author) == "jana"


def test_what_somebody_else_mapped_meanwhile_is_not_overwritten(shop: Shop, jana: User) -> None:
    _parked(shop, "1", "status", "-4")
    StatusMapping.objects.create(shop=shop, shoptet_id="-4", bluejet_value="Potvrzená")

    with pytest.raises(MappedMeanwhile):
        map_value(UnmappedValue.objects.get(), StatusMapping(shop=shop, shoptet_id="-4", bluejet_value="Probíhající"), jana)

    assert StatusMapping.objects.get().bluejet_value == "Potvrzená"


def test_mapping_a_category_lets_go_those_below_it_that_inherit(shop: Shop, jana: User) -> None:
    hold(shop, "shoptet", "category", ("k", "Kuchyně"), ("f", "Fritézy", "k"), ("b", "Bar"))
    for key, category in (("guid-1", "k"), ("guid-2", "f"), ("guid-3", "b")):
        _parked(shop, key, "category", category, flow=PRODUCTS)

    row = CategoryMapping(shop=shop, shoptet_id="k", bluejet_value="Kuchyň")
    done = map_value(UnmappedValue.objects.get(value="k"), row, jana)

    assert (done.count, [value.value for value in UnmappedValue.objects.all()]) == (2, ["b"])


def test_a_default_for_a_table_lets_go_all_that_waited_for_its_values(shop: Shop, jana: User) -> None:
    for key, status in (("1", "-4"), ("2", "12")):
        _parked(shop, key, "status", status)
    policy = TablePolicy(shop=shop, table="status", missing="default", default_value="Probíhající", document="offer")

    woken = set_policies(shop, [policy], ["payment"], jana)

    assert (woken, UnmappedValue.objects.count()) == (2, 0)
    assert TablePolicy.objects.get().default_value == "Probíhající"


def test_a_pack_with_a_default_lets_all_go_that_waited_for_its_table(
    shop: Shop, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    for key, status in (("1", "-4"), ("2", "12")):
        _parked(shop, key, "status", status)
    _parked(shop, "3", "payment", "7")
    policies = {"status": {"missing": "default", "default_value": "Probíhající", "document": "offer"}}

    with django_capture_on_commit_callbacks(execute=True):
        import_pack(shop, Pack(shop.bluejet.dialect, policies=policies), None)

    assert [value.value for value in UnmappedValue.objects.all()] == ["7"]
    assert set(SyncJob.objects.filter(state="queued").values_list("key", flat=True)) == {"1", "2"}


def test_accepted_suggestions_are_one_version_and_let_go_what_waited(shop: Shop, jana: User) -> None:
    _parked(shop, "1", "status", "-4")
    rows = [Proposal("status", "-4", "Čeká na díl", "Probíhající"), Proposal("status", "12", "K vyzvednutí", "Probíhající")]

    assert accept(shop, rows, jana) == (2, 1)
    assert MappingVersion.objects.count() == 1


@pytest.mark.parametrize("dialect", ["data"])
def test_an_order_that_really_waits_says_what_it_is_worth(portal: Portal) -> None:
    bring(portal, "SPO01")
    code = place(portal, "SPO01", status=11)
    portal.work()

    [held] = what_waits(list(UnmappedValue.objects.select_related("shop"))).values()
    [order] = [one for one in portal.shoptet.state.orders.values() if one["code"] == code]
    assert (held.jobs, held.money) == (1, Decimal(str(order["price"]["withVat"])))
