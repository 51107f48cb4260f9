"""Jobs that are changed together are locked in one order, whoever changes them: so no two transactions wait for each other.

Whoever changes several jobs in one transaction takes them all by one call, before anything else of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import Collate

from sync.models import SyncJob

AT_ONCE = 500


def in_order(jobs: QuerySet[SyncJob]) -> QuerySet[SyncJob]:
    """Return the jobs so that reading them locks them, by shop, flow and key; rows that only refer to them are not kept out."""
    # By the characters' numbers, as Python sorts, and not by the rules of a language, which differ between servers.
    key = Collate("key", "C") if connection.vendor == "postgresql" else F("key")
    return jobs.select_for_update(no_key=True).order_by("shop_id", "flow", key)


def lock(jobs: QuerySet[SyncJob]) -> list[int]:
    """Lock the jobs until the transaction ends; return their ids in the order in which they were locked."""
    return list(in_order(jobs).values_list("pk", flat=True))


def make_and_lock(rows: Iterable[SyncJob]) -> dict[tuple[str, str], int]:
    """Insert those jobs of one shop that are not there yet and lock all of them; return their ids by flow and key."""
    wanted = sorted(rows, key=_place)
    SyncJob.objects.bulk_create(wanted, ignore_conflicts=True, batch_size=AT_ONCE)
    found: dict[tuple[str, str], int] = {}
    for flow, alike in groupby(wanted, key=lambda row: row.flow):
        some = list(alike)
        for start in range(0, len(some), AT_ONCE):
            found |= _lock_alike(flow, some[start : start + AT_ONCE])
    return found


def _lock_alike(flow: str, rows: list[SyncJob]) -> dict[tuple[str, str], int]:
    there = SyncJob.objects.filter(shop_id=rows[0].shop_id, flow=flow, key__in=[row.key for row in rows])
    return {(flow, key): pk for key, pk in in_order(there).values_list("key", "pk")}


def _place(row: SyncJob) -> tuple[str, str]:
    return row.flow, row.key
