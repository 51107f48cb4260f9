"""Which Redis the tests of this process use: REDIS_URL with a database of its own, else an embedded server."""

from __future__ import annotations

import os
import tempfile
from functools import lru_cache
from pathlib import Path

from demo.redis_server import EmbeddedRedis

GIVEN = os.environ.get("REDIS_URL", "")
# Kept, because tests/settings.py overwrites REDIS_URL and a process of pytest-xdist inherits the environment.
GIVEN = os.environ.setdefault("GIVEN_REDIS_URL", GIVEN)


def worker_number() -> int:
    """Return which of pytest-xdist's processes this is, from 0."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@lru_cache(maxsize=1)
def embedded() -> EmbeddedRedis:
    """Return this process's own server, not yet started."""
    return EmbeddedRedis(Path(tempfile.mkdtemp(prefix="portal-test-")))


def redis_url() -> str:
    """Return the address for this process; its database is nobody else's."""
    if not GIVEN:
        return embedded().url
    number = worker_number() + 1
    if GIVEN.startswith("unix:"):
        return f"{GIVEN.partition('?')[0]}?db={number}"
    head, _, last = GIVEN.rstrip("/").rpartition("/")
    return f"{head}/{number}" if last.isdigit() else f"{GIVEN.rstrip('/')}/{number}"
