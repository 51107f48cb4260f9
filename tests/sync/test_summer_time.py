"""The nights when the clocks change: no order is missed, and each has the date that its customer saw."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from tests.sync.happenings import bring
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

MoveTo = Callable[[datetime], None]
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


def test_every_order_has_the_date_of_its_own_day(portal: Portal, holds: Holdings, move_to: MoveTo, moments: list[datetime]) -> None:
    placed = {order_at(portal, move_to, moment): moment.date().isoformat() for moment in moments}

    portal.run("order_to_bluejet")

    assert {code: holds.document(code).fields[DATE[holds.dialect]] for code in placed} == placed
