"""Waits for what must come true; a test never sleeps and hopes."""

from __future__ import annotations

import time
from collections.abc import Callable

PAUSE = 0.1


def until(is_so: Callable[[], object], what: str, *, seconds: float = 60) -> None:
    """Wait until something is so; fail with what it was that did not come true."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"Within {seconds:g} s this did not come true: {what}"
        time.sleep(PAUSE)
