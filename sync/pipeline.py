"""The way of a record: fetch, map, validate, push, record — one path for one record and for a hundred thousand.

A batch of requests comes in; each leaves with an outcome. The steps themselves live in modules of their own:
`fetching`, `mapping`, `validation`, `push`, `record`; what is particular to an entity lives in `flows/`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence

from sync.corrections import corrections_of
from sync.fetching import LAG, fetch_requests
from sync.flow import Context, Flow, Item, Outcome, Part, Request, Result, Stage
from sync.isolation import DATABASE_TROUBLE, apart, beside, is_database_there
from sync.issues import Issue
from sync.outcomes import failure
from sync.push import push_parts
from sync.push.search import Search
from sync.samples import Seen, keep_samples

logger = logging.getLogger(__name__)
ORDER = list(Result)


def run_batch(ctx: Context, flow: Flow, requests: Sequence[Request]) -> None:
    """Give every request its outcome; where the batch breaks off as a whole, each request alone.

    Only a database that is gone is raised: then nothing could be written down either.
    """
    try:
        _run_together(ctx, flow, requests)
    except Exception as error:
        if isinstance(error, DATABASE_TROUBLE) and not is_database_there():
            raise
        if len(requests) > 1:
            logger.exception("A batch of %s broke off; its records are taken one by one", flow.name)
            _run_one_by_one(ctx, flow, requests)
        for request in requests:
            request.outcome = request.outcome or failure(error)


def _run_one_by_one(ctx: Context, flow: Flow, requests: Sequence[Request]) -> None:
    """What was written before the batch broke off is seen in its link: it is compared, not written again."""
    for request in requests:
        if request.outcome is None:
            request.items, request.look_again = [], None
            run_batch(ctx, flow, [request])


def _run_together(ctx: Context, flow: Flow, requests: Sequence[Request]) -> None:
    ctx.flow = flow
    for request in requests:
        request.mapping_version = ctx.snapshot.version
    fetch_requests(ctx, flow, requests)
    items = [item for request in requests for item in request.items]
    _archive(ctx, [item for item in items if item.gone and item.is_open])
    seen: list[Seen] = []
    for stage in flow.stages:
        seen += _run_stage(ctx, stage, [item for item in items if item.is_open])
    beside(f"Keeping the samples of {flow.name}", lambda: keep_samples(ctx, flow, requests, seen))
    apart(_sum_up_all, requests, _could_not_be_summed_up)


def _run_stage(ctx: Context, stage: Stage, items: Sequence[Item]) -> list[Seen]:
    """Take one kind of record through map, validate, push and record; return the parts as they were before they were mapped."""
    parts: list[Part] = []
    for item in items:
        _guard(lambda item=item: parts.extend(_split(ctx, stage, item)), [item])  # type: ignore[misc]
    run_step(ctx, stage.refer, parts)
    seen = [Seen(part, dict(part.refs)) for part in _still_open(parts)]
    for step in (stage.map, stage.validate):
        run_step(ctx, step, parts)
    _push(ctx, _still_open(parts), stage.search)
    for item in items:
        _settle(item)
    return seen


def _still_open(parts: Iterable[Part]) -> list[Part]:
    return [part for part in parts if part.outcome is None and part.item.is_open]


def _split(ctx: Context, stage: Stage, item: Item) -> list[Part]:
    parts = stage.split(ctx, item)
    item.parts += parts
    return parts


def run_step(ctx: Context, step: Callable[[Context, Sequence[Part]], None], parts: Sequence[Part]) -> None:
    """Run one step over the batch; if it fails, over each part alone, so that one record cannot spoil the others."""
    apart(lambda some: step(ctx, _still_open(some)), _still_open(parts), _stop)


def _push(ctx: Context, parts: Sequence[Part], search: Search | None = None) -> None:
    """Push the parts together; of a push that broke off go those alone whose end is not known yet."""
    apart(lambda some: push_parts(ctx, [part for part in some if part.outcome is None], search), parts, _stop)
    for part in parts:
        part.outcome = part.outcome or part.item.outcome


def _stop(part: Part, error: Exception) -> None:
    """What fails at a part alone is its item's outcome, if that has none yet."""
    part.item.outcome = part.item.outcome or failure(error)


def _guard(work: Callable[[], object], items: Iterable[Item]) -> bool:
    """Do the work; a partner's error or our own defect becomes these items' outcome."""
    try:
        work()
    except DATABASE_TROUBLE:
        raise
    except Exception as error:
        outcome = failure(error)
    else:
        return True
    for item in items:
        item.outcome = item.outcome or outcome
    return False


def _archive(ctx: Context, items: Sequence[Item]) -> None:
    """Bring deletions over; their parts need no mapping."""
    _push(ctx, [part for item in items for part in item.parts])
    for item in items:
        _settle(item)
        item.outcome = item.outcome or _worst([part.outcome for part in item.parts])


def _settle(item: Item) -> None:
    """A part that did not get through holds its item back; later stages would refer to it in vain."""
    stuck = [part.outcome for part in item.parts if part.outcome and not part.outcome.result.is_final]
    if stuck and item.outcome is None:
        item.outcome = _worst(stuck)


def _sum_up_all(requests: Sequence[Request]) -> None:
    for request in requests:
        request.outcome = request.outcome or _sum_up(request)


def _could_not_be_summed_up(request: Request, error: Exception) -> None:
    request.outcome = failure(error)


def _sum_up(request: Request) -> Outcome:
    for item in request.items:
        item.outcome = item.outcome or _worst([part.outcome for part in item.parts])
        item.outcome.issues = _distinct(item.issues + item.outcome.issues)
    outcome = _worst([item.outcome for item in request.items])
    outcome.topics += corrections_of(outcome, [part for item in request.items for part in item.parts])
    if outcome.result.is_final and request.look_again is not None:
        outcome.wait_seconds, outcome.note = request.look_again, LAG
    return outcome


def _worst(outcomes: Sequence[Outcome | None]) -> Outcome:
    """Several outcomes become one: the worst result, with all that was found on the way."""
    present = [outcome for outcome in outcomes if outcome is not None]
    if not present:
        return Outcome(Result.SKIPPED)
    worst = max(present, key=lambda outcome: ORDER.index(outcome.result))
    same = [outcome for outcome in present if outcome.result is worst.result]
    waits = [outcome.wait_seconds for outcome in same if outcome.wait_seconds is not None]
    return Outcome(
        worst.result,
        _distinct([issue for outcome in present for issue in outcome.issues]),
        wait_seconds=min(waits) if waits else None,
        blocked_by=next((outcome.blocked_by for outcome in same if outcome.blocked_by), ""),
        topics=tuple(topic for outcome in present for topic in outcome.topics),
        asks=tuple(one for outcome in present for one in outcome.asks),
        note=worst.note,
        error=worst.error,
        traceback=worst.traceback,
    )


def _distinct(issues: Sequence[Issue]) -> list[Issue]:
    return list({repr(issue): issue for issue in issues}.values())
