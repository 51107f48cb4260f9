"""Lease BlueJet's records themselves: two shops, or two links of one shop, never write one record at the same time.

A link's own lease does not keep others from a record that their links lead to. So whoever holds the links takes the records, too: by
BlueJet's id where it is known, else by what the record would be searched by, so that of two who would create the same one only one does.
After an unknown outcome the record waits for everybody; whoever comes next looks in BlueJet before he writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from shops.heartbeat import Claim
from sync.flow import Context, Part
from sync.models import Kind, RecordLease, RecordLink
from sync.storable import storable_text

# A document is one shop's alone and has one link: that one's lease is enough.
LEASED_KINDS = (Kind.CONTACT, Kind.COMPANY, Kind.ADDRESS, Kind.PRODUCT, Kind.STOCK_CARD)
LONGEST = 200


def take(ctx: Context, parts: Sequence[Part]) -> list[Part]:
    """Take the records of these parts; return the parts that have theirs. Those whose record is in doubt have to search."""
    for part in parts:
        part.subject = subject_of(part)
    wanted = [part for part in parts if part.subject]
    held = _take(ctx, wanted)
    for part in wanted:
        if (part.kind, part.subject) in held:
            _heed(part, held[part.kind, part.subject])
    return [part for part in parts if not part.subject or (part.kind, part.subject) in held]


def take_found(ctx: Context, part: Part) -> bool:
    """Take the record that a search led to, besides what it was searched by; return whether it is free."""
    if part.kind not in LEASED_KINDS:
        return True
    part.found_subject = _by_id(part.held.bluejet_id)
    lease = _take(ctx, [part], found=True).get((part.kind, part.found_subject))
    if lease is None:
        part.found_subject = ""
        return False
    _heed(part, lease)
    return True


class HeldRecords(Claim):
    """All the records that a context holds, those too that it takes while the heartbeat goes on."""

    @property
    def mine(self) -> QuerySet[models.Model]:
        """Return the rows that carry the token."""
        return self.model._default_manager.filter(**{self.fields[0]: self.token})


def claim_of(ctx: Context) -> Claim:
    """Return the records held as the heartbeat prolongs them."""
    return HeldRecords(RecordLease, (), ctx.token, settings.SYNC_LEASE_SECONDS, ("holder", "held_until"))


def begin_write(ctx: Context, parts: Sequence[Part]) -> bool:
    """Prolong the leases and note until when the attempt may be carried out; return whether all of them are ours."""
    wanted = {(part.kind, subject) for part in parts for subject in _subjects(part)}
    if not wanted:
        return True
    now = timezone.now()
    unfinished = now + timedelta(seconds=settings.BLUEJET_TIMEOUT + settings.SYNC_SETTLE_SECONDS)
    with transaction.atomic():
        ids = list(_mine(ctx, parts).select_for_update().order_by("kind", "subject").values_list("pk", flat=True))
        RecordLease.objects.filter(pk__in=ids).update(held_until=now + _span(), unfinished_until=unfinished)
    return len(ids) == len(wanted)


def give_back(ctx: Context, parts: Sequence[Part]) -> None:
    """Give the leases back, after those of the links; a record of which nobody knows how its write ended stays in doubt."""
    leased = [part for part in parts if part.subject or part.found_subject]
    if not leased:
        return
    doubtful = RecordLink.objects.filter(pk__in=[part.held.pk for part in leased], settle_until__isnull=False)
    until = dict(doubtful.values_list("pk", "settle_until"))
    for part in leased:
        if part.held.pk in until:
            _mine(ctx, [part]).update(settle_until=until[part.held.pk], doubted_by=part.held.pk)
    clear = [part for part in leased if part.held.pk not in until and part.outcome is not None and part.outcome.result.is_final]
    _mine(ctx, clear).delete()
    _mine(ctx, leased).filter(settle_until__isnull=True).delete()
    _mine(ctx, leased).update(holder=None, held_until=None, unfinished_until=None)


def doubt(ctx: Context, parts: Iterable[Part]) -> None:
    """Note that a write to these records may have been applied: nobody writes them before it has settled."""
    until = timezone.now() + timedelta(seconds=settings.SYNC_SETTLE_SECONDS)
    for part in parts:
        if _subjects(part):
            _mine(ctx, [part]).update(settle_until=until, doubted_by=part.held.pk)


def subject_of(part: Part) -> str:
    """Return what the record is leased by: BlueJet's id, else what it would be searched by; empty where nobody else could mean it."""
    if part.kind not in LEASED_KINDS:
        return ""
    if part.held.bluejet_id:
        return _by_id(part.held.bluejet_id)
    natural = storable_text(part.natural_key or part.alike).strip().casefold()
    return _bounded(f"key:{natural}") if natural else ""


def _by_id(bluejet_id: str) -> str:
    return _bounded(f"id:{bluejet_id}")


def _bounded(subject: str) -> str:
    return subject if len(subject) <= LONGEST else f"{subject[:100]}:{sha256(subject.encode()).hexdigest()}"


def _subjects(part: Part) -> list[str]:
    return [subject for subject in (part.subject, part.found_subject) if subject]


def _take(ctx: Context, parts: Sequence[Part], *, found: bool = False) -> dict[tuple[str, str], RecordLease]:
    """Insert what is not there and take what is free, always in the same order; return what is ours now."""
    wanted = sorted({(part.kind, part.found_subject if found else part.subject) for part in parts})
    if not wanted:
        return {}
    rows = [RecordLease(account=ctx.account, kind=kind, subject=subject) for kind, subject in wanted]
    RecordLease.objects.bulk_create(rows, ignore_conflicts=True)
    now = timezone.now()
    with transaction.atomic():
        free = _named(ctx, wanted).filter(Q(held_until__isnull=True) | Q(held_until__lt=now) | Q(holder=ctx.token))
        ids = list(free.select_for_update().order_by("kind", "subject").values_list("pk", flat=True))
        taken = RecordLease.objects.filter(pk__in=ids)
        # Its holder did not give it back: what he was writing has to be searched for.
        lost = Greatest(Coalesce(F("settle_until"), now), Coalesce(F("unfinished_until"), now), now)
        taken.exclude(holder=ctx.token).filter(holder__isnull=False).update(settle_until=lost, unfinished_until=None, doubted_by=None)
        taken.update(holder=ctx.token, held_until=now + _span())
        return {(lease.kind, lease.subject): lease for lease in taken}


def _heed(part: Part, lease: RecordLease) -> None:
    is_known_by_now = lease.doubted_by_id == part.held.pk and part.held.settle_until is None
    if lease.settle_until is not None and not is_known_by_now:
        part.must_search = True
        part.settles_at = max(part.settles_at or lease.settle_until, lease.settle_until)


def _named(ctx: Context, wanted: Iterable[tuple[str, str]]) -> QuerySet[RecordLease]:
    which = Q(pk__in=[])
    by_kind: dict[str, list[str]] = {}
    for kind, subject in wanted:
        by_kind.setdefault(kind, []).append(subject)
    for kind, subjects in by_kind.items():
        which |= Q(kind=kind, subject__in=subjects)
    return RecordLease.objects.filter(which, account=ctx.account)


def _mine(ctx: Context, parts: Iterable[Part]) -> QuerySet[RecordLease]:
    return _named(ctx, {(part.kind, subject) for part in parts for subject in _subjects(part)}).filter(holder=ctx.token)


def _span() -> timedelta:
    return timedelta(seconds=settings.SYNC_LEASE_SECONDS)
