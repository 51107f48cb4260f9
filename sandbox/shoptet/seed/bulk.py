"""Any number of further products, made only when they are asked for, so that a hundred thousand of them cost no memory."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sandbox.shoptet.clock import wire_time
from sandbox.shoptet.identity import ean13
from sandbox.shoptet.seed.products import SHOP_URL, ProductMaker, variant_record

FAMILY = "b01c-11e9-8000"


class Bulk:
    """Products number 0 to count − 1; number, code and GUID can each be read from the others."""

    def __init__(self, count: int, seed: int, now: datetime) -> None:
        self.count, self.changed = max(count, 0), now - timedelta(days=200)
        maker = ProductMaker(seed, now)
        self._head = maker.head("Díl", "BULK", "Barové doplňky", "Hendi", "Náhradní díl pro gastro provoz.") | {"visibility": "visible"}
        self._head["changeTime"] = self._head["creationTime"] = wire_time(self.changed)
        self._head["descriptiveParameters"] = [{"name": "Materiál", "value": "nerez", "description": None, "priority": 1}]

    def guid(self, number: int) -> str:
        return f"{number * 2654435761 % 2**32:08x}-{FAMILY}-{number:012x}"

    def code(self, number: int) -> str:
        return f"ND{number:06d}"

    def number_of_guid(self, guid: str) -> int | None:
        """Return the number behind a GUID, or None where it is not one of these."""
        if guid[9:23] != FAMILY:
            return None
        return self._known(int(guid[24:], 16)) if self.guid(int(guid[24:], 16)) == guid else None

    def number_of_code(self, code: str) -> int | None:
        """Return the number behind a code, or None where it is not one of these."""
        if code[:2] != "ND" or not code[2:].isdigit():
            return None
        return self._known(int(code[2:])) if self.code(int(code[2:])) == code else None

    def _known(self, number: int) -> int | None:
        return number if 0 <= number < self.count else None

    def product(self, number: int) -> dict[str, Any]:
        """Make one product."""
        name, url = f"Náhradní díl {number:06d}", f"{SHOP_URL}/nahradni-dil-{number:06d}/"
        price = Decimal(50 + number * 37 % 4900)
        variant = variant_record(
            self.code(number), price, Decimal(21), ean=ean13(500_000_000 + number), url=url, weight=Decimal(number % 90) / 10
        )
        return {
            **self._head,
            "guid": self.guid(number),
            "name": name,
            "indexName": f"nahradni-dil-{number:06d}",
            "url": url,
            "variants": [variant],
        }

    def level(self, number: int, stock_id: int) -> tuple[Decimal, Decimal]:
        """Return what lies in a stock at the start, and what of it is claimed."""
        return Decimal((0, number * 7 % 50, number % 10, 0)[stock_id] if stock_id < 4 else 0), Decimal(0)
