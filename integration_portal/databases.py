"""What each kind of database needs so that several processes can work on it at once."""

from __future__ import annotations

from typing import Any

from integration_portal.environment import Environment

# Measured with several writers at once: without IMMEDIATE one transaction in five fails with "database is locked".
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000",
}
# A server whose machine or network is gone says nothing at all: the connection to it is given up within half a minute.
PATIENCE = {"connect_timeout": 5, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000}


def default_database(env: Environment, *, default: str) -> dict[str, Any]:
    """Return Django's settings for DATABASE_URL."""
    database = env.database("DATABASE_URL", default)
    # The receiver must answer in time: waiting for a lock ends after 3 seconds, and transactions are ours to open.
    lock_timeout = env.number("DATABASE_LOCK_TIMEOUT", 3)
    options = database.setdefault("OPTIONS", {})
    if database["ENGINE"].endswith("sqlite3"):
        options.update(SQLITE_OPTIONS)
        return database
    database.setdefault("CONN_MAX_AGE", env.whole_number("DATABASE_CONN_MAX_AGE", 60))
    database.setdefault("CONN_HEALTH_CHECKS", True)
    for name, seconds_or_count in PATIENCE.items():
        options.setdefault(name, seconds_or_count)
    if lock_timeout:
        options.setdefault("options", f"-c lock_timeout={int(lock_timeout * 1000)}")
    return database
