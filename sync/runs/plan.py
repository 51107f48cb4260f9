"""Find out which records a run has to look at, and lay them out in chunks."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, PositiveSmallIntegerField, Q, When
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from clients.errors import MalformedAnswer, PartnerError
from mappings.versions import record_version
from shops.heartbeat import Claim, ClaimLost, kept_alive
from sync.dispatch import enqueue
from sync.flow import Context, Flow
from sync.flows import FLOWS
from sync.isolation import DATABASE_TROUBLE, is_database_there
from sync.models import RecordLink, SyncChunk, SyncRun
from sync.models.job import Priority
from sync.outcomes import outcome_of
from sync.partners import open_context
from sync.runs.finish import fail_run, finish_if_done
from sync.runs.target_index import build_index
from sync.storable import storable_json, storable_key, storable_text

logger = logging.getLogger(__name__)
Entry = list[Any]
CHUNK = 50
# So many of the rows that could not be read are named at the run, each in so many characters.
MOST_NAMED, LONGEST_NAMED = 20, 300
LANES = 3
OVERLAP = timedelta(minutes=5)
# Below this, searching record by record costs less than reading the whole target.
INDEX_FROM = 100
# So long a list may be answered in a form that cannot be right before its run ends without it.
VAIN_AFTER = timedelta(minutes=5)
# After so many planners that did not come back, the next would not either.
LOST_BEFORE_FAILED = 3
PLANNERS_LOST = gettext_noop(
    "The program that was planning this pass ended in the middle of it, %(count)d times in a row: most likely it had no memory left. "
    "Start the pass once more; if it fails again, tell the technician."
)


def plan_run(run_id: int) -> float | None:
    """Plan a run that nobody plans; return after how many seconds to try again if a partner is out of reach."""
    run = _claim(run_id)
    if run is None:
        return None
    if run.planners_lost >= LOST_BEFORE_FAILED:
        fail_run(run, gettext(PLANNERS_LOST) % {"count": run.planners_lost})
        return None
    claim = Claim.on([run], run.claim)
    try:
        with kept_alive(claim):
            return _plan_claimed(run, claim)
    except ClaimLost as error:
        logger.warning("Another worker plans the run now: %s", error)
        return None


def _plan_claimed(run: SyncRun, claim: Claim) -> float | None:
    flow = FLOWS[run.flow]
    record_version(run.shop)  # every chunk works by this version, so it has to be what is in force
    try:
        with open_context(run.shop, priority=Priority.CATALOGUE) as ctx:
            ctx.run, ctx.claim = run, claim
            _plan(ctx, run, flow)
    except PartnerError as error:
        outcome = outcome_of(error)
        if outcome.wait_seconds is None or _is_vain(run, error):
            fail_run(run, str(error))
            return None
        _give_back(run, error=storable_text(str(error)))
        return outcome.wait_seconds
    except DATABASE_TROUBLE:
        if is_database_there():
            _give_back(run)
        raise  # it passes, and the sweeper has the run planned anew
    except ClaimLost:
        raise
    except Exception as error:
        # Our own defect would be there the next time too; a run that is for ever being planned would keep all others from starting.
        logger.exception("Run %s could not be planned", run.pk)
        fail_run(run, f"{type(error).__name__}: {error}")
        return None
    _hand_out(run)
    return None


def _is_vain(run: SyncRun, error: PartnerError) -> bool:
    """Whether the partner goes on answering in the same way what cannot be right: a run that waits for it would keep all others out."""
    is_again = isinstance(error, MalformedAnswer) and storable_text(str(error.args[0])) in run.error
    return is_again and timezone.now() - run.started_at > VAIN_AFTER / settings.SYNC_TIME_SCALE


def _give_back(run: SyncRun, **changes: Any) -> None:
    SyncRun.objects.filter(pk=run.pk, claim=run.claim).update(**changes, claim=None, claimed_until=None)


def _claim(run_id: int) -> SyncRun | None:
    now, token = timezone.now(), uuid.uuid4()
    lost = Q(claimed_until__lt=now)
    planned = SyncRun.objects.filter(Q(claimed_until__isnull=True) | lost, pk=run_id, state=SyncRun.State.PLANNING)
    until = now + timedelta(seconds=settings.SYNC_CLAIM_SECONDS)
    planners_lost = F("planners_lost") + Case(When(lost, then=1), default=0, output_field=PositiveSmallIntegerField())
    if not planned.update(claim=token, claimed_until=until, planners_lost=planners_lost):
        return None
    return SyncRun.objects.select_related("shop__bluejet").get(pk=run_id)


def _plan(ctx: Context, run: SyncRun, flow: Flow) -> None:
    """Lay out the chunks anew; a plan that was broken off leaves nothing behind."""
    SyncChunk.objects.filter(run=run).delete()
    began = _partner_time(ctx)
    cursor = flow.cursor(ctx) if flow.cursor else {}
    total = 0
    bad: list[str] = []
    for number, keys in enumerate(_chunked(_distinct(ctx, run, flow, bad)), start=1):
        with transaction.atomic():
            if ctx.claim is not None:
                ctx.claim.insist()
            SyncChunk.objects.create(run=run, number=number, keys=keys)
        total += len(keys)
    if not total and run.mode == SyncRun.Mode.FULL and _should_hold_something(run, flow):
        fail_run(
            run, gettext("Shoptet names no record at all, although BlueJet holds some of this shop. Look at the rights of the API token.")
        )
        return
    indexed = run.mode == SyncRun.Mode.FULL and total >= INDEX_FROM
    if indexed:
        indexed = build_index(ctx, run, flow)
    SyncRun.objects.filter(pk=run.pk, state=SyncRun.State.PLANNING, claim=run.claim).update(
        state=SyncRun.State.RUNNING,
        expected=total,
        unreadable=len(bad),
        left_out=storable_json([reason[:LONGEST_NAMED] for reason in bad[:MOST_NAMED]]),
        indexed=indexed,
        mapping_version=ctx.snapshot.version,
        next_cursor={"since": (began - OVERLAP).isoformat(), **cursor},
        claim=None,
        claimed_until=None,
        error="",
    )


def _should_hold_something(run: SyncRun, flow: Flow) -> bool:
    """Whether an empty list is too good to be true: an answer that lacks everything must not look like a success."""
    links = RecordLink.objects.filter(shop=run.shop, kind__in=flow.index_kinds, archived=False)
    return links.exclude(bluejet_id="").exists()


def _partner_time(ctx: Context) -> datetime:
    """Return Shoptet's own clock: cursors are compared with its times, not with ours."""
    return ctx.shoptet.server_time() or timezone.now()


