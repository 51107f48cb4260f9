"""What an event is about: one identifier, or the list that a mass event carries."""

from __future__ import annotations

import json
import re
from typing import Any

from webhooks.models import WebhookEvent
from webhooks.topics import is_mass

# The specification writes "Order#12345". Other identifiers may hold a # of their own, hence the closed list of words.
SPECIFICATION_FORM = re.compile(r"(?:Order|Product|Customer|Inventory|Stock|Warehouse|Contact)#(.+)", re.DOTALL | re.IGNORECASE)


def bare_instance(event_type: str, instance: str) -> str:
    """Return the identifier alone: `Order#12345` is `12345`, everything else stays."""
    # The specification has no events of variants, and a shop is free to call a variant "Product#2".
    found = None if event_type.startswith("productVariant") else SPECIFICATION_FORM.fullmatch(instance)
    return found[1] if found else instance


def instances(event: WebhookEvent) -> list[str]:
    """Return the identifiers that the event names, each once and in order; a mass event may name thousands."""
    if not event.instance:
        return []
    named = _listed(event.instance) if is_mass(event.event_type) else [event.instance]
    return list(dict.fromkeys(bare_instance(event.event_type, one) for one in named if one))


def _listed(text: str) -> list[str]:
    """Return a JSON list's members as text; what is no list is one identifier."""
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return [text]
    if not isinstance(found, list):
        return [text]
    return [one if isinstance(one, str) else str(one) for one in found if isinstance(one, str | int) and not isinstance(one, bool)]
