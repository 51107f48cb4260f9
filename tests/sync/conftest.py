"""The stand-ins for the flow tests: one pair a session, emptied before each test that asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import redis

from sandbox.bluejet.server import BlueJetSandbox
from sandbox.shoptet.server import ShoptetSandbox
from tests.sync.portal import Portal, connect

FAST: dict[str, Any] = {"bucket_drain": 10_000.0, "bucket_size": 100_000.0, "connections": 50}


@pytest.fixture
def shoptet() -> Iterator[ShoptetSandbox]:
    """Return a small seeded shop without limits."""
    sandbox = ShoptetSandbox(port=0, customers=30, orders=40, webhook_key="k" * 32, **FAST).start()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def bluejet() -> Iterator[BlueJetSandbox]:
    """Return an empty BlueJet."""
    sandbox = BlueJetSandbox(port=0).start()
    yield sandbox
    sandbox.stop()


@pytest.fixture(params=["data", "rest"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Run the test in both dialects, unless the test names its own."""
    return str(request.param)


@pytest.fixture
def portal(db: None, redis_client: redis.Redis, shoptet: ShoptetSandbox, bluejet: BlueJetSandbox, dialect: str) -> Portal:
    """Return a shop between the two stand-ins."""
    return connect(shoptet, bluejet, dialect)
