"""Pass over many records from the shell, with a progress bar."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from shops.flow_settings import is_live
from shops.models import FlowName, Shop
from sync.models import SyncChunk, SyncRun
from sync.partner_words import trouble_in_words
from sync.runs import BEYOND_FEEDS, AlreadyRunning, cancel_run, is_beyond_feeds, plan_run, start_run, work_on_run

WIDTH = 40
COUNTS = ("read", "created", "updated", "unchanged", "skipped", "waiting", "parked", "failed")


class Command(BaseCommand):
    """Run a flow in this process until it is done; workers may help."""

    help = "Passes over the records of a flow: changes since the last success, a window of time, or everything."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the flow, and what narrows the pass."""
        parser.add_argument("flow", choices=FlowName.values)
        parser.add_argument("--shop", help="e-shop ID; needed where there are several shops")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--full", action="store_true", help="every record")
        how.add_argument("--since", help="what changed since this date or time, for example 2026-11-01")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], help="what the result is said in")
        parser.add_argument("--dry-run", action="store_true", help="compute everything, write nothing to BlueJet")

    def handle(self, *args: Any, **options: Any) -> None:
        """Start the run, work on it, and say how it ended."""
        run = self._start(options)
        try:
            self._work(run)
        except KeyboardInterrupt:
            cancel_run(run)
            raise CommandError("Cancelled. What was written stays; the next run goes on from there.") from None
        # Only what is said: what is written to BlueJet is in the portal's own language, whoever asks for it.
        with translation.override(options["language"] or translation.get_language()):
            self._report(run)

    def _start(self, options: dict[str, Any]) -> SyncRun:
        since = moment_of(options["since"]) if options["since"] is not None else None
        if since and is_beyond_feeds(options["flow"], since):
            self.stdout.write(str(BEYOND_FEEDS))
        mode = SyncRun.Mode.FULL if options["full"] else SyncRun.Mode.WINDOW if since else SyncRun.Mode.DELTA
        try:
            return start_run(
                _shop(options["shop"]), options["flow"], trigger="shell", mode=mode, since=since, dry_run=options["dry_run"], enqueue=False
            )
        except AlreadyRunning as error:
            raise CommandError(f"{error} Wait for it, or cancel it in the admin.") from error

    def _work(self, run: SyncRun) -> None:
        seconds = plan_run(run.pk)
        while seconds is not None:
            time.sleep(min(seconds, 5.0))
            seconds = plan_run(run.pk)
        while SyncRun.objects.filter(pk=run.pk, state__in=SyncRun.ACTIVE).exists():
            pause = work_on_run(run.pk)
            self._show(run)
            time.sleep(0.2 if pause is None else min(pause, 5.0))

    def _show(self, run: SyncRun) -> None:
        run.refresh_from_db()
        chunks = SyncChunk.objects.filter(run=run)
        total = chunks.count()
        share = chunks.filter(state=SyncChunk.State.DONE).count() / total if total else 1.0
        bar = "█" * int(share * WIDTH)
        self.stdout.write(f"\r{bar:░<{WIDTH}} {share:4.0%}  {run.read}", ending="")
        self.stdout.flush()

    def _report(self, run: SyncRun) -> None:
        run.refresh_from_db()
        counts = [f"{_label(name)}: {getattr(run, name)}" for name in COUNTS if getattr(run, name)]
        self.stdout.write(f"\n{run.get_state_display()}; {', '.join(counts) or _('nothing to do')}.")
        if run.dry_run:
            self.stdout.write(_("Nothing was written to BlueJet: this was a dry run."))
        elif not is_live(run.shop, run.flow):
            self.stdout.write(_("Nothing was written to BlueJet: the flow is not live."))
        if run.error and run.state in (SyncRun.State.FAILED, SyncRun.State.CANCELLED):
            raise CommandError(trouble_in_words(run.error))


def _label(name: str) -> str:
    return str(getattr(SyncRun._meta.get_field(name), "verbose_name", name))


def _shop(eshop_id: str | None) -> Shop:
    shops = Shop.objects.filter(active=True, **({"eshop_id": eshop_id} if eshop_id else {}))
    if len(shops) != 1:
        known = ", ".join(Shop.objects.filter(active=True).values_list("eshop_id", flat=True)) or "none"
        raise CommandError(f"Say which shop with --shop; active e-shop IDs: {known}.")
    return shops[0]


def moment_of(text: str) -> datetime:
    """Read a date or a time in the past that somebody typed; raise CommandError where it is none."""
    try:
        moment = parse_datetime(text)
        day = None if moment else parse_date(text)
    except ValueError as error:
        raise CommandError(f"“{text}” is not a date: {error}.") from error
    if moment is None and day is None:
        raise CommandError(f"“{text}” is not a date. Example: 2026-11-01, or 2026-11-01T08:00.")
    found = moment or datetime(day.year, day.month, day.day)  # type: ignore[union-attr]  # noqa: DTZ001
    aware = found if timezone.is_aware(found) else _earlier_reading(found)
    if aware > timezone.now():
        raise CommandError(f"“{text}” lies in the future.")
    return aware


def _earlier_reading(wall: datetime) -> datetime:
    """Read a time on the wall; one that the clocks leave out or show twice as the earlier moment, so that nothing is left out."""
    return min(timezone.make_aware(wall.replace(fold=fold)).astimezone(UTC) for fold in (0, 1))
