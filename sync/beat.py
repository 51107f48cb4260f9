"""Beat's scheduler: it works by the rows that staff edit, and goes on by what it read last while the database is away."""

from __future__ import annotations

import logging
import time
from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, close_old_connections
from django_celery_beat.schedulers import DatabaseScheduler

from shops.work_signs import BEAT, note_work

logger = logging.getLogger(__name__)
# Seconds between two looks whether the database is back.
LOOK_AGAIN_AFTER = 5.0


class PatientScheduler(DatabaseScheduler):
    """A scheduler that ends with its process only, never with the database.

    What it sent is in its memory before it is saved: rows are read anew only once everything is saved, so that nothing is
    sent twice because a moment could not be written down.
    """

    _is_starting: ClassVar[bool] = False
    _last_timestamp: datetime | None = None
    _looks_again_at = 0.0
    _is_away = False
    _has_to_read = False

    def setup_schedule(self) -> None:
        """Read the schedule; wait for the database where it is not there yet."""
        if PatientScheduler._is_starting:
            # Told to end while it waits, beat asks for its scheduler once more.
            raise SystemExit
        PatientScheduler._is_starting = True
        while True:
            try:
                super().setup_schedule()
                break
            except Error as error:
                self._note_away(error)
                self._initial_read = True
                time.sleep(LOOK_AGAIN_AFTER)
        PatientScheduler._is_starting = False
        self._note_back()

    def schedule_changed(self) -> bool:
        """Whether the rows have to be read anew."""
        if self._is_pausing():
            return False
        try:
            close_old_connections()
            note_work(BEAT)
            before, self._last_timestamp = self._last_timestamp, self.Changes.last_change()
        except Error as error:
            self._note_away(error)
            return False
        self._note_back()
        has_changed = self._last_timestamp is not None and before is not None and self._last_timestamp > before
        return has_changed or self._has_to_read

    def all_as_schedule(self) -> dict[str, Any]:
        """Read the rows, or keep those that were read last where they cannot be read now."""
        if self._schedule is None:
            return self._read()
        try:
            if not (self._dirty or self._is_pausing()):
                return self._read()
        except Error as error:
            self._note_away(error)
        self._has_to_read = True
        # From the rows as they are here, which know what was sent meanwhile.
        return {name: self.Entry(entry.model, app=self.app) for name, entry in self._schedule.items()}

    def sync(self) -> None:
        """Save when what was sent; what cannot be saved now is saved later."""
        if self._is_pausing():
            return
        try:
            close_old_connections()
            for name in sorted(self._dirty):
                self._save(name)
        except Error as error:
            self._note_away(error)

    def _read(self) -> dict[str, Any]:
        schedule: dict[str, Any] = super().all_as_schedule()
        self._has_to_read = False
        return schedule

    def _save(self, name: str) -> None:
        try:
            self._schedule[name].save()
        except (KeyError, TypeError, ObjectDoesNotExist):
            logger.info("The schedule %s is not there any more.", name)
        self._dirty.discard(name)

    def _is_pausing(self) -> bool:
        return time.monotonic() < self._looks_again_at

    def _note_away(self, error: Error) -> None:
        self._looks_again_at = time.monotonic() + LOOK_AGAIN_AFTER
        if self._is_away:
            return
        self._is_away = True
        what = "waits for it" if self._schedule is None else "goes on by the schedule that it read last"
        logger.warning("The database does not answer (%s). Beat %s.", str(error).partition("\n")[0], what)

    def _note_back(self) -> None:
        if self._is_away:
            logger.warning("The database answers again.")
        self._is_away = False
