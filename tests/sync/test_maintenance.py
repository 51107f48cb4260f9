"""Shoptet says that it is being maintained: everybody waits as long as it asks, and people read why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from sync.admin.sentences import describe_breaker
from sync.models import Breaker, SyncJob
from tests.sync.happenings import ORDERS, place
from tests.sync.portal import Portal


@pytest.mark.parametrize("dialect", ["data"])
def test_maintenance_holds_everything_back_at_once_for_as_long_as_shoptet_asks(portal: Portal, dialect: str) -> None:
    codes = [place(portal, "SPO01"), place(portal, "SPO02")]
    portal.control("/faults", {"fault": "503", "seconds": 600, "match": "/api/orders"})

    portal.work(ORDERS, rounds=1)

    breaker = Breaker.objects.get(opened_at__isnull=False)
    assert breaker.next_probe_at is not None
    assert breaker.next_probe_at > timezone.now() + timedelta(seconds=500)
    assert {portal.job(ORDERS, code).state for code in codes} == {SyncJob.State.WAITING}
    assert portal.control("/stats", method="GET")["statuses"]["503"] == 1
    with translation.override("cs"):
        assert "odstávku kvůli údržbě" in describe_breaker(breaker)
