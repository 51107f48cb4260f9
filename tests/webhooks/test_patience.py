"""Nobody who writes for long makes the receiver miss Shoptet's four seconds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from shops.models import Shop
from tests.contracts.receiver import deliver
from tests.webhooks.test_receiver import recorded

SHOPTET_WAITS = 4000


@pytest.fixture
def waits(shop: Shop, handlers: None) -> Iterator[list[int]]:
    """Return the milliseconds that each write may wait for SQLite's one writer; PostgreSQL has its limit at the connection."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has one writer for all")
    seen: list[int] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
            seen.append(connection.connection.execute("PRAGMA busy_timeout").fetchone()[0])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


@pytest.mark.parametrize("key", ["webhook-key-for-tests", "a-stranger"])
@pytest.mark.parametrize("body", [recorded("order_create.json"), b'{"eshopId": 222651}'])
def test_all_that_a_delivery_writes_waits_for_less_than_shoptet_does(waits: list[int], body: bytes, key: str) -> None:
    deliver(body, key=key)

    assert waits
    assert sum(waits) < SHOPTET_WAITS


def test_others_wait_as_long_as_before_once_the_delivery_is_answered(waits: list[int]) -> None:
    before = connection.cursor().execute("PRAGMA busy_timeout").fetchone()[0]

    deliver(recorded("order_create.json"), key="a-stranger")

    assert connection.cursor().execute("PRAGMA busy_timeout").fetchone()[0] == before
