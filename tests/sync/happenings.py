"""What happens around the portal: Shoptet announces something, a customer orders, time passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone

from shops.models import FlowName
from sync.flow import KeyPage
from sync.flows import FLOWS
from sync.jobs import Ask, ask
from sync.models import SyncJob, SyncRun
from sync.models.job import Priority
from sync.runs import plan_run, start_run, work_on_run
from tests.sync.portal import Portal
from webhooks.models import WebhookEvent
from webhooks.processing import take_up

ORDERS, PRODUCTS = FlowName.ORDER_TO_BLUEJET, FlowName.PRODUCT_TO_BLUEJET
CUSTOMERS, STOCK = FlowName.CUSTOMER_TO_BLUEJET, FlowName.STOCK_TO_BLUEJET


def announce(portal: Portal, event_type: str, instance: str, *, created: datetime | None = None) -> WebhookEvent:
    """Let Shoptet say that something happened, and the inbox take it up."""
    created = (created or timezone.now()).replace(microsecond=0)
    event = WebhookEvent.objects.create(
        event_id=f"{portal.shop.eshop_id}:{event_type}:{WebhookEvent.objects.count()}",
        event_type=event_type,
        eshop_id=portal.shop.eshop_id,
        shop=portal.shop,
        instance=instance,
        event_created=created,
        payload={},
        raw_body=b"{}",
    )
    take_up(event.pk)
    event.refresh_from_db()
    return event


def place(portal: Portal, *codes: str, **wishes: Any) -> str:
    """Let somebody order one piece of each, and Shoptet announce it; return the order's code."""
    code = portal.control("/orders", {"items": [{"code": one} for one in codes], **wishes})["code"]
    announce(portal, "order:create", code)
    return str(code)


def change(portal: Portal, code: str, **wishes: Any) -> None:
    """Let the shop's staff change an order, and Shoptet announce it."""
    portal.control(f"/orders/{code}", wishes)
    announce(portal, "order:update", code)


def bring(portal: Portal, *codes: str) -> None:
    """Have BlueJet hold these products."""
    look_at(portal, PRODUCTS, *sorted({guid_of(portal, code) for code in codes}))
    portal.work(PRODUCTS)


def look_at(portal: Portal, flow: str, *keys: str, **facts: Any) -> list[SyncJob]:
    """Ask for records as a run or a person would, without an event; return their jobs."""
    return ask(portal.shop, [Ask(flow, key, Priority.ORDERS, **facts) for key in keys], asked_by="test")


def planned(portal: Portal, flow: str, mode: str = SyncRun.Mode.FULL, **options: Any) -> SyncRun:
    """Begin a run and lay it out; nobody works on it yet."""
    run = start_run(portal.shop, flow, trigger="test", mode=mode, enqueue=False, **options)
    plan_run(run.pk)
    run.refresh_from_db()
    return run


def finished(run: SyncRun) -> SyncRun:
    """Work on a run's chunks that are due, and return it as it is then."""
    while work_on_run(run.pk) == 0:
        pass
    run.refresh_from_db()
    return run


def lists_only(patch: pytest.MonkeyPatch, flow: str, *keys: str) -> None:
    """Let a run over this flow find these records alone."""
    patch.setitem(FLOWS, flow, replace(FLOWS[flow], keys=lambda ctx, mode, since: iter([KeyPage(keys, len(keys))])))


def guid_of(portal: Portal, code: str) -> str:
    """Return the GUID of the product with this variant."""
    return str(portal.control(f"/products/{quote(code, safe='')}", method="GET")["product"]["guid"])


def issues_of(job: SyncJob) -> list[str]:
    """Return the codes of what was found at a job."""
    return [issue["code"] for issue in job.issues]
