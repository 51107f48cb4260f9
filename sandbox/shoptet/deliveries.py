"""Delivers webhooks: in parallel, in no order, up to three times, with the log that the API shows."""

from __future__ import annotations

import heapq
import http.client
import json
import random
import threading
import time
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sandbox.shoptet.clock import Clock, wire_time
from sandbox.shoptet.event_types import mass_name
from sandbox.shoptet.registrations import Registrations

MOST_ATTEMPTS = 3
RETRY_AFTER = 15 * 60
MOST_KEPT = 50_000

Record = dict[str, Any]


@dataclass
class Notification:
    """One event on its way to one address."""

    id: int
    webhook_id: int
    url: str
    event: str
    instance: str
    event_created: str
    created: str
    body: str
    attempted: str | None = None
    attempts: int = 0
    status: str = "new"
    active: bool = True
    answers: list[str] = field(default_factory=list)

    def wire(self, eshop_id: int) -> Record:
        """Return the notification as the delivery log shows it."""
        data = {"eshopId": eshop_id, "event": self.event, "eventCreated": self.event_created, "eventInstance": self.instance}
        return {
            "id": self.id, "webhookId": self.webhook_id, "webhookUrl": self.url, "event": self.event, "eventCreated": self.event_created,
            "created": self.created, "attempted": self.attempted, "attempts": self.attempts, "status": self.status, "active": self.active,
            "data": data,
        }  # fmt: skip


@dataclass
class DeliverySettings:
    """How deliveries misbehave. `suppressed` events are lost without a trace; `duplicates` are sent beside each single event."""

    suppressed: bool = False
    duplicates: int = 0
    mass: bool = True
    answer_within: float = 4.0
    jitter: float = 0.05


