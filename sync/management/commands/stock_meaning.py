"""Finds out, by reading only, what the stock amounts of a shop mean."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clients.errors import PartnerError
from shops.clients import shoptet_client
from shops.models import Shop
from sync.stock_meaning import check_meaning


class Command(BaseCommand):
    """Say what the amount means, and keep it where nobody has chosen."""

    help = (
        "Look at open orders and the log of movements, and say whether a stock's amount is what may be ordered or what lies on the shelf. "
        "Changes nothing in Shoptet. Ends with 1 where the shop is set otherwise, or where it cannot be told."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--shop", default="", help="the e-shop's ID; without it, every active shop")

    def handle(self, *args: Any, **options: Any) -> None:
        shops = Shop.objects.select_related("bluejet").filter(**({"eshop_id": options["shop"]} if options["shop"] else {"active": True}))
        if not shops:
            known = ", ".join(Shop.objects.values_list("eshop_id", flat=True)) or "none"
            raise CommandError(f"There is no such shop. Known e-shop IDs: {known}.")
        unsure = [shop for shop in shops if not self._is_sure(shop)]
        if unsure:
            raise CommandError(f"Not certain: {', '.join(str(shop) for shop in unsure)}.")

    def _is_sure(self, shop: Shop) -> bool:
        try:
            with shoptet_client(shop) as client:
                checked = check_meaning(shop, client)
        except PartnerError as error:
            self.stdout.write(f"{shop}: {error}")
            return False
        self.stdout.write(f"{shop}: {checked.sentence}")
        return checked.decided and checked.agrees
