"""The login: one token for all workers, taken anew when BlueJet no longer accepts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, Protocol

from clients.answers import Answer
from clients.bluejet.answers import PARTNER, explain
from clients.bluejet.config import BlueJetConfig
from clients.credentials import LOGIN_REFUSED, as_missing_right, as_refused, is_taken_elsewhere, logged_in
from clients.errors import CredentialsRefused, Unauthorised
from clients.redaction import scrub
from clients.transport import Transport

LOGIN = "users/authenticate"
# A token lives for 24 hours; an hour less leaves room for clocks and long requests.
LIFETIME_SECONDS = 23 * 3600


# The kinds that are read to find out whether a token is accepted at all; two, for where one of them is what is refused.
LOOKED_AT = ("product", "contact")


class SessionStore(Protocol):
    """Keep the token of one account where every worker finds it."""

    def load(self) -> str | None:
        """Return the token, None where there is none or it is too old."""
        ...

    def save(self, token: str, seconds: int) -> None:
        """Keep the token for so many seconds."""
        ...

    def clear(self) -> None:
        """Forget the token."""
        ...

    def renew(self, refused: str | None, log_in: Callable[[], str]) -> str:
        """Return another token than the refused one: one worker logs in, the others wait for what it gets."""
        ...


class MemorySession:
    """Keep the token in this process, for as long as the process lives."""

    def __init__(self) -> None:
        self._token: str | None = None

    def load(self) -> str | None:
        """Return the token, if there is one; BlueJet itself tells when it is too old."""
        return self._token

    def save(self, token: str, seconds: int) -> None:
        """Keep the token; the seconds do not matter here."""
        self._token = token

    def clear(self) -> None:
        """Forget the token."""
        self._token = None

    def renew(self, refused: str | None, log_in: Callable[[], str]) -> str:
        """Return the token that came meanwhile, else log in."""
        current = self.load()
        if current and current != refused:
            return current
        self.clear()
        return log_in()


@dataclass(frozen=True)
class Look:
    """A read that does no harm and needs one right: it tells whether a token is accepted at all."""

    path: str
    right: str
    params: Mapping[str, Any] = field(default_factory=dict)


def reading(kind: str) -> str:
    """Name the right to read records of a kind."""
    return f"GET {kind}"


class Login:
    """Send requests with the account's token, and log in when there is none or it is refused."""

    def __init__(self, config: BlueJetConfig, transport: Transport, store: SessionStore) -> None:
        self._config = config
        self._transport = transport
        self._store = store
        # Called before each request goes out, at every attempt; what it raises keeps it from being sent.
        self.before_request: Callable[[], None] = _nothing
        # Which reads tell whether a token is accepted elsewhere, where one request is refused: the first that needs another right.
        self.looks: tuple[Look, ...] = ()

    def send(self, method: str, path: str, *, right: str, **options: Any) -> Answer:
        """Send one request; a refused token is replaced once. A 401 says that nothing was done, so this holds for writes too.

        `right` names the right that the request needs. Raise CredentialsRefused where no token is to be had, or a new one is refused
        everywhere; RightMissing where it is only here.
        """
        token = self._store.load() or self._renew(None)
        try:
            return self._send_with(token, method, path, options | {"right": right})
        except Unauthorised as error:
            if error.status != 401:
                raise
        fresh = self._renew(token)
        try:
            return self._send_with(fresh, method, path, options | {"right": right})
        except Unauthorised as error:
            if error.status != 401:
                raise
            self._judge(error, fresh, right)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def _send_with(self, token: str, method: str, path: str, options: dict[str, Any]) -> Answer:
        headers = {"X-Token": token, "Accept": "application/json"}
        return self._transport.send(method, path, headers=headers, explain=explain, before_attempt=self.before_request, **options)

    def _judge(self, error: Unauthorised, token: str, right: str) -> NoReturn:
        """A new token is refused, too: say whether for this request, or for all."""
        look = next((look for look in self.looks if look.right != right), None)
        if look is not None and is_taken_elsewhere(lambda: self._look(look, token)):
            missing = as_missing_right(error, right)
            self._transport.breaker.lacks(missing)
            raise missing from None
        self._refuse(as_refused(error))

    def _look(self, look: Look, token: str) -> Answer:
        self._transport.check_anew()
        return self._send_with(token, "GET", look.path, {"params": dict(look.params), "right": look.right})

    def _refuse(self, error: CredentialsRefused) -> NoReturn:
        self._transport.breaker.refused(error)
        raise error from None

    def _renew(self, refused: str | None) -> str:
        try:
            return self._store.renew(refused, lambda: str(logged_in(self._log_in)))
        except CredentialsRefused as error:
            self._refuse(error)

    def _log_in(self) -> str:
        self._transport.check_anew()  # who waited for another worker's login need not be refused by itself
        credentials = {"tokenID": self._config.token_id, "tokenHash": self._config.token_hash}
        headers = {"Accept": "application/json"}
        answer = self._transport.send("POST", LOGIN, json=credentials, headers=headers, repeatable=True, explain=explain)
        token = self._token_of(answer)
        self._store.save(token, LIFETIME_SECONDS)
        return token

    def _token_of(self, answer: Answer) -> str:
        body = answer.body if isinstance(answer.body, dict) else {}
        told = {str(name).lower(): value for name, value in body.items()}
        if told.get("succeeded") is False:
            reason = scrub(str(told.get("message") or "no reason given"), (self._config.token_id, self._config.token_hash))
            raise CredentialsRefused(
                f"{LOGIN_REFUSED}: {reason}",
                partner=PARTNER,
                request=answer.request,
                status=answer.status,
                request_id=answer.request_id,
            )
        token = told.get("token")
        if not isinstance(token, str) or not token:
            answer.reject("the answer to the login holds no token")
        return token


def _nothing() -> None:
    """Stand for nobody who wants to be called."""
