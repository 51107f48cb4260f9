"""A write that somebody else came before: read again, compare again, write once more."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from clients.errors import AlreadyChanged

Result = TypeVar("Result")
Seen = TypeVar("Seen")


def write_once_more(
    write: Callable[[], Result], *, read: Callable[[], Seen], is_done: Callable[[Seen], bool], may_go_on: Callable[[Seen], bool]
) -> Result | None:
    """Return what the write came to; None where the record turned out to hold already what was to be written.

    On AlreadyChanged the record is read anew: if `is_done`, nothing is left to write; unless it `may_go_on`, the decision to write
    rests on what is no longer so, and the caller has to make it anew: AlreadyChanged is raised. So it is the second time.
    """
    try:
        return write()
    except AlreadyChanged:
        now = read()
        if is_done(now):
            return None
        if not may_go_on(now):
            raise
    return write()
