"""Keeps the shop in a file, so that a demo finds it again after a restart."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

from sandbox.shoptet.shop import Shop

FORMAT = 1
FEEDS = ("order_changes", "product_changes", "customer_changes")


def dump(shop: Shop) -> dict[str, Any]:
    """Return the whole shop as JSON."""
    with shop.lock:
        return {
            "format": FORMAT, "offset": shop.clock.offset, "catalogue": shop.catalogue.dump(), "categories": shop.categories,
            "stock": shop.stock.dump(), "customers": dict(shop.customers), "orders": dict(shop.orders),
            "history": {code: list(rows) for code, rows in shop.history.items()},
            "numbers": dict(shop.numbers),
            "money": {"currency": shop.currency, "currencies": shop.currencies, "flipped": shop.flipped},
            "registrations": shop.registrations.dump(), "deliveries": shop.deliveries.dump(),
            "changes": {name: getattr(shop, name).dump() for name in FEEDS},
        }  # fmt: skip


def load(shop: Shop, saved: dict[str, Any]) -> None:
    """Take over what `dump` returned, after the shop was filled the same way."""
    with shop.lock:
        shop.clock.offset = saved["offset"]
        shop.catalogue.load(saved["catalogue"])
        shop.categories, shop.customers, shop.orders = saved["categories"], saved["customers"], saved["orders"]
        shop.history, shop.numbers = saved["history"], saved["numbers"]
        shop.stock.load(saved["stock"])
        if money := saved.get("money"):
            shop.count_in(money["currency"], money["currencies"], flipped=money["flipped"])
        shop.registrations.load(saved["registrations"])
        shop.deliveries.load(saved["deliveries"])
        for name in FEEDS:
            getattr(shop, name).load(saved["changes"][name])


class StateFile:
    """Writes the shop to a file whenever it has changed, at most every so many seconds, and once more at the end."""

    def __init__(self, shop: Shop, path: Path, *, every: float = 2.0) -> None:
        self.shop, self.path, self.every = shop, path, every
        self._saved = -1
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True, name="state-file")

    def read(self) -> bool:
        """Load the file into the shop; return whether there was one that could be used."""
        try:
            saved = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return False
        if saved.get("format") != FORMAT:
            return False
        load(self.shop, saved)
        return True

    def write(self) -> None:
        """Write the file as a whole or not at all."""
        self._saved = self.shop.revision
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(".tmp")
        temporary.write_text(json.dumps(dump(self.shop), ensure_ascii=False), encoding="utf-8")
        os.replace(temporary, self.path)

    def start(self) -> None:
        """Begin to watch for changes."""
        self._thread.start()

    def stop(self) -> None:
        """Write what is left and stop watching."""
        self._end.set()
        self._thread.join(timeout=10)
        self.write()

    def _watch(self) -> None:
        while not self._end.wait(self.every):
            if self.shop.revision != self._saved:
                self.write()
