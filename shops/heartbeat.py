"""Prolong what this process has claimed, for as long as it works on it: whatever a killed process held is free again soon.

A claim is a token and a time in the rows that somebody works on. One thread in each process that claims prolongs them all by
their tokens, on a connection of its own, and leaves off at the task's time limit: a task that hangs keeps nothing for ever.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import Error, connection, models, transaction
from django.utils import timezone

logger = logging.getLogger(__name__)
# So often within a claim's time; two may fail, and the claim still holds.
BEATS = 3
# Seconds until the next look at a database that was not there.
SOON = 1.0


class ClaimLost(Exception):
    """Report that another worker took over what was claimed: nothing more may be written down for it."""


@dataclass(frozen=True)
class Claim:
    """Rows of one table that are this process's as long as they carry its token; each prolonging gives them so many seconds."""

    model: type[models.Model]
    rows: tuple[int, ...]
    token: uuid.UUID
    seconds: float
    fields: tuple[str, str] = ("claim", "claimed_until")

    @classmethod
    def on(cls, rows: Sequence[models.Model], token: uuid.UUID | None) -> Claim:
        """Return the claim on rows of one table that were taken together."""
        if token is None:
            raise LookupError(f"{rows} were not claimed.")
        return cls(type(rows[0]), tuple(row.pk for row in rows), token, settings.SYNC_CLAIM_SECONDS)

    @property
    def mine(self) -> models.QuerySet[models.Model]:
        """Return the rows that still carry the token."""
        return self.model._default_manager.filter(pk__in=self.rows, **{self.fields[0]: self.token})

    def prolong(self) -> bool:
        """Prolong the rows that are still ours; return whether all are."""
        until = {self.fields[1]: timezone.now() + timedelta(seconds=self.seconds)}
        if len(self.rows) == 1:
            return bool(self.mine.update(**until))
        with transaction.atomic():
            # A row that somebody is changing this moment is left to the next time: two that wait for each other would be a deadlock.
            free = list(self.mine.select_for_update(skip_locked=True).values_list("pk", flat=True))
            self.model._default_manager.filter(pk__in=free).update(**until)
        return len(free) == len(self.rows) or self.mine.count() == len(self.rows)

    def insist(self) -> None:
        """Prolong the rows; raise ClaimLost where another worker has some by now."""
        if not self.prolong():
            raise ClaimLost(f"{self.model.__name__} {self.rows} was taken over by another worker")


class Heart:
    """Beats for all claims of this process, in a thread that begins with the first of them."""

    def __init__(self) -> None:
        self._claims: dict[Claim, float] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def beat_for(self, claim: Claim) -> None:
        """Prolong this claim from now on, at most until a task's time is over."""
        with self._lock:
            self._claims[claim] = time.monotonic() + settings.TASK_TIME_LIMIT
            if self._thread is None or not self._thread.is_alive():
                self._thread = self._begin()

    def leave(self, claim: Claim) -> None:
        """Prolong this claim no more."""
        with self._lock:
            self._claims.pop(claim, None)

    def beat(self) -> bool:
        """Prolong every claim once; return False where the database did not let us."""
        try:
            for claim in self._living():
                claim.prolong()
        except Error as error:
            logger.warning("Claims could not be prolonged; it is tried again in a moment: %s", error)
            return False
        return True

    def _living(self) -> list[Claim]:
        now = time.monotonic()
        with self._lock:
            over = [claim for claim, end in self._claims.items() if end <= now]
            for claim in over:
                del self._claims[claim]
            living = list(self._claims)
        for claim in over:
            logger.warning("Work on %s %s goes on beyond the time limit of a task; its claim runs out.", claim.model.__name__, claim.rows)
        return living

    def _begin(self) -> threading.Thread:
        thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
        thread.start()
        return thread

    def _run(self) -> None:
        while True:
            # Each lease and claim that begins meanwhile outlasts the pause.
            time.sleep(min(settings.SYNC_CLAIM_SECONDS, settings.SYNC_LEASE_SECONDS) / BEATS)
            while not self.beat():
                connection.close()
                time.sleep(SOON)
            # Not kept between two beats: it would double the connections of every worker.
            connection.close()


_heart = Heart()


@contextmanager
def kept_alive(*claims: Claim) -> Iterator[None]:
    """Have these claims prolonged while the block is worked on."""
    heart = _heart
    for claim in claims:
        heart.beat_for(claim)
    try:
        yield
    finally:
        for claim in claims:
            heart.leave(claim)


def _begin_anew() -> None:
    """A forked worker has none of its parent's threads, and holds nothing of what its parent does."""
    global _heart
    _heart = Heart()


os.register_at_fork(after_in_child=_begin_anew)
