"""Tell credentials that do not work from everything else that keeps a partner from answering: what its login says, and what a 401 means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clients.errors import CredentialsRefused, NotFound, PartnerError, PartnerUnavailable, Refused, RightMissing

LOGIN_REFUSED = "the login was refused"
TOKEN_REFUSED = "the credentials were not accepted"  # noqa: S105 - a sentence
RIGHT_MISSING = "the credentials lack the right for this"
# The partner was not quick enough, or we were not: nothing is said of what was sent.
TRANSIENT = (408, 425)


def logged_in(log_in: Callable[[], Any]) -> Any:
    """Return what the login gives; whatever it is refused with, only a person can help.

    Raise CredentialsRefused then; a partner that is down, is too busy or answers nonsense is told by its own error.
    """
    try:
        return log_in()
    except CredentialsRefused:
        raise
    except (Refused, NotFound) as error:
        if error.status in TRANSIENT:
            raise PartnerUnavailable(str(error.args[0]), **error.__dict__) from None
        raise as_refused(error, LOGIN_REFUSED) from None


def as_refused(error: PartnerError, told: str = TOKEN_REFUSED) -> CredentialsRefused:
    """Return the same finding as one about the credentials themselves."""
    facts = {name: value for name, value in error.__dict__.items() if name not in ("right", "certain")}
    return CredentialsRefused(told, **facts)


def as_missing_right(error: PartnerError, right: str, *, certain: bool = False) -> RightMissing:
    """Return the same finding as one about the right for one request."""
    facts = {name: value for name, value in error.__dict__.items() if name not in ("right", "certain")}
    return RightMissing(RIGHT_MISSING, right=right, certain=certain, **facts)


def is_taken_elsewhere(ask: Callable[[], object]) -> bool:
    """Whether the token that a request was refused with is accepted for another one.

    Raise what keeps the partner from saying so: then nothing is known yet.
    """
    try:
        ask()
    except (Refused, NotFound) as error:
        return error.status != 401
    return True
