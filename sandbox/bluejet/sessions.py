"""Logging in, and the sessions it gives."""

from __future__ import annotations

import base64
import binascii
import hmac
import threading
import uuid
from datetime import datetime, timedelta
from typing import Any

from sandbox.bluejet.options import Options
from sandbox.bluejet.refusals import Refusal
from sandbox.http import BadBody, Request, Response, json_response


class Sessions:
    """Hand out tokens and know which are alive."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._alive: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def log_in(self, request: Request) -> Response:
        """Answer users/authenticate; letter case of the keys does not matter."""
        body = _read(request)
        given = {str(name).lower(): value for name, value in body.items()} if isinstance(body, dict) else {}
        token_id, token_hash = str(given.get("tokenid") or ""), str(given.get("tokenhash") or "")
        if not token_id or not token_hash:
            return _failed("Musí být vyplněny přihlašovací údaje", 401)
        if not self._fits(token_id, token_hash):
            return _failed("Špatné přihlašovací údaje.", self._options.bad_login_status)
        return json_response({"succeeded": True, "token": self.open(), "message": None})

    def open(self) -> str:
        """Begin a session and return its token."""
        token = uuid.uuid4().hex + uuid.uuid4().hex
        with self._lock:
            if self._options.single_session:
                self._alive.clear()
            self._alive[token] = self._options.clock() + timedelta(seconds=self._options.token_seconds)
        return token

    def check(self, request: Request) -> None:
        """Refuse a request without a living session in X-Token."""
        self._check_token(request.headers.get("x-token", ""))

    def check_any(self, request: Request) -> None:
        """Refuse a request of the rest dialect: X-Token, or Authorization with a token or with id:hash."""
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        pair = value if scheme.lower() == "bearer" else _decoded(value) if scheme.lower() == "basic" else ""
        if ":" in pair and self._fits(*pair.split(":", 1)):
            return
        self._check_token(request.headers.get("x-token") or value)

    def expire_all(self) -> int:
        """End every session at once; return how many there were."""
        with self._lock:
            count = len(self._alive)
            self._alive.clear()
        return count

    def _check_token(self, token: str) -> None:
        with self._lock:
            until = self._alive.get(token)
        if until is None or until <= self._options.clock():
            raise Refusal("Neplatný nebo prošlý token.", 401)

    def _fits(self, token_id: str, token_hash: str) -> bool:
        wanted = f"{self._options.token_id}\n{self._options.token_hash}"
        return hmac.compare_digest(f"{token_id}\n{token_hash}".encode(), wanted.encode())


def _read(request: Request) -> Any:
    # What cannot be read counts as not filled in, as it was seen on a live instance.
    try:
        return request.json()
    except BadBody:
        return None


def _failed(message: str, status: int) -> Response:
    return json_response({"succeeded": False, "token": "", "message": message}, status)


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
