"""Hands stored events to the workers.

A web process never talks to the broker while somebody waits for the answer: a thread of its own does, a few events to a
message. Measured on two cores with PostgreSQL, in processor time a request: storing takes 0.7 to 1.0 ms; publishing inside
the request adds 0.9 to 1.4 ms to it, publishing by the thread 0.05 to 0.3 ms. And with a paused Redis a request that
publishes waits for the socket's timeout, while with the thread the answer takes as long as the INSERT, whatever the broker
does. An event that the thread could not announce, because the broker stayed
away or the process was killed, still has its row, and the sweeper announces it.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence

from celery import current_app
from kombu import Connection

logger = logging.getLogger(__name__)

# Beyond these the sweeper takes over.
MOST_WAITING = 10_000
MOST_IN_A_MESSAGE = 50
# Between two messages; the first event of a burst goes at once, those that come meanwhile go together.
PAUSE_SECONDS = 0.05
PAUSE_AFTER_FAILURE_SECONDS = 2.0
FAREWELL_SECONDS = 1.0
# The longest that one exchange with the broker may take, here and in a command.
SOCKET_SECONDS = 0.5


class Publisher:
    """Announce events from a thread of its own, started with the first one, in each process anew."""

    def __init__(self) -> None:
        self._waiting: deque[int] = deque(maxlen=MOST_WAITING)
        self._wake = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._leaving = False

    def add(self, event_pk: int) -> None:
        """Announce this event soon; never waits."""
        self._waiting.append(event_pk)
        self._wake.set()
        if self._thread is None:
            self._start()

    def leave(self) -> None:
        """Announce what is still waiting, if the broker lets us, before the process ends."""
        self._leaving = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(FAREWELL_SECONDS)

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="announce-events", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        connection: Connection | None = None
        while not (self._leaving and not self._waiting):
            self._wake.wait()
            self._wake.clear()
            try:
                connection = connection or _connection()
                self._announce_waiting(connection)
            except Exception as error:
                # Whatever the broker's library raises: the events are stored, and this thread must live to try again.
                logger.warning("The broker does not take events now: %s. They are stored and follow later.", type(error).__name__)
                _let_go(connection)
                connection = None
                if self._leaving:
                    return
                time.sleep(PAUSE_AFTER_FAILURE_SECONDS)
                self._wake.set()
            if not self._leaving:
                time.sleep(PAUSE_SECONDS)

    def _announce_waiting(self, connection: Connection) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_IN_A_MESSAGE))]
            try:
                _publish(batch, connection)
            except BaseException:
                self._waiting.extendleft(reversed(batch))
                raise


def hand_over_soon(event_pk: int) -> None:
    """Have a stored event taken up, without making the caller wait for the broker."""
    if current_app.conf.task_always_eager:
        _publish([event_pk], None)
        return
    _publisher.add(event_pk)


def hand_over(event_pks: Iterable[int]) -> None:
    """Have stored events taken up, from a worker or a command; raise what the broker's library raises if it cannot be reached."""
    waiting = list(event_pks)
    for start in range(0, len(waiting), MOST_IN_A_MESSAGE):
        _publish(waiting[start : start + MOST_IN_A_MESSAGE], None)


def _publish(event_pks: Sequence[int], connection: Connection | None) -> None:
    from webhooks.tasks import process_event, process_events

    task, arguments = (process_event, (event_pks[0],)) if len(event_pks) == 1 else (process_events, (list(event_pks),))
    task.apply_async(arguments, connection=connection, retry=False)


def _connection() -> Connection:
    limits = {"socket_timeout": SOCKET_SECONDS, "socket_connect_timeout": SOCKET_SECONDS, "max_retries": 0}
    return current_app.connection_for_write(transport_options={**current_app.conf.broker_transport_options, **limits})


def _let_go(connection: Connection | None) -> None:
    if connection is not None:
        # Not close(): that says goodbye to the broker, and a paused one would not answer.
        connection.collect(socket_timeout=0.1)


_publisher = Publisher()


def _begin_anew() -> None:
    """A forked process has no threads, and what waits here is its parent's to announce."""
    global _publisher
    _publisher = Publisher()


def _say_farewell() -> None:
    _publisher.leave()


os.register_at_fork(after_in_child=_begin_anew)
atexit.register(_say_farewell)
