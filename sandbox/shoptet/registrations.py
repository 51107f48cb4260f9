"""Registered webhooks and the key that signs them, with Shoptet's rules about both."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from typing import Any
from urllib.parse import urlsplit

from sandbox.shoptet.clock import Clock, wire_time
from sandbox.shoptet.event_types import EVENTS, EXCLUDED
from sandbox.shoptet.refusals import ApiError, invalid, not_found

PORTS = (80, 443, 8080, 8443)
LONGEST_URL = 2000
MOST_PER_CALL = 50

Record = dict[str, Any]


class Registrations:
    """One address per event. `local_ports` lets loopback addresses have any port, which the real system does not."""

    def __init__(self, clock: Clock, *, key: str = "", local_ports: bool = True) -> None:
        self.clock, self.local_ports = clock, local_ports
        self.key = key or secrets.token_hex(16)
        self.hooks: dict[int, Record] = {}
        self.last_id = 992_800

    def for_event(self, event: str) -> Record | None:
        """Return the registration of an event, or None."""
        return next((hook for hook in self.hooks.values() if hook["event"] == event), None)

    def get(self, number: int) -> Record:
        """Return one registration. Raises ApiError."""
        if number not in self.hooks:
            raise not_found("webhook", str(number))
        return self.hooks[number]

    def register(self, rows: Any) -> list[Record]:
        """Register all rows or none. Raises ApiError."""
        if not isinstance(rows, list) or not rows or len(rows) > MOST_PER_CALL:
            raise invalid(f"From 1 up to {MOST_PER_CALL} webhooks are expected.", "data")
        for position, row in enumerate(rows):
            self._check(row, rows[:position])
        return [self._add(row) for row in rows]

    def _check(self, row: Any, before: list[Record]) -> None:
        if not isinstance(row, dict) or not isinstance(row.get("event"), str) or not isinstance(row.get("url"), str):
            raise invalid("The properties event and url are required.", "data")
        event = row["event"]
        if event not in EVENTS:
            raise invalid(f'Event "{event}" is not supported.', "data.event")
        self._check_url(row["url"])
        taken = {hook["event"] for hook in self.hooks.values()} | {other["event"] for other in before}
        if event in taken:
            raise ApiError(422, "webhook-already-exists", "Webhook already exists for this event", event)
        for pair in EXCLUDED:
            if event in pair and set(pair) - {event} <= taken:
                other = (set(pair) - {event}).pop()
                raise ApiError(409, "webhook-conflict", f'Event "{event}" cannot be registered simultaneously with "{other}".', event)

    def _check_url(self, url: str) -> None:
        parts = urlsplit(url)
        if len(url) > LONGEST_URL:
            raise invalid(f"The url is longer than {LONGEST_URL} characters.", "data.url")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise invalid(f'"{url}" is not a valid url.', "data.url")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if port not in PORTS and not (self.local_ports and is_loopback(parts.hostname)):
            raise invalid(f"Port {port} is not allowed. Allowed ports are {', '.join(map(str, PORTS))}.", "data.url")

    def _add(self, row: Record) -> Record:
        self.last_id += 1
        now = wire_time(self.clock.now())
        hook = {
            "id": self.last_id,
            "event": row["event"],
            "url": row["url"],
            "created": now,
            "updated": None,
            "sendPayload": row.get("sendPayload"),
        }
        self.hooks[self.last_id] = hook
        return hook

    def change(self, number: int, data: Record) -> None:
        """Change the address of a registration. Raises ApiError."""
        hook = self.get(number)
        if "url" in data:
            self._check_url(str(data["url"]))
        changes: Record = {name: data[name] for name in ("url", "sendPayload") if name in data}
        self.hooks[number] = {**hook, **changes, "updated": wire_time(self.clock.now())}

    def delete(self, number: int) -> None:
        """Delete a registration. Raises ApiError."""
        self.get(number)
        del self.hooks[number]

    def renew_key(self) -> str:
        """Make a new key, which signs from now on."""
        self.key = secrets.token_hex(16)
        return self.key

    def sign(self, body: bytes) -> str:
        """Return the signature of a body."""
        return hmac.new(self.key.encode(), body, hashlib.sha1).hexdigest()

    def dump(self) -> Record:
        """Return what a restart needs."""
        return {"key": self.key, "hooks": list(self.hooks.values()), "last_id": self.last_id}

    def load(self, saved: Record) -> None:
        """Take over what `dump` returned."""
        self.key, self.last_id = saved["key"], saved["last_id"]
        self.hooks = {hook["id"]: hook for hook in saved["hooks"]}


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
