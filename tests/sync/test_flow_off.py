"""A flow that is not live holds what comes; once it is live and a person has said so, everything is in BlueJet."""

from __future__ import annotations

import pytest

from shops.models import FlowSetting
from sync.jobs.held import answer_held, let_go
from sync.models import SyncJob
from tests.sync.happenings import ORDERS, announce, issues_of
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

pytestmark = pytest.mark.parametrize("dialect", ["data"])
Mode = FlowSetting.Mode


def switch(portal: Portal, mode: str, *flows: str) -> None:
    """Switch the flows as a shell would, without answering anything."""
    FlowSetting.objects.filter(shop=portal.shop, flow__in=flows or [ORDERS]).update(mode=mode)


def test_what_comes_while_a_flow_is_off_goes_over_once_somebody_says_so(portal: Portal) -> None:
    holds = Holdings(portal)
    switch(portal, Mode.OFF)
    code = portal.control("/orders", {"items": ["SPO01"]})["code"]
    event = announce(portal, "order:create", code)
    portal.work()
    job = portal.job(ORDERS, code)
    event.refresh_from_db()
    assert (job.state, issues_of(job), event.status, holds.documents(code)) == ("held", ["flow_off"], "processing", [])

    switch(portal, Mode.LIVE)
    portal.work()
    assert portal.job(ORDERS, code).state == "held"
    setting = FlowSetting.objects.get(shop=portal.shop, flow=ORDERS)
    answer_held(setting)
    let_go(setting.pk)
    portal.work()

    event.refresh_from_db()
    assert (portal.job(ORDERS, code).state, event.status, event.error) == ("done", "completed", "")
    assert holds.document(code).lines
    assert SyncJob.objects.get(flow=ORDERS).priority == 50
