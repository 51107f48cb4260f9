"""Find, reserve and lease the links of records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from sync import record_leases
from sync.flow import Context, Part
from sync.isolation import savepoint
from sync.models import RecordLink
from sync.storable import storable_text

LONGEST_ID = 100


def links_by_key(ctx: Context, kind: str, keys: Iterable[str]) -> dict[str, RecordLink]:
    """Return the complete links of these Shoptet keys."""
    wanted = sorted(set(keys))
    found: dict[str, RecordLink] = {}
    for start in range(0, len(wanted), 500):
        rows = RecordLink.objects.filter(shop=ctx.shop, kind=kind, key__in=wanted[start : start + 500]).exclude(bluejet_id="")
        found.update({link.key: link for link in rows})
    return found


def reserve(ctx: Context, parts: Sequence[Part]) -> None:
    """Give every part its link; a new one is a reservation, inserted before anything is searched."""
    rows = [
        RecordLink(
            shop=ctx.shop,
            account=ctx.account,
            kind=part.kind,
            key=part.key,
            parent_key=part.parent_key,
            natural_key=storable_text(part.natural_key)[:255],
            external_id=part.external_id,
            guid=part.guid[:64],
        )
        for part in sorted(parts, key=lambda part: (part.kind, part.key))
    ]
    with savepoint():
        RecordLink.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    for kind in {part.kind for part in parts}:
        mine = [part for part in parts if part.kind == kind]
        links = {link.key: link for link in RecordLink.objects.filter(shop=ctx.shop, kind=kind, key__in=[part.key for part in mine])}
        for part in mine:
            part.link = links[part.key]


def lease(ctx: Context, parts: Sequence[Part]) -> list[Part]:
    """Take the leases that are free; return the parts that hold theirs, with their links read anew.

    A lease that ran out without being given back means that its holder died: what it was writing must be searched for.
    """
    ids = sorted({part.link.pk for part in parts if part.link})
    now = timezone.now()
    expired = set(RecordLink.objects.filter(pk__in=ids, lease__isnull=False, leased_until__lt=now).values_list("pk", flat=True))
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    RecordLink.objects.filter(free, pk__in=ids).update(lease=ctx.token, leased_until=now + _span())
    held = {link.pk: link for link in RecordLink.objects.filter(pk__in=ids, lease=ctx.token)}
    holders = [part for part in parts if part.link and part.link.pk in held]
    for part in holders:
        part.link = held[part.held.pk]
        part.must_search = part.held.pk in expired or part.held.settle_until is not None
    taken = record_leases.take(ctx, holders)
    release(ctx, [part for part in holders if part not in taken])
    return taken


def renew(ctx: Context, parts: Sequence[Part]) -> set[int]:
    """Prolong the leases before a call, so that none ends while the call is under way; return the links still held."""
    ids = [part.link.pk for part in parts if part.link]
    mine = RecordLink.objects.filter(pk__in=ids, lease=ctx.token)
    mine.update(leased_until=timezone.now() + _span())
    held = set(mine.values_list("pk", flat=True))
    return {part.held.pk for part in record_leases.prolong(ctx, [part for part in parts if part.link and part.held.pk in held])}


def release(ctx: Context, parts: Sequence[Part]) -> None:
    """Give the leases back."""
    record_leases.give_back(ctx, parts)
    ids = sorted({part.link.pk for part in parts if part.link})
    RecordLink.objects.filter(pk__in=ids, lease=ctx.token).update(lease=None, leased_until=None)


def mark_unknown(ctx: Context, parts: Sequence[Part], *, known: str = "") -> None:
    """Note that a write may have been applied: nobody writes before the settle time is over and a search was made.

    `known` is BlueJet's id of the one record, where it was answered but could not be written down with the rest.
    """
    until = timezone.now() + timedelta(seconds=settings.SYNC_SETTLE_SECONDS)
    ids = [part.link.pk for part in parts if part.link]
    found = {"bluejet_id": known} if known and storable_text(known, LONGEST_ID) == known else {}
    RecordLink.objects.filter(pk__in=ids, lease=ctx.token).update(settle_until=until, **found)
    record_leases.doubt(ctx, parts)


def _span() -> timedelta:
    return timedelta(seconds=settings.SYNC_LEASE_SECONDS)
