"""The one place that decides whether a request is sent again, and when."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.exceptions import ProxyError as Urllib3ProxyError

# A lock lasts up to 5 s at Shoptet; sooner is surely in vain.
LOCKED_AT_LEAST = 5.0
# A partner's clock that is wrong by days must not put a job to sleep for days.
LONGEST_BELIEVED = 3600.0
NEVER_SENT = (
    ConnectTimeoutError,
    NewConnectionError,
    Urllib3ProxyError,
    ConnectionRefusedError,
    socket.gaierror,
    ssl.SSLCertVerificationError,
)


@dataclass(frozen=True)
class RetryPolicy:
    """Say how often, after what pauses and for how long a request is tried; all in seconds."""

    delays: tuple[float, ...] = (0, 2, 8)
    timeout: float = 30.0
    connect_timeout: float = 10.0
    longest_wait: float = 10.0

    @property
    def attempts(self) -> int:
        """Return how many times a request is sent at most."""
        return len(self.delays)

    def is_last(self, attempt: int) -> bool:
        """Tell whether no attempt follows this one (the first is 0)."""
        return attempt + 1 >= self.attempts

    def allows_wait(self, seconds: float | None) -> bool:
        """Tell whether so long a wait is still spent in the worker."""
        return (seconds or 0.0) <= self.longest_wait

    def pause_after(self, attempt: int, *, status: int | None = None, asked: float | None = None) -> float:
        """Return the seconds to wait after this attempt (the first is 0); `asked` is what the partner named."""
        following = min(attempt + 1, len(self.delays) - 1)
        wait = max(self.delays[following], asked or 0.0)
        return max(wait, LOCKED_AT_LEAST) if status == 423 else wait


def is_repeatable_status(status: int, *, repeatable: bool) -> bool:
    """Tell whether this answer may be followed by the same request again.

    429 and 423 say that the request was not looked at; a 5xx says nothing about a write.
    """
    return status in (423, 429) or (status >= 500 and repeatable)


def never_reached(error: BaseException) -> bool:
    """Tell whether the connection was never made, so that the partner surely saw nothing of the request."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    return any(isinstance(cause, NEVER_SENT) for cause in _causes(error))


def innermost_reason(error: BaseException) -> str:
    """Return the name of the deepest cause; its text is left out, since it may hold the URL with its query."""
    reason = type(error).__name__
    for cause in _causes(error):
        reason = type(cause).__name__
    return reason


def seconds_asked(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Return the seconds that `Retry-After` asks for, a date being measured against the answer's own `Date`."""
    text = headers.get("Retry-After", "").strip()
    if not text:
        return None
    seconds = _plain_seconds(text)
    if seconds is None:
        until = read_date(text)
        if until is None:
            return None
        seconds = (until - (read_date(headers.get("Date", "")) or now)).total_seconds()
    return min(max(seconds, 0.0), LONGEST_BELIEVED)


def read_date(text: str) -> datetime | None:
    """Return an HTTP date as an aware time, None where it cannot be read."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _plain_seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if isfinite(seconds) else None


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        linked = [current.__cause__, current.__context__, getattr(current, "reason", None), *getattr(current, "args", ())]
        waiting += [cause for cause in linked if isinstance(cause, BaseException)]
