"""Whether anything of a shop was brought over yet, so that its rows are a log and not a beginner's mistake."""

from __future__ import annotations

from shops.models import Shop
from sync.models import RecordLink, SyncJob
from webhooks.models import WebhookEvent


def has_traffic(shop: Shop) -> bool:
    """Return whether the shop has events, jobs or links."""
    return any(model._default_manager.filter(shop=shop).exists() for model in (SyncJob, RecordLink, WebhookEvent))
