"""A small HTTP/1.1 server core for both sandboxes: router, JSON answers, and answers that break on purpose."""

from __future__ import annotations

import json
import re
import selectors
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

PARAMETER = re.compile(r"\{(\w+)\}")


class ConnectionDropped(Exception):
    """Raised by a handler that wants the connection closed without an answer."""


class BadBody(ValueError):
    """The request's body is not the JSON that the endpoint needs."""


@dataclass
class Request:
    """One request as the handlers see it: path still quoted, header names in lower case."""

    method: str
    path: str
    query_string: str
    headers: dict[str, str]
    body: bytes
    params: dict[str, str] = field(default_factory=dict)
    client: str = ""

    @cached_property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(self.query_string, keep_blank_values=True)

    def argument(self, name: str, default: str = "") -> str:
        """Return the last value of a query parameter."""
        return self.query.get(name, [default])[-1]

    @cached_property
    def form(self) -> dict[str, list[str]]:
        """Return the fields of an URL-encoded form."""
        return parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)

    def field(self, name: str, default: str = "") -> str:
        """Return the last value of a form field."""
        return self.form.get(name, [default])[-1].strip()

    def json(self) -> Any:
        """Return the decoded body; an empty body is None. Raises BadBody."""
        if not self.body:
            return None
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise BadBody(str(error)) from error


@dataclass
class Response:
    """One answer; `cut_at` sends only so many bytes of the body and closes, `drop` closes instead of answering."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut_at: int | None = None
    drop: bool = False


Handler = Callable[[Request], Response]


def json_response(payload: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer with a JSON body."""
    try:
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which only an escape can spell
        body = json.dumps(payload, separators=(",", ":")).encode()
    return Response(status, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})


def html_response(text: str, status: int = 200) -> Response:
    """Return an answer with an HTML page."""
    return Response(status, text.encode(), {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"})


def redirect(location: str) -> Response:
    """Send a browser elsewhere after a form."""
    return Response(303, b"", {"Location": location})


@dataclass
class Route:
    method: str
    pattern: str
    handler: Handler
    expression: re.Pattern[str]


class Router:
    """Routes by method and a pattern with {names}; a quoted slash in a segment stays in that segment."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def add(self, method: str, pattern: str, handler: Handler) -> None:
        """Add a route; routes are tried in the order they were added."""
        parts = PARAMETER.split(pattern)
        named = (f"(?P<{part}>[^/]+)" if index % 2 else re.escape(part) for index, part in enumerate(parts))
        self.routes.append(Route(method, pattern, handler, re.compile("".join(named) + "/?")))

    def find(self, method: str, path: str) -> tuple[Route | None, dict[str, str], bool]:
        """Return the route, its unquoted parameters, and whether the path exists for any method."""
        known = False
        for route in self.routes:
            match = route.expression.fullmatch(path)
            if match and route.method == method:
                return route, {name: unquote(value) for name, value in match.groupdict().items()}, True
            known = known or bool(match)
        return None, {}, known

    def __call__(self, request: Request) -> Response:
        route, request.params, known = self.find(request.method, request.path)
        if route is None:
            return json_response({"error": "Method not allowed" if known else "Not found"}, 405 if known else 404)
        return route.handler(request)


class _Exchange(BaseHTTPRequestHandler):
    """Reads one request after the other from a kept-alive connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = 64 * 1024
    disable_nagle_algorithm = True
    timeout = 120
    server: _SandboxServer

    def _answer(self) -> None:
        url = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, url.path, url.query, headers, self.rfile.read(length), client=self.client_address[0])
        try:
            response = self.server.handler(request)
        except ConnectionDropped:
            response = Response(drop=True)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            response = json_response({"error": "The sandbox itself failed; its terminal shows where."}, 500)
        if response.drop:
            self._hang_up()
        else:
            self._send(response)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _answer  # noqa: N815

    def _send(self, response: Response) -> None:
        self.send_response_only(response.status)
        headers = {"Server": self.server.name, "Date": formatdate(self.server.clock(), usegmt=True), **response.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body[: response.cut_at])
        self.wfile.flush()
        if response.cut_at is not None:
            self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep the terminal quiet; the sandboxes keep their own statistics."""


class _SandboxServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256
    timeout = 0  # of `handle_request`: who knocked may have gone again

    def __init__(self, address: tuple[str, int], handler: Handler, name: str, clock: Callable[[], float]) -> None:
        self.handler, self.name, self.clock = handler, name, clock
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(address, _Exchange)

    def serve_until(self, told: socket.socket) -> None:
        """Serve until the other end of `told` is closed. Unlike `serve_forever`, it sleeps until there is something to do."""
        with told, selectors.DefaultSelector() as selector:
            selector.register(self, selectors.EVENT_READ)
            selector.register(told, selectors.EVENT_READ)
            while all(key.fileobj is not told for key, _events in selector.select()):
                self.handle_request()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let a client go away without a traceback; everything else is shown."""
        if not isinstance(sys.exc_info()[1], (OSError, ValueError)):
            super().handle_error(request, client_address)

    def hang_up_all(self) -> None:
        with self._open_lock:
            connections = list(self._open)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client was faster


class HttpServer:
    """A server for one handler, in the background (`start`) or in this thread (`serve`). Port 0 takes a free one."""

    def __init__(
        self, handler: Handler, *, host: str = "127.0.0.1", port: int = 0, name: str = "sandbox", clock: Callable[[], float] = time.time
    ) -> None:
        self._server = _SandboxServer((host, port), handler, name, clock)
        self._thread: threading.Thread | None = None
        self._end: socket.socket | None = None
        self.host, self.port = host, int(self._server.server_address[1])

    @property
    def url(self) -> str:
        host = "127.0.0.1" if self.host in ("", "0.0.0.0") else self.host  # noqa: S104 - nothing is bound here
        return f"http://{host}:{self.port}"

    def start(self) -> HttpServer:
        self._end, told = socket.socketpair()
        self._thread = threading.Thread(target=self._server.serve_until, args=(told,), daemon=True)
        self._thread.start()
        return self

    def serve(self) -> None:
        """Serve in this thread until the process is interrupted."""
        self._server.serve_forever(poll_interval=0.2)

    def stop(self) -> None:
        """Stop listening and close every open connection."""
        if self._thread is not None and self._end is not None:
            self._end.close()
            self._thread.join(timeout=5)
            self._thread = None
        self._server.server_close()
        self._server.hang_up_all()
