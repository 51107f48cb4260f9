"""The lease of a record: whoever writes to BlueJet's copy holds it, and nothing is saved on a link but under its token.

The lease itself is short, and prolonged by the heartbeat while its holder lives. What a write may still do after its holder's end
is another time, noted before each attempt: until then nobody else writes, and whoever comes then reads before it compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, When
from django.utils import timezone

from clients.errors import Stopped
from shops.heartbeat import Claim
from shops.models import FlowName
from sync import record_leases
from sync.flow import Context, Part
from sync.jobs.ask import Ask, ask
from sync.models import Kind, RecordLink
from sync.models.job import Priority
from sync.partners import BLUEJET_LABEL
from sync.storable import storable_text

LONGEST_ID = 100
# What is known of a write whose end is not known: only whoever reads the record after it was noted may forget it.
DOUBT = ("settle_until", "sending")
# A write that has no end when its lease is given up or runs out is one of unknown end.
_UNENDED = Q(unfinished_until__isnull=False) & (Q(settle_until__isnull=True) | Q(settle_until__lt=F("unfinished_until")))
_SETTLED = {"settle_until": Case(When(_UNENDED, then=F("unfinished_until")), default=F("settle_until")), "unfinished_until": None}


@dataclass
class Writing:
    """A write under the leases of these parts: `watched` by `check`, no request of it goes out unless claim and leases are still ours.

    Each attempt prolongs them and notes until when it may still be carried out. `begun` tells whether any went out.
    """

    ctx: Context
    parts: Sequence[Part]
    begun: bool = False

    def check(self) -> None:
        """Raise Stopped where one was lost: whoever has the record now looks for what was written before it writes."""
        claim = self.ctx.claim
        mine = (claim is None or claim.prolong()) and _begin_write(self.ctx, _ids(self.parts))
        if not (mine and record_leases.begin_write(self.ctx, self.parts)):
            raise Stopped("another worker took the record over", partner=BLUEJET_LABEL, maybe_applied=self.begun)
        self.begun = True


def lease(ctx: Context, parts: Sequence[Part]) -> list[Part]:
    """Take the leases that are free; return the parts that hold theirs, with their links read anew.

    A lease that ran out without being given back means that its holder died: what it was writing must be searched for.
    """
    ids = _ids(parts)
    now = timezone.now()
    expired = set(RecordLink.objects.filter(pk__in=ids, lease__isnull=False, leased_until__lt=now).values_list("pk", flat=True))
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    RecordLink.objects.filter(free, pk__in=ids).update(lease=ctx.token, leased_until=now + _span(), **_SETTLED)
    held = {link.pk: link for link in _mine(ctx, ids)}
    holders = [part for part in parts if part.link and part.link.pk in held]
    for part in holders:
        part.link = held[part.held.pk]
        part.must_search = part.held.pk in expired or part.held.settle_until is not None
    try:
        taken = record_leases.take(ctx, holders)
    except Exception:
        release(ctx, holders)
        raise
    release(ctx, [part for part in holders if part not in taken])
    return taken


def claim_of(ctx: Context, parts: Iterable[Part]) -> Claim:
    """Return the leases of these parts as the heartbeat prolongs them."""
    return Claim(RecordLink, tuple(_ids(parts)), ctx.token, settings.SYNC_LEASE_SECONDS, ("lease", "leased_until"))


def still_held(ctx: Context, parts: Iterable[Part]) -> set[int]:
    """Return the links whose lease is still ours."""
    return set(_mine(ctx, _ids(parts)).values_list("pk", flat=True))


def _begin_write(ctx: Context, ids: Sequence[int]) -> bool:
    """Prolong all of these leases, or none; return whether they are ours."""
    now, mine = timezone.now(), _mine(ctx, ids)
    unfinished = now + timedelta(seconds=settings.BLUEJET_TIMEOUT + settings.SYNC_SETTLE_SECONDS)
    with transaction.atomic():
        if len(ids) > 1:
            # Locked in one order, so that two who prolong cannot wait for each other.
            list(mine.select_for_update().order_by("pk").values_list("pk", flat=True))
        if mine.update(leased_until=now + _span(), unfinished_until=unfinished) == len(ids):
            return True
        transaction.set_rollback(True)
    return False


def save(ctx: Context, link: RecordLink, names: Iterable[str]) -> bool:
    """Save these fields of a link under its lease; return False where another worker has it, and nothing was saved.

    What somebody who lost the record noted of a late write meanwhile stays: only a later holder, who reads first, forgets it.
    """
    values = {name: getattr(link, name) for name in names}
    mine = _mine(ctx, [link.pk])
    if mine.filter(doubts=link.doubts).update(**values):
        return True
    known = {name: value for name, value in values.items() if name not in DOUBT}
    return bool(mine.update(**known) if known else mine.exists())


def mark_unknown(ctx: Context, parts: Iterable[Part], *, known: str = "") -> None:
    """Note that a write may have been applied: nobody writes before the settle time is over and a search was made.

    `known` is BlueJet's id of the one record, where it was answered but could not be written down with the rest.
    Where the lease was lost meanwhile, whoever has the record now may have compared too early: it is looked at once more.
    """
    parts = list(parts)
    found = {"bluejet_id": known} if known and storable_text(known, LONGEST_ID) == known else {}
    _mine(ctx, _ids(parts)).update(settle_until=_settled_at(), unfinished_until=None, **found)
    record_leases.doubt(ctx, parts)
    held = still_held(ctx, parts)
    _doubt(ctx, [part for part in parts if part.link and part.held.pk not in held])


def _doubt(ctx: Context, parts: Sequence[Part]) -> None:
    """Have records read back that were written, or still may be, under a lease that was lost; and ask for them once more.

    What the write carried is kept, so that it is not taken for somebody's change.
    """
    for part in parts:
        noted = {"sending": part.held.sending} if part.held.sending else {}
        later = Case(When(settle_until__gt=_settled_at(), then=F("settle_until")), default=_settled_at())
        with transaction.atomic():
            RecordLink.objects.filter(pk=part.held.pk).update(settle_until=later, doubts=F("doubts") + 1, **noted)
            ask(ctx.shop, _who_writes(ctx, part), asked_by=f"{part.held}")


def _who_writes(ctx: Context, part: Part) -> list[Ask]:
    """Return the job that this write was for, and the one whose own the record is: it may have been newer."""
    asks = [Ask(ctx.flow.name, part.item.job_key, ctx.flow.priority)] if ctx.flow is not None and part.item.job_key else []
    if part.kind == Kind.CONTACT and ":" not in part.key:
        asks.append(Ask(FlowName.CUSTOMER_TO_BLUEJET, part.key, Priority.CUSTOMERS))
    return asks


def release(ctx: Context, parts: Sequence[Part]) -> None:
    """Give the leases back."""
    _mine(ctx, _ids(parts)).update(lease=None, leased_until=None, **_SETTLED)
    record_leases.give_back(ctx, parts)


def _ids(parts: Iterable[Part]) -> list[int]:
    return sorted({part.link.pk for part in parts if part.link})


def _mine(ctx: Context, ids: Iterable[int]) -> QuerySet[RecordLink]:
    return RecordLink.objects.filter(pk__in=ids, lease=ctx.token)


def _settled_at() -> datetime:
    return timezone.now() + timedelta(seconds=settings.SYNC_SETTLE_SECONDS)


def _span() -> timedelta:
    return timedelta(seconds=settings.SYNC_LEASE_SECONDS)
