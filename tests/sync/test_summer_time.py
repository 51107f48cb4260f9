"""The nights when the clocks change: no order is missed, and each has the date that its customer saw."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from io import StringIO
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import ModelEntry

from integration_portal.celery import app
from shops.models import FlowSetting
from sync.catch_up import catch_up
from sync.models import SyncJob, SyncRun
from sync.runs import cancel_run
from tests.sync.happenings import ORDERS, announce, bring, planned
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

# Two nights played through minute by minute take their time; they run with the other promises.
pytestmark = pytest.mark.services
MoveTo = Callable[[datetime], None]
PRAGUE = ZoneInfo("Europe/Prague")
QUARTER = timedelta(minutes=15)
ONLY_DATA = pytest.mark.parametrize("dialect", ["data"])
DATE = {"data": "datumvystaveni", "rest": "orderDate"}
# What the clock on the wall showed, with the offset that was in force.
SPRING = (
    "2026-03-28T23:30:00+01:00",
    "2026-03-29T00:30:00+01:00",
    "2026-03-29T01:59:59+01:00",
    "2026-03-29T03:00:00+02:00",
    "2026-03-29T23:30:00+02:00",
    "2026-03-30T00:30:00+02:00",
)
AUTUMN = (
    "2026-10-24T23:30:00+02:00",
    "2026-10-25T00:30:00+02:00",
    "2026-10-25T02:00:00+02:00",
    "2026-10-25T02:59:59+02:00",
    "2026-10-25T02:00:00+01:00",
    "2026-10-25T02:59:59+01:00",
    "2026-10-25T03:00:00+01:00",
    "2026-10-25T23:30:00+01:00",
    "2026-10-26T00:30:00+01:00",
)


@pytest.fixture(params=[SPRING, AUTUMN], ids=["spring", "autumn"], autouse=True)
def moments(request: pytest.FixtureRequest) -> list[datetime]:
    """Return moments around one of the two switches."""
    return [datetime.fromisoformat(text) for text in request.param]


@pytest.fixture(autouse=True)
def move_to(moments: list[datetime]) -> Iterator[MoveTo]:
    """Return what sets everybody's clock: the portal's and both partners'; they start a day before."""
    with time_machine.travel(moments[0] - timedelta(days=1), tick=True) as traveller:
        yield traveller.move_to


@pytest.fixture
def holds(move_to: MoveTo, portal: Portal) -> Holdings:
    bring(portal, "SPO01")
    return Holdings(portal)


def order_at(portal: Portal, move_to: MoveTo, moment: datetime) -> str:
    """Let somebody order at this moment; no webhook tells of it."""
    move_to(moment)
    return str(portal.control("/orders", {"items": ["SPO01"], "creationTime": moment.isoformat()})["code"])


def up_to_date(portal: Portal, moment: datetime) -> None:
    """Let the portal have seen all orders until this moment; the cursor is written in the moment's own zone."""
    FlowSetting.objects.filter(shop=portal.shop, flow=ORDERS).update(cursor={"since": moment.isoformat()})


def caught_up(portal: Portal) -> set[str]:
    """Catch up; return the orders that were found."""
    catch_up(portal.shop.pk)
    return set(SyncJob.objects.filter(flow=ORDERS, state="queued").values_list("key", flat=True))


def switch_among(moments: list[datetime]) -> datetime:
    """Return when the clocks change: at one in the morning of UTC, on the one night that these moments are about."""
    (changed,) = [late for early, late in pairwise(moments) if early.utcoffset() != late.utcoffset()]
    return changed.astimezone(UTC).replace(hour=1, minute=0, second=0)


def test_every_order_has_the_date_of_its_own_day(portal: Portal, holds: Holdings, move_to: MoveTo, moments: list[datetime]) -> None:
    placed = {order_at(portal, move_to, moment): moment.date().isoformat() for moment in moments}

    portal.run(ORDERS)

    assert {code: holds.document(code).fields[DATE[holds.dialect]].removesuffix("T00:00:00") for code in placed} == placed


@ONLY_DATA
def test_the_quarterly_catch_up_finds_each_order_of_the_night_once(
    portal: Portal, holds: Holdings, move_to: MoveTo, moments: list[datetime]
) -> None:
    switch = switch_among(moments)
    up_to_date(portal, switch - 6 * QUARTER)
    placed, found = [], []

    for quarter in (switch + number * QUARTER for number in range(-6, 6)):
        placed.append({order_at(portal, move_to, quarter + timedelta(minutes=7))})
        move_to(quarter + QUARTER)
        found.append(caught_up(portal))
        portal.work(ORDERS, rounds=2)

    assert found == placed
    assert all(holds.document(code).lines for (code,) in placed)


