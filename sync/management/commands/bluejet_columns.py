"""Reads the live columns of every BlueJet table and holds the field mappings against them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shops.models import BlueJetAccount, Shop
from sync.columns import column_problems, read_account
from sync.columns.check import load_columns
from sync.models import ColumnReading


class Command(BaseCommand):
    """List columns and check the mappings."""

    help = (
        "Read BlueJet's live columns, list them with their types, and check every field mapping against them. Ends with 1 if one is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--shop", default="", help="the e-shop's ID; without it, every active shop")
        parser.add_argument("--quiet", action="store_true", help="show the mappings that are wrong only, not the columns")

    def handle(self, *args: Any, **options: Any) -> None:
        shops = Shop.objects.select_related("bluejet").filter(**({"eshop_id": options["shop"]} if options["shop"] else {"active": True}))
        if not shops:
            known = ", ".join(Shop.objects.values_list("eshop_id", flat=True)) or "none"
            raise CommandError(f"There is no such shop. Known e-shop IDs: {known}.")
        unread = 0
        for account in dict.fromkeys(shop.bluejet for shop in shops):
            readings = read_account(account)
            unread += sum(bool(reading.error) for reading in readings)
            self._show(account, readings, quiet=options["quiet"])
        wrong = sum(self._judge(shop) for shop in shops)
        if wrong or unread:
            raise CommandError(f"{wrong} field mappings need attention, {unread} kinds of records could not be read.")

    def _show(self, account: BlueJetAccount, readings: list[ColumnReading], *, quiet: bool) -> None:
        columns = load_columns(account)
        self.stdout.write(f"{account} ({account.dialect})")
        for reading in readings:
            found = columns.get(reading.kind, {})
            what = reading.error or (
                f"{len(found)} columns in {reading.rows} records" if reading.rows else "no record yet, so no columns are shown"
            )
            self.stdout.write(f"  {reading.kind}: {what}")
            for name, column in {} if quiet else found.items():
                self.stdout.write(f"    {name:<32}{column.type:<10}{'read-only' if column.read_only else ''}".rstrip())

    def _judge(self, shop: Shop) -> int:
        problems = column_problems(shop)
        self.stdout.write(f"{shop}: {len(problems)} field mappings are wrong." if problems else f"{shop}: every field mapping fits.")
        for problem in problems:
            self.stdout.write(f"  {problem.code:<11}{problem.row.entity}: {problem.row} – {problem.sentence}")
        return len(problems)
