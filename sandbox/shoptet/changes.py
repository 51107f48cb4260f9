"""The change feeds: each record once, with its last change, for thirty days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sandbox.shoptet.clock import Clock, days, parse_time, wire_time

KEPT = days(30)


class ChangeFeed:
    """The last change of each record of one kind. A creation counts as an edit, as the documentation says."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._last: dict[str, tuple[str, str]] = {}

    def touch(self, key: str, kind: str = "edit", moment: datetime | None = None) -> None:
        """Note that a record was changed (`edit`) or deleted (`delete`)."""
        self._last.pop(key, None)
        self._last[key] = (wire_time(moment or self.clock.now()), kind)

    def since(self, moment: datetime, kind: str = "") -> list[tuple[str, str, str]]:
        """Return (key, time, kind) of the changes since a time, oldest first; nothing older than thirty days."""
        first = max(moment, self.clock.now() - KEPT)
        rows = [(parse_time(time), key, time, change) for key, (time, change) in self._last.items() if not kind or change == kind]
        return [(key, time, change) for when, key, time, change in sorted(rows) if when >= first]

    def dump(self) -> dict[str, tuple[str, str]]:
        """Return what a restart needs."""
        return dict(self._last)

    def load(self, saved: dict[str, Iterable[str]]) -> None:
        """Take over what `dump` returned."""
        self._last = {key: (time, kind) for key, (time, kind) in saved.items()}
