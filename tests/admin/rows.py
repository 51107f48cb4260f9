"""Rows as the portal leaves them behind: an event and its job, a parked order, a run under way."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.utils import timezone

from shops.models import FlowName, Shop
from sync.models import EventJob, Kind, RecordLink, SyncAttempt, SyncChunk, SyncJob, SyncRun, UnmappedValue
from sync.staff_groups import create_groups
from sync.waiting import value_topic, wait
from webhooks.models import WebhookEvent

PASSWORD = "heslo-kancelare-1"
_numbers = itertools.count(1)

DRAFT = {
    "offer 2026000123": {
        "fields": {"nazev": "Objednávka 2026000123", "cenadphprodej": "14278.00", "mena": "CZK", "externiidsupl": "shoptet:2026000123"},
        "lines": [
            {"kodproduktu": "RM-600", "nazev": "Fritéza stolní RM-600", "mnozstvi": "1", "cenaprodej": "11799.17", "sazbadph": "21"},
            {"kodproduktu": "", "nazev": "Doprava PPL", "mnozstvi": "1", "cenaprodej": "0.83", "sazbadph": "21"},
        ],
    }
}


def make_user(name: str = "jana", *, group: str = "Office", **fields: Any) -> User:
    """Create a member of staff; the groups are those of the migration."""
    create_groups(Group, Permission)
    user = User.objects.create_user(name, password=PASSWORD, is_staff=True, **{"first_name": "Jana", "last_name": "Nováková"} | fields)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def make_event(shop: Shop, event_type: str = "order:create", instance: str = "2026000123", **fields: Any) -> WebhookEvent:
    """Create an event as the receiver stores it."""
    created = timezone.now() - timedelta(minutes=3)
    payload = {
        "eshopId": int(shop.eshop_id),
        "event": event_type,
        "eventCreated": created.isoformat(timespec="seconds"),
        "eventInstance": instance,
    }
    given = {
        "event_id": f"{shop.eshop_id}:{event_type}:{created.isoformat()}:{instance}:{next(_numbers)}"[:255],
        "eshop_id": shop.eshop_id,
        "event_created": created,
        "payload": payload,
        "raw_body": json.dumps(payload).encode(),
    }
    return WebhookEvent.objects.create(shop=shop, event_type=event_type, instance=instance, **given | fields)


def make_job(shop: Shop, key: str = "2026000123", *, flow: str = FlowName.ORDER_TO_BLUEJET, **fields: Any) -> SyncJob:
    """Create a job, queued unless said otherwise."""
    given = {"wanted": 1, "next_try_at": timezone.now(), "asked_by": "order:create"}
    return SyncJob.objects.create(shop=shop, flow=flow, key=key, **given | fields)


def make_answered(shop: Shop, key: str, **fields: Any) -> SyncJob:
    """Create an event, its job, its attempt and its link, all as after success."""
    event = make_event(shop, instance=key, status=WebhookEvent.Status.COMPLETED, processed_at=timezone.now())
    job = make_job(shop, key, state=SyncJob.State.DONE, done=1, draft=DRAFT, **fields)
    EventJob.objects.create(event=event, job=job, wanted=1)
    make_attempt(job, SyncAttempt.Result.CREATED, answer=f"offer {key}: created as 7d1c")
    make_link(shop, key)
    return job


def make_attempt(job: SyncJob, result: str, **fields: Any) -> SyncAttempt:
    """Create an attempt that took a second."""
    ended = timezone.now()
    given = {"ended_at": ended, "request": f"copy offer shoptet:{job.key}: 23 fields, 2 lines", "mapping_version": 4}
    attempt = SyncAttempt.objects.create(job=job, result=result, **given | fields)
    SyncAttempt.objects.filter(pk=attempt.pk).update(began_at=ended - timedelta(seconds=1.2))
    return attempt


def make_link(shop: Shop, key: str, kind: str = Kind.OFFER, **fields: Any) -> RecordLink:
    """Create a complete link."""
    given = {
        "bluejet_id": f"7d1c{next(_numbers):04}-0000-4000-8000-00000000000a",
        "external_id": f"shoptet:{key}",
        "natural_key": key,
        "sent": DRAFT["offer 2026000123"]["fields"],
        "draft_hash": "c0ffee" * 10,
        "pushed_at": timezone.now(),
        "fetched_at": timezone.now(),
    }
    return RecordLink.objects.create(shop=shop, account=shop.bluejet, kind=kind, key=key, **given | fields)


def make_parked_by_status(shop: Shop, key: str, *, value: str = "-4", label: str = "Čeká na díl", **fields: Any) -> SyncJob:
    """Create an order that is parked because its status has no counterpart, with all that hangs on it."""
    issue = {"code": "unmapped_status", "severity": "error", "field": "stav", "params": {"table": "status", "value": value, "label": label}}
    event = make_event(shop, instance=key, status=WebhookEvent.Status.FAILED, error=f"The order status “{label}” has no counterpart.")
    job = make_job(shop, key, state=SyncJob.State.PARKED, issues=[issue], draft=DRAFT, waits_since=timezone.now(), **fields)
    EventJob.objects.create(event=event, job=job, wanted=1)
    make_attempt(job, SyncAttempt.Result.PARKED, answer=f"offer {key}: parked", error=f"The order status “{label}” has no counterpart.")
    UnmappedValue.objects.get_or_create(shop=shop, table="status", value=value, defaults={"label": label})
    wait(job, [value_topic("status", value)])
    return job


def make_run(shop: Shop, flow: str = FlowName.PRODUCT_TO_BLUEJET, **fields: Any) -> SyncRun:
    """Create a run in the middle of its way, with a part done, one under way and one to come."""
    given = {"trigger": "schedule", "state": SyncRun.State.RUNNING, "expected": 150, "read": 62, "created": 4, "unchanged": 55, "parked": 3}
    run = SyncRun.objects.create(shop=shop, flow=flow, mapping_version=4, **given | fields)
    states = (SyncChunk.State.DONE, SyncChunk.State.RUNNING, SyncChunk.State.QUEUED)
    SyncChunk.objects.bulk_create(SyncChunk(run=run, number=number, state=state) for number, state in enumerate(states, start=1))
    return run
