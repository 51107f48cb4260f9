"""Faults that can be switched on: which requests they strike, how often, and what they do."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import Any

STATUSES = {
    "400": ("invalid-request-data", "Some of the validations have failed."),
    "401": ("invalid-token", "Invalid access token."),
    "403": ("invalid-token-no-rights", "Your access token has no defined rights for this resource."),
    "404": ("not-found", "The requested record was not found."),
    "413": ("payload-too-large", "Payload too large."),
    "422": ("invalid-request-data", "The request does not match the expected schema."),
    "423": ("url-locked", "The same request is being processed. Please retry later."),
    "429": ("too-many-requests", "Too many requests."),
    "500": ("internal-error", "General server error."),
    "503": ("system-maintenance", "System maintenance. Please try later."),
}
# Refusals with a meaning of their own beside that of their status.
REFUSALS = {
    "already_changed": (409, "record-already-changed", "Order has been changed before update."),
    "concurrent_categories": (
        423,
        "concurrent-categories-update",
        "Categories of the product are being updated concurrently by another request. Please retry this request.",
    ),
    "blocked_price_lists": (423, "pricelist-blocked", "Product import is running now."),
    "too_many_entities": (413, "too-many-entities", "Too many entities in one request. Nothing was updated."),
    "missing_module": (403, "missing-module", "The module is not active."),
}
KINDS = {
    **{status: message for status, (_code, message) in STATUSES.items()},
    **{kind: f"{status} {code}: {message}" for kind, (status, code, message) in REFUSALS.items()},
    "document_not_generated": "The request is carried out, and the answer's errors say that a document was not made.",
    "slow": "The answer comes after so many seconds.",
    "drop_before": "The connection is closed before anything is done.",
    "drop_after": "The request is carried out and the connection is closed without an answer.",
    "late_commit": "The connection is closed at once and the request is carried out so many seconds later.",
    "malformed": "The answer is not JSON.",
    "truncated": "The answer breaks off in the middle.",
    "missing_field": "One field is left out of the answer (`field`).",
    "answer": "The answer is this text (`body`), whatever the shop holds.",
    "spec_error": "An error in the form of the specification: message, code, field, statusCode.",
    "stale": "A read is answered with what the same read was answered the last time.",
    "deprecated": "The answer carries X-Shoptet-Deprecated and Sunset.",
    "outage": "Every connection is closed before anything is done, until the fault is cleared.",
}


@dataclass
class Fault:
    """One fault. `match` is searched in the path, `skip` lets so many requests pass first, no `times` means until cleared."""

    id: int
    kind: str
    match: str = ""
    method: str = ""
    times: int | None = None
    skip: int = 0
    seconds: float = 5.0
    field: str = ""
    body: str = ""

    def strikes(self, method: str, path: str) -> bool:
        return (not self.method or self.method.upper() == method) and re.search(self.match, path) is not None

    def read(self) -> dict[str, Any]:
        """Return the fault as JSON."""
        return {"id": self.id, "fault": self.kind, "match": self.match, "method": self.method, "times": self.times, "skip": self.skip,
                "seconds": self.seconds, "field": self.field}  # fmt: skip


class Faults:
    """The faults that are switched on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_id = 0
        self.active: list[Fault] = []

    def add(self, data: dict[str, Any]) -> Fault:
        """Switch a fault on. Raises ValueError."""
        kind = str(data.get("fault") or "")
        if kind not in KINDS:
            raise ValueError(f"unknown fault {kind!r}; there are {', '.join(KINDS)}")
        times = data.get("times")
        match = str(data.get("match") or "")
        try:
            re.compile(match)
        except re.error as error:
            raise ValueError(f"match: {error}") from error
        with self._lock:
            self._last_id += 1
            fault = Fault(
                self._last_id, kind, match, str(data.get("method") or ""), None if times in (None, "") else int(times),
                    int(data.get("skip") or 0),
                float(5 if data.get("seconds") in (None, "") else data["seconds"]), str(data.get("field") or ""),
                str(data.get("body") or ""),
            )  # fmt: skip
            self.active.append(fault)
            return fault

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that strikes a request and count it down."""
        with self._lock:
            for fault in self.active:
                if not fault.strikes(method, path):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.active.remove(fault)
                return fault
        return None

    def clear(self, number: int | None = None) -> None:
        """Switch one fault off, or all."""
        with self._lock:
            self.active = [fault for fault in self.active if number is not None and fault.id != number]

    def read(self) -> list[dict[str, Any]]:
        """Return the active faults as JSON."""
        with self._lock:
            return [fault.read() for fault in self.active]
