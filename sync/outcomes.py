"""Which error ends a record how: the one place that decides whether it waits, parks or failed."""

from __future__ import annotations

import hashlib
import re
import traceback

from django.conf import settings

from clients.errors import (
    BreakerOpen,
    CredentialsHeld,
    CredentialsRefused,
    Locked,
    MalformedAnswer,
    MissingModule,
    NotFound,
    OutcomeUnknown,
    PartnerError,
    PartnerUnavailable,
    Refused,
    RightMissing,
    Throttled,
    Unauthorised,
)
from sync.flow import Outcome, Result
from sync.issues import Issue
from sync.rights import held_by
from sync.storable import storable_text

LONGEST_REASON, LONGEST_TRACEBACK = 500, 100_000
# What a partner's words name of the one record: quoted values, and whatever has a digit.
VARYING = re.compile(r"[\"'„“‚‘’»«].*?[\"'“”‘’«»]|\S*\d\S*")
WAIT_AFTER_TROUBLE = 30.0
WAIT_FOR_CREDENTIALS = 300.0
# The sweeper has one of those that wait for a right try it every few minutes, and wakes all once it is there.
WAIT_FOR_RIGHT = 3600.0


def outcome_of(error: PartnerError) -> Outcome:
    """Turn a partner's error into the record's outcome."""
    if isinstance(error, OutcomeUnknown):
        return _waits(error, "outcome_unknown", float(settings.SYNC_SETTLE_SECONDS))
    if isinstance(error, MissingModule):
        return Outcome(Result.PARKED, [_issue(error, "module_missing")], error=error)
    if isinstance(error, RightMissing):
        return _waits_for_right(error)
    if isinstance(error, Unauthorised | CredentialsHeld):
        return _waits(error, "credentials_refused", _scaled(WAIT_FOR_CREDENTIALS))
    if isinstance(error, Throttled | Locked):
        return _waits(error, "unavailable", error.retry_after or 1.0)
    if isinstance(error, BreakerOpen):
        return _waits(error, "unavailable", error.retry_after or _scaled(WAIT_AFTER_TROUBLE))
    if isinstance(error, Refused | NotFound):
        return Outcome(Result.PARKED, [_issue(error, "refused")], error=error)
    code = "malformed" if isinstance(error, MalformedAnswer) else "unavailable"
    return _waits(error, code, _scaled(error.retry_after or WAIT_AFTER_TROUBLE))


def is_about_the_record(error: PartnerError | None) -> bool:
    """Whether the partner may have failed at this very record, so that it alone can go on failing."""
    return isinstance(error, PartnerUnavailable | MalformedAnswer | OutcomeUnknown)


def may_be_kept_from_us(error: PartnerError | None) -> bool:
    """Whether the partner may refuse this very record while it shows others."""
    return isinstance(error, RightMissing) and not error.certain


def defect(error: Exception) -> Outcome:
    """Report our own failure, with the traceback for the developers."""
    reason = storable_text(f"{type(error).__name__}: {error}", LONGEST_REASON)
    trace = "".join(traceback.format_exception(error))[-LONGEST_TRACEBACK:]
    return Outcome(Result.ERROR, [Issue("defect", params={"reason": reason})], traceback=storable_text(trace))


def failure(error: Exception) -> Outcome:
    """Turn whatever went wrong into the record's outcome: a partner's error, or a defect of our own."""
    return outcome_of(error) if isinstance(error, PartnerError) else defect(error)


def waits(seconds: float, *issues: Issue, note: str = "") -> Outcome:
    """Let the record wait a moment without using up a try."""
    return Outcome(Result.WAITING, list(issues), wait_seconds=seconds, note=note)


def parked(*issues: Issue) -> Outcome:
    """Hold the record for a person."""
    return Outcome(Result.PARKED, list(issues))


def skipped(*issues: Issue) -> Outcome:
    """Leave the record alone, with the reason."""
    return Outcome(Result.SKIPPED, list(issues))


def _waits(error: PartnerError, code: str, seconds: float) -> Outcome:
    blocked_by = error.partner if isinstance(error, BreakerOpen | PartnerUnavailable | CredentialsRefused) else ""
    return Outcome(Result.WAITING, [_issue(error, code)], wait_seconds=seconds, blocked_by=blocked_by, error=error)


def _waits_for_right(error: RightMissing) -> Outcome:
    """Where it is not sure that all who ask this are refused, the record looks for itself."""
    issue = _issue(error, "right_missing")
    issue = Issue(issue.code, params={**issue.params, "right": error.right or error.request})
    if not error.certain:
        return Outcome(Result.WAITING, [issue], wait_seconds=_scaled(WAIT_FOR_CREDENTIALS), error=error)
    blocked_by = held_by(error.partner, error.right)
    return Outcome(Result.WAITING, [issue], wait_seconds=_scaled(WAIT_FOR_RIGHT), blocked_by=blocked_by, error=error)


def _issue(error: PartnerError, code: str) -> Issue:
    message = "; ".join(line.message for line in error.messages) or str(error.args[0])
    params = {"partner": error.partner, "message": message[:500], "request_id": error.request_id or "–"}
    return Issue(code, params=params | ({"cause": _cause(error, message)} if isinstance(error, Refused) else {}))


def _cause(error: PartnerError, message: str) -> str:
    """Tell one refusal from another, whichever record it was about: by its status, and its words without what names the record."""
    alike = VARYING.sub("#", message)
    return f"{error.status or 0}-{hashlib.blake2s(alike.encode(errors='replace'), digest_size=6).hexdigest()}"


def _scaled(seconds: float) -> float:
    """Shorten long waits where the tests run time faster."""
    return float(seconds / settings.SYNC_TIME_SCALE)
