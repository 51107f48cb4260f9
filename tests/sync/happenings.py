"""What happens around the portal: Shoptet announces something, a customer orders, time passes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.utils import timezone

from shops.models import FlowName
from sync.jobs import Ask, ask
from sync.models import SyncJob
from sync.models.job import Priority
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
    guids = {guid_of(portal, code) for code in codes}
    ask(portal.shop, [Ask(PRODUCTS, guid, Priority.CATALOGUE) for guid in sorted(guids)], asked_by="test")
    portal.work(PRODUCTS)


def guid_of(portal: Portal, code: str) -> str:
    """Return the GUID of the product with this variant."""
    return str(portal.control(f"/products/{quote(code, safe='')}", method="GET")["product"]["guid"])


def issues_of(job: SyncJob) -> list[str]:
    """Return the codes of what was found at a job."""
    return [issue["code"] for issue in job.issues]
