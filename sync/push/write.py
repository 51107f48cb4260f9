"""Send the writes in the target's batch size; a bad record never takes its neighbours along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from clients.bluejet import LineWrite, RowRefused, Write, Written
from clients.errors import NotFound, OutcomeUnknown, PartnerError, Refused, TooLarge, Unauthorised
from sync import links
from sync.flow import Context, Part
from sync.isolation import DATABASE_TROUBLE, savepoint
from sync.issues import Issue
from sync.outcomes import LONGEST_REASON, failure, outcome_of, parked
from sync.partners import BLUEJET_LABEL
from sync.push.leases import requests_sent
from sync.push.lines import line_external_id, plan_lines
from sync.push.read_back import confirm_document, note_drift
from sync.record import record_written
from sync.storable import storable_text


def write_parts(ctx: Context, parts: Sequence[Part]) -> None:
    """Write every part, in batches of one kind."""
    prepared = [(part, write) for part in parts if (write := _prepared(ctx, part)) is not None]
    for kind in dict.fromkeys(part.kind for part, _ in prepared):
        mine = [pair for pair in prepared if pair[0].kind == kind]
        for batch in _batches(mine, ctx.bluejet.batch_size):
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


def _batches(pairs: Sequence[tuple[Part, Write]], size: int) -> Iterator[Sequence[tuple[Part, Write]]]:
    """Yield batches; a record whose last write had no answer goes alone, since it may be what BlueJet fails at."""
    sound = [pair for pair in pairs if not pair[0].must_search]
    for start in range(0, len(sound), size):
        yield sound[start : start + size]
    for pair in pairs:
        if pair[0].must_search:
            yield [pair]


def _prepare(ctx: Context, part: Part) -> Write | None:
    """Build the write; None where the part's outcome is already clear."""
    link = part.held
    evidence = ctx.bluejet.evidences[part.kind]
    if link.bluejet_id and (evidence.is_document or part.purpose != "copy"):
        return _prepare_existing(ctx, part)
    fields = fields_to_send(ctx, part)
    upsert = not link.bluejet_id and not part.lines and ctx.bluejet.can_upsert(part.kind)
    line_kind = ctx.bluejet.evidences.get(evidence.line_kind) if evidence.line_kind else None
    column = line_kind.external_id if line_kind else ""
    lines = plan_lines(ctx, part, []).writes
    return Write(part.kind, fields, link.bluejet_id, part.external_id, upsert, _marked(part, lines, column))


def _prepare_existing(ctx: Context, part: Part) -> Write | None:
    if part.purpose != "copy":
        return Write(part.kind, part.fields, part.held.bluejet_id)
    try:
        seen = ctx.bluejet.read(part.kind, part.held.bluejet_id, with_lines=True)
    except PartnerError as error:
        part.outcome = outcome_of(error)
        return None
    if seen is None:
        return _gone(ctx, part)
    note_drift(part, seen.lines)
    plan = plan_lines(ctx, part, seen.lines)
    line_kind = ctx.bluejet.evidences.get(ctx.bluejet.evidences[part.kind].line_kind)
    lines = _marked(part, plan.writes, line_kind.external_id if line_kind else "")
    return Write(part.kind, fields_to_send(ctx, part), part.held.bluejet_id, part.external_id, False, lines, plan.removed)


def _marked(part: Part, lines: Sequence[LineWrite], column: str) -> tuple[LineWrite, ...]:
    """Put the line's external id into its column, so that a lost answer cannot double a line."""
    if not column:
        return tuple(lines)
    return tuple(replace(line, fields={**line.fields, column: line_external_id(part, line.key)}) for line in lines)


def fields_to_send(ctx: Context, part: Part) -> dict[str, object]:
    """All fields on creation, else only those that are always written; and what marks the record as ours."""
    evidence = ctx.bluejet.evidences[part.kind]
    fields = {name: value for name, value in part.fields.items() if not (part.held.bluejet_id and name in part.create_only)}
    fields |= {name: "" for name in part.empty if part.held.bluejet_id and part.held.sent.get(name)}
    if evidence.external_id:
        fields[evidence.external_id] = part.external_id
    if part.held.archived and evidence.archive_field:
        fields[evidence.archive_field] = evidence.live_value
    return fields