def _distinct(ctx: Context, run: SyncRun, flow: Flow, bad: list[str]) -> Iterator[Entry]:
    """Yield [key, "deleted" or "", payload] once per record; a deletion counts only if BlueJet holds something of it.

    What is wrong with rows that cannot be read is added to `bad`.
    """
    seen: set[str] = set()
    for page in flow.keys(ctx, run.mode, run.since):
        bad += page.bad
        for key, payload in zip_longest(page.keys, page.payloads):
            name = f"{key} {payload['id']}" if payload else key
            if name in seen:
                continue
            seen.add(name)
            is_deleted = key in page.deleted
            # A key that no row can hold is carried on as far as it can be: its own record is parked by it, the plan goes on.
            key = storable_key(key)
            if not is_deleted or _is_known(run, key):
                yield [key, "deleted" if is_deleted else "", storable_json(payload)]


def _is_known(run: SyncRun, key: str) -> bool:
    return RecordLink.objects.filter(Q(key=key) | Q(parent_key=key), shop=run.shop, archived=False).exclude(bluejet_id="").exists()


def _chunked(keys: Iterable[Entry]) -> Iterator[list[Entry]]:
    chunk: list[Entry] = []
    for key in keys:
        chunk.append(key)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _hand_out(run: SyncRun) -> None:
    if not finish_if_done(run.pk):
        for _ in range(LANES):
            enqueue("work_run", run.pk)
