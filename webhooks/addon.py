"""Hands the add-on's own events to the shop that they are about."""

from __future__ import annotations

from django.utils import timezone

from shops.addon import ADDON_EVENTS, apply_addon_event
from webhooks.models import WebhookEvent
from webhooks.processing import complete_event, ignore_event, release_held_events
from webhooks.registry import register


def handle_addon_event(event_pk: int) -> None:
    """Switch the shop on or off; what came while it was off is taken up when it is on again."""
    event = WebhookEvent.objects.select_related("shop").get(pk=event_pk)
    if event.shop is None or not apply_addon_event(event.shop, event.event_type, event.event_created or timezone.now()):
        ignore_event(event_pk, "A newer event of the add-on was received before.")
        return
    if event.event_type == "addon:approve":
        release_held_events(event.shop.pk)
    complete_event(event_pk)


def register_addon_events() -> None:
    """Take up the add-on's events."""
    for event_type in ADDON_EVENTS:
        register(event_type, handle_addon_event)
