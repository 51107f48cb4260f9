"""The journal of commits: what was written, when, in which request; on disk before the answer is sent."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from sandbox.bluejet.table import Row


@dataclass(frozen=True)
class Touched:
    """One row that a commit touched; `no` is 0 and `kind` a resource for the rest dialect."""

    action: str  # inserted, updated, deleted
    kind: str
    id: str
    no: int = 0
    external_id: str = ""
    reference: str = ""
    fields: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        names = {"no": self.no or None, "reference": self.reference or None}
        return {"action": self.action, "kind": self.kind, "id": self.id, "externalId": self.external_id, "fields": self.fields, **names}


@dataclass(frozen=True)
class Commit:
    number: int
    at: str
    operation: str
    rows: tuple[Touched, ...]

    def to_json(self) -> dict[str, Any]:
        return {"n": self.number, "at": self.at, "operation": self.operation, "rows": [row.to_json() for row in self.rows]}


@dataclass
class Journal:
    """Keep every commit in memory and, with a path, line by line in a file."""

    path: str = ""
    muted: bool = False  # while the store is seeded: nobody wrote that through the API
    commits: list[Commit] = field(default_factory=list)
    _file: TextIO | None = None
    _grown: threading.Condition = field(default_factory=threading.Condition)

    def append(self, at: str, operation: str, rows: tuple[Touched, ...]) -> None:
        """Log one commit; when this returns, the line is in the file."""
        with self._grown:
            if not self.muted:
                commit = Commit(len(self.commits) + 1, at, operation, rows)
                self._write(commit)
                self.commits.append(commit)
                self._grown.notify_all()

    def since(self, number: int) -> list[Commit]:
        """Return the commits after the one with this number."""
        return self.commits[max(number, 0) :]

    def wait_for(self, count: int, seconds: float) -> bool:
        """Wait until there are so many commits; tell whether there are."""
        with self._grown:
            return self._grown.wait_for(lambda: len(self.commits) >= count, seconds)

    def clear(self) -> None:
        with self._grown:
            self.commits.clear()

    def close(self) -> None:
        with self._grown:
            if self._file:
                self._file.close()
                self._file = None

    def _write(self, commit: Commit) -> None:
        if not self.path:
            return
        if self._file is None:
            Path(self.path).parent.mkdir(parents=True, exist_ok=True)
            self._file = Path(self.path).open("a", encoding="utf-8")  # noqa: SIM115  stays open for the server's life
        self._file.write(json.dumps(commit.to_json(), ensure_ascii=False) + "\n")
        self._file.flush()


def changed_fields(before: Row | None, after: Row) -> tuple[str, ...]:
    """Name the columns whose value a write changed."""
    stamps = ("createdon", "modifiedon")
    old = before or {}
    return tuple(name for name, value in after.items() if name not in stamps and old.get(name) != value)
