"""An answer of a partner, read to its end and parsed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

import requests
import urllib3

from clients.errors import MalformedAnswer, OutcomeUnknown, PartnerMessage
from clients.redaction import describe_body
from clients.storable import may_hold_foreign, storable

PIECE = 65536
SHORTEST_WAIT = 0.05
LARGEST = 64 * 1024 * 1024
LONGEST_NUMBER = 40

Explain = Callable[[Any], tuple[PartnerMessage, ...]]


class CutOff(requests.RequestException):
    """Report a body that ended early, took too long or is beyond all measure; `received` tells what came of it."""

    def __init__(self, reason: str, *, received: str = "") -> None:
        super().__init__(reason)
        self.received = received


@dataclass(frozen=True)
class Answer:
    """A successful answer; `date` is the partner's own clock, numbers with a fraction are Decimal.

    `left_out` names the optional sections that were wanted and are not in it.
    """

    status: int
    body: Any = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    date: datetime | None
    request_id: str = ""
    partner: str = ""
    request: str = ""
    received: str = ""
    is_repeatable: bool = field(default=True, repr=False)
    left_out: frozenset[str] = field(default=frozenset(), repr=False)

    def reject(self, reason: str) -> NoReturn:
        """Raise that the answer is not what was promised; after a write that may not be repeated, that its outcome is unknown."""
        kind = MalformedAnswer if self.is_repeatable else OutcomeUnknown
        raise kind(
            reason,
            partner=self.partner,
            request=self.request,
            status=self.status,
            request_id=self.request_id,
            received=self.received,
        )


def read_to_end(response: requests.Response, *, deadline: float, clock: Callable[[], float] = time.monotonic) -> bytes:
    """Return the whole body; raise `CutOff` when it ends early or is not there by the deadline, a moment of the clock."""
    raw = response.raw
    # A fake transport may give a body that is loaded already, or a plain file.
    if getattr(response, "_content_consumed", False) or not isinstance(raw, urllib3.HTTPResponse):
        return response.content or b""
    body = bytearray()
    try:
        while piece := _next_piece(raw, deadline - clock()):
            body += piece
            if clock() > deadline or len(body) > LARGEST:
                raise CutOff("too slow or too large", received=received_in_short(response, bytes(body)))
    except CutOff:
        raise
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise CutOff(type(error).__name__, received=received_in_short(response, bytes(body))) from error
    # requests offers no public way to hand over a body that was read under a deadline.
    response._content = bytes(body)
    response._content_consumed = True  # type: ignore[attr-defined]
    raw.release_conn()
    return response._content


def _next_piece(raw: urllib3.HTTPResponse, seconds: float) -> bytes:
    # The library's own limit starts anew with each piece, so that a slow partner could hold a worker for ever.
    sock = getattr(raw.connection, "sock", None)
    if sock is not None:
        sock.settimeout(max(seconds, SHORTEST_WAIT))
    return raw.read1(PIECE, decode_content=True)


def parse_json(content: bytes) -> Any:
    """Return the parsed body, its text storable, None for an empty one; raise ValueError for anything that is not JSON.

    A number beyond all measure, or one that is none (NaN), comes as its text: it spoils the field that it stands in, not the body.
    Control characters inside a text are taken as they are, for the same reason.
    """
    text = content.decode("utf-8-sig")
    if not text.strip():
        return None
    try:
        body = _parse(text)
        return storable(body) if may_hold_foreign(content) else body
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _parse(text: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=str, strict=False)
    except json.JSONDecodeError:
        raise
    except (ValueError, InvalidOperation):
        # Python refuses whole numbers of thousands of digits, and Decimal exponents of its own limit; looking at each number takes longer.
        return json.loads(text, parse_float=_fraction, parse_int=_whole, parse_constant=str, strict=False)


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits


def _fraction(digits: str) -> Decimal | str:
    try:
        return Decimal(digits)
    except InvalidOperation:
        return digits


def received_in_short(response: requests.Response, content: bytes, secrets: tuple[str, ...] = ()) -> str:
    """Tell what came, without values that may be secret or personal."""
    return describe_body(content, response.headers.get("Content-Type", ""), secrets)


def find_request_id(response: requests.Response, body: Any) -> str:
    """Return the partner's id of the exchange, from the header or from `metadata.requestId`."""
    metadata = body.get("metadata") if isinstance(body, dict) else None
    named = metadata.get("requestId") if isinstance(metadata, dict) else None
    return str(response.headers.get("X-Request-ID") or named or "")[:100]
