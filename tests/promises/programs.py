"""A program of its own process group: started, paused, killed as a power cut would, with its log kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent


class Program:
    """Run `python …` in the background; everything that it starts is in its group and goes with it."""

    def __init__(self, name: str, arguments: Sequence[str], *, environment: Mapping[str, str], log: Path) -> None:
        self.name, self.log = name, log
        self._arguments, self._environment = [sys.executable, *arguments], dict(environment)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Program:
        """Start it; its output is added to its log."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._arguments,
                cwd=REPOSITORY,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        return self

    @property
    def is_running(self) -> bool:
        """Say whether the program still runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def process_id(self) -> int:
        """Return the process id of the program itself."""
        assert self._process is not None, f"{self.name} was not started"
        return self._process.pid

    def children(self) -> list[int]:
        """Return the process ids of what the program started."""
        listed = Path(f"/proc/{self.process_id}/task/{self.process_id}/children").read_text(encoding="ascii")
        return [int(number) for number in listed.split()]

    def kill(self) -> None:
        """End the program and all that it started, at once and unasked."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def kill_children(self) -> None:
        """End what the program started, as the kernel does when memory runs out; the program itself lives on."""
        for number in self.children():
            os.kill(number, signal.SIGKILL)

    def wait(self, *, seconds: float) -> int:
        """Wait for the program's own end; return its code."""
        assert self._process is not None, f"{self.name} was not started"
        return self._process.wait(timeout=seconds)

    def said(self, characters: int = 3000) -> str:
        """Return the end of the log."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-characters:] if self.log.exists() else ""
