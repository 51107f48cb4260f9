"""The inbox's tasks; their names begin with their queue."""

from __future__ import annotations

from celery import shared_task

from webhooks.key_renewal import finish_renewals, is_any_broken_off
from webhooks.processing import sweep_events, take_up, take_up_all
from webhooks.quarantine import release_all_quarantines

SWEEP_SECONDS = 10.0


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
    """Find what was left lying in the inbox, in the quarantine and of a key's renewal."""
    sweep_events()
    release_all_quarantines()
    if is_any_broken_off():
        finish_key_renewals.apply_async(expires=SWEEP_SECONDS, retry=False)


@shared_task(name="maintenance.finish_key_renewals")
def finish_key_renewals() -> None:
    """Ask Shoptet once more for the keys whose renewal was broken off."""
    finish_renewals()
