"""Staff read in their own language why an event was not completed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import translation

from tests.contracts.receiver import deliver
from tests.webhooks.test_receiver import recorded
from webhooks.event_names import error_in_words
from webhooks.models import WebhookEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shop", "handlers")]


def changed(**changes: Any) -> bytes:
    return json.dumps(json.loads(recorded("order_create.json")) | changes).encode()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "To, co Shoptet poslal, není JSON, nebo nepřišlo celé (JSONDecodeError)."),
        (b"[]", "To, co Shoptet poslal, není objekt JSON."),
        (changed(event=None), "V tom, co Shoptet poslal, chybí pole event."),
        (changed(event=7), "Na tuto událost portál nijak nereaguje."),
        (changed(event="x" * 101), "Na tuto událost portál nijak nereaguje."),
        (changed(eventInstance={"a": 1}), "Pole eventInstance nelze přečíst."),
        (changed(eventCreated="yesterday"), "Pole eventCreated není čas."),
        (changed(event="brand:update"), "Na tuto událost portál nijak nereaguje."),
    ],
)
def test_the_reason_of_a_refused_or_ignored_event_is_told_in_czech(body: bytes, words: str) -> None:
    deliver(body)

    with translation.override("cs"):
        assert error_in_words(WebhookEvent.objects.get()) == words
