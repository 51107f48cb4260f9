"""What an exchange came to: an answer, or the one error that says what to do next."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NoReturn

import requests

from clients.answers import Answer, CutOff, find_request_id, parse_json, received_in_short
from clients.errors import (
    AlreadyChanged,
    Conflict,
    Locked,
    MalformedAnswer,
    MissingModule,
    NotFound,
    OutcomeUnknown,
    PartnerError,
    PartnerMessage,
    PartnerUnavailable,
    Refused,
    RightMissing,
    Throttled,
    TooLarge,
    Unauthorised,
    UnderMaintenance,
)
from clients.outgoing import Outgoing
from clients.redaction import scrub
from clients.retries import RetryPolicy, innermost_reason, is_repeatable_status, never_reached, read_date, seconds_asked

BY_STATUS: dict[int, tuple[type[PartnerError], str]] = {
    401: (Unauthorised, "the credentials were not accepted"),
    403: (RightMissing, "the credentials lack the right for this"),
    404: (NotFound, "there is no such record"),
    409: (Conflict, "the request contradicts what the partner holds"),
    413: (TooLarge, "the request is too large"),
    423: (Locked, "the same request is still being worked on"),
    429: (Throttled, "too many requests"),
}
OTHERWISE = (Refused, "the partner refused the request")
# A code counts under the status that belongs to it only: what may be repeated is decided by the status.
STATUS_OF: dict[type[PartnerError], int] = {AlreadyChanged: 409, Locked: 423, MissingModule: 403, RightMissing: 403}
WRITE_FAILED = "a write ended in a server error, so it may have been applied"
WRITE_IN_MAINTENANCE = "a write met the partner's maintenance, so it may have been applied"
MOST_MESSAGES = 10


def judge_answer(
    request: Outgoing, response: requests.Response, content: bytes, *, policy: RetryPolicy, attempt: int, now: datetime
) -> Answer:
    """Return the answer if it is a success, else raise what it means."""
    try:
        body, is_json = parse_json(content), True
    except ValueError:
        body, is_json = None, False
    answer = Answer(
        status=response.status_code,
        body=body,
        headers=response.headers,
        date=read_date(response.headers.get("Date", "")),
        request_id=scrub(find_request_id(response, body), request.secrets, longest=100),
        partner=request.partner,
        request=request.shown,
        received=received_in_short(response, content, request.secrets),
        is_repeatable=request.repeatable,
    )
    if not 200 <= answer.status < 300:
        messages = _explained(request, body) if body is not None else ()
        _refuse(request, answer, messages, policy=policy, attempt=attempt, now=now)
    if not is_json:
        answer.reject("the answer is not JSON, or was cut off")
    return answer


def judge_silence(request: Outgoing, error: Exception, *, policy: RetryPolicy, attempt: int) -> PartnerError:
    """Return what it means that no answer came, or not the whole of one."""
    reason = str(error) if isinstance(error, CutOff) else innermost_reason(error)
    facts: dict[str, Any] = {"partner": request.partner, "request": request.shown}
    # An address or a header that cannot be sent is our own mistake: requests reports it as a ValueError.
    if isinstance(error, ValueError | requests.exceptions.InvalidJSONError):
        return Refused(f"the request could not be made ({reason}): check the partner's address and credentials", **facts)
    unsent = never_reached(error)
    if isinstance(error, CutOff):
        facts["received"] = error.received
    if not unsent and not request.repeatable:
        return OutcomeUnknown(f"the answer to a write was lost ({reason})", **facts)
    facts |= {"retry_after": policy.pause_after(attempt), "maybe_applied": not unsent and not request.is_read}
    if isinstance(error, CutOff) and policy.is_last(attempt):
        return MalformedAnswer(f"the answer was cut off ({reason})", **facts)
    told = "the partner cannot be reached" if unsent else "the answer was lost"
    return PartnerUnavailable(f"{told} ({reason})", **facts)


def _refuse(
    request: Outgoing,
    answer: Answer,
    messages: tuple[PartnerMessage, ...],
    *,
    policy: RetryPolicy,
    attempt: int,
    now: datetime,
) -> NoReturn:
    status = answer.status
    facts: dict[str, Any] = {
        "partner": request.partner,
        "request": request.shown,
        "status": status,
        "request_id": answer.request_id,
        "messages": messages,
        "received": "" if messages else answer.received,
    }
    if is_repeatable_status(status, repeatable=request.repeatable):
        facts["retry_after"] = policy.pause_after(attempt, status=status, asked=seconds_asked(answer.headers, now=now))
    kind, told = _meaning(request, status, messages)
    if issubclass(kind, RightMissing):
        facts |= {"right": request.right, "certain": any(code in request.meanings for code in _codes(messages))}
    if status >= 500 and not request.repeatable:
        told = WRITE_IN_MAINTENANCE if issubclass(kind, UnderMaintenance) else WRITE_FAILED
        raise OutcomeUnknown(told, **facts)
    if status >= 500:
        raise kind(told, **facts, maybe_applied=not request.is_read)
    raise kind(told, **facts)


def _meaning(request: Outgoing, status: int, messages: tuple[PartnerMessage, ...]) -> tuple[type[PartnerError], str]:
    """Return what the refusal is: by the partner's own codes, by what its status means there, by what it means anywhere."""
    named = [request.meanings[code] for code in _codes(messages) if code in request.meanings]
    fitting = [meaning for meaning in named if STATUS_OF.get(meaning[0]) == status]
    if fitting:
        return fitting[0]
    if status in request.meanings:
        return request.meanings[status]
    if status >= 500:
        return PartnerUnavailable, "the partner reported a failure of its own"
    if status < 400:
        return Refused, "the address answered with a redirection: check the partner's address"
    return BY_STATUS.get(status, OTHERWISE)


def _codes(messages: tuple[PartnerMessage, ...]) -> list[str]:
    return [line.code.lower().replace("_", "-") for line in messages]


def _explained(request: Outgoing, body: Any) -> tuple[PartnerMessage, ...]:
    return tuple(
        PartnerMessage(
            code=scrub(line.code, request.secrets, longest=100),
            message=scrub(line.message, request.secrets),
            instance=scrub(line.instance, request.secrets, longest=100),
        )
        for line in _told(request, body)[:MOST_MESSAGES]
    )


def _told(request: Outgoing, body: Any) -> tuple[PartnerMessage, ...]:
    try:
        return request.explain(body)
    except RecursionError:
        return ()  # nested deeper than anybody explains
