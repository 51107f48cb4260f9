"""The receiver and Shoptet's stand-in, over HTTP in both directions: register, deliver, renew the key, catch up."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from clients.transport import RetryPolicy
from sandbox.shoptet.server import ShoptetSandbox
from shops.clients import shoptet_client
from shops.connection import check_shoptet
from shops.models import Shop
from tests.contracts.receiver import KEY
from webhooks.catch_up import recover_failed_deliveries
from webhooks.key_renewal import renew_key
from webhooks.models import WebhookEvent
from webhooks.quarantine import release_all_quarantines
from webhooks.registration import State, plan, register_all

pytestmark = pytest.mark.django_db(transaction=True)
QUICK = RetryPolicy(delays=(0, 0, 0), timeout=5)


@pytest.fixture
def shoptet() -> Iterator[ShoptetSandbox]:
    sandbox = ShoptetSandbox(
        port=0, products=5, customers=5, orders=5, webhook_key=KEY, eshop_id=222651, bucket_size=100_000, write_time=0.0, connections=50
    )
    sandbox.start()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def connected(transactional_db: None, shop: Shop, shoptet: ShoptetSandbox, handlers: None, live_server: Any, settings: Settings) -> Shop:
    """A shop whose Shoptet is the stand-in, which reaches the portal."""
    settings.PUBLIC_URL = live_server.url
    shop.api_base_url, shop.api_token = f"{shoptet.url}/api/", shoptet.token
    shop.save()
    return shop


def every_notification(shoptet: ShoptetSandbox) -> set[tuple[str, str]]:
    return {(one.event, one.instance) for one in shoptet.state.deliveries.log.values()}


def every_event() -> set[tuple[str, str]]:
    return set(WebhookEvent.objects.values_list("event_type", "instance"))


def test_what_is_registered_is_delivered(connected: Shop, shoptet: ShoptetSandbox) -> None:
    done = register_all(connected)
    for event, instance in (("order:create", "2025000057"), ("stock:movement", "1"), ("productVariant:update", "32/čer+1 #2")):
        shoptet.state.deliveries.emit(event, instance)

    assert shoptet.state.deliveries.wait_until_idle(10)
    assert done.refused == {}
    assert {one.state for one in plan(connected)} == {State.OURS}
    assert every_event() == every_notification(shoptet)
    assert len(every_event()) == 3


def test_a_renewal_under_fire_whose_first_answer_is_lost_loses_no_delivery(connected: Shop, shoptet: ShoptetSandbox) -> None:
    register_all(connected)
    shoptet.gateway.faults.add({"fault": "drop_after", "match": "renew-signature-key", "times": 1})
    stop = threading.Event()

    def fire() -> None:
        number = 0
        while not stop.is_set():
            shoptet.state.deliveries.emit("order:update", str(number))
            number += 1
            time.sleep(0.02)

    shooter = threading.Thread(target=fire)
    shooter.start()
    time.sleep(0.3)
    with shoptet_client(connected, policy=QUICK) as client:
        done = renew_key(connected, client=client)
    time.sleep(0.3)
    stop.set()
    shooter.join()
    shoptet.state.deliveries.wait_until_idle(1)
    release_all_quarantines()
    with shoptet_client(connected, policy=QUICK) as client:
        recover_failed_deliveries(connected, client)

    connected.refresh_from_db()
    assert done.lost_answers == 1
    assert connected.webhook_key == shoptet.state.registrations.key
    assert every_event() == every_notification(shoptet)
    assert len(every_event()) > 20


def test_what_came_while_the_portal_was_away_is_caught_up(connected: Shop, shoptet: ShoptetSandbox, settings: Settings) -> None:
    there, settings.PUBLIC_URL = settings.PUBLIC_URL, "http://127.0.0.1:9"
    register_all(connected)
    settings.PUBLIC_URL = there
    for number in range(20):
        shoptet.state.deliveries.emit("order:create", str(number))
    shoptet.state.deliveries.wait_until_idle(1)

    with shoptet_client(connected) as client:
        done = [recover_failed_deliveries(connected, client), recover_failed_deliveries(connected, client)]

    assert [one.stored for one in done] == [20, 0]
    assert every_event() == every_notification(shoptet)
    assert set(WebhookEvent.objects.values_list("source", flat=True)) == {"catch-up"}


def test_the_connection_is_tested_with_a_sentence(connected: Shop) -> None:
    good = check_shoptet(connected)
    connected.eshop_id = "7"
    other = check_shoptet(connected)
    connected.api_token = "wrong"
    refused = check_shoptet(connected)
    connected.api_base_url = "http://127.0.0.1:9"
    absent = check_shoptet(connected)

    assert [good.ok, other.ok, refused.ok, absent.ok] == [True, False, False, False]
    assert "222651" in other.sentence
    assert "refuses the credentials" in refused.sentence
    assert "does not answer" in absent.sentence
