"""Find out whether refused credentials work by now: one look every few minutes, one when somebody saves others, and one at a time."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from clients.errors import Locked, PartnerError, RightMissing, Throttled
from shops.connection import CheckResult, OtherShop, check_bluejet, check_shoptet
from shops.models import BlueJetAccount, Shop
from sync.breakers import REFUSING, close_for_credentials, credentials_interval, open_for_credentials
from sync.dispatch import enqueue, enqueue_after_commit
from sync.issues import Issue
from sync.models import Breaker, MissingRight, PartnerCheck, SyncChunk, SyncJob, SyncRun
from sync.outcomes import defect, outcome_of
from sync.partners import (
    BLUEJET_LABEL,
    SHOPTET_LABEL,
    bluejet_breaker,
    bluejet_limiter,
    bluejet_name,
    shoptet_breaker,
    shoptet_limiter,
    shoptet_name,
)
from sync.rights import held_by
from sync.storable import storable_json

logger = logging.getLogger(__name__)
# Longer than the few requests of a probe may take; a prober that was killed is not waited for any longer.
LONGEST_PROBE = timedelta(seconds=90)
# What is read now and then, and was refused meanwhile.
AFTERWARDS = {"shoptet": ("catch_up_shop", "refresh_shop_values"), "bluejet": ("refresh_shop_values",)}
Owner = Shop | BlueJetAccount


def name_of_owner(owner: Owner) -> str:
    """Return the name that the breaker knows the owner's partner by."""
    return shoptet_name(owner) if isinstance(owner, Shop) else bluejet_name(owner)


def owner_of(partner: str) -> Owner | None:
    """Return the shop or the account whose credentials these are, None where it was deleted."""
    side, _colon, key = partner.partition(":")
    if not key.isdecimal():
        return None
    return Shop.objects.filter(pk=key).first() if side == "shoptet" else BlueJetAccount.objects.filter(pk=key).first()


def shops_of(partner: str) -> QuerySet[Shop]:
    """Return the active shops that work with this partner."""
    side, _colon, key = partner.partition(":")
    return Shop.objects.filter(active=True, **{"pk" if side == "shoptet" else "bluejet": key})


def want_probe(owner: Owner) -> None:
    """Have the owner's credentials tried once they are stored, whatever is known of them."""
    partner = name_of_owner(owner)
    Breaker.objects.get_or_create(partner=partner)
    Breaker.objects.filter(partner=partner).update(probe_wanted=True)
    enqueue_after_commit("probe_credentials", partner)


def enqueue_probes() -> None:
    """Hand out the probes whose time has come; whoever takes one up claims it, so that too many of them do no harm."""
    for partner, is_wanted in _due().values_list("partner", "probe_wanted"):
        if is_wanted or shops_of(partner).exists():
            enqueue("probe_credentials", partner)


def probe(partner: str) -> None:
    """Try the credentials of a partner, and again where others were saved meanwhile."""
    while _claim(partner):
        owner = owner_of(partner)
        if owner is None:
            Breaker.objects.filter(partner=partner).delete()
            return
        is_wanted = False
        try:
            is_wanted = _is_busy(looked := ask(owner))
            conclude(owner, looked)
        finally:
            Breaker.objects.filter(partner=partner).update(probing_until=None, **({"probe_wanted": True} if is_wanted else {}))
        if is_wanted:
            return  # the sweeper hands it out again


def ask(owner: Owner) -> CheckResult:
    """Ask the owner's partner whether it lets the portal in, also where it is known not to."""
    if isinstance(owner, Shop):
        return check_shoptet(owner, limiter=shoptet_limiter(owner), breaker=shoptet_breaker(owner, probes=True))
    return check_bluejet(owner, limiter=bluejet_limiter(owner), breaker=bluejet_breaker(owner, probes=True))


