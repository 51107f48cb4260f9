"""The inbox's tasks; their names begin with their queue."""

from __future__ import annotations

from celery import shared_task

from webhooks.key_renewal import finish_renewals
from webhooks.processing import sweep_events, take_up, take_up_all
from webhooks.quarantine import release_all_quarantines


@shared_task(name="inbox.process_event")
def process_event(event_row_id: int) -> None:
    """Take up one stored event."""
    take_up(event_row_id)


@shared_task(name="inbox.process_events")
def process_events(event_row_ids: list[int]) -> None:
    """Take up several stored events that came close together."""
    take_up_all(event_row_ids)


@shared_task(name="maintenance.sweep_events")
def sweep_inbox() -> None:
    """Find what was left lying in the inbox, in the quarantine and of a key's renewal; each minute."""
    sweep_events()
    release_all_quarantines()
    finish_renewals()
