"""Shoptet's stand-in in this process, and a caller that speaks to it over the wire."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import quote

import requests

from sandbox.shoptet.server import ShoptetSandbox

SMALL: dict[str, Any] = {"customers": 40, "orders": 0, "webhook_key": "k" * 32}


class Caller:
    """Calls a stand-in with its token. Answers are requests' own."""

    def __init__(self, sandbox: ShoptetSandbox) -> None:
        self.sandbox, self.session = sandbox, requests.Session()
        self.session.headers["Shoptet-Private-API-Token"] = sandbox.token

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        return self.session.request(method, f"{self.sandbox.url}{path}", json=body, timeout=20, **options)

    def get(self, path: str, **query: Any) -> Any:
        """Return the `data` of a successful answer."""
        answer = self.call("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def control(self, path: str, body: Any = None, method: str = "POST") -> Any:
        """Call the control interface and return its JSON."""
        answer = self.call(method, f"/_sandbox{path}", body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def fault(self, **fault: Any) -> Any:
        return self.control("/faults", fault)


@contextmanager
def running_sandbox(**options: Any) -> Iterator[Caller]:
    """Start a stand-in on a free port, stop it at the end."""
    sandbox = ShoptetSandbox(port=0, **options).start()
    caller = Caller(sandbox)
    try:
        yield caller
    finally:
        caller.session.close()
        sandbox.stop()


class Receiver:
    """Collects webhooks; answers the statuses given, then 200."""

    def __init__(self, *statuses: int) -> None:
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.statuses = list(statuses)
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.received.append((dict(self.headers.items()), body))
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/api/webhooks/shoptet/"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def register(caller: Caller, receiver: Receiver, *events: str) -> list[int]:
    """Register events at a receiver; return the ids."""
    rows = [{"event": event, "url": f"{receiver.url}{quote(event)}"} for event in events]
    answer = caller.call("POST", "/api/webhooks", {"data": rows})
    assert answer.status_code == 201, answer.text
    return [row["id"] for row in answer.json()["data"]["webhooks"]]
