"""Where the portal's processes write: a file each, so that the terminal keeps showing the login."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

# The one process that speaks to the person; all others write to their files.
FIRST_SYNC = "first-sync"


def say(text: str, terminal: TextIO) -> None:
    """Tell the person; a terminal that was closed meanwhile must not keep the demo from stopping what it started."""
    with suppress(OSError):
        print(text, file=terminal, flush=True)


class LogFiles:
    """Take honcho's messages: lines go to files, an unexpected end is shown."""

    width = 0

    def __init__(self, directory: Path, terminal: TextIO) -> None:
        self._directory = directory
        self._terminal = terminal

    def write(self, message: Any) -> None:
        """Write one line where it belongs; the name is the interface that honcho expects."""
        text = message.data if isinstance(message.data, str) else message.data.decode("utf-8", "replace")
        with (self._directory / f"{message.name}.log").open("a", encoding="utf-8") as file:
            file.write(text if text.endswith("\n") else f"{text}\n")
        if message.name == FIRST_SYNC:
            say(text.rstrip("\n"), self._terminal)
        if message.name == "system" and "stopped (rc=" in text and "(rc=0)" not in text and "(rc=-15)" not in text:
            say(f"{text.strip()} – see {self._directory}", self._terminal)
