"""Calls for webhooks: registrations, the signature key, and Shoptet's own log of deliveries."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from clients.errors import Refused
from clients.shoptet.calls import Calls
from clients.shoptet.connection import checked, explain, payload
from clients.shoptet.readable import readable_rows
from clients.shoptet.results import Page
from clients.shoptet.wire import key, moment, moment_text, optional_section, required_text, text, wire_time
from clients.transport import Answer

WEBHOOKS_A_PAGE = 500
NOTIFICATIONS_A_PAGE = 500
REGISTRATIONS_A_CALL = 50


class WebhookCalls(Calls):
    """Register webhooks and ask what became of them."""

    def webhooks(self) -> list[dict[str, Any]]:
        """Return the registrations: id, event, url. Source: GET /api/webhooks."""
        pages = self._connection.pages("/api/webhooks", "webhooks", _webhook, key=lambda row: str(row["id"]), size=WEBHOOKS_A_PAGE)
        return [webhook for page in pages for webhook in page.items]

    def register_webhooks(self, registrations: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
        """Register pairs of event and URL and return the registrations; one URL per event. Source: POST /api/webhooks.

        Raise `Refused` if Shoptet left one out; those that it took stay registered.
        """
        registered: list[dict[str, Any]] = []
        for start in range(0, len(registrations), REGISTRATIONS_A_CALL):
            wanted = registrations[start : start + REGISTRATIONS_A_CALL]
            body = {"data": [{"event": event, "url": url} for event, url in wanted]}
            answer = self._connection.call("POST", "/api/webhooks", json=body)
            registered += self._registered(answer, {event for event, _ in wanted})
        return registered

    def change_webhook(self, webhook_id: str | int, url: str) -> None:
        """Send an event to another URL. Source: PATCH /api/webhooks/{id}."""
        self._connection.call("PATCH", "/api/webhooks/{id}", json={"data": {"url": url}}, repeatable=True, id=webhook_id)

    def delete_webhook(self, webhook_id: str | int) -> None:
        """End a registration; raise `NotFound` if there is none. Source: DELETE /api/webhooks/{id}."""
        self._connection.call("DELETE", "/api/webhooks/{id}", repeatable=True, id=webhook_id)

    def renew_signature_key(self) -> str:
        """Make a new key and return it; the old one ends at once. Source: POST /api/webhooks/renew-signature-key.

        Raise `OutcomeUnknown` if the answer was lost: then the new key is known to Shoptet alone, and must be renewed again.
        """
        answer = self._connection.call("POST", "/api/webhooks/renew-signature-key")
        data = payload(answer)
        return checked(answer, lambda: required_text(data, "signatureKey", "data"))

    def notifications(
        self, *, status: str | None = None, event: str | None = None, since: datetime | None = None, active: bool | None = None
    ) -> Iterator[Page]:
        """Yield pages of deliveries of the last 7 days: `id`, `event`, `instance`, `status`, `attempts`, `active`, `created_at`, `body`.

        `body` is what was posted, with `eventCreated` in its own words; `status` is `new`, `failed` or `success`.
        Source: GET /api/webhooks/notifications.
        """
        params = {"status": status, "event": event, "from": since and wire_time(since), "active": active}
        return self._connection.pages(
            "/api/webhooks/notifications",
            "notifications",
            _notification,
            key=lambda row: str(row["id"]),
            size=NOTIFICATIONS_A_PAGE,
            params=params,
        )

    def _registered(self, answer: Answer, wanted: set[str]) -> list[dict[str, Any]]:
        data = payload(answer)
        webhooks = checked(answer, lambda: readable_rows(data, "webhooks", _webhook))
        missing = wanted - {webhook["event"] for webhook in webhooks}
        if missing:
            raise Refused(
                f"these events were not registered: {', '.join(sorted(missing))}",
                partner=answer.partner,
                request=answer.request,
                status=answer.status,
                request_id=answer.request_id,
                messages=explain(answer.body),
            )
        return webhooks


def _webhook(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": key(row, "id", "webhook"),
        "event": _event(row),
        "url": text(row.get("url")),
        "createdAt": moment_text(row, "created", "webhook"),
        "updatedAt": moment_text(row, "updated", "webhook"),
    }


def _event(row: Mapping[str, Any]) -> str:
    """Return an event's name, whatever it is written as: new events come, and one odd name must not cost the list."""
    value = row.get("event")
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _notification(row: Mapping[str, Any]) -> dict[str, Any]:
    body = optional_section(row, "data")
    return {
        "id": key(row, "id", "notification"),
        "webhook_id": text(row.get("webhookId")),
        "url": text(row.get("webhookUrl")),
        "event": _event(row),
        "instance": text(body.get("eventInstance")),
        "status": text(row.get("status")),
        "attempts": row.get("attempts"),
        "active": row.get("active") is True,
        "created_at": moment(row, "created", "notification"),
        "attempted_at": moment(row, "attempted", "notification"),
        "body": dict(body),
    }
