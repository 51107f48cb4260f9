"""What every test stands on: closed sockets, a Redis of its own, a shop."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings as django_settings
from django.core.management import call_command
from hypothesis import settings as effort

from demo.redis_server import EmbeddedRedis
from tests.contracts.left_out import pytest_terminal_summary
from tests.migrated_copy import migrated_once
from tests.redis_address import GIVEN, embedded

__all__ = ["pytest_terminal_summary"]

if TYPE_CHECKING:  # models may not be imported before Django is set up
    from shops.models import Shop

# The same examples each time, and none kept on the disk: a run says the same wherever it is made.
effort.register_profile("suite", derandomize=True, database=None)
effort.load_profile("suite")
# What a test leaves is small; the collector's walks through all of Django's objects are not.
GARBAGE = 20_000


class ClosedSocket(RuntimeError):
    """Say that a test tried to leave the machine."""


def _allowed_hosts() -> set[str]:
    named = {urlsplit(os.environ.get(name, "")).hostname or "" for name in ("DATABASE_URL", "REDIS_URL")}
    return {"localhost", "127.0.0.1", "::1", "0.0.0.0", ""} | named  # noqa: S104 - allowed as a name, nothing is bound


def pytest_collection_finish() -> None:
    """Keep the garbage collector from walking through all the tests again and again; what they are is not garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 50)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """Migrate once for all the processes that test at the same time."""
    with migrated_once():
        yield


@pytest.fixture(autouse=True)
def closed_sockets(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test talk to another machine, not even to ask for its address."""
    if request.node.get_closest_marker("live"):
        return
    allowed = _allowed_hosts()
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in allowed:
            raise ClosedSocket(f"A test tried to connect to {address[0]}; only this machine is open to tests.")
        connect(self, address)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and name not in allowed:
            raise ClosedSocket(f"A test tried to look up {name}; only this machine is open to tests.")
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)


@pytest.fixture(autouse=True)
def fresh_signs() -> None:
    """What this process wrote of its work in another test is not there any more."""
    from shops.work_signs import forget_written

    forget_written()


@pytest.fixture(autouse=True)
def heart_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no heartbeat come in between from a thread of its own; those with processes of their own have it."""
    monkeypatch.setattr("shops.heartbeat.Heart._begin", lambda _heart: threading.current_thread())


@pytest.fixture(scope="session", autouse=True)
def broker() -> Iterator[str]:
    """Give this process a Redis that no other test process uses; returns its address."""
    if GIVEN:
        yield django_settings.REDIS_URL
        return
    with embedded() as server:
        yield server.url
    shutil.rmtree(server.directory, ignore_errors=True)


@pytest.fixture
def redis_client(broker: str) -> Iterator[redis.Redis]:
    """Return a client of the tests' Redis, emptied before and after."""
    with redis.Redis.from_url(broker) as client:
        client.flushdb()
        yield client
        client.flushdb()


@pytest.fixture
def private_redis(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    """Return a running Redis of this test alone, which it may stop, pause and start again."""
    with EmbeddedRedis(tmp_path / "redis") as server:
        yield server


@pytest.fixture(scope="session", autouse=True)
def translations() -> None:
    """Compile what is in locale/, as the portal's installation does."""
    call_command("compile_translations", verbosity=0)


@pytest.fixture
def schedules(db: None) -> None:
    """See that the schedules are there as an installation has them: a test whose transactions were real leaves empty tables."""
    from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

    from sync.schedules import create_schedules

    create_schedules(PeriodicTask, CrontabSchedule, IntervalSchedule)


@pytest.fixture
def shop(db: None) -> Shop:
    """Return a shop with its BlueJet (dialect data) and every flow live; no partner is behind the addresses."""
    from shops.models import BlueJetAccount, FlowName, FlowSetting, Shop

    account = BlueJetAccount.objects.create(
        name="BlueJet",
        base_url="http://127.0.0.1:9/api/v1",
        dialect=BlueJetAccount.Dialect.DATA,
        token_id="token-id-for-tests",
        token_hash="token-hash-for-tests",
        pace=0,
    )
    made = Shop.objects.create(
        name="Gastro",
        eshop_id="222651",
        api_base_url="http://127.0.0.1:9",
        api_token="api-token-for-tests",
        webhook_key="webhook-key-for-tests",
        bluejet=account,
    )
    FlowSetting.objects.bulk_create(FlowSetting(shop=made, flow=flow, mode=FlowSetting.Mode.LIVE) for flow in FlowName.values)
    return made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Any:
    """Spell out halves of a surrogate pair in what a test logged: pytest-xdist cannot hand them on, and would end with a crash."""
    report = yield
    report.sections = [(name, said.encode(errors="backslashreplace").decode()) for name, said in report.sections]
    return report
