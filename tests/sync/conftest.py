"""The stand-ins for the flow tests: one pair a session, emptied before each test that asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import redis
import time_machine

from clients.transport import RetryPolicy
from sandbox.bluejet.server import BlueJetSandbox
from sandbox.shoptet.server import ShoptetSandbox
from tests.sync.portal import Portal, connect
from tests.sync.two_shops import SECOND, TwoShops

HERE = Path(__file__).parent
FAST: dict[str, Any] = {"bucket_drain": 10_000.0, "bucket_size": 100_000.0, "connections": 50}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count a flow's second dialect as thorough: `make test` goes the way of `data`, `make test-services` that of both."""
    for item in items:
        if HERE in item.path.parents and getattr(item, "callspec", None) and item.callspec.params.get("dialect") == "rest":
            item.add_marker(pytest.mark.thorough)


@pytest.fixture
def shoptet() -> Iterator[ShoptetSandbox]:
    """Return a small shop without limits and without orders; tests place their own."""
    sandbox = ShoptetSandbox(port=0, products=40, customers=20, orders=0, webhook_key="k" * 32, **FAST).start()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def seeded_shoptet() -> Iterator[ShoptetSandbox]:
    """Return the whole assortment, with orders of every kind."""
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


@pytest.fixture
def seeded_portal(db: None, redis_client: redis.Redis, seeded_shoptet: ShoptetSandbox, bluejet: BlueJetSandbox, dialect: str) -> Portal:
    """Return a shop of the usual size between the two stand-ins."""
    return connect(seeded_shoptet, bluejet, dialect)


@pytest.fixture
def second_shoptet() -> Iterator[ShoptetSandbox]:
    """Return another shop with the same people, products and order numbers."""
    sandbox = ShoptetSandbox(port=0, products=40, customers=20, orders=0, webhook_key="k" * 32, eshop_id=222652, **FAST).start()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def shops(portal: Portal, second_shoptet: ShoptetSandbox, dialect: str) -> TwoShops:
    """Return two shops on one BlueJet account."""
    wishes = {"account": portal.shop.bluejet, "name": "Druhý", "external_prefix": SECOND}
    return TwoShops(portal, connect(second_shoptet, portal.bluejet, dialect, **wishes))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clients repeat at once, so that a test of trouble does not sit through their pauses."""
    monkeypatch.setattr("shops.clients.RetryPolicy", partial(RetryPolicy, delays=(0, 0, 0), longest_wait=0.5))


@pytest.fixture
def pass_time() -> Iterator[Callable[[float], None]]:
    """Return what moves everybody's clock on by so many seconds: the portal's and both partners'."""
    with time_machine.travel(datetime.now(UTC), tick=True) as traveller:
        yield traveller.shift
