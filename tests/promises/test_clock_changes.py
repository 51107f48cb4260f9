"""Around both changes of the clock no order is missed and none is dated wrongly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import redis
import time_machine

from sandbox.bluejet.server import BlueJetSandbox
from sandbox.shoptet.server import ShoptetSandbox
from shops.models import FlowName
from sync.catch_up import catch_up
from sync.models import SyncRun
from tests.sync.portal import Portal, connect

pytestmark = [pytest.mark.services, pytest.mark.django_db]
PRAGUE = ZoneInfo("Europe/Prague")
ORDERS = FlowName.ORDER_TO_BLUEJET
Find = Callable[[Portal], None]

# When an order is placed, and the date that it has in Prague. On 29 March the clock goes from 2:00 to 3:00, on 25 October from
# 3:00 back to 2:00; both at 1:00 in Greenwich.
TO_SUMMER_TIME = (
    ("2026-03-28T22:30:00Z", "2026-03-28"),
    ("2026-03-28T23:30:00Z", "2026-03-29"),
    ("2026-03-29T00:44:00Z", "2026-03-29"),
    ("2026-03-29T01:00:02Z", "2026-03-29"),
    ("2026-03-29T21:30:00Z", "2026-03-29"),
    ("2026-03-29T22:30:00Z", "2026-03-30"),
)
FROM_SUMMER_TIME = (
    ("2026-10-24T21:30:00Z", "2026-10-24"),
    ("2026-10-24T22:30:00Z", "2026-10-25"),
    ("2026-10-25T00:30:00Z", "2026-10-25"),
    ("2026-10-25T01:30:00Z", "2026-10-25"),
    ("2026-10-25T22:30:00Z", "2026-10-25"),
    ("2026-10-25T23:30:00Z", "2026-10-26"),
)


@pytest.fixture
def portal(db: None, redis_client: redis.Redis, traveller: time_machine.Traveller) -> Iterator[Portal]:
    """Return a shop whose catalogue and customers are in BlueJet; the day before the clock changes."""
    limits = {"bucket_drain": 10_000.0, "bucket_size": 100_000.0, "connections": 50}
    shoptet = ShoptetSandbox(port=0, products=10, customers=5, orders=0, webhook_key="k" * 32, **limits).start()
    bluejet = BlueJetSandbox(port=0).start()
    portal = connect(shoptet, bluejet, "data")
    for flow in (FlowName.PRODUCT_TO_BLUEJET, FlowName.CUSTOMER_TO_BLUEJET, ORDERS):
        portal.run(flow)
    yield portal
    shoptet.stop()
    bluejet.stop()


@pytest.fixture
def traveller(moments: tuple[tuple[str, str], ...]) -> Iterator[time_machine.Traveller]:
    """Begin at noon before the first order; the whole process, both stand-ins too, lives in that time."""
    with time_machine.travel(moment(moments[0][0]) - timedelta(hours=10)) as traveller:
        yield traveller


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def by_a_run(portal: Portal) -> None:
    """Find by the daily pass over what changed."""
    portal.run(ORDERS, SyncRun.Mode.DELTA)


def by_catch_up(portal: Portal) -> None:
    """Find by what beat does each quarter of an hour."""
    catch_up(portal.shop.pk)
    portal.work()


def by_a_window(portal: Portal) -> None:
    """Find by a pass that staff start over the day so far."""
    midnight = datetime.now(UTC).astimezone(PRAGUE).replace(hour=0, minute=0)
    portal.run(ORDERS, SyncRun.Mode.WINDOW, since=midnight)


def place(portal: Portal) -> str:
    return str(portal.control("/orders", {"items": ["SPO01"]})["code"])


@pytest.mark.parametrize("find", [by_a_run, by_catch_up, by_a_window])
@pytest.mark.parametrize("moments", [TO_SUMMER_TIME, FROM_SUMMER_TIME], ids=["to summer time", "from summer time"])
def test_orders_around_a_change_of_the_clock_are_all_found_and_carry_the_shops_own_date(
    portal: Portal, traveller: time_machine.Traveller, moments: tuple[tuple[str, str], ...], find: Find
) -> None:
    codes = []
    for at, _ in moments:
        traveller.move_to(moment(at))
        codes.append(place(portal))
        traveller.move_to(moment(at) + timedelta(minutes=15))
        find(portal)

    dates = [[str(document["datumvystaveni"])[:10] for document in portal.documents(code)] for code in codes]
    assert dates == [[date] for _, date in moments]


@pytest.mark.parametrize("moments", [TO_SUMMER_TIME, FROM_SUMMER_TIME], ids=["to summer time", "from summer time"])
def test_orders_of_the_whole_night_are_found_by_the_run_in_the_morning(
    portal: Portal, traveller: time_machine.Traveller, moments: tuple[tuple[str, str], ...]
) -> None:
    codes = []
    for at, _ in moments:
        traveller.move_to(moment(at))
        codes.append(place(portal))
    traveller.move_to(moment(moments[-1][0]) + timedelta(hours=8))

    run = portal.run(ORDERS, SyncRun.Mode.DELTA)

    assert (run.state, run.created) == ("completed", len(codes))
    assert [len(portal.documents(code)) for code in codes] == [1] * len(codes)


@pytest.mark.parametrize("moments", [FROM_SUMMER_TIME], ids=["from summer time"])
def test_a_change_in_the_second_hour_between_two_and_three_is_newer_than_the_order_of_the_first(
    portal: Portal, traveller: time_machine.Traveller
) -> None:
    traveller.move_to(moment("2026-10-25T00:50:00Z"))
    code = place(portal)
    by_a_run(portal)

    traveller.move_to(moment("2026-10-25T01:10:00Z"))
    portal.control(f"/orders/{code}", {"notes": {"customerRemark": "O hodinu později"}})
    by_a_run(portal)

    (document,) = portal.documents(code)
    assert document["poznamka"] == "O hodinu později"
