"""Counts what the stand-in saw, for tests and for the curious."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any


class Stats:
    """Requests by endpoint and status, refusals by reason, and the most requests one token had open at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Count from nothing."""
        with self._lock:
            self.requests, self.bytes, self.max_concurrency = 0, 0, 0
            self.endpoints: Counter[str] = Counter()
            self.statuses: Counter[str] = Counter()
            self.refusals: Counter[str] = Counter()
            self.faults: Counter[str] = Counter()

    def request(self, endpoint: str, status: int | str, size: int) -> None:
        """Count one answered or dropped request."""
        with self._lock:
            self.requests += 1
            self.bytes += size
            self.endpoints[endpoint] += 1
            self.statuses[str(status)] += 1

    def concurrency(self, count: int) -> None:
        """Note how many requests a token has open."""
        with self._lock:
            self.max_concurrency = max(self.max_concurrency, count)

    def refused(self, reason: str) -> None:
        """Count a request that the limits turned away."""
        with self._lock:
            self.refusals[reason] += 1

    def fault(self, kind: str) -> None:
        """Count a fault that struck."""
        with self._lock:
            self.faults[kind] += 1

    def read(self) -> dict[str, Any]:
        """Return the counts as JSON."""
        with self._lock:
            return {
                "requests": self.requests, "bytes": self.bytes, "maxConcurrency": self.max_concurrency,
                "tooManyRequests": self.statuses["429"], "locked": self.statuses["423"], "refusals": dict(self.refusals),
                "endpoints": dict(self.endpoints.most_common()), "statuses": dict(self.statuses), "faults": dict(self.faults),
            }  # fmt: skip
