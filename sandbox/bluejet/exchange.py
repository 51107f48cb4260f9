"""The way of one partner request: limits, faults, the API, and what faults do to its answer."""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from dataclasses import dataclass, field

from sandbox.bluejet.faults import Fault, Faults
from sandbox.bluejet.options import Options
from sandbox.bluejet.stats import Stats
from sandbox.http import Handler, Request, Response, json_response

HTTPS_SENTENCE = "K API ke možné přistupovat jedině na protokolu HTTPS."  # the vendor's own words
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclass
class Exchange:
    """Handle the requests of the two APIs."""

    api: Handler
    options: Options
    faults: Faults
    stats: Stats
    _recent: deque[float] = field(default_factory=deque)
    _recent_lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: Request) -> Response:
        with self.stats.running_request(endpoint_of(request)):
            response = self._answer(request)
        self.stats.answered("dropped" if response.drop else response.status)
        return response

    def _answer(self, request: Request) -> Response:
        if self.options.latency:
            time.sleep(self.options.latency)
        if refused := self._limited(request):
            return refused
        fault = self.faults.take(request)
        if fault is None:
            return self.api(request)
        self.stats.struck(fault.kind)
        return self._answer_badly(request, fault)

    def _limited(self, request: Request) -> Response | None:
        if self.options.https_required and request.headers.get("x-forwarded-proto") != "https":
            return json_response({"message": HTTPS_SENTENCE}, 400)
        if self.options.requests_per_second and self._is_too_fast():
            return _status_answer(429, 1)
        return None

    def _is_too_fast(self) -> bool:
        now = time.monotonic()
        with self._recent_lock:
            while self._recent and self._recent[0] <= now - 1:
                self._recent.popleft()
            too_fast = len(self._recent) >= self.options.requests_per_second
            if not too_fast:
                self._recent.append(now)
        return too_fast

    def _answer_badly(self, request: Request, fault: Fault) -> Response:
        if fault.kind in ("outage", "drop_before"):
            return Response(drop=True)
        if fault.kind.isdigit():
            return _status_answer(int(fault.kind), fault.seconds)
        if fault.kind == "late_commit":
            return self._commit_late(request, fault)
        if fault.kind == "slow":
            time.sleep(fault.seconds)
            return self.api(request)
        return _spoil(self.api(request), fault)

    def _commit_late(self, request: Request, fault: Fault) -> Response:
        """Work on the request after `seconds`, whatever becomes of the client; close the connection after `hold`, unanswered."""
        timer = threading.Timer(fault.seconds, self.api, (request,))
        timer.daemon = True
        timer.start()
        time.sleep(fault.seconds if fault.hold is None else fault.hold)
        return Response(drop=True)


def endpoint_of(request: Request) -> str:
    """Name an endpoint for the counts: method and path, ids left out."""
    return f"{request.method} {ID.sub('{id}', request.path.lower())}"


def _spoil(response: Response, fault: Fault) -> Response:
    if fault.kind == "drop_after":
        return Response(drop=True)
    if fault.kind == "error_after":
        return _status_answer(500, 0)
    if fault.kind == "malformed":
        return Response(200, "<html><body>Probíhá údržba</body></html>".encode(), {"Content-Type": "text/html; charset=utf-8"})
    if fault.kind == "truncated":
        response.cut_at = len(response.body) // 2
    if fault.kind == "delay_answer":
        time.sleep(fault.seconds)
    return response


def _status_answer(status: int, seconds: float) -> Response:
    headers = {"Retry-After": str(max(1, round(seconds)))} if status in (423, 429, 503) else {}
    return json_response({"message": f"Porucha {status} (nastavená v sandboxu)."}, status, headers)
