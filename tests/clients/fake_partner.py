"""A partner on a fake transport: it plays prepared answers and remembers what was asked."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
import urllib3
from requests.adapters import BaseAdapter

from clients.errors import PartnerError, RightMissing

RECORDED = Path(__file__).resolve().parent.parent / "recorded" / "shoptet"
DATE = "Mon, 02 Mar 2026 08:05:00 GMT"


@dataclass
class Reply:
    """One prepared answer; `body` is JSON unless it is bytes."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class FakePartner(BaseAdapter):
    """Answer each request with the next thing prepared, the last one again and again; an exception is raised."""

    def __init__(self, *script: Reply | Exception) -> None:
        super().__init__()
        self.script = list(script)
        self.requests: list[requests.PreparedRequest] = []
        self.timeouts: list[Any] = []

    def send(self, request: requests.PreparedRequest, stream: bool = False, timeout: Any = None, **_: Any) -> requests.Response:  # type: ignore[override]
        self.requests.append(request)
        self.timeouts.append(timeout)
        following = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(following, Exception):
            raise following
        return self._response(request, following)

    def close(self) -> None:
        return None

    @property
    def calls(self) -> list[str]:
        """Return what was asked, as method and path."""
        return [f"{request.method} {urlsplit(request.url or '').path}" for request in self.requests]

    def query(self, index: int = -1) -> dict[str, str]:
        """Return one request's query."""
        return dict(parse_qsl(urlsplit(self.requests[index].url or "").query, keep_blank_values=True))

    def body(self, index: int = -1) -> Any:
        """Return one request's JSON body."""
        return json.loads(self.requests[index].body or b"null")

    def _response(self, request: requests.PreparedRequest, reply: Reply) -> requests.Response:
        content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        headers = {"Date": DATE, "Content-Type": "application/json", **reply.headers}
        response = requests.Response()
        response.status_code = reply.status
        response.headers.update(headers)
        response.raw = urllib3.HTTPResponse(io.BytesIO(content), headers=headers, status=reply.status, preload_content=False)
        response.url = request.url or ""
        response.request = request
        return response


class CountingLimiter:
    """Remember what the transport took and gave back."""

    def __init__(self, refusal: PartnerError | None = None) -> None:
        self.held = 0
        self.taken: list[tuple[int, float]] = []
        self.observed: list[tuple[int | None, int | None, float | None]] = []
        self.refusal = refusal

    @contextmanager
    def slot(self, *, priority: int, cost: float = 1.0) -> Iterator[None]:
        if self.refusal:
            raise self.refusal
        self.taken.append((priority, cost))
        self.held += 1
        try:
            yield
        finally:
            self.held -= 1

    def observe(self, *, filling: int | None, capacity: int | None, retry_after: float | None) -> None:
        self.observed.append((filling, capacity, retry_after))


class RememberingBreaker:
    """Remember what the transport asked and told."""

    def __init__(self, refusal: PartnerError | None = None) -> None:
        self.told: list[str] = []
        self.refusal = refusal

    def check(self, right: str = "") -> None:
        self.told.append("checked")
        if self.refusal:
            raise self.refusal

    def look_anew(self) -> None:
        return None

    def succeeded(self, right: str = "") -> None:
        self.told.append("succeeded")

    def refused(self, error: PartnerError) -> None:
        self.told.append("refused")

    def lacks(self, error: RightMissing) -> None:
        self.told.append(f"lacks: {error.right}")

    def failed(self, error: PartnerError) -> None:
        self.told.append(f"failed: {type(error).__name__}")


def session_on(partner: FakePartner) -> requests.Session:
    """Return a session whose every request goes to the fake."""
    session = requests.Session()
    session.mount("https://", partner)
    session.mount("http://", partner)
    return session


def recorded(name: str) -> Any:
    """Return a recorded answer of Shoptet."""
    return json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))


def recorded_data(name: str) -> Any:
    """Return the `data` of a recorded answer."""
    return recorded(name)["data"]


def reply(name: str) -> Reply:
    """Return a recorded answer, ready to be played."""
    return Reply(body=recorded(name))
