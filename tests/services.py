"""Says in a sentence what `make test-services` misses, before a hundred tests say it in a hundred tracebacks."""

from __future__ import annotations

import os
import sys

import psycopg
import redis


def find_missing() -> list[str]:
    """List the servers that do not answer, and what to do about each."""
    missing = []
    database, broker = os.environ["DATABASE_URL"], os.environ["REDIS_URL"]
    try:
        # The tests make databases of their own; the one that is named need not exist.
        psycopg.connect(database, dbname="postgres", connect_timeout=3).close()
    except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
        missing.append(
            f"PostgreSQL does not answer: {error}\nStart one (Debian: apt-get install postgresql), "
            "and set DATABASE_URL to a user that may create databases: postgres://user:password@127.0.0.1:5432/postgres."
        )
    try:
        with redis.Redis.from_url(broker) as client:
            client.ping()
    except redis.RedisError as error:
        missing.append(f"Redis does not answer: {error}\nStart one (Debian: apt-get install redis-server), or set REDIS_URL.")
    return missing


if __name__ == "__main__":
    sys.exit("\n".join(find_missing()) or 0)
