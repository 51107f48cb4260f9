"""Compare, lease, search, write and read back: what reaches BlueJet, and what is left alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shops.heartbeat import kept_alive
from sync import leases, links, record_leases
from sync.flow import Context, Outcome, Part, Result
from sync.isolation import DATABASE_TROUBLE, apart
from sync.issues import Issue
from sync.models import Kind
from sync.outcomes import failure, parked, skipped, waits
from sync.push.collisions import give_way, park_collisions, park_twins
from sync.push.hashing import hash_of
from sync.push.search import Search, find_double, find_existing, unsettled
from sync.push.sharing import keep_mark, kept_for_others
from sync.push.write import write_parts
from sync.record import record_seen_again
from sync.storable import storable_key

BUSY_SECONDS = 1.0
OTHERS_RECORD_SECONDS = 300.0
# The links are read with all that was sent of them.
AT_ONCE = 100


def push_parts(ctx: Context, parts: Sequence[Part], search: Search | None = None) -> None:
    """Give every part its outcome; parts of one target record go as one."""
    for part in _open(parts):
        part.outcome = _unstorable(part)
    apart(lambda some: park_twins(_open(some)), _open(parts), _fail)
    leaders = _leaders(_open(parts))
    apart(lambda some: park_collisions(ctx, _open(some)), list(leaders.values()), _fail)
    todo = _open(leaders.values())
    for start in range(0, len(todo), AT_ONCE):
        _push_some(ctx, todo[start : start + AT_ONCE], search)
    for part in parts:
        leader = leaders.get((part.kind, part.key))
        if leader is None:
            continue
        leader.outcome = leader.outcome or waits(BUSY_SECONDS, Issue("busy", "warning"))
        part.link, part.outcome = leader.link, part.outcome or leader.outcome


def _push_some(ctx: Context, parts: Sequence[Part], search: Search | None) -> None:
    """Push so many that what is known of their copies does not fill the memory; then let that go."""
    apart(lambda some: _compare(ctx, _open(some)), parts, _fail)
    apart(record_seen_again, [part for part in parts if part.outcome and part.outcome.result.is_final], _fail)
    todo = _open(parts)
    if todo and not ctx.writes:
        _foretell(todo)
    elif todo:
        _push_leased(ctx, todo, search)
    for part in parts:
        if part.link is not None:
            part.link.sent, part.link.lines = {}, {}


def _open(parts: Iterable[Part]) -> list[Part]:
    return [part for part in parts if part.outcome is None]


def _fail(part: Part, error: Exception) -> None:
    part.outcome = failure(error)


def _unstorable(part: Part) -> Outcome | None:
    """A record whose key no link can hold would be made anew at every try."""
    keys = (part.key, part.parent_key, part.external_id)
    wrong = next((key for key in keys if storable_key(key) != key), None)
    return None if wrong is None else parked(Issue("unusable_key", params={"key": storable_key(wrong)}))


def _leaders(parts: Sequence[Part]) -> dict[tuple[str, str], Part]:
    """Of several parts for one target record, the one from the latest source speaks for all."""
    leaders: dict[tuple[str, str], Part] = {}
    for part in parts:
        rival = leaders.get((part.kind, part.key))
        if rival is None or _age(part) >= _age(rival):
            leaders[part.kind, part.key] = part
    return leaders


def _age(part: Part) -> tuple[float, float]:
    changed = part.changed_at
    return (changed.timestamp() if changed else 0.0, part.item.fetched_at.timestamp())


def _compare(ctx: Context, parts: Sequence[Part]) -> None:
    """Leave alone what BlueJet already holds; no lease is needed to see that."""
    for kind in {part.kind for part in parts}:
        mine = [part for part in parts if part.kind == kind]
        known = links.links_by_key(ctx, kind, [part.key for part in mine])
        for part in mine:
            part.link = known.get(part.key)
            part.draft_hash = hash_of(part)
            part.outcome = needless(part) or _overtaken(ctx, part)
            if part.outcome and part.outcome.result is Result.UNCHANGED:
                part.outcome.result = _result_in_run(ctx, part)


def _result_in_run(ctx: Context, part: Part) -> Result:
    """What this very run already wrote, before it was broken off, counts as what it was then."""
    link = part.link
    is_repeated = ctx.run is not None and link is not None and link.run_id == ctx.run.pk and link.run_result
    return Result(link.run_result) if link and is_repeated else Result.UNCHANGED


def needless(part: Part) -> Outcome | None:
    """Return the outcome of a part that need not be written, for what its link knows of the copy in BlueJet."""
    link = part.link
    if link is None:
        return skipped() if part.purpose in ("archive", "close") else None
    if part.purpose == "copy" and link.is_newer_than(part.changed_at, part.item.fetched_at):
        return skipped() if _is_of_another(part) else skipped(Issue("stale", "warning"))
    if link.settle_until is not None:
        return None
    if part.purpose == "archive":
        return Outcome(Result.UNCHANGED) if link.archived else None
    if part.purpose == "adopt":
        return Outcome(Result.UNCHANGED) if not (link.archived or link.draft_hash) else None
    if part.purpose == "close":
        return Outcome(Result.UNCHANGED) if link.closed else None
    return Outcome(Result.UNCHANGED) if link.draft_hash == part.draft_hash and not link.archived and not link.sending else None


def _is_of_another(part: Part) -> bool:
    """Whether the item only mentions what the part is about: that it knows less of a guest or an address is nothing to tell."""
    return bool(part.told_at) or (bool(part.parent_key) and part.item.key not in (part.key, part.parent_key))


def _overtaken(ctx: Context, part: Part) -> Outcome | None:
    """Whoever began before an activation must not undo what was written by the new mappings; a job looks at the record by those."""
    version = part.link.mapping_version if part.link and part.purpose == "copy" else None
    if version is None or version <= ctx.snapshot.version:
        return None
    return waits(BUSY_SECONDS, Issue("overtaken", "warning", params={"version": version}))


def _foretell(parts: Sequence[Part]) -> None:
    """In shadow mode and dry runs, say what would be done."""
    for part in parts:
        part.outcome = Outcome(Result.UPDATED if part.link else Result.CREATED, note="shadow")


def _push_leased(ctx: Context, parts: Sequence[Part], search: Search | None) -> None:
    apart(lambda some: links.reserve(ctx, some), parts, _fail)
    parts = _open(parts)
    held = leases.lease(ctx, parts)
    for part in parts:
        if part not in held:
            part.outcome = waits(BUSY_SECONDS, Issue("busy", "warning"))
    try:
        with kept_alive(leases.claim_of(ctx, held), record_leases.claim_of(ctx)):
            apart(lambda some: _look_once_more(ctx, some), held, _fail)
            apart(lambda some: give_way(ctx, _open(some)), _open(held), _fail)
            _find(ctx, _open(held), search)
            write_parts(ctx, _open(held))
    except Exception as error:
        # What was on its way may have been written: search before the next write. The rest was not, and may be tried at once.
        sent = [part for part in _open(held) if part.was_sent]
        leases.mark_unknown(ctx, sent)
        for part in sent:
            part.outcome = failure(error)
        leases.release(ctx, held)
        raise
    leases.release(ctx, held)


def _look_once_more(ctx: Context, parts: Sequence[Part]) -> None:
    """Under the lease: somebody may have written since, or an unknown outcome may not have settled."""
    for part in parts:
        link = part.held
        part.settles_at = max(filter(None, (part.settles_at, link.settle_until)), default=None)
        part.outcome = unsettled(part)
        if part.outcome is not None:
            continue
        if link.bluejet_id:
            keep_mark(ctx, part)
            part.outcome = needless(part) or _overtaken(ctx, part) or _of_others(ctx, part)


def _of_others(ctx: Context, part: Part) -> Outcome | None:
    """Return the outcome of what this shop only has to know of: that another one keeps the record, or is to keep it."""
    if part.purpose == "archive":
        return kept_for_others(ctx, part)
    return _adopt_only(ctx, part) if part.purpose == "adopt" else None


def _find(ctx: Context, parts: Sequence[Part], search: Search | None) -> None:
    for part in parts:
        try:
            if part.held.bluejet_id:
                part.outcome = find_double(ctx, part)
                continue
            part.is_new = True
            part.outcome = find_existing(ctx, part, search)
            if part.purpose == "adopt" and part.outcome is None:
                part.outcome = _adopt_only(ctx, part)
        except DATABASE_TROUBLE:
            raise
        except Exception as error:
            _fail(part, error)


def _adopt_only(ctx: Context, part: Part) -> Outcome:
    """Another shop writes this record; ours only has to know it, and what it wrote itself before says no more what BlueJet holds."""
    link = part.held
    if not link.bluejet_id:
        return _not_there_yet(part)
    link.external_id, link.archived, link.draft_hash, link.sent, link.seen = part.external_id, False, "", {}, {}
    if not leases.save(ctx, link, ("bluejet_id", "external_id", "archived", "draft_hash", "sent", "seen")):
        return waits(BUSY_SECONDS, Issue("busy", "warning"))
    return Outcome(Result.UNCHANGED)


def _not_there_yet(part: Part) -> Outcome:
    """A product will come from its owner; an amount that its owner does not write is nobody's to wait for."""
    if part.kind == Kind.STOCK_CARD:
        return skipped()
    return waits(OTHERS_RECORD_SECONDS, Issue("shared_product", "warning", params={"code": part.key}))
