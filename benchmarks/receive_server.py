"""Starts gunicorn on a database of its own, as the Procfile does, and takes both away again."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from cryptography.fernet import Fernet

REPOSITORY = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def database_of_our_own(database_url: str, name: str) -> Iterator[str]:
    """Create an empty database beside the given one, and drop it at the end; yields its address."""
    own = urlunsplit(urlsplit(database_url)._replace(path=f"/{name}"))
    with psycopg.connect(database_url.replace("postgres://", "postgresql://"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield own
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def environment(database_url: str, redis_url: str, port: int, static_root: str) -> dict[str, str]:
    """Return the environment that the server and this program share."""
    return os.environ | {
        "ENV_FILE": "",
        "DEBUG": "false",
        "DJANGO_SETTINGS_MODULE": "benchmarks.receive_settings",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "for-the-benchmark-only-for-the-benchmark-only-0123456789",
        "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "PUBLIC_URL": f"http://{HOST}:{port}",
        "LOG_LEVEL": "ERROR",
        "STATIC_ROOT": static_root,
    }


@contextmanager
def gunicorn(env: dict[str, str], port: int, *, workers: int, threads: int) -> Iterator[None]:
    """Run the portal's web server until the end of the block."""
    command = [sys.executable, "-m", "gunicorn", "integration_portal.wsgi", "--bind", f"{HOST}:{port}", "--worker-class", "gthread"]
    command += ["--workers", str(workers), "--threads", str(threads), "--keep-alive", "30", "--log-level", "error"]
    with subprocess.Popen(command, env=env, cwd=REPOSITORY) as server:
        try:
            wait_for(port)
            yield
        finally:
            server.terminate()
            server.wait(timeout=20)


def wait_for(port: int, seconds: float = 20) -> None:
    """Wait until somebody listens on the port."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"Nobody listens on port {port}.")
