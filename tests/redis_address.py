"""Which Redis the tests of this process use: REDIS_URL with a database of its own, else an embedded server."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from demo.redis_server import EmbeddedRedis

# Kept under another name: tests/settings.py overwrites REDIS_URL, and the processes of pytest-xdist inherit the environment.
GIVEN = os.environ.setdefault("GIVEN_REDIS_URL", os.environ.get("REDIS_URL", ""))


def worker_number() -> int:
    """Return which of pytest-xdist's processes this is, from 0."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@lru_cache(maxsize=1)
def embedded() -> EmbeddedRedis:
    """Return this process's own server, not yet started."""
    directory = Path(tempfile.mkdtemp(prefix="portal-test-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return EmbeddedRedis(directory)


def redis_url() -> str:
    """Return the address for this process; its database is nobody else's."""
    if not GIVEN:
        return embedded().url
    parts = urlsplit(GIVEN)
    if parts.scheme == "unix":
        first = int(parse_qs(parts.query).get("db", ["0"])[0])
        return f"unix://{parts.path}?db={first + worker_number()}"
    first = int(parts.path.lstrip("/") or 0)
    return parts._replace(path=f"/{first + worker_number()}").geturl()
