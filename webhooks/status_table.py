"""What a person sees of a shop's webhooks: each event, where it is registered, when it last came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shops.models import Shop
from webhooks.addresses import is_ours
from webhooks.models import WebhookRegistration
from webhooks.registration import wanted_events


@dataclass(frozen=True)
class StatusRow:
    """One event, as Shoptet said at `checked_at`; `url` is empty where it is not registered."""

    event_type: str
    is_wanted: bool
    url: str = ""
    is_ours: bool = False
    checked_at: datetime | None = None
    last_received_at: datetime | None = None
    last_caught_up_at: datetime | None = None


def status_table(shop: Shop) -> list[StatusRow]:
    """Return a row for every event that is wanted, registered or was received; asks nobody but the database."""
    kept = {row.event_type: row for row in WebhookRegistration.objects.filter(shop=shop)}
    wanted = set(wanted_events())
    return [_row(event, kept.get(event), is_wanted=event in wanted) for event in sorted(wanted | set(kept))]


def _row(event: str, kept: WebhookRegistration | None, *, is_wanted: bool) -> StatusRow:
    if kept is None:
        return StatusRow(event, is_wanted)
    return StatusRow(
        event,
        is_wanted,
        url=kept.url,
        is_ours=bool(kept.url) and is_ours(kept.url),
        checked_at=kept.checked_at,
        last_received_at=kept.last_received_at,
        last_caught_up_at=kept.last_caught_up_at,
    )
