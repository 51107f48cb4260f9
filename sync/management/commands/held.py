"""Tell what is held for flows that were not live, and let it go, from the shell."""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shops.models import FlowName, FlowSetting
from sync.jobs.held import Held, answer_held, came_before, held_flows
from sync.management.commands.sync import moment_of

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """List what is held; with --all or --since let it go as the shop's page about held records does."""

    help = "Lists what came while a flow was not live, and lets it go: all of it, or what came since a time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to let go."""
        parser.add_argument("flow", nargs="?", choices=FlowName.values)
        parser.add_argument("--shop", help="e-shop ID; without it every shop's")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--all", action="store_true", help="everything goes over")
        how.add_argument("--since", help="what came since this date or time goes over; the earlier is closed")

    def handle(self, *args: Any, **options: Any) -> None:
        """List, or answer."""
        chosen = {"flow": options["flow"], "shop__eshop_id": options["shop"]}
        found = held_flows(FlowSetting.objects.filter(**{name: value for name, value in chosen.items() if value}))
        is_answer = options["all"] or options["since"] is not None
        since = moment_of(options["since"]) if options["since"] is not None else None
        if is_answer and not options["flow"]:
            raise CommandError("Say which flow to let go.")
        for held in found:
            self.stdout.write(f"{held.setting} ({held.setting.mode}): {held.count} held, {_shown(held)}")
            if is_answer:
                self._let_go(held, since)
        if not found:
            self.stdout.write("Nothing is held.")

    def _let_go(self, held: Held, since: Any) -> None:
        if not held.setting.is_live or not held.setting.shop.active:
            raise CommandError(f"{held.setting} is not live, or its shop is not active; nothing goes over before it is.")
        closed = came_before(held.setting, since) if since else 0
        answer_held(held.setting, since=since)
        said = f"{held.setting.get_flow_display()}: {held.count - closed} go over, {closed} are closed"
        logger.warning("%s; answered from the shell", said)
        self.stdout.write(said)


def _shown(held: Held) -> str:
    first, last = (timezone.localtime(moment) for moment in (held.first, held.last))
    return f"asked for between {first:%Y-%m-%d %H:%M} and {last:%Y-%m-%d %H:%M}"
