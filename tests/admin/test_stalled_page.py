"""The first page is not green while work stands still: it says which process is missing, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shops.models import FlowName, Shop
from shops.work_signs import BEAT, BULK, INBOX, REALTIME, WorkSign
from sync.admin.stalled_words import SENTENCES
from sync.models import SyncChunk, SyncJob, SyncRun
from sync.stalled import SCHEDULE_OFF, SWEEPING
from tests.admin.rows import make_event
from tests.sync.test_stalled import schedule, sign
from webhooks.models import WebhookEvent

ALL_WELL = 'class="all-well"'
Happening = Callable[[Shop], object]


pytestmark = pytest.mark.usefixtures("schedules")


@pytest.fixture
def running(shop: Shop) -> Shop:
    """Return a shop of yesterday, where everything was there just now."""
    Shop.objects.update(created_at=timezone.now() - timedelta(days=1))
    for name in (BEAT, "maintenance.sweep", "maintenance.sweep_events"):
        sign(name, 0)
    return shop


def event_waits(shop: Shop) -> None:
    make_event(shop)
    long_ago = timezone.now() - timedelta(minutes=9)
    WebhookEvent.objects.update(created_at=long_ago, last_seen_at=long_ago)


def job_waits(shop: Shop) -> None:
    SyncJob.objects.create(shop=shop, flow=FlowName.ORDER_TO_BLUEJET, key="1", next_try_at=timezone.now() - timedelta(minutes=9))


def run_waits(shop: Shop) -> None:
    run = SyncRun.objects.create(shop=shop, flow=FlowName.ORDER_TO_BLUEJET, state="running")
    SyncRun.objects.update(started_at=timezone.now() - timedelta(minutes=9))
    SyncChunk.objects.create(run=run, number=1)


STANDS: dict[str, tuple[Happening, str]] = {
    INBOX: (event_waits, "celery --app integration_portal worker --queues inbox"),
    REALTIME: (job_waits, "celery --app integration_portal worker --queues realtime"),
    BULK: (run_waits, "celery --app integration_portal worker --queues bulk"),
    SWEEPING: (lambda shop: sign("maintenance.sweep", 9), "celery --app integration_portal worker --queues inbox"),
    BEAT: (lambda shop: sign(BEAT, 9), "celery --app integration_portal beat"),
    SCHEDULE_OFF: (lambda shop: schedule("maintenance.sweep", enabled=False), "13_Sweep_Jobs"),
}


def test_every_process_has_its_sentence() -> None:
    assert set(STANDS) == set(SENTENCES)


@pytest.mark.parametrize("what", STANDS)
def test_the_first_page_warns_in_red_says_what_to_do_and_claims_nowhere_that_all_is_well(office: Client, running: Shop, what: str) -> None:
    happen, remedy = STANDS[what]
    before = office.get(reverse("admin:index")).content.decode()

    happen(running)
    page = office.get(reverse("admin:index")).content.decode()

    assert ALL_WELL in before and 'role="alert"' not in before
    assert 'class="alarm" role="alert"' in page and remedy in page
    assert "Nothing is lost" in page
    assert ALL_WELL not in page


def test_what_shoptet_announced_and_nobody_took_up_is_counted(office: Client, running: Shop) -> None:
    make_event(running)
    WorkSign.objects.create(name=INBOX, seen_at=timezone.now())

    page = office.get(reverse("admin:index")).content.decode()

    assert "announced by Shoptet, not yet taken up" in page
    assert ALL_WELL in page
