"""Shoptet's stand-in: token, bucket, connections, the write lock, and the headers of every answer."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime

import pytest
import requests

from sandbox.shoptet.limits import Bucket
from tests.sandbox.fixtures import SMALL, Caller, running_sandbox


@pytest.fixture
def shop() -> Iterator[Caller]:
    with running_sandbox(**SMALL) as caller:
        yield caller


def test_a_missing_or_wrong_token_is_a_401_whatever_the_header_s_case(shop: Caller) -> None:
    url, token = f"{shop.sandbox.url}/api/eshop", shop.sandbox.token

    answers = [
        requests.get(url, headers=headers, timeout=5)
        for headers in ({}, {"Shoptet-Private-API-Token": "no"}, {"SHOPTET-private-api-TOKEN": token})
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 200]
    assert [answer.json()["errors"][0]["errorCode"] for answer in answers[:2]] == ["missing-access-token", "invalid-token"]


def test_every_answer_carries_its_request_id_twice_and_the_bucket(shop: Caller) -> None:
    good, bad = shop.call("GET", "/api/eshop"), shop.call("GET", "/api/orders/none")

    for answer in (good, bad):
        assert answer.headers["X-Request-ID"] == answer.json()["metadata"]["requestId"]
        assert answer.headers["X-RateLimit-Bucket-Filling"].endswith("/200")
        assert parsedate_to_datetime(answer.headers["Date"]).tzinfo is not None
    assert good.headers["X-Request-ID"] != bad.headers["X-Request-ID"]


def test_a_full_bucket_answers_429_with_a_date_after_its_own() -> None:
    with running_sandbox(**SMALL, bucket_size=5, bucket_drain=0.5) as shop:
        answers = [shop.call("GET", "/api/stocks") for _request in range(7)]

    refused = answers[-1]
    wait = parsedate_to_datetime(refused.headers["Retry-After"]) - parsedate_to_datetime(refused.headers["Date"])
    assert [answer.status_code for answer in answers[:5]] == [200] * 5
    assert refused.status_code == 429
    assert refused.headers["X-RateLimit-Bucket-Filling"] == "5/5"
    assert 1 <= wait.total_seconds() <= 5


def test_a_large_answer_costs_more_and_the_bucket_drains() -> None:
    bucket = Bucket(size=200, drain=10)

    bucket.level = 205
    bucket.settle(0.0)
    full, wait = bucket.full, bucket.seconds_until_room()
    bucket.settle(10.0)

    assert (full, wait) == (True, 1)
    assert bucket.level == 105


def test_a_fourth_request_at_once_is_refused_and_counted() -> None:
    with running_sandbox(**SMALL, latency=0.3) as shop, ThreadPoolExecutor(4) as pool:
        headers = {"Shoptet-Private-API-Token": shop.sandbox.token}
        answers = list(pool.map(lambda _number: requests.get(f"{shop.sandbox.url}/api/stocks", headers=headers, timeout=5), range(4)))
        stats = shop.control("/stats", method="GET")

    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 429]
    assert stats["maxConcurrency"] == 3
    assert stats["refusals"] == {"connections": 1}
    assert stats["endpoints"]["GET /api/stocks"] == 4


def test_the_same_write_under_way_is_locked_but_another_address_is_not() -> None:
    with running_sandbox(**SMALL, write_time=0.4) as shop, ThreadPoolExecutor(3) as pool:
        code, other = (shop.control("/orders", {"items": ["BAR01"]})["code"] for _order in range(2))
        headers, body = {"Shoptet-Private-API-Token": shop.sandbox.token}, {"data": {"statusId": -3}}
        paths = [f"{shop.sandbox.url}/api/orders/{row}/status" for row in (code, code, other)]
        answers = list(pool.map(lambda path: requests.patch(path, json=body, headers=headers, timeout=5), paths))

    assert sorted(answer.status_code for answer in answers) == [200, 200, 423]
    assert answers[2].status_code == 200


def test_statistics_can_be_reset(shop: Caller) -> None:
    shop.call("GET", "/api/stocks")

    shop.control("/stats", method="DELETE")

    assert shop.control("/stats", method="GET")["requests"] == 0
