"""The server: API, control interface and page on one port, in this process or as a command."""

from __future__ import annotations

import argparse
import signal
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from types import FrameType
from typing import Any

from sandbox.http import HttpServer, Request, Response
from sandbox.shoptet.api.gateway import Gateway
from sandbox.shoptet.control import Control
from sandbox.shoptet.limits import Limits
from sandbox.shoptet.page.views import Page
from sandbox.shoptet.saved_state import StateFile
from sandbox.shoptet.seed.fill import fill
from sandbox.shoptet.seed.settings import ESHOP_ID
from sandbox.shoptet.shop import Shop, ShopOptions
from sandbox.shoptet.stock import ON_SHELF, ORDERABLE

DEFAULT_TOKEN = "222651-p-40113-" + "sandbox" * 4  # noqa: S105 - a stand-in has no secrets
DEFAULT_PORT = 9001


@dataclass(frozen=True)
class ServerOptions:
    """How the server behaves; what the shop holds is in ShopOptions."""

    host: str = "127.0.0.1"
    port: int = 0
    token: str = DEFAULT_TOKEN
    bucket_size: float = 200.0
    bucket_drain: float = 10.0
    connections: int = 3
    latency: float = 0.0
    write_time: float = 0.0
    state: str = ""
    bluejet_url: str = ""


class ShoptetSandbox:
    """A shop on the wire. `ShoptetSandbox(port=0).start()`, then `.url`, `.token`, `.state` (the shop) and `.stop()`."""

    def __init__(self, **options: Any) -> None:
        shop_names = {row.name for row in fields(ShopOptions)}
        self.options = ServerOptions(**{name: value for name, value in options.items() if name not in shop_names})
        self.state = Shop(ShopOptions(**{name: value for name, value in options.items() if name in shop_names}))
        self.file = StateFile(self.state, Path(self.options.state)) if self.options.state else None
        fill(self.state)
        if self.file:
            self.file.read()
        limits = Limits(self.options.bucket_size, self.options.bucket_drain, self.options.connections)
        self.gateway = Gateway(self.state, self.options.token, limits, latency=self.options.latency, write_time=self.options.write_time)
        self.control = Control(self.state, self.gateway)
        self.page = Page(self.state, self.gateway, token=self.options.token, bluejet_url=self.options.bluejet_url)
        self._server: HttpServer | None = None

    @property
    def token(self) -> str:
        return self.options.token

    @property
    def url(self) -> str:
        if self._server is None:
            raise RuntimeError("the sandbox has not been started")
        return self._server.url

    def start(self) -> ShoptetSandbox:
        """Serve in the background."""
        self.open().start()
        return self

    def open(self) -> HttpServer:
        """Take the port and start delivering; the caller decides in which thread to serve."""
        clock = self.state.clock
        self._server = HttpServer(self._handle, host=self.options.host, port=self.options.port, name="Shoptet sandbox", clock=clock.time)
        self.state.deliveries.start()
        if self.file:
            self.file.start()
        return self._server

    def _handle(self, request: Request) -> Response:
        if request.path.startswith("/api/"):
            return self.gateway(request)
        return self.control(request) if request.path.startswith("/_sandbox") else self.page(request)

    def stop(self) -> None:
        """Stop serving and delivering; save the state where there is a file for it."""
        if self._server is not None:
            self._server.stop()
        self.state.deliveries.stop()
        if self.file:
            self.file.stop()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox shoptet", description="A stand-in for Shoptet.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--seed", type=int, default=1, help="another number makes other people and another stock")
    parser.add_argument("--eshop-id", type=int, default=ESHOP_ID, help="the e-shop's number, as its webhooks name it")
    parser.add_argument("--products", type=int, default=None, help="number of products; more than the assortment are made on demand")
    parser.add_argument("--customers", type=int, default=400)
    parser.add_argument("--orders", type=int, default=160)
    parser.add_argument("--token", default=DEFAULT_TOKEN, help="the private token that is accepted")
    parser.add_argument("--webhook-key", default="", help="the first signature key; without it one is made up")
    parser.add_argument("--state", default="", metavar="FILE", help="keep the shop in this file across restarts")
    parser.add_argument("--time-scale", type=float, default=1.0, help="60 makes the 15 minutes between attempts 15 seconds")
    parser.add_argument("--bucket-size", type=float, default=200.0)
    parser.add_argument("--bucket-drain", type=float, default=10.0, help="drops per second")
    parser.add_argument("--connections", type=int, default=3, help="requests that a token may have open at once")
    parser.add_argument("--latency", type=float, default=0.0, help="the least time a request takes, in seconds")
    parser.add_argument("--write-time", type=float, default=0.0, help="the least time a write takes, in seconds")
    parser.add_argument("--delivery-workers", type=int, default=8, help="webhooks that are delivered at the same time")
    parser.add_argument(
        "--stock-amount",
        choices=(ORDERABLE, ON_SHELF),
        default=ORDERABLE,
        help="what the amount of a supply means: what may still be ordered, or what lies on the shelf",
    )
    parser.add_argument("--strict-ports", dest="local_ports", action="store_false", help="refuse unusual webhook ports on this machine too")
    parser.add_argument("--bluejet-url", default="http://127.0.0.1:9002", help="where the page links to BlueJet's stand-in")
    return parser


def main(argv: list[str]) -> int:
    """Serve until interrupted."""
    sandbox = ShoptetSandbox(**vars(_parser().parse_args(argv)))

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    server = sandbox.open()
    print(f"Shoptet sandbox: {sandbox.url}/  token {sandbox.token}", flush=True)
    with suppress(KeyboardInterrupt):
        server.serve()
    sandbox.stop()
    return 0
