"""Send the writes in the target's batch size; a bad record never takes its neighbours along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clients.bluejet import BlueJetRow, RowRefused, Write, Written
from clients.errors import NotFound, OutcomeUnknown, PartnerError, Refused, RightMissing, Stopped, TooLarge, Unauthorised
from shops.partial_updates import KEPT, RESET, state_of
from sync.flow import Context, Part
from sync.isolation import DATABASE_TROUBLE, savepoint
from sync.issues import Issue
from sync.leases import Writing, mark_unknown, save, still_held
from sync.outcomes import LONGEST_REASON, failure, outcome_of, parked, waits
from sync.partners import BLUEJET_LABEL
from sync.push.pairing import is_adoption
from sync.push.plan import Plan, plan_end, plan_write, write_of
from sync.push.read_back import agree, confirm_document
from sync.push.search import find_existing
from sync.push.sending import forget_sending, note_sending
from sync.push.sharing import SHARED_KINDS, has_other_shops, is_shared
from sync.push.telling import tell
from sync.push.trying import can_tell, look_after
from sync.push.whole import laid_over, without_refused
from sync.record import record_needless, record_written
from sync.storable import storable_text

Pair = tuple[Part, Write]
BUSY_SECONDS = 1.0


def write_parts(ctx: Context, parts: Sequence[Part]) -> None:
    """Write every part, in batches of one kind; an update that shows what BlueJet does to columns that it leaves out goes alone."""
    for kind in dict.fromkeys(part.kind for part in parts):
        prepared = []
        for part in [part for part in parts if part.kind == kind]:
            write = _prepared(ctx, part)
            if write is not None and can_tell(ctx, part, write):
                _try_out(ctx, part, write)
            elif write is not None:
                prepared.append((part, write))
        for batch in _batches(prepared, ctx.bluejet.batch_size):
            _write_batch(ctx, batch)


def _prepared(ctx: Context, part: Part) -> Write | None:
    """Build the write; one that cannot be built is the part's own end."""
    try:
        return _prepare(ctx, part)
    except DATABASE_TROUBLE:
        raise
    except Exception as error:
        part.outcome = failure(error)
        return None


def _batches(pairs: Sequence[Pair], size: int) -> Iterator[Sequence[Pair]]:
    """Yield batches; a record whose last write had no answer goes alone, since it may be what BlueJet fails at."""
    sound = [pair for pair in pairs if not pair[0].must_search]
    for start in range(0, len(sound), size):
        yield sound[start : start + size]
    for pair in pairs:
        if pair[0].must_search:
            yield [pair]


def _try_out(ctx: Context, part: Part, write: Write) -> None:
    """Try an update out; where our own work on it fails, the next try looks what BlueJet holds before it writes."""
    try:
        _write_and_look(ctx, part, write)
    except DATABASE_TROUBLE:
        raise
    except Exception as error:
        if not part.was_confirmed:  # what was confirmed stands in `sending`, so that the next try reads before it compares
            mark_unknown(ctx, [part])
        part.outcome = failure(error)


def _write_and_look(ctx: Context, part: Part, write: Write) -> None:
    """Update one record between two readings."""
    before = part.plan.row if part.plan else None
    part.is_trial = True
    _write_batch(ctx, [(part, write)])
    if before is not None and part.was_confirmed:
        look_after(ctx, part, write, before)
    part.is_trial = False


def _prepare(ctx: Context, part: Part) -> Write | None:
    """Build the write; None where the part's outcome is already clear."""
    row = None
    if part.held.bluejet_id and _has_to_be_read(ctx, part):
        try:
            row = _read(ctx, part)
        except PartnerError as error:
            part.outcome = outcome_of(error)
            return None
        if row is None:
            if not _may_be_made_anew(ctx, part):
                return None
            row = part.found
    part.plan = plan_write(ctx, part, row) if part.purpose == "copy" else plan_end(part, row)
    if part.held.bluejet_id and part.purpose == "copy" and part.plan.is_empty:
        _leave(ctx, part, part.plan)
        return None
    return _write(ctx, part, part.plan)


