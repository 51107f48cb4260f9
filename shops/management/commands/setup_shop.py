"""Sets up the first shop from SHOPTET_* and BLUEJET_* in the environment; safe to repeat."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from shops.setup import SetupRefused, set_up_shop


class Command(BaseCommand):
    help = "Create or refresh the shop that SHOPTET_* and BLUEJET_* describe (see .env.example)."

    def handle(self, *args, **options):
        try:
            done = set_up_shop()
        except SetupRefused as error:
            raise CommandError(str(error)) from error
        verb = "Created" if done.is_new else "Refreshed"
        self.stdout.write(f"{verb} the shop {done.shop} (e-shop {done.shop.eshop_id}), which delivers to {done.shop.bluejet}.")
