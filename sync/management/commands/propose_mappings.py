"""Fills a shop's mapping tables with what the partners' own lists suggest; rows that staff made stay as they are."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mappings.packs import install_default
from shops.clients import bluejet_client, shoptet_client
from shops.models import Shop
from sync.partner_values import refresh
from sync.proposals import propose_all, save_proposals


class Command(BaseCommand):
    """Install the default field mappings and propose the tables."""

    help = (
        "Install the default field mappings and propose categories, statuses, payments, shipping and warehouses from the partners' lists."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--shop", default="", help="the e-shop's ID; may be left out where there is only one")
        parser.add_argument(
            "--pair-leftovers", action="store_true", help="also pair warehouses whose names share no word (for a demonstration)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        shop = self._shop(options["shop"])
        version = install_default(shop)
        with shoptet_client(shop) as shoptet:
            proposals = propose_all(shop, shoptet, bluejet_client(shop.bluejet), pair_leftovers=options["pair_leftovers"])
        made = save_proposals(shop, proposals)
        refresh(shop)
        self.stdout.write(
            f"{shop}: field mappings of version {version.number}, {made} new rows in the tables. Look them through in the admin."
        )

    def _shop(self, eshop_id: str) -> Shop:
        shops = list(Shop.objects.select_related("bluejet").filter(**({"eshop_id": eshop_id} if eshop_id else {})))
        if len(shops) != 1:
            known = ", ".join(Shop.objects.values_list("eshop_id", flat=True)) or "none"
            raise CommandError(f"Name one shop with --shop. Known e-shop IDs: {known}.")
        return shops[0]
