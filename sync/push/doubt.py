"""Records whose last write had no answer: they may be in BlueJet although nobody knows their id yet."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone

from sync.flow import Context, Outcome
from sync.issues import Issue
from sync.models import RecordLink
from sync.outcomes import parked, waits

DOUBTFUL = Q(bluejet_id="") & (Q(settle_until__isnull=False) | Q(lease__isnull=False))


def keys_in_doubt(ctx: Context, kind: str, keys: Sequence[str]) -> set[str]:
    """Return which of these records may be in BlueJet without a known id."""
    return set(RecordLink.objects.filter(DOUBTFUL, shop=ctx.shop, kind=kind, key__in=keys).values_list("key", flat=True))


def clear_up(ctx: Context, kinds: tuple[str, ...], which: Q) -> Outcome | None:
    """Complete the links that were left in doubt; return an outcome where it is too early to look, or a person must decide.

    For those who act on a record that they do not write themselves: whoever writes it looks in any case.
    """
    for link in RecordLink.objects.filter(DOUBTFUL, which, shop=ctx.shop, kind__in=kinds).order_by("pk"):
        outcome = _too_early(link) or _look(ctx, link)
        if outcome is not None:
            return outcome
    return None


def _too_early(link: RecordLink) -> Outcome | None:
    now = timezone.now()
    until = max(moment for moment in (link.settle_until, link.leased_until, link.unfinished_until, now) if moment)
    if until <= now:
        return None
    return waits((until - now).total_seconds() + 0.1, Issue("outcome_unknown", "warning", params={"partner": "BlueJet"}))


def _look(ctx: Context, link: RecordLink) -> Outcome | None:
    column = ctx.bluejet.evidences[link.kind].external_id
    rows = ctx.bluejet.find(link.kind, column, link.external_id) if column else []
    if len(rows) > 1:
        ids = ", ".join(row.id for row in rows[:10])
        return parked(Issue("candidates", params={"count": len(rows), "ids": ids, "external_id": link.external_id}))
    found = {"bluejet_id": rows[0].id} if rows else {}
    unchanged = RecordLink.objects.filter(pk=link.pk, bluejet_id="", lease=link.lease)
    unchanged.update(settle_until=None, lease=None, leased_until=None, unfinished_until=None, **found)
    return None
