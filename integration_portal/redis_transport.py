"""Celery's Redis transport with one thing mended: a worker outlives the loss of its broker, whatever it had under way.

When the connection breaks, kombu 5.7 gives the channels of a connection up one after the other. Where that fails at one of them, the
others are left half closed, and closing them later asks a transport that is gone: an AttributeError that ends the worker.
What such a channel had not acknowledged stays with Redis, or is lost with it; our own sweepers enqueue that work again.
"""

from __future__ import annotations

import logging
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis

logger = logging.getLogger(__name__)


class QoS(redis.QoS):
    """Leave alone what was delivered over a connection that has been given up."""

    def restore_unacked(self, client: Any = None) -> None:
        """Put what was not acknowledged back into its queue, if there is still a way there."""
        if client is None and _is_given_up(self.channel):
            logger.warning("%d messages stay unacknowledged: the connection that brought them is gone", len(self._delivered))
            self._delivered.clear()
            return
        super().restore_unacked(client)

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge a message, if there is still a way there."""
        if _is_given_up(self.channel):
            self._quick_ack(delivery_tag)
            return
        super().ack(delivery_tag)


class Channel(redis.Channel):
    """A channel that can be closed after its connection was given up."""

    QoS = QoS


class Transport(redis.Transport):
    """The transport that Celery uses for every redis:// address."""

    Channel = Channel


def use_for_redis() -> None:
    """Let every redis address, those of sockets and of TLS too, use this transport."""
    for scheme in ("redis", "rediss"):
        TRANSPORT_ALIASES[scheme] = f"{__name__}:Transport"


def _is_given_up(channel: Any) -> bool:
    return channel.connection is None or channel.connection.client is None
