"""Counts of what the stand-in was asked, for tests and for the page."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sandbox.bluejet.journal import Commit


class Stats:
    """Count requests by endpoint and answers by status, and watch how many run at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self.requests: Counter[str] = Counter()
            self.statuses: Counter[str] = Counter()
            self.faults: Counter[str] = Counter()
            self.running = 0
            self.most_at_once = 0

    @contextmanager
    def running_request(self, endpoint: str) -> Iterator[None]:
        """Count a request while it runs."""
        with self._lock:
            self.requests[endpoint] += 1
            self.running += 1
            self.most_at_once = max(self.most_at_once, self.running)
        try:
            yield
        finally:
            with self._lock:
                self.running -= 1

    def answered(self, status: int | str) -> None:
        with self._lock:
            self.statuses[str(status)] += 1

    def struck(self, fault: str) -> None:
        with self._lock:
            self.faults[fault] += 1

    def to_json(self, commits: list[Commit]) -> dict[str, Any]:
        writes = Counter(f"{row.kind}.{row.action}" for commit in commits for row in commit.rows)
        with self._lock:
            return {
                "requests": dict(self.requests),
                "total": sum(self.requests.values()),
                "statuses": dict(self.statuses),
                "faults": dict(self.faults),
                "writes": dict(writes),
                "commits": len(commits),
                "maxConcurrency": self.most_at_once,
            }
