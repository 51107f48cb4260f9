"""An event's state as a badge: one that is held is neither answered nor in trouble."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shops.pages.badges import badge, state_badge
from webhooks.models import WebhookEvent
from webhooks.processing import FLOW_HELD


def event_badge(event: WebhookEvent) -> SafeString:
    """Show how the event stands."""
    is_held = event.status == WebhookEvent.Status.PROCESSING and event.error == FLOW_HELD
    return badge(_("held"), "wait") if is_held else state_badge(event, "status")
