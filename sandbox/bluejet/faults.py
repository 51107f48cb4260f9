"""Faults that can be switched on: what goes wrong, for which requests, how often."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import Any

from sandbox.http import Request

# before: the request is not worked on; after: it is, and then the answer suffers
BEFORE = ("outage", "drop_before", "late_commit")
AFTER = ("drop_after", "delay_answer", "error_after", "malformed", "truncated")
STATUSES = ("400", "401", "403", "404", "409", "413", "422", "423", "429", "500", "502", "503", "504")
KINDS = (*BEFORE, "slow", *AFTER, *STATUSES)
WRITES_ONLY = ("late_commit", "drop_after", "delay_answer", "error_after")
LOGIN = "users/authenticate"
LIMITS: dict[str, Any] = {
    "match": str,
    "method": str,
    "no": int,
    "times": int | None,
    "skip": int,
    "seconds": int | float,
    "hold": int | float | None,
}
NUMBER = re.compile(rb'"no"\s*:\s*"?(\d+)', re.IGNORECASE)
DEFAULT_SECONDS = {"slow": 5.0, "delay_answer": 5.0, "late_commit": 5.0, "429": 2.0, "503": 2.0, "423": 5.0}


@dataclass
class Fault:
    """Hold one fault; `times` None means until it is switched off, `skip` lets the first so many requests through."""

    kind: str
    match: str = ""
    method: str = ""
    no: int = 0
    times: int | None = None
    skip: int = 0
    seconds: float = 0
    hold: float | None = None
    id: int = 0
    hits: int = 0

    def fits(self, request: Request) -> bool:
        """Tell whether the fault is meant for a request. The log-in is spared unless the pattern or the fault names it."""
        if self.kind != "outage" and not self.match and LOGIN in request.path.lower():
            return False
        if self.match and not re.search(self.match, request.path, re.IGNORECASE):
            return False
        if self.method and self.method.upper() != request.method:
            return False
        if not self.method and self.kind in WRITES_ONLY and request.method == "GET":
            return False
        return not self.no or self.no in numbers_of(request)

    def to_json(self) -> dict[str, Any]:
        return {("fault" if name == "kind" else name): value for name, value in vars(self).items()}


def numbers_of(request: Request) -> set[int]:
    """Return the evidences that a request names, in its query or its body."""
    named = [request.argument("no")] if request.argument("no").isdigit() else []
    return {int(number) for number in (*named, *NUMBER.findall(request.body))}


def _checked(kind: str, limits: dict[str, Any]) -> Fault:
    if kind not in KINDS:
        raise ValueError(f"There is no fault {kind}. Faults: {', '.join(KINDS)}")
    unknown = set(limits) - set(LIMITS)
    if unknown:
        raise ValueError(f"A fault has no {', '.join(sorted(unknown))}. It has: {', '.join(LIMITS)}")
    for name, value in limits.items():
        if not isinstance(value, LIMITS[name]) or isinstance(value, bool):
            raise ValueError(f"The fault's {name} cannot be {value!r}")
    try:
        re.compile(limits.get("match", ""))
    except re.error as error:
        raise ValueError(f"match is not a regular expression: {error}") from error
    return Fault(kind, **limits)


@dataclass
class Faults:
    """Keep the faults that are switched on."""

    active: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _count: int = 0

    def switch_on(self, kind: str, **limits: Any) -> Fault:
        """Switch a fault on. Raises ValueError for an unknown kind, a bad pattern or an unknown limit."""
        fault = _checked(kind, limits)
        fault.seconds = fault.seconds or DEFAULT_SECONDS.get(kind, 0)
        with self._lock:
            self._count += 1
            fault.id = self._count
            self.active.append(fault)
        return fault

    def switch_off(self, id_: int | None = None) -> int:
        """Switch one fault off, or all; return how many."""
        with self._lock:
            before = len(self.active)
            self.active = [fault for fault in self.active if id_ is not None and fault.id != id_]
            return before - len(self.active)

    def take(self, request: Request) -> Fault | None:
        """Return the first fault that strikes this request and count it."""
        with self._lock:
            for fault in self.active:
                if fault.fits(request) and self._strikes(fault):
                    return fault
        return None

    def _strikes(self, fault: Fault) -> bool:
        if fault.skip > 0:
            fault.skip -= 1
            return False
        fault.hits += 1
        if fault.times is not None and fault.hits >= fault.times:
            self.active.remove(fault)
        return True
