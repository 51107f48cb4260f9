"""The knobs of the stand-in: what instances of BlueJet do differently, or what is not known of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


def utc_now() -> datetime:
    """Tell the time; tests hand in another clock."""
    return datetime.now(UTC)


# The knobs that take no other values than these.
CHOICES: dict[str, tuple[Any, ...]] = {
    "bad_login_status": (200, 401, 403),
    "over_limit": ("refuse", "clamp"),
    "write_forms": ("S1", "S2", "S3"),
    "number_format": ("plain", "czech"),
    "date_format": ("iso", "czech"),
    "bit_format": ("digit", "word"),
    "empty": ("null", "text", "missing"),
}


@dataclass
class Options:
    """Hold every knob with its default; all but the files can be turned while the server runs."""

    token_id: str = "demo"
    token_hash: str = "demo"
    token_seconds: float = 86_400  # a session lives 24 h
    single_session: bool = False  # a new login ends the older ones
    bad_login_status: int = 200  # 200 with succeeded:false, or 401, or 403
    https_required: bool = False  # true: only requests that a proxy marks with X-Forwarded-Proto: https
    max_limit: int = 200
    over_limit: str = "refuse"  # a larger limit: "refuse" (400) or "clamp"
    several_conditions: bool = False  # true: several `condition` parameters must all hold
    max_objects: int = 10
    count_inner: bool = False  # true: inner objects count towards max_objects
    write_forms: tuple[str, ...] = ("S1", "S2", "S3")
    has_modifiedon: bool = True
    update_resets: bool = False  # true: an update empties the columns that it does not name, but those that a record cannot do without
    compute_totals: bool = False  # true: a document's sums follow from its lines
    unique_external_ids: bool = False  # true: a second record with the same external id is refused
    number_format: str = "plain"  # "1499.0000", or "czech" "1 499,0000"
    date_format: str = "iso"  # "2026-01-12T10:30:00", or "czech" "12.1.2026 10:30:00"
    bit_format: str = "digit"  # "1", or "word" "True"
    empty: str = "null"  # an empty value on read: "null", "text" (""), or "missing" (no column)
    requests_per_second: float = 0  # more are answered with 429; 0: no limit
    latency: float = 0  # seconds that every request takes
    seed: bool = True
    preexisting: bool = False  # also hold records that match the Shoptet seed by natural key
    journal: str = ""  # file that gets every commit before its answer is sent
    state: str = ""  # file that keeps the records over restarts
    clock: Callable[[], datetime] = utc_now

    FIXED = ("seed", "preexisting", "journal", "state", "clock")

    def turn(self, changes: dict[str, Any]) -> None:
        """Change knobs by name; raises ValueError for a name or a type that does not fit."""
        known = {field.name for field in dataclasses.fields(self)} - set(self.FIXED)
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"There is no knob {name}. Knobs: {', '.join(sorted(known))}")
            setattr(self, name, _chosen(name, self._fitting(name, value)))

    def _fitting(self, name: str, value: Any) -> Any:
        current = getattr(self, name)
        if isinstance(current, tuple) and isinstance(value, list):
            return tuple(value)
        if isinstance(current, int | float) and not isinstance(current, bool) and isinstance(value, int | float):
            return value
        if type(value) is not type(current):
            raise ValueError(f"The knob {name} takes values like {current!r}")
        return value

    def public(self) -> dict[str, Any]:
        """Return the knobs that may be shown."""
        hidden = {"token_hash", "clock"}
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self) if field.name not in hidden}


def _chosen(name: str, value: Any) -> Any:
    choices = CHOICES.get(name)
    if choices and not {*(value if isinstance(value, tuple) else (value,))} <= set(choices):
        raise ValueError(f"The knob {name} takes {', '.join(map(str, choices))}")
    return value
