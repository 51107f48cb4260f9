"""Ends an exchange at its deadline, whatever the partner dribbles: the library's own limits start anew with each piece that comes."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
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
        self.is_over = False
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._connection: HasSocket | None = None

    def __enter__(self) -> Deadline:
        self._of_thread.current = self
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._timer.cancel()
        self._of_thread.current = None
        with self._lock:
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

    def _cut(self) -> None:
        with self._lock:
            self.is_over = True
            self._shut()

    def _shut(self) -> None:
        sock = getattr(self._connection, "sock", None)
        if sock is None:
            return
        with suppress(OSError):  # it may have ended by itself
            # The socket's own way, since a TLS socket would let go of its encryption under the reader.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)


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
