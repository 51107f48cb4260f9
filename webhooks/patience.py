"""How long the receiver waits for a lock: Shoptet gives an answer four seconds, and comes again if it gets none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# Milliseconds: for what must be stored, and for what may as well be done at the next delivery.
PATIENCE = 3000
A_MOMENT = 200


@contextmanager
def short_waits(milliseconds: int = PATIENCE) -> Iterator[None]:
    """Limit SQLite's waiting for its one writer; PostgreSQL has the limit from its connection or its statement."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(before)}")
