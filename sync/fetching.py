"""The first step: read the source anew, and decide what a missing or lagging source means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from django.conf import settings

from clients.errors import BreakerOpen, CredentialsRefused, Locked, NotFound, PartnerError, PartnerUnavailable, Throttled
from sync.deletions import held_back
from sync.flow import Context, Flow, Request
from sync.isolation import DATABASE_TROUBLE
from sync.issues import Issue
from sync.outcomes import failure, outcome_of, parked, skipped, waits
from sync.storable import is_whole_key
from sync.unread import unread_issues

LAG_SECONDS = (10.0, 60.0, 300.0)
# An outcome with this note counts as one look at a source that lags; after as many as above it is believed.
LAG = "lag"
# The announcement carries whole seconds and is made after the change, so a difference this small says nothing.
TOLERANCE = timedelta(seconds=5)


def fetch_requests(ctx: Context, flow: Flow, requests: Sequence[Request]) -> None:
    """Fill in each request's items; once Shoptet is out of reach the rest is not asked at all."""
    in_a_row: list[PartnerError] = []
    for request in requests:
        if _is_out_of_reach(in_a_row):
            request.outcome = replace(outcome_of(in_a_row[-1]), error=None)
            continue
        try:
            _fetch(ctx, flow, request)
        except PartnerError as error:
            _fail(request, error)
            in_a_row.append(error)
        except DATABASE_TROUBLE:
            raise
        except Exception as error:
            _fail(request, error)
            in_a_row.clear()
        else:
            in_a_row.clear()


def _fail(request: Request, error: Exception) -> None:
    """Nothing of what was half read goes on: whether a deletion is held for a person, for one, may not be known yet."""
    request.items, request.look_again, request.outcome = [], None, failure(error)


def _is_out_of_reach(in_a_row: Sequence[PartnerError]) -> bool:
    """One record that Shoptet fails at says nothing about the others; two in a row, or no room for requests, do."""
    if in_a_row and isinstance(in_a_row[-1], BreakerOpen | CredentialsRefused | Throttled | Locked):
        return True
    return len(in_a_row) > 1 and all(isinstance(error, PartnerUnavailable) for error in in_a_row[-2:])


def _fetch(ctx: Context, flow: Flow, request: Request) -> None:
    if not is_whole_key(request.key):
        request.outcome = parked(Issue("unusable_key", params={"key": request.key}))
        return
    try:
        request.items = flow.fetch(ctx, request)
    except NotFound:
        _missing(ctx, flow, request)
    else:
        for item in request.items:
            item.job_id, item.approved = request.job_id, request.approved
            item.issues += unread_issues(item.record)
        request.look_again = _behind(request)
    for item in request.items:
        item.job_key = request.key
    _hold_deletions(ctx, request)


def _missing(ctx: Context, flow: Flow, request: Request) -> None:
    """404 without a deletion event may be lag; after that, or with one, it is a deletion once the API itself answers."""
    if request.announced_at and not request.deletion_announced and request.lag < len(LAG_SECONDS):
        issue = Issue("source_behind", "warning")
        request.outcome = waits(_scaled(LAG_SECONDS[request.lag]), issue, note=LAG)
        return
    if "alive" not in ctx.memory:
        ctx.shoptet.eshop()
        ctx.memory["alive"] = True
    request.items = flow.remove(ctx, request)
    if not request.items and request.outcome is None:
        request.outcome = skipped(Issue("source_missing", "warning", params={"key": request.key}))


def _behind(request: Request) -> float | None:
    """Return when to look again if the source is older than the event that announced it."""
    changed = [item.changed_at for item in request.items if item.changed_at and not item.gone]
    if not changed or not request.announced_at or request.lag >= len(LAG_SECONDS):
        return None
    return _scaled(LAG_SECONDS[request.lag]) if max(changed) < request.announced_at - TOLERANCE else None


def _hold_deletions(ctx: Context, request: Request) -> None:
    for item in request.items:
        if item.gone and not request.approved:
            item.outcome = held_back(ctx, item)


def _scaled(seconds: float) -> float:
    return float(seconds / settings.SYNC_TIME_SCALE)