def _has_to_be_read(ctx: Context, part: Part) -> bool:
    """Whether the write depends on what BlueJet holds: a document, what was there before us or may be, and what has to go whole or may."""
    if state_of(ctx.account, part.kind) != KEPT or part.purpose == "close":
        return True
    is_document = ctx.bluejet.evidences[part.kind].is_document
    is_in_doubt = part.must_search or bool(part.held.sending)
    is_met_first = part.found is not None or is_adoption(part)
    return part.purpose == "copy" and (is_document or is_in_doubt or is_met_first or is_shared(ctx, part))


def _read(ctx: Context, part: Part) -> BlueJetRow | None:
    is_document = ctx.bluejet.evidences[part.kind].is_document
    if part.found is not None and not is_document:
        return part.found
    return ctx.bluejet.read(part.kind, part.held.bluejet_id, with_lines=True)


def _may_be_made_anew(ctx: Context, part: Part) -> bool:
    """The record was deleted in BlueJet: only a person's replay makes it anew, unless another shop's did so already."""
    if not part.item.approved or part.purpose != "copy":
        part.outcome = parked(Issue("gone_in_bluejet", params={"id": part.held.bluejet_id}))
        return False
    _forget(ctx, part)
    if part.kind in SHARED_KINDS and has_other_shops(ctx):
        part.must_search = True
        part.outcome = find_existing(ctx, part, None)
    return part.outcome is None


def _forget(ctx: Context, part: Part) -> None:
    link = part.held
    link.bluejet_id, link.lines, link.draft_hash, link.sent, link.seen, link.sending = "", {}, "", {}, {}, {}
    part.found = None
    save(ctx, link, ("bluejet_id", "lines", "draft_hash", "sent", "seen", "sending"))


def _leave(ctx: Context, part: Part, plan: Plan) -> None:
    """Nothing that is to be written changed; a document that was not yet confirmed has to agree all the same."""
    tell(part, plan)
    trouble = None
    if plan.row is not None and ctx.bluejet.evidences[part.kind].is_document:
        trouble = agree(ctx, part, plan.row, {})
    record_needless(ctx, part, trouble)


def _write(ctx: Context, part: Part, plan: Plan) -> Write:
    upsert = not part.held.bluejet_id and not part.lines and ctx.bluejet.can_upsert(part.kind)
    write = write_of(part, plan, upsert=upsert)
    return laid_over(ctx, write, plan.row) if plan.row is not None else write


def _write_batch(ctx: Context, batch: Sequence[Pair]) -> None:
    for part, _ in batch:
        part.was_sent = True
    writing = Writing(ctx, [part for part, _ in batch])
    try:
        note_sending(ctx, batch)
        with ctx.bluejet.watched(writing.check):
            results = list(zip(batch, ctx.bluejet.write([write for _, write in batch]), strict=True))
    except PartnerError as error:
        _after_error(ctx, batch, error)
        return
    except DATABASE_TROUBLE:
        raise
    except Exception as error:
        _after_defect(ctx, batch, error, sent=writing.begun)
        return
    shared = [pair for pair, result in results if isinstance(result, RowRefused) and _is_shared(result, batch)]
    for pair, result in results:
        if pair not in shared:
            _record(ctx, pair, result)
    for pair in shared:
        _write_batch(ctx, [pair])


def _after_defect(ctx: Context, batch: Sequence[Pair], error: Exception, *, sent: bool) -> None:
    """Our own failure: before a request it is looked for one by one; after one, any of them may have been written."""
    if sent:
        mark_unknown(ctx, [part for part, _ in batch])
    if len(batch) == 1:
        batch[0][0].was_sent, batch[0][0].outcome = sent, failure(error)
        return
    for pair in batch:
        if sent:
            pair[0].outcome = outcome_of(OutcomeUnknown(storable_text(str(error), LONGEST_REASON), partner=BLUEJET_LABEL))
        else:
            _write_batch(ctx, [pair])


