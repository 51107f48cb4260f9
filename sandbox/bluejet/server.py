"""The BlueJet stand-in as a server: `BlueJetSandbox` in tests, `main` on the command line."""

from __future__ import annotations

import argparse
import dataclasses
import signal
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from sandbox.bluejet import data_api, rest_api
from sandbox.bluejet.control import BASE as CONTROL_BASE
from sandbox.bluejet.control import Control
from sandbox.bluejet.exchange import Exchange
from sandbox.bluejet.faults import Fault, Faults
from sandbox.bluejet.journal import Journal
from sandbox.bluejet.options import CHOICES, Options
from sandbox.bluejet.pages.site import Site
from sandbox.bluejet.preexisting import seed_preexisting
from sandbox.bluejet.seed import seed_store
from sandbox.bluejet.sessions import Sessions
from sandbox.bluejet.stats import Stats
from sandbox.bluejet.store import Store
from sandbox.http import HttpServer, Request, Response, Router


class BlueJetSandbox:
    """Run the stand-in in this process; port 0 takes a free one. Options are the knobs of `Options`."""

    def __init__(self, port: int = 0, host: str = "127.0.0.1", **options: Any) -> None:
        self.options = Options(**options)
        self.store = Store(self.options)
        self.faults, self.sessions, self.stats = Faults(), Sessions(self.options), Stats()
        self._own, self._partner = Router(), Router()
        Control(self.store, self.faults, self.sessions, self.stats, self.reset, self.go_down).add_routes(self._own)
        data_api.DataApi(self.store, self.sessions).add_routes(self._partner)
        rest_api.RestApi(self.store, self.sessions).add_routes(self._partner)
        self._exchange = Exchange(self._partner, self.options, self.faults, self.stats)
        self._server = self._listener(port, host)
        Site(self.store, self.faults, self.stats, self.data_url, self.rest_url).add_routes(self._own)
        if not self.store.load():
            self._fill()

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def data_url(self) -> str:
        return self._server.url + data_api.BASE

    @property
    def rest_url(self) -> str:
        return self._server.url + rest_api.BASE

    @property
    def journal(self) -> Journal:
        return self.store.journal

    def start(self) -> BlueJetSandbox:
        """Serve in the background."""
        self._server.start()
        return self

    def stop(self) -> None:
        """Stop serving and close the files."""
        self._server.stop()
        self.store.close()

    def fault(self, kind: str, **limits: Any) -> Fault:
        """Switch a fault on."""
        return self.faults.switch_on(kind, **limits)

    def reset(self) -> None:
        """Go back to the records of the start, without faults, sessions and counts."""
        self.faults.switch_off()
        self.sessions.expire_all()
        self.store.clear()
        self._fill()
        self.stats.reset()

    def _fill(self) -> None:
        self.journal.muted = True
        if self.options.seed:
            seed_store(self.store)
        if self.options.preexisting:
            seed_preexisting(self.store)
        self.journal.muted = False

    def go_down(self, seconds: float | None = None) -> None:
        """Stop listening, so that connections are refused; come back by `come_back` or after so many seconds."""
        self._server.stop()
        if seconds is not None:
            timer = threading.Timer(seconds, self.come_back)
            timer.daemon = True
            timer.start()

    def come_back(self) -> None:
        """Listen again on the same port."""
        self._server = self._listener(self._server.port, self._server.host).start()

    def _listener(self, port: int, host: str) -> HttpServer:
        return HttpServer(self._handle, host=host, port=port, name="BlueJet sandbox")

    def _handle(self, request: Request) -> Response:
        path = request.path.lower()
        if path.startswith(data_api.BASE + "/"):
            request.path = path
            return self._exchange(request)
        if path.startswith(rest_api.BASE + "/"):
            return self._exchange(request)
        return self._own(request)

    def __enter__(self) -> BlueJetSandbox:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def main(argv: Sequence[str] | None = None) -> int:
    """Start the stand-in from the command line and serve until interrupted."""
    arguments = vars(_parser().parse_args(argv))
    port, host = arguments.pop("port"), arguments.pop("host")
    arguments["seed"] = not arguments.pop("empty_start")
    if arguments.pop("pace_free"):
        arguments["requests_per_second"] = 0
    ended = threading.Event()
    sandbox = BlueJetSandbox(port, host, **arguments).start()
    print(
        f"BlueJet: {sandbox.url}   data: {sandbox.data_url}   rest: {sandbox.rest_url}   journal and faults: {sandbox.url}{CONTROL_BASE}/",
        flush=True,
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()
    sandbox.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox bluejet", description="A stand-in for a BlueJet instance, in both dialects.")
    parser.add_argument("--port", type=int, default=9002)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--empty-start", action="store_true", help="begin without warehouses and sample records")
    parser.add_argument("--pace-free", action="store_true", help="no limit on requests per second, whatever else is given")
    for field in dataclasses.fields(Options):
        if field.name not in ("seed", "clock"):
            _add_knob(parser, field.name, field.default)
    return parser


def _add_knob(parser: argparse.ArgumentParser, name: str, default: Any) -> None:
    flag = "--" + name.replace("_", "-")
    choices = CHOICES.get(name)
    if isinstance(default, tuple):
        parser.add_argument(flag, nargs="+", choices=choices, default=default, help=f"default: {' '.join(default)}")
    elif isinstance(default, bool):
        parser.add_argument(flag, action=argparse.BooleanOptionalAction, default=default)
    else:
        parser.add_argument(
            flag, type=type(default), choices=choices, default=default, help=f"default: {default}" if default != "" else None
        )
