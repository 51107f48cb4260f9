"""The wiring holds together."""

from __future__ import annotations

import pytest
import redis
import requests
from django.test import Client

from shops.models import Shop


def test_a_shop_and_a_broker_are_there_for_every_test(shop: Shop, redis_client: redis.Redis) -> None:
    assert shop.flows.count() >= 4
    assert redis_client.ping()


def test_no_test_can_leave_the_machine() -> None:
    with pytest.raises(RuntimeError, match="only this machine is open"):
        requests.get("http://example.com", timeout=1)


def test_the_web_process_says_that_it_is_alive(client: Client) -> None:
    answer = client.get("/healthz")

    assert answer.json() == {"status": "ok"}
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")


def test_the_first_page_is_the_admin(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/admin/"
