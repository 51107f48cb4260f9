"""The portal's web server as production runs it, on the tests' database, for tests that stop, pause and kill things."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from webhooks.signatures import sign

REPOSITORY = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"
PATH = "/api/webhooks/shoptet/order-created"


class WebServer:
    """gunicorn with two workers of four threads."""

    def __init__(self, redis_url: str) -> None:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port = int(probe.getsockname()[1])
        self._env = os.environ | {"DJANGO_SETTINGS_MODULE": "integration_portal.settings", "DATABASE_URL": _database_url()}
        self._env |= {"REDIS_URL": redis_url, "DEBUG": "true", "LOG_LEVEL": "WARNING", "ALLOWED_HOSTS": HOST}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "gunicorn", "integration_portal.wsgi", "--bind", f"{HOST}:{self.port}"]
        command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--log-level", "error"]
        self._process = subprocess.Popen(command, env=self._env, cwd=REPOSITORY, start_new_session=True)
        until = time.monotonic() + 30
        while self._status_of_a_get() != 405:
            assert time.monotonic() < until, "the web server did not start"
            time.sleep(0.1)

    def kill(self) -> None:
        """End it and its workers as a power cut would."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def deliver(self, body: bytes, *, key: str, timeout: float = 10) -> tuple[int, float]:
        """Send one delivery on a connection of its own; return the status and the seconds that it took."""
        begun = time.monotonic()
        client = http.client.HTTPConnection(HOST, self.port, timeout=timeout)
        headers = {"Content-Type": "application/json", "Shoptet-Webhook-Signature": sign(key.encode(), body)}
        try:
            client.request("POST", PATH, body, headers)
            return client.getresponse().status, time.monotonic() - begun
        finally:
            client.close()

    def _status_of_a_get(self) -> int:
        client = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            client.request("GET", PATH)
            return client.getresponse().status
        except OSError:
            return 0
        finally:
            client.close()


@contextmanager
def web_server(redis_url: str) -> Iterator[WebServer]:
    """Run the web server until the end of the block."""
    server = WebServer(redis_url)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def _database_url() -> str:
    names = connection.settings_dict
    password = f":{quote(names['PASSWORD'])}" if names["PASSWORD"] else ""
    return f"postgres://{names['USER']}{password}@{names['HOST']}:{names['PORT'] or 5432}/{names['NAME']}"
