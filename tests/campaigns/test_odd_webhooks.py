"""Webhooks whose instance holds whatever JSON can spell: each is answered, stored and explained, and those between are acted on."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from sync.events import ASKS
from sync.models import SyncJob
from tests.campaigns.odd_values import ODD_CHARACTERS, odd_text
from tests.contracts.receiver import deliver
from tests.sync.portal import Portal
from webhooks.models import WebhookEvent
from webhooks.processing import take_up_all

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("impatient"),
    pytest.mark.timeout(7200),
]
KEY = "k" * 32
OTHERS = (None, 7, 10**30, 1.5, True, [], {}, [None, "x"], ["x", ["y"]], {"a": "\x00"}, "[", '["x"', "Order#", "..", "/", "K" * 3000)
# Explained: under way or done, or failed with a sentence; a body that is no event is kept as one that failed.
EXPLAINED = ("completed", "processing", "ignored")


@pytest.fixture
def dialect() -> str:
    return "data"


def _instance(random: Random, event: str) -> Any:
    chance = random.random()
    if chance < 0.2:
        return random.choice(OTHERS)
    text = random.choice(ODD_CHARACTERS).join(odd_text(random, 60) for _ in range(2))
    if "mass" not in event:
        return text
    members = [text, "SPO01", random.choice(OTHERS), odd_text(random)]
    return json.dumps(members) if random.random() < 0.7 else members


def test_webhooks_with_any_instance_are_answered_and_explained_and_hold_no_other(portal: Portal, few: int, seed: int) -> None:
    random, events = Random(seed), [event for event in ASKS if event != "customer:import"]
    for number in range(few):
        event = random.choice(events)
        odd, sound = _instance(random, event), f"SOUND{number}"
        answers = [_sent(portal, event, odd, number), _sent(portal, "order:create", sound, number)]
        assert [answer.status_code in (200, 400) for answer in answers] == [True, True], (event, odd)
        assert answers[1].status_code == 200
    take_up_all(WebhookEvent.objects.filter(status="pending").values_list("pk", flat=True))
    portal.work()

    failed = WebhookEvent.objects.exclude(status__in=EXPLAINED)
    assert [one.instance for one in failed if one.status != "failed" or not one.error] == []
    assert not WebhookEvent.objects.filter(error__contains="Error:").exists()
    assert SyncJob.objects.filter(key__startswith="SOUND").count() == few
    assert [job.traceback for job in SyncJob.objects.exclude(traceback="")] == []
    assert not SyncJob.objects.filter(state__in=["running", "failed"]).exists()


def _sent(portal: Portal, event: str, instance: Any, number: int) -> Any:
    told = {"eshopId": int(portal.shop.eshop_id), "event": event, "eventInstance": instance}
    body = json.dumps(told | {"eventCreated": f"2026-11-27T10:{number // 60 % 60:02}:{number % 60:02}+0100"})
    return deliver(body.encode(), key=KEY)
