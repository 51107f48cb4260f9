"""A wire that leads nowhere: scripted answers for a BlueJet client, and a record of what it sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from clients.bluejet import BlueJetClient, BlueJetConfig, MemorySession, open_client

GUID = "6b29fc40-ca47-4067-b31d-00dd010662da"


@dataclass(frozen=True)
class Sent:
    """One request as the client made it."""

    method: str
    path: str
    params: dict[str, Any]
    json: Any
    headers: dict[str, str]


def answer(body: Any = None, status: int = 200, headers: Mapping[str, str] | None = None, text: str | None = None) -> requests.Response:
    """Make a loaded response with a JSON body, or with a text as it is."""
    response = requests.Response()
    response.status_code = status
    response._content = (json.dumps(body) if text is None else text).encode()
    response._content_consumed = True  # type: ignore[attr-defined]
    response.headers.update({"Content-Type": "application/json", **(headers or {})})
    return response


def page(*rows: Mapping[str, Any], total: int | None = None) -> requests.Response:
    """Make a page of rows in the form of the `data` dialect."""
    columns = [{"offset": place, "columns": [{"name": n, "value": v} for n, v in row.items()]} for place, row in enumerate(rows)]
    count = len(rows) if total is None else total
    return answer({"no": 217, "recordsCount": count, "rows": columns}, headers={"X-Total-Count": str(count)})


def results(*rows: Mapping[str, Any]) -> requests.Response:
    """Make the answer to a write."""
    return answer({"dataObjectResult": {"dataObjectRows": list(rows)}})


class Wire(requests.Session):
    """Answer each request with the next of the script; an exception in the script is raised."""

    def __init__(self, *script: requests.Response | Exception) -> None:
        super().__init__()
        self.script = list(script)
        self.sent: list[Sent] = []

    def request(self, method: str, url: str, **options: Any) -> requests.Response:  # type: ignore[override]
        path = url.removeprefix("https://firma.bluejet.cz/api/v1/")
        self.sent.append(Sent(method, path, dict(options.get("params") or {}), options.get("json"), dict(options["headers"])))
        step = self.script.pop(0)
        if isinstance(step, Exception):
            raise step
        return step


class KeptSession(MemorySession):
    """A session store that holds a token from the start."""

    def __init__(self, token: str = "a-token-of-another-worker") -> None:
        super().__init__()
        self.save(token, 1)


def client_on(wire: Wire, evidences: Mapping[str, Any] | None = None, *, logged_in: bool = True, dialect: str = "data") -> BlueJetClient:
    """Open a client whose requests go to the wire, without waiting between attempts."""
    config = BlueJetConfig("https://firma.bluejet.cz/api/v1", dialect, "the-token-id", "the-secret-hash", evidences or {})  # type: ignore[arg-type]
    store = KeptSession() if logged_in else MemorySession()
    return open_client(config, session_store=store, session=wire, sleep=lambda _: None)
