"""A copy of the migrated SQLite database, so that only the first test process walks through all the migrations."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from django.db import connections
from django.db.backends.signals import connection_created

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "tests"


@contextmanager
def migrated_once() -> Iterator[None]:
    """Let the test database begin as the copy; Django's own `migrate` still judges what is missing in it.

    Another migration or another release of any package makes another copy. A database server keeps its own ways.
    """
    connection = connections["default"]
    if connection.vendor != "sqlite":
        yield
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    creation, copy = connection.creation, FOLDER / f"{_digest()}.sqlite3"
    migrate = creation.create_test_db

    def create(*args: Any, **options: Any) -> str:
        # The second process waits for the first one's copy rather than doing the same work beside it.
        with _alone():
            with _filled_from(copy):
                name = str(migrate(*args, **options))
            if not copy.exists():
                _keep(connection.connection, copy)
        return name

    creation.create_test_db = create
    try:
        yield
    finally:
        creation.create_test_db = migrate


def _digest() -> str:
    found = sha256(sqlite3.sqlite_version.encode())
    for file in sorted(ROOT.glob("*/migrations/*.py")):
        found.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    for line in sorted(f"{package.name} {package.version}" for package in distributions()):
        found.update(line.encode())
    return found.hexdigest()[:24]


@contextmanager
def _alone() -> Iterator[None]:
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _filled_from(copy: Path) -> Iterator[None]:
    filled: list[str] = []

    def fill(connection: Any, **_: Any) -> None:
        name = connection.settings_dict["NAME"]
        if name not in filled and connection.is_in_memory_db() and copy.exists():
            filled.append(name)
            with closing(sqlite3.connect(copy)) as source:
                source.backup(connection.connection)

    connection_created.connect(fill, weak=False)
    try:
        yield
    finally:
        connection_created.disconnect(fill)


def _keep(database: sqlite3.Connection, copy: Path) -> None:
    """Write the copy under another name first, so that one that was interrupted is never taken; former ones go."""
    for former in FOLDER.glob("*.sqlite3*"):
        with suppress(FileNotFoundError):
            former.unlink()
    written = copy.with_suffix(f".sqlite3-{os.getpid()}")
    with closing(sqlite3.connect(written)) as target:
        database.backup(target)
    written.replace(copy)
