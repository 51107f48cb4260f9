"""Ends an exchange at its deadline, whatever the partner dribbles: the library's own limits start anew with each piece that comes."""

from __future__ import annotations

import heapq
import os
import socket
import threading
import time
from contextlib import suppress
from itertools import count
from types import TracebackType
from typing import Any, Protocol

from urllib3.connection import HTTPConnection, HTTPSConnection


class HasSocket(Protocol):
    """A connection of the HTTP library."""

    sock: Any


class Deadline:
    """Cut the connections that this thread uses inside the block, once so many seconds are over; `is_over` tells that it did."""

    _of_thread = threading.local()

    def __init__(self, seconds: float) -> None:
        self.is_over = self.is_met = False
        self._seconds = seconds
        self._lock = threading.Lock()
        self._connection: HasSocket | None = None

    def __enter__(self) -> Deadline:
        self._of_thread.current = self
        _watcher.watch(self, time.monotonic() + self._seconds)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._of_thread.current = None
        with self._lock:
            self.is_met = True
            # Another exchange may use the connection next.
            self._connection = None

    @classmethod
    def watch(cls, connection: HasSocket) -> None:
        """Put a connection under this thread's deadline, if there is one."""
        current: Deadline | None = getattr(cls._of_thread, "current", None)
        if current is not None:
            with current._lock:
                current._connection = connection
                if current.is_over:
                    current._shut()

    def cut(self) -> None:
        """Be over, unless the exchange ended before."""
        with self._lock:
            if not self.is_met:
                self.is_over = True
                self._shut()

    def _shut(self) -> None:
        sock = getattr(self._connection, "sock", None)
        if sock is None:
            return
        with suppress(OSError):  # it may have ended by itself
            # The socket's own way, since a TLS socket would let go of its encryption under the reader.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)


class _Watcher:
    """One thread for the deadlines of all threads of this process; it sleeps until the first of them that is not met."""

    def __init__(self) -> None:
        self._changed = threading.Condition(threading.Lock())
        self._waiting: list[tuple[float, int, Deadline]] = []
        self._order = count()
        self._thread: threading.Thread | None = None

    def watch(self, deadline: Deadline, moment: float) -> None:
        """Cut this one at the moment, by the monotonic clock."""
        with self._changed:
            entry = (moment, next(self._order), deadline)
            heapq.heappush(self._waiting, entry)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            elif self._waiting[0] is entry:
                self._changed.notify()

    def _run(self) -> None:
        while True:
            self._next().cut()

    def _next(self) -> Deadline:
        """Wait for the next one that is over; those that were met are forgotten on the way."""
        with self._changed:
            while True:
                while self._waiting and self._waiting[0][2].is_met:
                    heapq.heappop(self._waiting)
                wait = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._waiting)[2]
                self._changed.wait(wait)


_watcher = _Watcher()


def _begin_anew() -> None:
    """A forked worker has none of its parent's threads, and perhaps a lock that nobody will open."""
    global _watcher
    _watcher = _Watcher()


os.register_at_fork(after_in_child=_begin_anew)


class WatchedConnection(HTTPConnection):
    """A connection that its thread's deadline can cut."""

    def connect(self) -> None:
        """Connect, and be cut at once where that took too long."""
        super().connect()
        Deadline.watch(self)

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Send a request on a connection that may be an old one."""
        Deadline.watch(self)
        super().request(*args, **kwargs)


class WatchedSecureConnection(HTTPSConnection):
    """The same over TLS; the handshake counts, too."""

    def connect(self) -> None:
        """Connect under the deadline from the first byte of the handshake."""
        Deadline.watch(self)
        super().connect()
        Deadline.watch(self)

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Send a request on a connection that may be an old one."""
        Deadline.watch(self)
        super().request(*args, **kwargs)
