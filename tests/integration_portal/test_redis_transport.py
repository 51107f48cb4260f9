"""A worker outlives the loss of its broker, whatever it had under way."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from kombu import Connection, Exchange, Message, Queue

from demo.redis_server import EmbeddedRedis
from integration_portal import celery_app
from integration_portal.broker import broker_url
from integration_portal.redis_transport import Transport


@pytest.fixture
def connection(private_redis: EmbeddedRedis) -> Iterator[Connection]:
    """Return a connection as a worker holds one: tasks on one channel, the workers' own talk on another."""
    with Connection(broker_url(private_redis.url)) as connection:
        talk = Queue("talk", exchange=Exchange("talk", type="fanout"), auto_delete=True)
        channel = connection.default_channel
        Queue("inbox", channel=channel).declare()
        connection.Producer(channel).publish("a task", routing_key="inbox")
        connection.channel().Consumer([talk], callbacks=[lambda *_: None]).consume()
        yield connection


def _take_one(connection: Connection) -> Message:
    """Take a task and do not acknowledge it; an event may also be the workers' own talk."""
    taken: list[Message] = []
    connection.default_channel.Consumer([Queue("inbox")], callbacks=[lambda _body, message: taken.append(message)]).consume()
    while not taken:
        connection.drain_events(timeout=20)
    return taken[0]


def test_the_portals_celery_uses_it() -> None:
    assert isinstance(celery_app.connection_for_read().transport, Transport)


def test_a_connection_that_broke_with_a_task_under_way_can_be_closed(connection: Connection, private_redis: EmbeddedRedis) -> None:
    message = _take_one(connection)
    connection.default_channel._brpop_start()  # as a worker that asks for its next task
    private_redis.stop()

    connection.collect()
    connection.close()
    message.ack_log_error(logging.getLogger(), connection.connection_errors)

    assert message.acknowledged


def test_what_was_under_way_goes_back_into_its_queue_when_a_worker_leaves_in_peace(connection: Connection) -> None:
    _take_one(connection)

    connection.close()

    with Connection(connection.as_uri()) as another:
        assert another.default_channel.client.llen("inbox") == 1
