"""Beat in fast motion: sends what it sends every ten seconds each second, and single tasks on demand."""

from __future__ import annotations

import logging
import threading

from celery import current_app
from kombu import Connection
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from integration_portal.broker import broker_url

logger = logging.getLogger(__name__)
SWEEPERS = ("maintenance.sweep", "maintenance.sweep_events")
INTERVAL = 1.0


class Beat:
    """A thread that announces the sweepers' tasks to the workers' own broker."""

    def __init__(self, redis_url: str) -> None:
        self.interval = INTERVAL
        self._url = broker_url(redis_url)
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Send the sweepers' tasks from now on."""
        self._end.clear()
        self._thread = threading.Thread(target=self._run, name="beat", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Send nothing more."""
        self._end.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def send(self, task: str, *arguments: object) -> None:
        """Send one task."""
        options = {**current_app.conf.broker_transport_options, "socket_timeout": 1.0, "socket_connect_timeout": 1.0}
        with Connection(self._url, transport_options=options) as connection:
            current_app.send_task(task, args=arguments, connection=connection, retry=False)

    def _run(self) -> None:
        while not self._end.wait(self.interval):
            for task in SWEEPERS:
                try:
                    self.send(task)
                except (OperationalError, RedisError, OSError) as error:
                    logger.info("The broker did not take %s: %s", task, error)
