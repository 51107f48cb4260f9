"""What Shoptet will end is told to the people who have to see to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import responses
from django.db import DatabaseError
from django.utils import timezone, translation

from shops import deprecations
from shops.clients import shoptet_client
from shops.deprecations import deprecation_warnings, note_deprecation
from shops.models import BlueJetAccount, Deprecation, Shop

pytestmark = pytest.mark.django_db
SUNSET = "Tue, 23 Feb 2027 00:34:09 GMT"


@pytest.fixture(autouse=True)
def forgetful_process() -> Iterator[None]:
    """Let no test see what this process noted in another one."""
    deprecations._noted.clear()
    yield
    deprecations._noted.clear()


@responses.activate
def test_an_answer_that_announces_its_endpoints_end_becomes_a_warning_with_the_day(shop: Shop, redis_client: Any) -> None:
    body = {"data": {"defaultStatus": -1, "statuses": []}, "errors": None}
    responses.get("http://127.0.0.1:9/api/orders/statuses", json=body, headers={"X-Shoptet-Deprecated": "true", "Sunset": SUNSET})

    with shoptet_client(shop) as client:
        client.order_statuses()
        client.order_statuses()

    with translation.override("cs"):
        (warning,) = deprecation_warnings(shop.pk)
    assert warning.startswith("Shoptet ukončí „GET /api/orders/statuses“ dne 23. února 2027.")


def test_each_shop_has_its_own_and_the_first_page_names_an_endpoint_once(shop: Shop) -> None:
    account = BlueJetAccount.objects.create(name="Other", base_url="http://127.0.0.1:9")
    other = Shop.objects.create(name="Other", eshop_id="7", bluejet=account)
    for one, endpoint in ((shop, "GET /api/orders"), (other, "GET /api/orders"), (other, "GET /api/stocks")):
        note_deprecation(one.pk, endpoint, "")

    assert len(deprecation_warnings(shop.pk)) == 1
    assert ["orders" in deprecation_warnings()[0], "stocks" in deprecation_warnings()[1], len(deprecation_warnings())] == [True, True, 2]


def test_what_is_no_longer_met_is_not_warned_of(shop: Shop) -> None:
    note_deprecation(shop.pk, "GET /api/orders", SUNSET)
    Deprecation.objects.update(last_seen_at=timezone.now() - timedelta(days=9))

    assert deprecation_warnings() == []


def test_the_day_that_shoptet_names_later_replaces_the_first_one(shop: Shop) -> None:
    note_deprecation(shop.pk, "GET /api/orders", "")
    deprecations._noted.clear()

    note_deprecation(shop.pk, "GET /api/orders", SUNSET)

    assert "Feb. 23, 2027" in deprecation_warnings()[0]


def test_a_failure_to_note_it_costs_no_answer(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("locked")

    monkeypatch.setattr(Deprecation.objects, "bulk_create", refuse)

    note_deprecation(shop.pk, "GET /api/orders", SUNSET)

    assert not Deprecation.objects.exists()
