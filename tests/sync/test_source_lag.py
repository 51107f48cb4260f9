"""A source that is older than what announced it is looked at again, but not for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from shops.models import FlowName
from sync.fetching import LAG_SECONDS
from sync.jobs import Ask, ask
from sync.models.job import Priority
from tests.sync.portal import Portal

CUSTOMER = FlowName.CUSTOMER_TO_BLUEJET


@pytest.mark.parametrize("dialect", ["data"])
def test_a_source_that_stays_older_than_its_announcement_is_believed_after_three_more_looks(portal: Portal, settings: Any) -> None:
    settings.SYNC_TIME_SCALE = 10_000
    guid = next(iter(portal.shoptet.state.customers))
    ask(portal.shop, [Ask(CUSTOMER, guid, Priority.CUSTOMERS, announced_at=timezone.now() + timedelta(minutes=1))], asked_by="test")

    for _ in range(20):
        portal.work(CUSTOMER)

    job = portal.job(CUSTOMER, guid)
    assert (job.state, job.done) == ("done", job.wanted)
    assert job.attempts.count() == 1 + len(LAG_SECONDS)
