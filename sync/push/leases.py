"""Keep the leases alive through work of many requests, and let no request begin once one is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from django.conf import settings

from clients.errors import Stopped
from sync import links
from sync.flow import Context, Part
from sync.partners import BLUEJET_LABEL

# Seldom enough to cost nothing, often enough that a lease outlives the request that begins.
RENEWED_BY_SHARE = 12
SENT = "requests to BlueJet"


def requests_sent(ctx: Context) -> int:
    """Return how many requests to BlueJet have begun under leases so far: as long as it stays the same, nothing was written."""
    return int(ctx.memory.get(SENT, 0))


def keep_leases(ctx: Context, parts: Sequence[Part]) -> Callable[[], None]:
    """Return what to call before each request: it prolongs the leases now and then, and raises Stopped where one was lost.

    Whoever has the record now looks for what was written before it writes.
    """
    mine, last = list(parts), time.monotonic()

    def keep() -> None:
        nonlocal mine, last
        ctx.memory[SENT] = requests_sent(ctx) + 1
        if time.monotonic() - last < settings.SYNC_LEASE_SECONDS / RENEWED_BY_SHARE:
            return
        last = time.monotonic()
        ctx.heartbeat()
        held = links.renew(ctx, mine)
        lost, mine = [part for part in mine if part.held.pk not in held], [part for part in mine if part.held.pk in held]
        if lost:
            raise Stopped("another worker took the record over", partner=BLUEJET_LABEL)

    return keep
