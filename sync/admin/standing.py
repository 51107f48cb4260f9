"""Where the record of a job is, decided in one place for every page: how the job stands, and what BlueJet holds of the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from django.db.models import Q

from shops.models import FlowName
from sync.flows.product.flow import CODE
from sync.flows.stock import MOVEMENTS
from sync.models import EventJob, Kind, RecordLink, SyncJob
from sync.push.telling import LOST
from sync.unread import LEFT_OUT, TOLD_ONCE

KINDS: dict[str, tuple[str, ...]] = {
    FlowName.PRODUCT_TO_BLUEJET: (Kind.PRODUCT,),
    FlowName.STOCK_TO_BLUEJET: (Kind.STOCK_CARD,),
    FlowName.CUSTOMER_TO_BLUEJET: (Kind.CONTACT, Kind.COMPANY, Kind.ADDRESS),
    FlowName.ORDER_TO_BLUEJET: (Kind.OFFER, Kind.ORDER),
}
FLOW_OF_KIND = {kind: flow for flow, kinds in KINDS.items() for kind in kinds}
# Findings of a job that ended without having been worked on, since its flow was never live; or in a version that held nothing.
NOT_LIVE_CODES = ("flow_never_live", "flow_off")
# What became of a difference that is none any more, and what was put right at once.
GONE_OVER = frozenset({LOST, "restored"})
MENDED = frozenset({"update_resets", "order_number_reused"})
Place = tuple[int, str, str]
State = SyncJob.State


class Holding(Enum):
    """What BlueJet holds of a record, for all that the portal knows."""

    NOTHING = "nothing"
    RECORD = "the record"
    PART = "a part of it"
    ARCHIVED = "it, archived"
    GONE = "nothing any more"
    UNKNOWN = "not known"


class Standing(Enum):
    """How a job stands, the worst last: of several, an event says the last."""

    IN_BLUEJET = "in BlueJet"
    DIFFERS = "in BlueJet, and different"
    ARCHIVED = "archived there"
    KEPT = "kept there for another shop"
    LOOKED = "looked at"
    NOTHING_TO_DO = "nothing to do"
    LEFT = "left alone"
    RUNNING = "running"
    QUEUED = "queued"
    WAITING = "waiting"
    COMPUTED = "computed only"
    HELD = "held"
    NOT_LIVE = "flow not live"
    UNSURE = "not known"
    PARKED = "parked"
    FAILED = "failed"


WORST_LAST = list(Standing)
OPEN = {state.value: Standing(state.value) for state in State if state is not State.DONE}


@dataclass(frozen=True)
class Position:
    """How a job stands, and what BlueJet holds of its record."""

    standing: Standing
    holding: Holding


def standings(jobs: Sequence[SyncJob]) -> dict[int, Position]:
    """Return where the jobs stand, by job; one query for the whole list."""
    links = _links(jobs)
    return {job.pk: _position(job, links) for job in jobs}


def standings_of_asks(asks: Sequence[EventJob]) -> dict[int, Standing]:
    """Return how what an event asked for stands, by ask: a job that has reached the event may have been asked for more since."""
    links = _links([ask.job for ask in asks])
    return {ask.pk: _answer(ask, _position(ask.job, links)) for ask in asks}


def worst(standings: Iterable[Standing]) -> Standing:
    """Return the standing that says most of what is left to do."""
    return max(standings, key=WORST_LAST.index)


def bare_key(job: SyncJob) -> str:
    """Return the key by which the links know the job's record."""
    return job.key.removeprefix(CODE)


def has_code(job: SyncJob, codes: Iterable[str]) -> bool:
    """Whether one of the job's findings has one of these codes."""
    wanted = set(codes)
    return any(stored.get("code") in wanted for stored in job.issues)


def is_behind(ask: EventJob) -> bool:
    """Whether the job has reached what the event asked for, and is about something later by now."""
    job = ask.job
    return job.state != State.DONE and job.done >= ask.wanted and job.wanted > ask.wanted


def _answer(ask: EventJob, position: Position) -> Standing:
    return _FINAL[position.holding] if is_behind(ask) else position.standing


def _position(job: SyncJob, links: Mapping[Place, Sequence[RecordLink]]) -> Position:
    holding = _holding(job, links.get((job.shop_id, job.flow, bare_key(job)), []))
    if job.state == State.DONE:
        return Position(_done(job, holding), holding)
    is_computed = job.state == State.HELD and has_code(job, ("flow_shadow",))
    return Position(Standing.COMPUTED if is_computed else OPEN[job.state], holding)


_FINAL = {
    Holding.NOTHING: Standing.NOTHING_TO_DO,
    Holding.RECORD: Standing.IN_BLUEJET,
    Holding.PART: Standing.DIFFERS,
    Holding.ARCHIVED: Standing.ARCHIVED,
    Holding.GONE: Standing.LEFT,
    Holding.UNKNOWN: Standing.UNSURE,
}


def _done(job: SyncJob, holding: Holding) -> Standing:
    if has_code(job, NOT_LIVE_CODES):
        return Standing.NOT_LIVE
    # A look at a stock's movements is about no record of its own.
    if job.key.startswith(MOVEMENTS):
        return Standing.LOOKED
    if holding is Holding.NOTHING and job.issues:
        return Standing.LEFT
    if holding is not Holding.UNKNOWN and has_code(job, ("kept_for_other_shop",)):
        return Standing.KEPT
    return Standing.DIFFERS if holding is Holding.RECORD and _differs(job) else _FINAL[holding]


def _differs(job: SyncJob) -> bool:
    """Whether something was left out, or stays as the office made it; what was written over does not differ any more."""
    codes = (LEFT_OUT | TOLD_ONCE) - MENDED
    return any(issue.get("code") in codes and issue.get("params", {}).get("done") not in GONE_OVER for issue in job.issues)


def _holding(job: SyncJob, links: Sequence[RecordLink]) -> Holding:
    """A link without an id is a reservation: it says that somebody began, and nothing of BlueJet."""
    if any(link.settle_until is not None for link in links):
        return Holding.UNKNOWN
    there = [link for link in links if link.bluejet_id]
    if there and has_code(job, ("gone_in_bluejet",)) and job.state != State.DONE:
        return Holding.GONE
    if not there:
        return Holding.NOTHING
    # A customer's addresses and company stay when the customer goes.
    own = [link for link in there if link.key == bare_key(job)] or there
    if all(link.archived for link in own):
        return Holding.ARCHIVED
    return Holding.PART if len(there) < len(links) and job.state != State.DONE else Holding.RECORD


def _links(jobs: Sequence[SyncJob]) -> dict[Place, list[RecordLink]]:
    if not jobs:
        return {}
    keys = {bare_key(job) for job in jobs}
    links = RecordLink.objects.filter(Q(key__in=keys) | Q(parent_key__in=keys), shop_id__in={job.shop_id for job in jobs})
    found: dict[Place, list[RecordLink]] = {}
    for link in links.only("shop_id", "kind", "key", "parent_key", "bluejet_id", "archived", "settle_until"):
        for key in {link.key, link.parent_key}:
            found.setdefault((link.shop_id, FLOW_OF_KIND.get(link.kind, ""), key), []).append(link)
    return found
