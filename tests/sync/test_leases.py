"""Leases through work that takes longer than one lasts: kept while it goes on, and the end of it where one is lost."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from clients.bluejet.session import Login
from sync.models import RecordLink
from tests.sync.happenings import ORDERS, bring, place
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

pytestmark = [pytest.mark.parametrize("dialect", ["data"]), pytest.mark.usefixtures("impatient")]
PassTime = Callable[[float], None]
LINES = 130


@pytest.fixture
def holds(portal: Portal, pass_time: PassTime) -> Holdings:
    bring(portal, "SPO01")
    return Holdings(portal)


def before_each_write(monkeypatch: pytest.MonkeyPatch, look: Callable[[], None]) -> None:
    """Have something happen right before each request that writes."""
    send_with = Login._send_with

    def watched(self: Login, token: str, method: str, *arguments: Any) -> Any:
        answer = send_with(self, token, method, *arguments)
        if method != "GET":
            look()
        return answer

    monkeypatch.setattr(Login, "_send_with", watched)


def test_a_lease_outlives_a_document_that_takes_longer_to_write(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.SYNC_LEASE_SECONDS = 0.8
    code = place(portal, *["SPO01"] * LINES)
    portal.bluejet.fault("slow", seconds=0.3, no=291, method="POST")
    left: list[timedelta] = []

    def measure() -> None:
        link = RecordLink.objects.filter(kind="offer", key=code).first()
        if link and link.leased_until:
            left.append(link.leased_until - timezone.now())

    before_each_write(monkeypatch, measure)
    portal.work(ORDERS)

    assert len(left) * 0.3 > settings.SYNC_LEASE_SECONDS
    assert min(left) > timedelta(0)
    assert len(holds.document(code).lines) == LINES + 2


def test_whoever_lost_a_lease_writes_no_more_and_the_next_holder_makes_the_document_whole(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch, settings: Settings, pass_time: PassTime
) -> None:
    settings.SYNC_LEASE_SECONDS = 0.001
    code = place(portal, *["SPO01"] * LINES)
    other = {"lease": uuid.uuid4(), "leased_until": timezone.now() + timedelta(seconds=120)}

    with monkeypatch.context() as patch:
        before_each_write(patch, lambda: RecordLink.objects.filter(kind="offer", key=code).update(**other) and None)
        portal.work(ORDERS)
    written, state = len(holds.document(code).lines), portal.job(ORDERS, code).state
    settings.SYNC_LEASE_SECONDS = 120
    pass_time(180)
    portal.work(ORDERS)

    assert (0 < written < LINES, state) == (True, "waiting")
    assert portal.job(ORDERS, code).state == "done"
    assert len({line.external_id for line in holds.document(code).lines}) == len(holds.document(code).lines) == LINES + 2
