"""Shows, registers and deletes the portal's webhooks at Shoptet, and renews the signature key."""

from __future__ import annotations

import sys

from django.core.management.base import BaseCommand, CommandError

from shops.clients import PartnerError
from shops.models import Shop
from webhooks.addresses import NoPublicAddress, address_warnings
from webhooks.key_renewal import RenewalUnderWay, renew_key
from webhooks.registration import NeedsConfirmation, Registered, delete_all, plan, register_all


class Command(BaseCommand):
    help = "List, register or delete the webhooks at Shoptet, or renew the signature key, for one shop or all active ones."

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["list", "register", "delete", "rotate-key"])
        parser.add_argument("--shop", help="the e-shop ID; without it, every active shop")
        parser.add_argument("--take-over", action="store_true", help="take events over from another installation without asking")

    def handle(self, *args, action, shop, take_over, **options):
        for one in self._shops(shop):
            self.stdout.write(f"{one} (e-shop {one.eshop_id})")
            try:
                self._act(action, one, take_over)
            except (PartnerError, NoPublicAddress, RenewalUnderWay) as error:
                raise CommandError(str(error)) from error

    def _shops(self, eshop_id):
        shops = Shop.objects.filter(eshop_id=eshop_id) if eshop_id else Shop.objects.filter(active=True)
        if not shops:
            raise CommandError(
                f"There is no shop with the e-shop ID {eshop_id}." if eshop_id else "There is no active shop. Run setup_shop first."
            )
        return shops

    def _act(self, action, shop, take_over):
        try:
            self._do(action, shop, take_over=take_over)
        except NeedsConfirmation as question:
            if not self._agrees(question):
                raise CommandError("Nothing was changed. Repeat with --take-over to take the events over.") from question
            self._do(action, shop, take_over=True)

    def _do(self, action, shop, *, take_over):
        if action == "list":
            for one in plan(shop):
                self.stdout.write(f"  {one.state:<9} {one.event_type:<32} {one.registered_url or one.wanted_url}")
        elif action == "register":
            for sentence in address_warnings(shop):
                self.stderr.write(self.style.WARNING(sentence))
            self._tell(register_all(shop, take_over=take_over))
        elif action == "delete":
            self._tell(delete_all(shop))
        else:
            done = renew_key(shop, take_over=take_over)
            self.stdout.write(f"  The key is renewed. Deliveries taken in from quarantine: {done.released}.")

    def _agrees(self, question):
        self.stderr.write(self.style.WARNING(str(question)))
        return sys.stdin.isatty() and input("Take them over? [y/N] ").strip().lower() in ("y", "yes", "a", "ano")

    def _tell(self, done: Registered):
        for verb, events in (("registered", done.added), ("changed", done.changed), ("deleted", done.removed)):
            self.stdout.write(f"  {verb}: {', '.join(events) or '–'}")
        for event, reason in done.refused.items():
            self.stderr.write(self.style.WARNING(f"  refused: {event}: {reason}"))