@ONLY_DATA
@pytest.mark.parametrize("zone", [UTC, PRAGUE], ids=str)
def test_what_is_read_from_a_cursor_within_the_switch_is_what_came_since(
    portal: Portal, holds: Holdings, move_to: MoveTo, moments: list[datetime], zone: tzinfo
) -> None:
    placed = [(moment, order_at(portal, move_to, moment)) for moment in moments]
    since = {moment: {code for placed_at, code in placed if placed_at >= moment} for moment in moments}
    read: dict[str, dict[datetime, set[str]]] = {"catch-up": {}, "window": {}}

    for cursor in moments:
        up_to_date(portal, cursor.astimezone(zone))
        read["catch-up"][cursor] = caught_up(portal)
        SyncJob.objects.all().delete()
        run = planned(portal, ORDERS, SyncRun.Mode.WINDOW, since=cursor.astimezone(zone))
        read["window"][cursor] = {key for chunk in run.chunks.all() for key, _, _ in chunk.keys}
        cancel_run(run)

    assert read == {"catch-up": since, "window": since}


@ONLY_DATA
def test_daily_passes_at_half_past_two_bring_the_orders_of_the_short_and_of_the_long_day(
    portal: Portal, holds: Holdings, move_to: MoveTo, moments: list[datetime]
) -> None:
    """At half past two: an hour that is left out on one of the nights, and comes twice on the other."""
    nights = [datetime(day.year, day.month, day.day, 2, 30, tzinfo=PRAGUE) for day in sorted({moment.date() for moment in moments})]
    passes = [night.astimezone(UTC) for night in (*nights, nights[-1] + timedelta(days=1))]
    move_to(passes[0])
    up_to_date(portal, passes[0])
    runs, missed = [], []

    for early, late in pairwise(passes):
        placed = [order_at(portal, move_to, moment) for moment in moments if early <= moment < late]
        move_to(late)
        runs.append(portal.run(ORDERS, SyncRun.Mode.DELTA))
        missed += [code for code in placed if not portal.documents(code)]

    assert [run.state for run in runs] == ["completed"] * len(nights)
    assert sum(run.created for run in runs) >= len(moments)
    assert missed == []


@ONLY_DATA
@pytest.mark.parametrize("by", ["webhook", "catch-up"])
def test_a_change_after_the_switch_is_newer_than_what_was_before_it(
    portal: Portal, holds: Holdings, move_to: MoveTo, moments: list[datetime], by: str
) -> None:
    """In autumn 2:10 comes after 2:50."""
    switch = switch_among(moments)
    code = order_at(portal, move_to, switch - timedelta(minutes=10))
    announce(portal, "order:create", code)
    portal.work(ORDERS, rounds=2)
    up_to_date(portal, switch - timedelta(minutes=5))

    move_to(switch + timedelta(minutes=10))
    portal.control(f"/orders/{code}", {"amounts": {"SPO01": 3}})
    {"webhook": lambda: announce(portal, "order:update", code), "catch-up": lambda: catch_up(portal.shop.pk)}[by]()
    portal.work(ORDERS, rounds=2)

    assert 3 in [line.quantity for line in holds.document(code).lines]


@ONLY_DATA
def test_a_window_from_an_hour_that_is_left_out_or_comes_twice_begins_at_the_earlier_reading(
    portal: Portal, holds: Holdings, move_to: MoveTo, moments: list[datetime]
) -> None:
    switch = switch_among(moments)
    move_to(moments[-1])

    call_command("sync", ORDERS, since=f"{switch.astimezone(PRAGUE).date()}T02:30", stdout=StringIO())

    assert SyncRun.objects.get().since == switch - timedelta(minutes=30)


# What beat makes of the night


def beats(name: str, begin: datetime, end: datetime, step: timedelta) -> list[datetime]:
    """Return when beat sends a task, looked at in steps."""
    task = PeriodicTask.objects.get(name=name)
    task.last_run_at = begin
    entry, sent = ModelEntry(task, app=app), []
    with time_machine.travel(begin, tick=False) as traveller:
        for number in range(1, (end - begin) // step):
            traveller.move_to(begin + number * step)
            if entry.is_due().is_due:
                sent.append(begin + number * step)
                entry = next(entry)
    return sent


# The clock moves by half a minute here, so what is due each ten seconds is sent at every step.
@pytest.mark.parametrize(("name", "pause"), [("13_Sweep_Jobs", timedelta(seconds=30)), ("12_Catch_Up", QUARTER)])
def test_beat_neither_rests_nor_races_for_an_hour(db: None, moments: list[datetime], name: str, pause: timedelta) -> None:
    switch = switch_among(moments)

    sent = beats(name, switch - timedelta(minutes=75), switch + timedelta(minutes=75), timedelta(seconds=30))

    assert {late - early for early, late in pairwise(sent)} == {pause}


def test_the_daily_passes_keep_to_the_clock_on_the_wall(db: None, moments: list[datetime]) -> None:
    switch = switch_among(moments)

    sent = beats("02_Shoptet_Order_Import", switch - timedelta(hours=30), switch + timedelta(hours=48), timedelta(minutes=5))

    days = {switch.date() + timedelta(days=number) for number in (-1, 0, 1)}
    assert {moment.astimezone(PRAGUE).replace(tzinfo=None) for moment in sent} == {
        datetime(day.year, day.month, day.day, 8, 15) for day in days
    }
