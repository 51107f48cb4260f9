"""Archive what was deleted in Shoptet, but hold a flood of deletions for a person."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from sync.flow import Context, Item, Outcome
from sync.issues import Issue
from sync.models import RecordLink
from sync.outcomes import parked

MOST_IN_AN_HOUR = 20
MOST_SHARE = 0.02
# Below this a share says nothing: in a shop of ten products one deletion is a tenth.
ALWAYS_ALLOWED = 5


def held_back(ctx: Context, item: Item) -> Outcome | None:
    """Return the outcome of a deletion that a person has to confirm, or None if it may go on."""
    kinds = {part.kind for part in item.parts}
    links = RecordLink.objects.filter(shop=ctx.shop, kind__in=kinds).exclude(bluejet_id="")
    recent = links.filter(archived=True, pushed_at__gte=timezone.now() - timedelta(hours=1)).count() + _in_this_batch(ctx)
    if recent < allowed_deletions(links.count()):
        ctx.memory["deletions"] = _in_this_batch(ctx) + 1
        return None
    return parked(Issue("held_delete", params={"key": item.key}), Issue("many_deletes", params={"count": recent + 1}))


def allowed_deletions(known: int) -> int:
    """Return how many deletions within an hour need nobody's consent, of `known` records."""
    return min(MOST_IN_AN_HOUR, max(ALWAYS_ALLOWED, int(known * MOST_SHARE)))


def _in_this_batch(ctx: Context) -> int:
    return int(ctx.memory.get("deletions", 0))
