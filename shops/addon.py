"""What the e-shop's owner or Shoptet does to the add-on: suspend it, approve it again, end it, remove it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from shops.keys import forget_keys
from shops.models import Shop

ADDON_EVENTS = ("addon:suspend", "addon:approve", "addon:terminate", "addon:uninstall")
# After these the OAuth token is worthless, and a new installation brings a new one.
ENDINGS = ("addon:terminate", "addon:uninstall")


def apply_addon_event(shop: Shop, event_type: str, happened: datetime) -> bool:
    """Switch the shop on or off; return False for news that is older than what is known, since deliveries overtake each other."""
    changes: dict[str, object] = {"active": event_type == "addon:approve", "addon_event_at": happened}
    if event_type in ENDINGS:
        changes["oauth_token"] = ""
    is_news = Q(addon_event_at__isnull=True) | Q(addon_event_at__lte=happened)
    applied = Shop.objects.filter(is_news, pk=shop.pk).update(**changes)
    forget_keys()
    return bool(applied)
