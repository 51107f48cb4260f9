"""Where the records of finished jobs are: green is shown only for what BlueJet really holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from django.db.models import Q

from shops.models import FlowName, FlowSetting
from sync.flows.product.flow import CODE
from sync.flows.stock import MOVEMENTS
from sync.models import Kind, RecordLink, SyncJob

KINDS: dict[str, tuple[str, ...]] = {
    FlowName.PRODUCT_TO_BLUEJET: (Kind.PRODUCT,),
    FlowName.STOCK_TO_BLUEJET: (Kind.STOCK_CARD,),
    FlowName.CUSTOMER_TO_BLUEJET: (Kind.CONTACT, Kind.COMPANY, Kind.ADDRESS),
    FlowName.ORDER_TO_BLUEJET: (Kind.OFFER, Kind.ORDER),
}
FLOW_OF_KIND = {kind: flow for flow, kinds in KINDS.items() for kind in kinds}
Place = tuple[int, str, str]


class Standing(Enum):
    """Where a finished job's record is."""

    IN_BLUEJET = "in BlueJet"
    ARCHIVED = "archived there"
    COMPUTED = "computed, and not written"
    NOWHERE = "not in BlueJet"


def standings(jobs: Sequence[SyncJob]) -> dict[int, Standing]:
    """Return where the records of these jobs are, by job; two queries for the whole list."""
    shadowed = set(FlowSetting.objects.filter(mode=FlowSetting.Mode.SHADOW).values_list("shop_id", "flow"))
    live, archived = _held([job for job in jobs if job.state == SyncJob.State.DONE])
    return {job.pk: _standing(job, shadowed, live, archived) for job in jobs}


def bare_key(job: SyncJob) -> str:
    """Return the key by which the links know the job's record."""
    return job.key.removeprefix(CODE)


def _standing(job: SyncJob, shadowed: set[tuple[int, str]], live: set[Place], archived: set[Place]) -> Standing:
    if (job.shop_id, job.flow) in shadowed:
        return Standing.COMPUTED
    place = (job.shop_id, job.flow, bare_key(job))
    # A look at a stock's movements is about no record of its own.
    if place in live or job.key.startswith(MOVEMENTS):
        return Standing.IN_BLUEJET
    return Standing.ARCHIVED if place in archived else Standing.NOWHERE


def _held(jobs: Iterable[SyncJob]) -> tuple[set[Place], set[Place]]:
    keys = {bare_key(job) for job in jobs}
    if not keys:
        return set(), set()
    links = RecordLink.objects.filter(Q(key__in=keys) | Q(parent_key__in=keys), shop_id__in={job.shop_id for job in jobs}).exclude(
        bluejet_id=""
    )
    live: set[Place] = set()
    archived: set[Place] = set()
    for shop_id, kind, key, parent_key, is_archived in links.values_list("shop_id", "kind", "key", "parent_key", "archived"):
        places = {(shop_id, FLOW_OF_KIND.get(kind, ""), one) for one in (key, parent_key)}
        (archived if is_archived else live).update(places)
    return live, archived
