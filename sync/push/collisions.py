"""Two records that BlueJet could take for one: told before either is written, since the second would adopt the first one's record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Upper
from django.utils import timezone

from shops.models import FlowName
from sync import waiting
from sync.flow import Context, Part
from sync.issues import Issue
from sync.models import Kind, RecordLink
from sync.outcomes import parked, waits

# Guests are known by their e-mail alone; who of them is who, the search for their contact decides.
SHARED_KEYS = ("guest:", "order:")
# Of these, too, the search decides what is to become of a record that BlueJet holds: an account may follow on one that was given up.
SEARCHED = (Kind.CONTACT, Kind.COMPANY)
BUSY_SECONDS = 1.0
AT_ONCE = 500


@dataclass(frozen=True)
class Rival:
    """Another record with the same natural key, and the topic whose end may make an end of it."""

    key: str
    topic: str


# Whose end may clear a collision: the job of the other record.
TOPICS: Mapping[str, Callable[[str, str], str]] = {
    Kind.PRODUCT: lambda key, parent: waiting.job_topic(FlowName.PRODUCT_TO_BLUEJET, parent),
    Kind.CONTACT: lambda key, parent: waiting.job_topic(FlowName.CUSTOMER_TO_BLUEJET, key),
    Kind.COMPANY: lambda key, parent: "",  # a company has no job of its own
}


def park_collisions(ctx: Context, parts: Sequence[Part]) -> None:
    """Park the parts that are new to BlueJet and that it would take for one another, or for a record that is there already."""
    new = _without_links(ctx, [part for part in parts if _may_collide(part)])
    rivals = _rivals_within(new)
    for part, link in _others(ctx, [part for part in new if part.kind not in SEARCHED], Q(bluejet_id__gt="", archived=False)):
        rivals[id(part)].append(Rival(link.key, TOPICS[part.kind](link.key, link.parent_key)))
    for part in new:
        if rivals[id(part)]:
            _park(part, rivals[id(part)])


def park_twins(parts: Sequence[Part]) -> None:
    """Park what two products of the source bring under one code: the later would write over the earlier one without a word."""
    owners: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for part in parts:
        if part.kind == Kind.PRODUCT and part.purpose == "copy" and part.outcome is None:
            owners[part.kind, part.key].add(part.parent_key)
    for part in parts:
        count = len(owners[part.kind, part.key])
        if count > 1:
            part.outcome = part.outcome or parked(Issue("same_code", params={"code": part.key, "count": count}))


def give_way(ctx: Context, parts: Iterable[Part]) -> None:
    """Under the lease: let one go first that another worker is making just now; whoever comes second sees it then."""
    new = [part for part in parts if _may_collide(part) and not part.held.bluejet_id]
    now = timezone.now()
    under_way = Q(bluejet_id="") & (Q(leased_until__gt=now) | Q(unfinished_until__gt=now)) & ~Q(lease=ctx.token)
    for part, link in _others(ctx, new, under_way | Q(bluejet_id__gt="", archived=False)):
        if link.pk < part.held.pk if not link.bluejet_id else part.kind not in SEARCHED:
            part.outcome = waits(BUSY_SECONDS, Issue("busy", "warning"))


def _may_collide(part: Part) -> bool:
    return part.kind in TOPICS and part.purpose == "copy" and bool(part.natural_key) and not part.key.startswith(SHARED_KEYS)


def _without_links(ctx: Context, parts: Sequence[Part]) -> list[Part]:
    known: set[tuple[str, str]] = set()
    for kind, mine in _by_kind(parts):
        links = RecordLink.objects.filter(shop=ctx.shop, kind=kind, key__in=[part.key for part in mine], bluejet_id__gt="")
        known |= set(links.values_list("kind", "key"))
    return [part for part in parts if (part.kind, part.key) not in known]


def _by_kind(parts: Sequence[Part]) -> Iterator[tuple[str, list[Part]]]:
    """Yield the parts kind by kind, so many at a time as one statement can ask for."""
    for kind in dict.fromkeys(part.kind for part in parts):
        mine = [part for part in parts if part.kind == kind]
        for start in range(0, len(mine), AT_ONCE):
            yield kind, mine[start : start + AT_ONCE]


def _rivals_within(parts: Sequence[Part]) -> defaultdict[int, list[Rival]]:
    rivals: defaultdict[int, list[Rival]] = defaultdict(list)
    alike: defaultdict[tuple[str, str], list[Part]] = defaultdict(list)
    for part in parts:
        alike[part.kind, _folded(part.natural_key)].append(part)
    for group in alike.values():
        for part in group:
            others = {one.key: one for one in group if one.key != part.key}
            rivals[id(part)] += [Rival(key, TOPICS[part.kind](key, one.parent_key)) for key, one in others.items()]
    return rivals


def _others(ctx: Context, parts: Sequence[Part], which: Q) -> list[tuple[Part, RecordLink]]:
    """Pair the parts with other records' links of the same natural key; the database narrows them down, Python compares."""
    found = []
    for kind, mine in _by_kind(parts):
        by_key = defaultdict(list)
        for link in _links_like(mine).filter(which, shop=ctx.shop, kind=kind).defer(*RecordLink.HEAVY):
            by_key[_folded(link.natural_key)].append(link)
        found += [(part, link) for part in mine for link in by_key[_folded(part.natural_key)] if _is_other(part, link)]
    return found


def _links_like(parts: Sequence[Part]) -> QuerySet[RecordLink]:
    """SQLite folds the letters of English only, so that the usual spellings are asked for by name, too."""
    keys = {part.natural_key[:255].strip() for part in parts}
    spellings = {spelling for key in keys for spelling in (key, key.lower(), key.upper())}
    folded = RecordLink.objects.annotate(folded=Upper("natural_key"))
    return folded.filter(Q(folded__in={key.upper() for key in keys}) | Q(natural_key__in=spellings))


def _is_other(part: Part, link: RecordLink) -> bool:
    return link.key != part.key and not link.key.startswith(SHARED_KEYS)


def _folded(natural_key: str) -> str:
    return natural_key[:255].strip().casefold()


def _park(part: Part, rivals: Sequence[Rival]) -> None:
    others = ", ".join(dict.fromkeys(rival.key for rival in rivals[:10]))
    part.outcome = parked(Issue("same_key", params={"own": part.key, "other": others, "value": part.natural_key}))
    part.outcome.topics = tuple(dict.fromkeys(rival.topic for rival in rivals if rival.topic))