def _gone(ctx: Context, part: Part) -> Write | None:
    """The record was deleted in BlueJet: only a person's replay makes it anew."""
    link = part.held
    if not part.item.approved:
        part.outcome = parked(Issue("gone_in_bluejet", params={"id": link.bluejet_id}))
        return None
    link.bluejet_id, link.lines, link.draft_hash = "", {}, ""
    link.save(update_fields=["bluejet_id", "lines", "draft_hash"])
    return _prepare(ctx, part)


def _write_batch(ctx: Context, batch: Sequence[tuple[Part, Write]]) -> None:
    ctx.heartbeat()
    held = links.renew(ctx, [part for part, _ in batch])
    batch = [(part, write) for part, write in batch if part.link and part.held.pk in held]
    if not batch:
        return
    before = requests_sent(ctx)
    for part, _ in batch:
        part.was_sent = True
    try:
        results = list(zip(batch, ctx.bluejet.write([write for _, write in batch]), strict=True))
    except PartnerError as error:
        _after_error(ctx, batch, error)
        return
    except DATABASE_TROUBLE:
        raise
    except Exception as error:
        _after_defect(ctx, batch, error, sent=requests_sent(ctx) > before)
        return
    shared = [pair for pair, result in results if isinstance(result, RowRefused) and _is_shared(result, batch)]
    for pair, result in results:
        if pair not in shared:
            _record(ctx, pair[0], result)
    for pair in shared:
        _write_batch(ctx, [pair])


def _after_defect(ctx: Context, batch: Sequence[tuple[Part, Write]], error: Exception, *, sent: bool) -> None:
    """Our own failure: before a request it is looked for one by one; after one, any of them may have been written."""
    if sent:
        links.mark_unknown(ctx, [part for part, _ in batch])
    if len(batch) == 1:
        batch[0][0].was_sent, batch[0][0].outcome = sent, failure(error)
        return
    for pair in batch:
        if sent:
            pair[0].outcome = outcome_of(OutcomeUnknown(storable_text(str(error), LONGEST_REASON), partner=BLUEJET_LABEL))
        else:
            _write_batch(ctx, [pair])


def _record(ctx: Context, part: Part, result: Written | RowRefused) -> None:
    """Write down what BlueJet answered; where that fails, the next try looks what BlueJet holds before it writes."""
    try:
        with savepoint():
            _after_row(ctx, part, result)
    except DATABASE_TROUBLE:
        raise
    except Exception as error:
        links.mark_unknown(ctx, [part], known=result.id)
        part.outcome = failure(error)


def _is_shared(result: RowRefused, batch: Sequence[tuple[Part, Write]]) -> bool:
    """Whether a refusal was meant for the whole batch, so that the records have to be tried one by one."""
    return not result.alone and len(batch) > 1 and not result.is_outcome_unknown


def _after_error(ctx: Context, batch: Sequence[tuple[Part, Write]], error: PartnerError) -> None:
    divisible = isinstance(error, TooLarge | Refused | NotFound) and not isinstance(error, Unauthorised)
    if divisible and len(batch) > 1:
        middle = len(batch) // 2
        _write_batch(ctx, batch[:middle])
        _write_batch(ctx, batch[middle:])
        return
    for part, _ in batch:
        _fail(ctx, part, error)


def _after_row(ctx: Context, part: Part, result: Written | RowRefused) -> None:
    if isinstance(result, RowRefused):
        if result.id and part.link:
            part.held.bluejet_id = result.id
            part.held.save(update_fields=["bluejet_id"])
        _fail(ctx, part, result.error)
        return
    is_whole_document = ctx.bluejet.evidences[part.kind].is_document and part.purpose == "copy"
    outcome = confirm_document(ctx, part, result) if is_whole_document else None
    record_written(ctx, part, result, outcome)


def _fail(ctx: Context, part: Part, error: PartnerError) -> None:
    if part.held.seen_hash:
        # A part of it may have been written, so that the lines are not as they were read back last.
        part.held.seen_hash = ""
        part.held.save(update_fields=["seen_hash"])
    if isinstance(error, OutcomeUnknown) or error.maybe_applied:
        # A repeatable write, too: one that is carried out late would undo a newer one, so nobody writes before it has settled.
        links.mark_unknown(ctx, [part])
    if isinstance(error, NotFound) and part.link and part.held.bluejet_id:
        part.outcome = parked(Issue("gone_in_bluejet", params={"id": part.held.bluejet_id}))
        if part.item.approved:
            part.held.bluejet_id, part.held.draft_hash = "", ""
            part.held.save(update_fields=["bluejet_id", "draft_hash"])
            write_parts(ctx, [part])
        return
    part.outcome = outcome_of(error)
