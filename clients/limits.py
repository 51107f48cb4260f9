"""The two gates a request passes before it leaves: the shared budget and the breaker."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from clients.errors import PartnerError, RightMissing

FILLING = re.compile(r"^\s*(\d+)(?:\.\d+)?\s*/\s*(\d+)")


class Limiter(Protocol):
    """Share a partner's connections and request budget between all workers."""

    def slot(self, *, priority: int, cost: float = 1.0) -> AbstractContextManager[None]:
        """Hold one connection; raise `Throttled` with `retry_after` seconds instead of waiting long."""
        ...

    def observe(self, *, filling: int | None, capacity: int | None, retry_after: float | None) -> None:
        """Learn from an answer how full the partner's bucket is; `retry_after` in seconds after a 429."""
        ...


class BreakerGuard(Protocol):
    """Remember for all workers whether a partner is known to be down or to refuse us.

    `right` names what a request needs, as `RightMissing` does.
    """

    def check(self, right: str = "") -> None:
        """Raise `BreakerOpen` if nothing should be sent now, `RightMissing` if this is known to be refused."""
        ...

    def look_anew(self) -> None:
        """Let the next check see what other workers found out just now."""
        ...

    def succeeded(self, right: str = "") -> None:
        """Learn that the partner answered."""
        ...

    def refused(self, error: PartnerError) -> None:
        """Learn that the credentials do not work, not even for a new session."""
        ...

    def lacks(self, error: RightMissing) -> None:
        """Learn that the credentials lack the right for one request."""
        ...

    def failed(self, error: PartnerError) -> None:
        """Learn that the partner gave no answer or answered 5xx after every attempt."""
        ...


class NoLimiter:
    """Let every request through at once."""

    def slot(self, *, priority: int, cost: float = 1.0) -> AbstractContextManager[None]:
        return nullcontext()

    def observe(self, *, filling: int | None, capacity: int | None, retry_after: float | None) -> None:
        return None


class NoBreaker:
    """Never hold anything back."""

    def check(self, right: str = "") -> None:
        return None

    def look_anew(self) -> None:
        return None

    def succeeded(self, right: str = "") -> None:
        return None

    def refused(self, error: PartnerError) -> None:
        return None

    def lacks(self, error: RightMissing) -> None:
        return None

    def failed(self, error: PartnerError) -> None:
        return None


def read_filling(headers: Mapping[str, str]) -> tuple[int | None, int | None]:
    """Return how full the bucket is and how much it holds, from `X-RateLimit-Bucket-Filling: 150/200`."""
    found = FILLING.match(headers.get("X-RateLimit-Bucket-Filling", ""))
    if found is None:
        return None, None
    return int(found[1]), int(found[2])
