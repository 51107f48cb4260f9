"""Raise what is wanted of a job and wake it, whatever its state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils import timezone

from shops.models import Shop
from sync.dispatch import enqueue, enqueue_jobs
from sync.models import SyncJob
from sync.storable import storable_key, storable_moment, storable_text

AT_ONCE = 500
ENQUEUED_ONE_BY_ONE = 20
LANES = 2


@dataclass(frozen=True)
class Ask:
    """One record that should be looked at."""

    flow: str
    key: str
    priority: int
    deleted: bool = False
    announced_at: datetime | None = None
    delay: float = 0.0

    def __post_init__(self) -> None:
        # One record that no row can hold must not keep those that are asked for with it from their jobs.
        object.__setattr__(self, "key", storable_key(self.key))
        object.__setattr__(self, "announced_at", storable_moment(self.announced_at))


def ask(shop: Shop, asks: Iterable[Ask], *, asked_by: str, approved: bool = False) -> list[SyncJob]:
    """Raise `wanted` of each record's one job and enqueue it after commit; return the jobs as they are now."""
    alike: dict[Ask, list[str]] = {}
    for one in {(one.flow, one.key): one for one in asks}.values():
        alike.setdefault(replace(one, key=""), []).append(one.key)
    jobs: list[SyncJob] = []
    with transaction.atomic():
        for wish, keys in sorted(alike.items(), key=lambda pair: (pair[0].flow, min(pair[1]))):
            for start in range(0, len(keys), AT_ONCE):
                jobs += _ask_alike(shop, wish, sorted(keys)[start : start + AT_ONCE], asked_by, approved)
    return jobs


def _ask_alike(shop: Shop, wish: Ask, keys: list[str], asked_by: str, approved: bool) -> list[SyncJob]:
    """Ask for several records of one flow for the same reason, with a few statements for all of them."""
    now = timezone.now()
    due = now + timedelta(seconds=wish.delay)
    rows = [SyncJob(shop=shop, flow=wish.flow, key=key, priority=wish.priority, next_try_at=due) for key in keys]
    SyncJob.objects.bulk_create(rows, ignore_conflicts=True)
    wanted = SyncJob.objects.filter(shop=shop, flow=wish.flow, key__in=keys)
    # Locked in one order, so that two askers cannot wait for each other.
    ids = list(wanted.select_for_update().order_by("key").values_list("pk", flat=True))
    SyncJob.objects.filter(pk__in=ids).update(**_changes(wish, asked_by, approved, now))
    transaction.on_commit(partial(_enqueue, shop, wish, ids))
    return list(SyncJob.objects.filter(pk__in=ids).defer("draft", "traceback").order_by("key"))


def _changes(wish: Ask, asked_by: str, approved: bool, now: datetime) -> dict[str, Any]:
    """A running job stays with its worker, which will see at its end that more was wanted."""
    running, waiting = Q(state=SyncJob.State.RUNNING), Q(state__in=SyncJob.OPEN)
    stopped = ~(running | waiting)
    changes: dict[str, Any] = {
        "wanted": F("wanted") + 1,
        "state": Case(When(running, then=F("state")), default=Value(SyncJob.State.QUEUED)),
        "next_try_at": _next_try(running, waiting, now + timedelta(seconds=wish.delay)),
        "priority": Case(When(waiting, then=Least(F("priority"), Value(wish.priority))), default=Value(wish.priority)),
        "blocked_by": "",
        "waits_since": Case(When(stopped, then=None), default=F("waits_since")),
        "tries": Case(When(running, then=F("tries")), default=0),
        "lag": 0,
        "asked_at": now,
        "asked_by": storable_text(asked_by)[:200],
        "changed_at": now,
    }
    if wish.announced_at:
        changes["announced_at"] = Greatest(Coalesce("announced_at", Value(wish.announced_at)), Value(wish.announced_at))
    if wish.deleted:
        changes["deletion_announced"] = True
    if approved:
        changes["approved"] = True
    return changes


def _next_try(running: Q, waiting: Q, wished: datetime) -> Case:
    """Whoever may wait must not push back what is due already: asked often enough, it would never have its turn."""
    return Case(
        When(running, then=F("next_try_at")),
        When(waiting, then=Least(F("next_try_at"), Value(wished))),
        default=Value(wished),
    )


def _enqueue(shop: Shop, wish: Ask, ids: list[int]) -> None:
    """Enqueue each job, or where there are many a few workers that go on until all are done."""
    if len(ids) <= ENQUEUED_ONE_BY_ONE or wish.delay:
        enqueue_jobs(ids, priority=wish.priority, delay=wish.delay)
        return
    for _ in range(LANES):
        enqueue("work_due", shop.pk, wish.flow, priority=wish.priority)
