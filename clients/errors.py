"""What can go wrong with a partner, and whether trying again helps.

PartnerError
├── PartnerUnavailable      retryable: no answer, connection error, 5xx
│   └── UnderMaintenance    the partner says that it is down for a while; retry_after where it says how long
├── Throttled               retryable: 429, or our own budget has no room; carries retry_after
├── Locked                  retryable: 423
├── BreakerOpen             retryable: the partner is known to be down, nothing was sent
│   └── CredentialsHeld     the credentials are known to be refused, nothing was sent
├── MalformedAnswer         retryable: not JSON, cut off, or a field is missing
├── OutcomeUnknown          a write may or may not have been applied: look before writing again
│   └── Stopped             our own guard let it not go out (again): the record is another worker's by now
├── NotFound                404
└── Refused                 any other 4xx: only a person or a different request helps
    ├── Unauthorised        401: this token was not accepted, which a new one may mend
    │   ├── CredentialsRefused  no token is to be had, or a new one is refused, too: only other credentials help
    │   └── RightMissing    403: the credentials are good, and lack the right for this one request
    ├── MissingModule       403: the shop has not bought, or has switched off, what the request needs
    ├── Conflict            409
    │   └── AlreadyChanged  somebody else changed the record meanwhile: read it again, compare, write once more
    └── TooLarge            413: send fewer records at once
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any


@dataclass(frozen=True)
class PartnerMessage:
    """One line of a partner's own explanation."""

    code: str
    message: str
    instance: str = ""


class PartnerError(Exception):
    """Say which request failed, how, and whether a retry helps."""

    retryable = False

    def __init__(
        self,
        message: str,
        *,
        partner: str,
        request: str = "",
        status: int | None = None,
        request_id: str = "",
        retry_after: float | None = None,
        messages: tuple[PartnerMessage, ...] = (),
        received: str = "",
        maybe_applied: bool = False,
    ) -> None:
        super().__init__(message)
        self.partner = partner
        self.request = request
        self.status = status
        self.request_id = request_id
        self.retry_after = retry_after
        self.messages = messages
        self.received = received
        # True where a write may have been applied, or may still be: look before anything else is written there.
        self.maybe_applied = maybe_applied

    def __reduce__(self) -> tuple[Any, ...]:
        # An error crosses from a worker's process to its parent by pickle, which knows positional arguments only.
        return partial(type(self), **self.__dict__), self.args

    def __str__(self) -> str:
        parts = [f"{self.partner}: {self.args[0]}"]
        if self.request:
            parts.append(f"request {self.request}")
        if self.status is not None:
            parts.append(f"status {self.status}")
        parts += [": ".join(filter(None, (line.code, line.message))) for line in self.messages]
        if self.request_id:
            parts.append(f"request id {self.request_id}")
        if self.received:
            parts.append(f"received: {self.received}")
        return "; ".join(parts)


class PartnerUnavailable(PartnerError):
    """Report that the partner gave no usable answer; sending the request again does no harm."""

    retryable = True


class UnderMaintenance(PartnerUnavailable):
    """Report that the partner is being maintained; `retry_after` is in seconds."""


class Throttled(PartnerError):
    """Report that there is no room for the request now; `retry_after` is in seconds."""

    retryable = True


class Locked(PartnerError):
    """Report that the partner is still busy with the same request."""

    retryable = True


class BreakerOpen(PartnerError):
    """Report that the partner is known to be down and nothing was sent."""

    retryable = True


class CredentialsHeld(BreakerOpen):
    """Report that the partner is known to refuse the credentials and nothing was sent."""


class MalformedAnswer(PartnerError):
    """Report an answer that is not what the partner's documentation promises."""

    retryable = True


class OutcomeUnknown(PartnerError):
    """Report a write whose answer was lost: it may have been applied."""

    def __init__(self, message: str, **facts: Any) -> None:
        super().__init__(message, **{"maybe_applied": True} | facts)


class Stopped(OutcomeUnknown):
    """Report that whoever guards the record kept the request back; an earlier attempt of it may have been applied."""


class NotFound(PartnerError):
    """Report that the record does not exist at the partner."""


class Refused(PartnerError):
    """Report that the partner understood the request and will not do it."""


class Unauthorised(Refused):
    """Report that the credentials were not accepted for this request."""


class CredentialsRefused(Unauthorised):
    """Report that the credentials themselves do not work, not even for a new session: no request of theirs would be answered."""


class RightMissing(Unauthorised):
    """Report that the credentials lack one right; `right` names it by the request that needs it.

    `certain` says that the partner itself named the right: else it may be this very record that it keeps from us.
    """

    def __init__(self, message: str, *, right: str = "", certain: bool = False, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.right = right
        self.certain = certain


class Conflict(Refused):
    """Report that the request contradicts what the partner holds."""


class AlreadyChanged(Conflict):
    """Report that the record was changed by somebody else since it was read."""


class MissingModule(Refused):
    """Report that the shop lacks a module, so that neither a retry nor other credentials help; `messages` name it."""


class TooLarge(Refused):
    """Report that the request carried more than the partner takes at once."""