class Deliveries:
    """Queue, workers and log. Times follow the shop's clock, so moving the clock makes repeats due."""

    def __init__(self, eshop_id: int, registrations: Registrations, clock: Clock, *, workers: int = 8) -> None:
        self.eshop_id, self.registrations, self.clock, self.workers = eshop_id, registrations, clock, workers
        self.settings = DeliverySettings()
        self.log: dict[int, Notification] = {}
        self.last_id = 4_400_000
        self._queue: list[tuple[float, float, int]] = []
        self._busy = 0
        self._stopped = False
        self._threads: list[threading.Thread] = []
        self._random = random.Random()  # noqa: S311 - the order of deliveries is no secret

    def start(self) -> None:
        """Start the workers."""
        self._stopped = False
        self._threads = [threading.Thread(target=self._work, daemon=True, name=f"delivery-{number}") for number in range(self.workers)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let the workers end; what was not delivered stays in the log."""
        with self.clock.moved:
            self._stopped = True
            self.clock.moved.notify_all()
        for thread in self._threads:
            thread.join(timeout=self.settings.answer_within + 1)
        self._threads = []

    def emit(self, event: str, instance: str) -> None:
        """Announce an event, where somebody registered for it."""
        for _copy in range(1 + self.settings.duplicates):
            self._announce(event, instance)

    def emit_many(self, event: str, instances: list[str]) -> None:
        """Announce the same event for many records: each one, and the mass event beside them."""
        if self.settings.mass and len(instances) > 1 and mass_name(event):
            self._announce(mass_name(event), json.dumps(instances, ensure_ascii=False, separators=(",", ":")))
        for instance in instances:
            self.emit(event, instance)

    def _announce(self, event: str, instance: str) -> None:
        hook = self.registrations.for_event(event)
        if hook is None or self.settings.suppressed:
            return
        now = wire_time(self.clock.now())
        with self.clock.moved:
            self.last_id += 1
            notification = Notification(self.last_id, hook["id"], hook["url"], event, instance, now, now, self.body(event, instance, now))
            self.log[notification.id] = notification
            if len(self.log) > MOST_KEPT:
                self.log.pop(next(iter(self.log)))
            self._push(notification, self.clock.time() + self._random.uniform(0, self.settings.jitter))

    def body(self, event: str, instance: str, created: str) -> str:
        """Return the body of a notification, slashes escaped as the sender's language does it."""
        data = {"eshopId": self.eshop_id, "event": event, "eventCreated": created, "eventInstance": instance}
        return json.dumps(data, separators=(",", ":")).replace("/", "\\/")

    def _push(self, notification: Notification, due: float) -> None:
        heapq.heappush(self._queue, (due, self._random.random(), notification.id))
        self.clock.moved.notify()

    def _work(self) -> None:
        while True:
            notification = self._next()
            if notification is None:
                return
            try:
                self._attempt(notification)
            finally:
                with self.clock.moved:
                    self._busy -= 1
                    self.clock.moved.notify_all()

    def _next(self) -> Notification | None:
        with self.clock.moved:
            while not self._stopped:
                wait = self._queue[0][0] - self.clock.time() if self._queue else 60.0
                if wait <= 0:
                    notification = self.log.get(heapq.heappop(self._queue)[2])
                    if notification is not None:
                        self._busy += 1
                        return notification
                else:
                    self.clock.moved.wait(wait)
            return None

    def _attempt(self, notification: Notification) -> None:
        answer = self.post(notification.url, notification.body.encode())
        with self.clock.moved:
            notification.attempts += 1
            notification.attempted = wire_time(self.clock.now())
            notification.answers.append(answer)
            notification.status = "success" if answer == "200" else "failed"
            notification.active = notification.status == "failed" and notification.attempts < MOST_ATTEMPTS
            if notification.active:
                self._push(notification, self.clock.time() + self.clock.scaled(RETRY_AFTER))

    def post(self, url: str, body: bytes) -> str:
        """Send one signed request; return the status, or what went wrong."""
        parts = urlsplit(url)
        maker = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = maker(parts.hostname or "", parts.port, timeout=self.settings.answer_within)
        headers = {"Content-Type": "application/json", "User-Agent": "Shoptet", "Shoptet-Webhook-Signature": self.registrations.sign(body)}
        try:
            connection.request("POST", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", body, headers)
            return str(connection.getresponse().status)
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        finally:
            connection.close()

    def resend(self, event: str, instance: str, times: int) -> list[str]:
        """Send the last notification of a record again, so many times at once; return the answers."""
        last = next((row for row in reversed(self.log.values()) if row.event == event and row.instance == instance), None)
        hook = self.registrations.for_event(event)
        url = hook["url"] if hook else (last.url if last else "")
        if not url:
            return []
        body = last.body if last else self.body(event, instance, wire_time(self.clock.now()))
        return self.post_at_once(url, body.encode(), times)

    def post_at_once(self, url: str, body: bytes, times: int) -> list[str]:
        """Send one body so many times in parallel; return the answers."""
        answers: list[str] = []
        threads = [threading.Thread(target=lambda: answers.append(self.post(url, body))) for _copy in range(times)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    def repeat_failed(self) -> int:
        """Make every waiting repeat due now; return how many there were."""
        with self.clock.moved:
            waiting = len(self._queue)
            self._queue = [(0.0, order, number) for _due, order, number in self._queue]
            heapq.heapify(self._queue)
            self.clock.moved.notify_all()
        return waiting

    def wait_until_idle(self, timeout: float = 10.0) -> bool:
        """Wait until nothing is due or under way; repeats that are due later do not count."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            with self.clock.moved:
                horizon = self.clock.time() + self.settings.jitter
                if not self._busy and not (self._queue and self._queue[0][0] <= horizon):
                    return True
            time.sleep(0.01)
        return False

    def dump(self) -> Record:
        """Return what a restart needs."""
        with self.clock.moved:
            rows = [asdict(row) for row in list(self.log.values())[-2000:]]
            return {"log": rows, "queue": list(self._queue), "last_id": self.last_id, "settings": asdict(self.settings)}

    def load(self, saved: Record) -> None:
        """Take over what `dump` returned."""
        with self.clock.moved:
            self.log = {row["id"]: Notification(**row) for row in saved["log"]}
            self._queue = [tuple(entry) for entry in saved["queue"] if entry[2] in self.log]
            heapq.heapify(self._queue)
            self.last_id, self.settings = saved["last_id"], DeliverySettings(**saved["settings"])
