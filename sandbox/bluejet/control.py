"""The stand-in's own endpoints, under /_sandbox: faults, journal, records, counts, knobs. They are never struck by a fault."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.bluejet.bodies import WriteObject
from sandbox.bluejet.evidences import EVIDENCES, KINDS
from sandbox.bluejet.faults import Faults
from sandbox.bluejet.journal import Commit
from sandbox.bluejet.refusals import Refusal
from sandbox.bluejet.sessions import Sessions
from sandbox.bluejet.stats import Stats
from sandbox.bluejet.store import Store
from sandbox.http import BadBody, Handler, Request, Response, Router, json_response

BASE = "/_sandbox"
LONGEST_WAIT = 60.0


@dataclass
class Control:
    """Answer what tests, the demo and the page ask of the stand-in itself."""

    store: Store
    faults: Faults
    sessions: Sessions
    stats: Stats
    reset: Callable[[], None]
    go_down: Callable[[float], None]

    def add_routes(self, router: Router) -> None:
        for method, path, handler in (
            ("GET", "journal", self.journal),
            ("GET", "records", self.records),
            ("POST", "records", self.write_record),
            ("GET", "stats", self.read_stats),
            ("DELETE", "stats", self.clear_stats),
            ("GET", "faults", self.list_faults),
            ("POST", "faults", self.switch_fault_on),
            ("DELETE", "faults", self.switch_faults_off),
            ("DELETE", "faults/{id}", self.switch_faults_off),
            ("GET", "options", self.read_options),
            ("POST", "options", self.turn_options),
            ("POST", "expire-sessions", self.expire_sessions),
            ("POST", "down", self.refuse_connections),
            ("POST", "reset", self.start_anew),
        ):
            router.add(method, f"{BASE}/{path}", _explaining(handler))

    def journal(self, request: Request) -> Response:
        """Return the commits after number `since`; with `wait`, hold on so many seconds for the first of them."""
        since = int(request.argument("since", "0"))
        deadline = time.monotonic() + min(float(request.argument("wait", "0")), LONGEST_WAIT)
        self.store.journal.wait_for(since + 1, deadline - time.monotonic())
        commits = self.store.journal.since(since)
        return json_response({"last": since + len(commits), "commits": [commit.to_json() for commit in commits]})

    def records(self, request: Request) -> Response:
        """Return all records of `kind` (order, orders, …) or evidence `no`, or the counts of all."""
        kind = request.argument("kind")
        if request.argument("no"):
            kind = EVIDENCES[int(request.argument("no"))].kind
        if not kind:
            return json_response({"counts": self.counts()})
        if kind not in KINDS and kind not in self.store.resources:
            raise ValueError(f"There is no kind {kind}. Kinds: {', '.join((*KINDS, *self.store.resources))}")
        return json_response({"kind": kind, "count": self.store.count(kind), "records": self.store.rows(kind)})

    def write_record(self, request: Request) -> Response:
        """Do what a user inside BlueJet would: {"kind", "fields", "id" to change one}."""
        body = _body(request)
        evidence = KINDS[body["kind"]]
        item = WriteObject(evidence.no, dict(body.get("fields") or {}), id=str(body.get("id") or ""))
        with self.store.transaction("office") as transaction:
            id_ = transaction.update(item) if item.id else transaction.insert(item)
        return json_response({"id": id_})

    def counts(self) -> dict[str, int]:
        return {kind: self.store.count(kind) for kind in (*KINDS, *self.store.resources)}

    def read_stats(self, _request: Request) -> Response:
        return json_response(self.stats.to_json(self._commits()))

    def _commits(self) -> list[Commit]:
        return self.store.journal.since(0)

    def clear_stats(self, _request: Request) -> Response:
        self.stats.reset()
        return json_response({"cleared": True})

    def list_faults(self, _request: Request) -> Response:
        return json_response({"faults": [fault.to_json() for fault in self.faults.active]})

    def switch_fault_on(self, request: Request) -> Response:
        body = _body(request)
        fault = self.faults.switch_on(str(body.pop("fault", "")), **body)
        return json_response(fault.to_json(), 201)

    def switch_faults_off(self, request: Request) -> Response:
        one = request.params.get("id")
        return json_response({"switchedOff": self.faults.switch_off(int(one) if one else None)})

    def read_options(self, _request: Request) -> Response:
        return json_response(self.store.options.public())

    def turn_options(self, request: Request) -> Response:
        self.store.options.turn(_body(request))
        return self.read_options(request)

    def expire_sessions(self, _request: Request) -> Response:
        return json_response({"expired": self.sessions.expire_all()})

    def refuse_connections(self, request: Request) -> Response:
        """Stop listening for `seconds`, after this answer is out: connections are refused, as when a server is down."""
        seconds = float(_body(request).get("seconds", 30))
        threading.Timer(0.1, self.go_down, (seconds,)).start()
        return json_response({"downFor": seconds})

    def start_anew(self, _request: Request) -> Response:
        self.reset()
        return json_response({"counts": self.counts()})


def _body(request: Request) -> dict[str, Any]:
    body = request.json()
    if not isinstance(body, dict):
        raise BadBody("a JSON object is needed")
    return body


def _explaining(handler: Handler) -> Handler:
    def answered(request: Request) -> Response:
        try:
            return handler(request)
        except Refusal as refusal:
            return json_response({"error": refusal.message}, refusal.status)
        except (ValueError, KeyError) as error:
            return json_response({"error": str(error)}, 400)

    return answered