def _record(ctx: Context, pair: Pair, result: Written | RowRefused) -> None:
    """Write down what BlueJet answered; where that fails, the next try looks what BlueJet holds before it writes."""
    try:
        with savepoint():
            _after_row(ctx, pair, result)
    except DATABASE_TROUBLE:
        raise
    except Exception as error:
        # Also where the lease was lost: the write went out, and another worker may have written before or after it.
        mark_unknown(ctx, [pair[0]], known=result.id)
        pair[0].outcome = failure(error)


def _is_shared(result: RowRefused, batch: Sequence[Pair]) -> bool:
    """Whether a refusal was meant for the whole batch, so that the records have to be tried one by one."""
    return not result.alone and len(batch) > 1 and not result.is_outcome_unknown


def _leave_to_others(ctx: Context, batch: Sequence[Pair]) -> None:
    """Nothing went out, since another worker has some of the records by now, or all of the work; the others go without them."""
    held = still_held(ctx, [part for part, _ in batch])
    kept = [pair for pair in batch if pair[0].held.pk in held]
    for part, _ in batch if len(kept) == len(batch) else [pair for pair in batch if pair not in kept]:
        part.was_sent, part.outcome = False, waits(BUSY_SECONDS, Issue("busy", "warning"))
    if kept and len(kept) < len(batch):
        _write_batch(ctx, kept)


def _after_error(ctx: Context, batch: Sequence[Pair], error: PartnerError) -> None:
    if isinstance(error, Stopped) and not error.maybe_applied:
        _leave_to_others(ctx, batch)
        return
    divisible = isinstance(error, TooLarge | Refused | NotFound) and not isinstance(error, Unauthorised)
    # BlueJet may keep a single record from us; a request that is refused to everybody is held after a few.
    divisible = divisible or (isinstance(error, RightMissing) and not error.certain)
    if divisible and len(batch) > 1:
        middle = len(batch) // 2
        _write_batch(ctx, batch[:middle])
        _write_batch(ctx, batch[middle:])
        return
    for part, write in batch:
        if len(batch) > 1 or not _again_without_refused(ctx, part, write, error):
            _fail(ctx, part, error)


def _again_without_refused(ctx: Context, part: Part, write: Write, error: PartnerError) -> bool:
    """Where the record goes whole, leave out the columns as read that BlueJet works out itself and refuses."""
    if part.plan is None or state_of(ctx.account, part.kind) != RESET:
        return False
    smaller = without_refused(ctx, write, error, part.plan.fields)
    if smaller is None:
        return False
    _write_batch(ctx, [(part, smaller)])
    return True


def _after_row(ctx: Context, pair: Pair, result: Written | RowRefused) -> None:
    part, write = pair
    if isinstance(result, RowRefused):
        if result.id and part.link:
            part.held.bluejet_id = result.id
            save(ctx, part.held, ["bluejet_id"])
        elif _again_without_refused(ctx, part, write, result.error):
            return
        _fail(ctx, part, result.error, is_partly_written=bool(result.id))
        return
    part.was_confirmed = True
    is_whole_document = ctx.bluejet.evidences[part.kind].is_document and part.purpose == "copy"
    outcome = confirm_document(ctx, part, result) if is_whole_document else None
    if part.plan is not None:
        tell(part, part.plan)
    record_written(ctx, part, result, outcome)


def _fail(ctx: Context, part: Part, error: PartnerError, *, is_partly_written: bool = False) -> None:
    if isinstance(error, OutcomeUnknown) or error.maybe_applied:
        # A repeatable write, too: one that is carried out late would undo a newer one, so nobody writes before it has settled.
        mark_unknown(ctx, [part])
    elif not is_partly_written:
        forget_sending(ctx, part)
    if isinstance(error, NotFound) and part.link and part.held.bluejet_id:
        part.outcome = parked(Issue("gone_in_bluejet", params={"id": part.held.bluejet_id}))
        if part.item.approved:
            _forget(ctx, part)
            write_parts(ctx, [part])
        return
    part.outcome = outcome_of(error)
