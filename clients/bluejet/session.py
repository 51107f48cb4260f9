"""The login: one token for all workers, taken anew when BlueJet no longer accepts it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from clients.answers import Answer
from clients.bluejet.answers import PARTNER, explain
from clients.bluejet.config import BlueJetConfig
from clients.errors import Unauthorised
from clients.redaction import scrub
from clients.transport import Transport

LOGIN = "users/authenticate"
# A token lives for 24 hours; an hour less leaves room for clocks and long requests.
LIFETIME_SECONDS = 23 * 3600


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


class Login:
    """Send requests with the account's token, and log in when there is none or it is refused."""

    def __init__(self, config: BlueJetConfig, transport: Transport, store: SessionStore) -> None:
        self._config = config
        self._transport = transport
        self._store = store
        # Called before each request goes out, at every attempt; what it raises keeps it from being sent.
        self.before_request: Callable[[], None] = _nothing

    def send(self, method: str, path: str, **options: Any) -> Answer:
        """Send one request; a refused token is replaced once. A 401 says that nothing was done, so this holds for writes too."""
        token = self._store.load() or self._log_in()
        try:
            return self._send_with(token, method, path, options)
        except Unauthorised as error:
            if error.status != 401:
                raise
        return self._send_with(self._replace(token), method, path, options)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def _send_with(self, token: str, method: str, path: str, options: dict[str, Any]) -> Answer:
        headers = {"X-Token": token, "Accept": "application/json"}
        return self._transport.send(method, path, headers=headers, explain=explain, before_attempt=self.before_request, **options)

    def _replace(self, refused: str) -> str:
        current = self._store.load()
        if current and current != refused:
            return current  # another worker was faster
        self._store.clear()
        return self._log_in()

    def _log_in(self) -> str:
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
            raise Unauthorised(
                f"the login was refused: {reason}",
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
