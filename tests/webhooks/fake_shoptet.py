"""A stand-in for Shoptet's client: what it holds of webhooks, and what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from clients.errors import Refused
from clients.shoptet.results import Page


@dataclass
class FakeShoptet:
    """Registers, changes and deletes webhooks, makes keys, and keeps a delivery log."""

    hooks: dict[str, str] = field(default_factory=dict)
    refuses: set[str] = field(default_factory=set)
    log: list[dict[str, Any]] = field(default_factory=list)
    asked_since: list[datetime | None] = field(default_factory=list)
    key: str = "webhook-key-for-tests"
    after_renewal: Callable[[int], None] = lambda number: None
    renewals: int = 0

    def webhooks(self) -> list[dict[str, Any]]:
        return [{"id": f"id-{event}", "event": event, "url": url} for event, url in self.hooks.items()]

    def register_webhooks(self, registrations: list[tuple[str, str]]) -> list[dict[str, Any]]:
        refused = sorted(event for event, _ in registrations if event in self.refuses or event in self.hooks)
        self.hooks |= {event: url for event, url in registrations if event not in refused}
        if refused:
            raise Refused(f"not registered: {refused}", partner="Shoptet", status=422)
        return self.webhooks()

    def change_webhook(self, webhook_id: str, url: str) -> None:
        self.hooks[webhook_id.removeprefix("id-")] = url

    def delete_webhook(self, webhook_id: str) -> None:
        del self.hooks[webhook_id.removeprefix("id-")]

    def renew_signature_key(self) -> str:
        self.renewals += 1
        self.key = f"key-{self.renewals}"
        self.after_renewal(self.renewals)
        return self.key

    def notifications(self, *, status: str | None = None, event: str | None = None, since: datetime | None = None) -> Iterator[Page]:
        self.asked_since.append(since)
        items = [one for one in self.log if one["status"] == status]
        yield Page(items=items, total=len(items), number=1)