def conclude(owner: Owner, result: CheckResult) -> None:
    """Keep what a look found, and let everything go on where the credentials work."""
    partner, error = name_of_owner(owner), result.error
    if _is_busy(result):
        return
    keep_check(partner, issue_of(partner, error))
    if result.ok or isinstance(error, RightMissing):
        _go_on(partner)
    elif isinstance(error, OtherShop):
        # Its records would be another shop's.
        open_for_credentials(partner, f"{SHOPTET_LABEL}: {error}")


def _is_busy(result: CheckResult) -> bool:
    """Whether there was no room for the question, which says nothing of the partner."""
    return isinstance(result.error, Throttled | Locked)


def issue_of(partner: str, error: Exception | None) -> Issue | None:
    """Return what a look found as a finding for people, None where all was well."""
    if error is None:
        return None
    if isinstance(error, OtherShop):
        return Issue("other_eshop", params={"partner": SHOPTET_LABEL, "message": str(error)})
    found = outcome_of(error) if isinstance(error, PartnerError) else defect(error)
    label = SHOPTET_LABEL if partner.startswith("shoptet") else BLUEJET_LABEL
    return Issue(found.issues[0].code, params={"partner": label, **found.issues[0].params})


def keep_check(partner: str, issue: Issue | None) -> None:
    """Keep when the partner was looked at, and what was wrong."""
    stored = storable_json(issue.to_json()) if issue else None
    PartnerCheck.objects.update_or_create(partner=partner, defaults={"checked_at": timezone.now(), "issue": stored})


def _due() -> QuerySet[Breaker]:
    now = timezone.now()
    is_time = Q(probe_wanted=True) | Q(next_probe_at__lte=now, **REFUSING)
    return Breaker.objects.filter(is_time & (Q(probing_until__isnull=True) | Q(probing_until__lt=now)))


def _claim(partner: str) -> bool:
    now = timezone.now()
    if not _due().filter(partner=partner).update(probing_until=now + LONGEST_PROBE, probe_wanted=False):
        return False
    Breaker.objects.filter(partner=partner, **REFUSING).update(next_probe_at=now + credentials_interval())
    return True


def _go_on(partner: str) -> None:
    """Wake the jobs and runs that waited, and what was to be read now and then; rights may have come with the credentials."""
    for right in MissingRight.objects.filter(partner=partner).values_list("right", flat=True):
        try_right(held_by(partner, right))
    MissingRight.objects.filter(partner=partner).update(held_until=timezone.now(), failures=0)
    if not close_for_credentials(partner):
        return
    shops = list(shops_of(partner).values_list("pk", flat=True))
    _resume_runs(shops)
    for shop_id in shops:
        for task in AFTERWARDS[partner.partition(":")[0]]:
            enqueue(task, shop_id)


def _resume_runs(shop_ids: Iterable[int]) -> None:
    runs = SyncRun.objects.filter(shop_id__in=list(shop_ids), state__in=SyncRun.ACTIVE)
    held = SyncChunk.objects.filter(run__in=runs, state=SyncChunk.State.QUEUED, next_try_at__isnull=False)
    held.update(next_try_at=timezone.now())
    runs.filter(state=SyncRun.State.PLANNING, claim__isnull=True).update(claimed_until=None)
    for run in runs:
        enqueue("plan" if run.state == SyncRun.State.PLANNING else "work_run", run.pk)


def try_rights() -> None:
    """Have one of the jobs that wait for a right try whether it is there by now, each time that it may be asked for."""
    for row in MissingRight.objects.filter(held_until__lte=timezone.now()):
        try_right(held_by(row.partner, row.right))


def try_right(held: str) -> None:
    """Queue the most urgent job that waits for this right."""
    waiting = SyncJob.objects.filter(state=SyncJob.State.WAITING, blocked_by=held, next_try_at__gt=timezone.now())
    first = waiting.order_by("priority", "changed_at").values_list("pk", flat=True).first()
    if first is not None:
        SyncJob.objects.filter(pk=first, state=SyncJob.State.WAITING).update(next_try_at=timezone.now())
