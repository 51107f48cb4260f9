"""Sends many requests at once over kept connections and measures what each took; the generator itself must stay cheap."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

NextRequest = Callable[[], bytes]


@dataclass
class Outcome:
    """What a measurement saw; latencies in seconds."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        return self.statuses["200"] / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Return the latency in milliseconds that this share of the requests stayed under."""
        ordered = sorted(self.latencies) or [0.0]
        return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)]

    def line(self) -> str:
        shares = " ".join(f"p{round(share * 100)}={self.percentile(share):.1f}" for share in (0.5, 0.95, 0.99))
        return f"{self.rate:8.0f}/s  ms: {shares} max={self.percentile(1):.1f}  {dict(self.statuses)}"


def request_bytes(method: str, path: str, host: str, body: bytes = b"", **headers: str) -> bytes:
    """Return one HTTP/1.1 request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Connection:
    """One kept connection, opened again when the server closes it."""

    def __init__(self, host: str, port: int, outcome: Outcome) -> None:
        self._address = (host, port)
        self._outcome = outcome
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, request: bytes, *, since: float | None = None) -> None:
        """Send one request and read its answer; `since` counts the latency from the moment it was due."""
        begun = since if since is not None else time.perf_counter()
        try:
            status = await self._exchange(request)
        except (OSError, asyncio.IncompleteReadError) as error:
            status, self._streams = type(error).__name__, None
        self._outcome.latencies.append(time.perf_counter() - begun)
        self._outcome.statuses[status] += 1

    async def _exchange(self, request: bytes) -> str:
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._address)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = head.partition(b"content-length:")[2].partition(b"\r\n")[0].strip()
        await reader.readexactly(int(length or 0))
        if b"connection: close" in head:
            self.close()
        return head.split(b" ", 2)[1].decode()

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def as_fast_as_it_goes(host: str, port: int, next_request: NextRequest, *, connections: int, seconds: float) -> Outcome:
    """Keep so many requests under way for so long."""
    outcome, begun = Outcome(), time.perf_counter()

    async def run() -> None:
        connection = Connection(host, port, outcome)
        while time.perf_counter() - begun < seconds:
            await connection.send(next_request())
        connection.close()

    await asyncio.gather(*(run() for _ in range(connections)))
    outcome.seconds = time.perf_counter() - begun
    return outcome


async def at_a_rate(host: str, port: int, next_request: NextRequest, *, rate: float, connections: int, seconds: float) -> Outcome:
    """Send so many requests a second whatever the answers do; a late request counts from when it was due."""
    outcome, begun = Outcome(), time.perf_counter()
    due: Iterator[float] = (begun + number / rate for number in range(int(rate * seconds)))

    async def run() -> None:
        connection = Connection(host, port, outcome)
        for moment in due:
            await asyncio.sleep(max(moment - time.perf_counter(), 0))
            await connection.send(next_request(), since=moment)
        connection.close()

    await asyncio.gather(*(run() for _ in range(connections)))
    outcome.seconds = time.perf_counter() - begun
    return outcome
