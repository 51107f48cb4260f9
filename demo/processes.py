"""The demo's processes: each in a group of its own, so that stopping one leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from demo.environment import REPOSITORY, CannotStart

PATIENCE = 5.0


def run(arguments: Sequence[str], *, environment: Mapping[str, str], log: Path) -> None:
    """Run one step to its end; on failure show what it said."""
    with log.open("ab") as output:
        begun = output.tell()
        result = subprocess.run(
            [sys.executable, *arguments], cwd=REPOSITORY, env=dict(environment), stdout=output, stderr=output, check=False
        )
    if result.returncode:
        said = log.read_bytes()[begun:].decode(errors="replace")
        raise CannotStart(f"This step failed: {' '.join(arguments)}\n{said[-3000:]}")


class Background:
    """A program that runs beside the demo until it is left."""

    def __init__(self, name: str, arguments: Sequence[str], *, environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        self._arguments = [sys.executable, *arguments]
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Background:
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

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def wait_for(self, address: str, *, seconds: float = 30) -> None:
        """Wait until the program answers; say what it wrote if it ends before."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.is_running():
            if answers(address):
                return
            time.sleep(0.1)
        said = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise CannotStart(f"{self.name} did not start. It wrote to {self.log}:\n{said}")

    def is_running(self) -> bool:
        """Say whether the program still runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """End the program and all that it started."""
        if self._process is None:
            return
        self._signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=PATIENCE)
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self._process.pid if self._process else 0, number)
        except ProcessLookupError:
            return


def answers(address: str) -> bool:
    """Say whether something answers at the address, whatever it says."""
    try:
        with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - an address of this machine
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
