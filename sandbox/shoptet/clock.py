"""The shop's clock: it can be moved, and it writes times the way Shoptet does."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

PRAGUE = ZoneInfo("Europe/Prague")
COLONLESS_OFFSET = re.compile(r"([+-]\d{2}):?(\d{2})$")


class Clock:
    """Time of the shop: the machine's time plus an offset that tests may change."""

    def __init__(self, *, time_scale: float = 1.0, source: Callable[[], float] = time.time) -> None:
        self.time_scale = max(time_scale, 0.001)
        self.offset = 0.0
        self.moved = threading.Condition()
        self._source = source

    def time(self) -> float:
        """Return seconds since the epoch."""
        return self._source() + self.offset

    def now(self) -> datetime:
        """Return the shop's local time, whole seconds, as Shoptet keeps it."""
        return datetime.fromtimestamp(int(self.time()), tz=PRAGUE)

    def scaled(self, seconds: float) -> float:
        """Return how long a wait of so many seconds of Shoptet's takes here."""
        return seconds / self.time_scale

    def advance(self, seconds: float) -> None:
        """Move the clock on and let waits see it."""
        self._move(self.offset + seconds)

    def set_now(self, moment: datetime) -> None:
        """Set the clock; it goes on from there."""
        self._move(moment.timestamp() - self._source())

    def _move(self, offset: float) -> None:
        with self.moved:
            self.offset = offset
            self.moved.notify_all()


def wire_time(moment: datetime) -> str:
    """Write a time like 2018-05-29T09:02:27+0200, in the shop's zone."""
    return moment.astimezone(PRAGUE).strftime("%Y-%m-%dT%H:%M:%S%z")


def parse_time(text: str) -> datetime:
    """Read an ISO 8601 time with its offset, with or without the colon. Raises ValueError."""
    moment = datetime.fromisoformat(COLONLESS_OFFSET.sub(r"\1:\2", text.strip().replace("Z", "+00:00")))
    if moment.tzinfo is None:
        raise ValueError(f"no time zone in {text!r}")
    return moment


def days(count: float) -> timedelta:
    return timedelta(days=count)
