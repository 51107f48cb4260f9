"""What Shoptet allows a token: a leaky bucket, three connections, and no second write to an address under way."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

LOCK_SECONDS = 5.0


@dataclass
class Bucket:
    """Fills with each answer and drains steadily; times in seconds of the given clock."""

    size: float
    drain: float
    level: float = 0.0
    at: float = 0.0

    def settle(self, now: float) -> None:
        """Let out what has drained since the last look."""
        self.level = max(0.0, self.level - (now - self.at) * self.drain)
        self.at = now

    @property
    def full(self) -> bool:
        return self.level >= self.size

    def seconds_until_room(self) -> int:
        """Return whole seconds after which the bucket takes requests again."""
        return max(1, math.ceil((self.level - self.size) / self.drain + 0.001))

    def header(self) -> str:
        return f"{min(math.ceil(self.level), int(self.size))}/{int(self.size)}"


@dataclass
class Limits:
    """Buckets and open requests by token, open requests by address of the client, writes under way by token and address."""

    bucket_size: float = 200.0
    bucket_drain: float = 10.0
    per_token: int = 3
    per_client: int = 50
    now: Callable[[], float] = time.monotonic
    lock: threading.Lock = field(default_factory=threading.Lock)
    buckets: dict[str, Bucket] = field(default_factory=dict)
    open: Counter[str] = field(default_factory=Counter)
    writes: dict[tuple[str, str], float] = field(default_factory=dict)

    def enter(self, token: str, client: str) -> int:
        """Count a request in; return how many this token has open, or 0 where that is one too many."""
        with self.lock:
            if self.open[f"token {token}"] >= self.per_token or self.open[f"client {client}"] >= self.per_client:
                return 0
            self.open[f"token {token}"] += 1
            self.open[f"client {client}"] += 1
            return self.open[f"token {token}"]

    def leave(self, token: str, client: str) -> None:
        """Count a request out."""
        with self.lock:
            self.open[f"token {token}"] -= 1
            self.open[f"client {client}"] -= 1

    def wait_for_room(self, token: str) -> int:
        """Return 0 where the bucket takes a request, else the seconds to wait."""
        with self.lock:
            bucket = self._bucket(token)
            return bucket.seconds_until_room() if bucket.full else 0

    def charge(self, token: str, size: int) -> None:
        """Count what an answer of so many bytes costs."""
        with self.lock:
            self._bucket(token).level += 1 + size / 50_000

    def filling(self, token: str) -> str:
        """Return the header that tells how full the bucket is."""
        with self.lock:
            return self._bucket(token).header()

    def _bucket(self, token: str) -> Bucket:
        bucket = self.buckets.setdefault(token, Bucket(self.bucket_size, self.bucket_drain, at=self.now()))
        bucket.settle(self.now())
        return bucket

    def lock_write(self, token: str, address: str) -> bool:
        """Begin a write to an address; False where the same one is under way."""
        with self.lock:
            if self.now() - self.writes.get((token, address), -LOCK_SECONDS) < LOCK_SECONDS:
                return False
            self.writes[(token, address)] = self.now()
            return True

    def unlock_write(self, token: str, address: str) -> None:
        """End a write."""
        with self.lock:
            self.writes.pop((token, address), None)

    def empty_buckets(self) -> None:
        """Let everything drain at once."""
        with self.lock:
            self.buckets.clear()
