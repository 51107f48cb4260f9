"""What the calls of all entities have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from clients.shoptet.connection import Connection
from clients.shoptet.results import Change, Page
from clients.shoptet.wire import key, moment, text, wire_time


class Calls:
    """Hold the connection that an entity's calls go through."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _changes(self, path: str, since: datetime, *, key_name: str, size: int) -> Iterator[Page]:
        def read(row: Mapping[str, Any]) -> Change:
            return Change(
                key=key(row, key_name, "change"),
                changed_at=moment(row, "changeTime", "change"),
                deleted=text(row.get("changeType")) == "delete",
            )

        return self._connection.pages(
            path, "changes", read, key=lambda change: str(change.key), size=size, params={"from": wire_time(since)}
        )
