"""Publishing: a broker that is gone or hangs must not hold up a web answer."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

from demo.redis_server import EmbeddedRedis
from integration_portal import celery_app
from integration_portal.broker import broker_url, transport_options

LONGEST_WAIT = 1.0


def _example(number: int) -> int:
    return number


@pytest.fixture
def publisher(private_redis: EmbeddedRedis) -> Iterator[Celery]:
    app = Celery("publisher", set_as_current=False)
    app.config_from_object(settings, namespace="CELERY")
    app.conf.update(
        broker_url=broker_url(private_redis.url),
        broker_transport_options=transport_options(visibility_timeout=60),
    )
    app.task(name="inbox.example")(_example)
    with app:
        yield app


def _seconds(publish: Callable[[], object]) -> float:
    begun = time.monotonic()
    with pytest.raises(OperationalError):
        publish()
    return time.monotonic() - begun


def _publish(app: Celery) -> object:
    return app.tasks["inbox.example"].delay(1)


def _in_inbox(app: Celery) -> int:
    """Count what waits in the queue, of whatever priority: each has a list of its own."""
    with app.connection_for_read() as connection:
        channel = connection.default_channel
        return sum(channel.client.llen(channel._q_for_pri("inbox", number)) for number in channel.priority_steps)


def test_a_task_goes_to_the_queue_that_its_name_begins_with(publisher: Celery) -> None:
    _publish(publisher)

    assert _in_inbox(publisher) == 1


def test_publishing_fails_at_once_when_the_broker_is_gone(publisher: Celery, private_redis: EmbeddedRedis) -> None:
    _publish(publisher)
    private_redis.stop()

    assert _seconds(lambda: _publish(publisher)) < LONGEST_WAIT


def test_publishing_fails_at_once_when_the_broker_was_never_there(publisher: Celery, private_redis: EmbeddedRedis) -> None:
    private_redis.stop()

    assert _seconds(lambda: _publish(publisher)) < LONGEST_WAIT


@pytest.mark.parametrize("published_before", [True, False])
def test_publishing_gives_up_in_time_when_the_broker_hangs(publisher: Celery, private_redis: EmbeddedRedis, published_before: bool) -> None:
    for _ in range(published_before):
        _publish(publisher)
    process = private_redis.process_id
    os.kill(process, signal.SIGSTOP)

    try:
        assert _seconds(lambda: _publish(publisher)) < LONGEST_WAIT
    finally:
        os.kill(process, signal.SIGCONT)


def test_publishing_works_again_when_the_broker_is_back(publisher: Celery, private_redis: EmbeddedRedis) -> None:
    _publish(publisher)
    private_redis.stop()
    _seconds(lambda: _publish(publisher))

    private_redis.start()
    _publish(publisher)

    assert _in_inbox(publisher) == 2


def test_what_was_acknowledged_survives_a_kill_of_the_broker(publisher: Celery, private_redis: EmbeddedRedis) -> None:
    _publish(publisher)
    time.sleep(1.1)  # the append-only file reaches the disk once a second
    os.kill(private_redis.process_id, signal.SIGKILL)
    private_redis.stop()

    private_redis.start()

    assert _in_inbox(publisher) == 1


@pytest.mark.parametrize(
    ("redis_url", "expected"),
    [
        ("redis://:secret@host:6379/2", "redis://:secret@host:6379/2"),
        ("rediss://host:6380/0", "rediss://host:6380/0"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
    ],
)
def test_celery_gets_the_broker_address_in_its_own_spelling(redis_url: str, expected: str) -> None:
    assert broker_url(redis_url) == expected


def test_the_portals_own_celery_takes_json_only_and_acknowledges_late() -> None:
    conf = celery_app.conf

    assert conf.accept_content == ["json"]
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1
    assert conf.broker_transport_options["visibility_timeout"] > conf.task_time_limit


def test_sweepers_go_before_the_events_in_a_queue_whose_tasks_are_short(publisher: Celery) -> None:
    _publish(publisher)
    publisher.send_task("maintenance.sweep")

    with publisher.connection_for_read() as connection:
        channel = connection.default_channel
        first = json.loads(channel.client.lindex(channel._q_for_pri("inbox", 0), 0))

    assert (_in_inbox(publisher), first["headers"]["task"]) == (2, "maintenance.sweep")
