"""The shop as a whole: everything it holds, under one lock. Products, orders and customers are changed by their own modules."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.shoptet.catalogue import Catalogue
from sandbox.shoptet.changes import ChangeFeed
from sandbox.shoptet.clock import Clock, days, wire_time
from sandbox.shoptet.deliveries import Deliveries
from sandbox.shoptet.registrations import Registrations
from sandbox.shoptet.seed.bulk import Bulk
from sandbox.shoptet.seed.settings import ESHOP_ID, STOCKS
from sandbox.shoptet.stock import ORDERABLE, Level, Stock

Record = dict[str, Any]
FAR = "9999"


@dataclass(frozen=True)
class ShopOptions:
    """How large the shop is at the start and how it behaves. `None` products is the hand-made assortment of about 300."""

    seed: int = 1
    products: int | None = None
    customers: int = 400
    orders: int = 160
    time_scale: float = 1.0
    webhook_key: str = ""
    local_ports: bool = True
    eshop_id: int = ESHOP_ID
    delivery_workers: int = 8
    stock_amount: str = ORDERABLE


class Shop:
    """Records, stock, change feeds and webhooks of one shop. Take `lock` around whatever reads or changes several of them."""

    def __init__(self, options: ShopOptions | None = None, clock: Clock | None = None) -> None:
        self.options = options or ShopOptions()
        self.clock = clock or Clock(time_scale=self.options.time_scale)
        self.lock = threading.RLock()
        self.revision = 0
        self.registrations = Registrations(self.clock, key=self.options.webhook_key, local_ports=self.options.local_ports)
        self.deliveries = Deliveries(self.options.eshop_id, self.registrations, self.clock, workers=self.options.delivery_workers)
        self.empty()

    def empty(self) -> None:
        """Forget all records; registrations and the key stay."""
        self.catalogue = Catalogue([], Bulk(0, self.options.seed, self.clock.now()))
        self.categories: list[Record] = []
        stock_ids = [row["id"] for row in STOCKS]
        self.stock = Stock(stock_ids, self.clock, self._start_level, amount_means=self.options.stock_amount)
        self.customers: dict[str, Record] = {}
        self.orders: dict[str, Record] = {}
        self.order_changes, self.product_changes, self.customer_changes = (ChangeFeed(self.clock) for _kind in range(3))
        self.history: dict[str, list[Record]] = {}
        self.numbers: dict[str, int] = {}
        self.silent = False
        self.touch()

    def _start_level(self, stock_id: int, code: str) -> Level:
        bulk = self.catalogue.bulk
        number = bulk.number_of_code(code)
        real, claim = (Decimal(0), Decimal(0)) if number is None else bulk.level(number, stock_id)
        return Level(real, claim, wire_time(bulk.changed if number is not None else self.clock.now() - days(200)))

    def touch(self) -> None:
        """Note that something changed, for whoever saves the state."""
        self.revision += 1

    def next_number(self, name: str, first: int = 1) -> int:
        """Return the next number of a series."""
        self.numbers[name] = self.numbers.get(name, first - 1) + 1
        return self.numbers[name]

    def now(self) -> str:
        return wire_time(self.clock.now())

    def emit(self, event: str, instance: str) -> None:
        """Announce an event, unless the shop is being set up."""
        self.touch()
        if not self.silent:
            self.deliveries.emit(event, instance)

    def emit_many(self, event: str, instances: Iterable[str]) -> None:
        """Announce the same event for many records."""
        self.touch()
        if not self.silent:
            self.deliveries.emit_many(event, list(instances))
