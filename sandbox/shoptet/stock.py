"""What lies in the stocks: amounts, claims of open orders, and the log of movements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbox.shoptet.clock import Clock, wire_time
from sandbox.shoptet.money import amount_text

Record = dict[str, Any]


@dataclass(frozen=True)
class Level:
    """One variant in one stock. What can be ordered is what lies there less what open orders claim."""

    real: Decimal
    claim: Decimal
    changed: str
    location: str | None = None

    @property
    def amount(self) -> Decimal:
        return self.real - self.claim


# What a shop's `amount` says, in its supplies and in its log alike.
ORDERABLE, ON_SHELF = "orderable", "on_shelf"


@dataclass(frozen=True)
class Movement:
    """One line of a stock's log."""

    id: int
    stock_id: int
    code: str
    amount: str
    change: str
    by: str
    time: str
    order_code: str | None
    guid: str | None


class Stock:
    """Levels by stock and variant code, with one log of movements for all stocks."""

    def __init__(self, stock_ids: Iterable[int], clock: Clock, default_level: Any, *, amount_means: str = ORDERABLE) -> None:
        self.clock, self._default, self.amount_means = clock, default_level, amount_means
        self.uncounted: set[str] = set()
        self.levels: dict[int, dict[str, Level]] = {stock_id: {} for stock_id in stock_ids}
        self.movements: dict[int, list[Movement]] = {stock_id: [] for stock_id in self.levels}
        self.last_id = 126_000
        self.moment: datetime | None = None

    def _time(self) -> str:
        """Return when a movement happens: now, or while the shop is being set up, back then."""
        return wire_time(self.moment or self.clock.now())

    def level(self, stock_id: int, code: str) -> Level:
        """Return a level; what never moved has the level of the start."""
        return self.levels[stock_id].get(code) or self._default(stock_id, code)

    def shown(self, level: Level) -> Decimal:
        """Return a level's amount as this shop shows it."""
        return level.real if self.amount_means == ON_SHELF else level.amount

    def wire_amount(self, code: str, amount: Decimal) -> str | None:
        """Return an amount as it goes out; null for a variant whose pieces nobody counts."""
        return None if code in self.uncounted else amount_text(amount)

    def set_level(self, stock_id: int, code: str, level: Level) -> None:
        """Set a level without a movement, for the start."""
        self.levels[stock_id][code] = level

    def move(self, stock_id: int, code: str, change: Decimal, *, by: str = "admin", guid: str | None = None) -> Movement:
        """Let goods come or go."""
        level = self.level(stock_id, code)
        return self._log(stock_id, code, replace(level, real=level.real + change), change, by, None, guid)

    def claim(self, stock_id: int, code: str, amount: Decimal, order_code: str, guid: str | None) -> None:
        """Put an amount aside for an order; a negative amount gives it back."""
        level = self.level(stock_id, code)
        self._follow(stock_id, code, replace(level, claim=level.claim + amount), "customer", order_code, guid)

    def hand_out(self, stock_id: int, code: str, amount: Decimal, order_code: str, guid: str | None) -> None:
        """Take out what an order had claimed; what can be ordered stays."""
        level = self.level(stock_id, code)
        self._follow(stock_id, code, replace(level, real=level.real - amount, claim=level.claim - amount), "admin", order_code, guid)

    def _follow(self, stock_id: int, code: str, level: Level, by: str, order_code: str, guid: str | None) -> None:
        """Take an order's doing over; it is a movement only where the amount that the shop shows changes by it."""
        change = self.shown(level) - self.shown(self.level(stock_id, code))
        if change:
            self._log(stock_id, code, level, change, by, order_code, guid)
        else:
            self.levels[stock_id][code] = replace(level, changed=self._time())

    def _log(self, stock_id: int, code: str, level: Level, change: Decimal, by: str, order_code: str | None, guid: str | None) -> Movement:
        time = self._time()
        self.levels[stock_id][code] = replace(level, changed=time)
        self.last_id += 1
        movement = Movement(self.last_id, stock_id, code, amount_text(self.shown(level)), amount_text(change), by, time, order_code, guid)
        self.movements[stock_id].append(movement)
        return movement

    def forget(self, codes: Iterable[str]) -> None:
        """Drop the levels of deleted variants; their movements stay."""
        for code in codes:
            for levels in self.levels.values():
                levels.pop(code, None)

    def dump(self) -> Record:
        """Return what a restart needs."""
        levels = {
            stock_id: {code: (str(level.real), str(level.claim), level.changed, level.location) for code, level in levels.items()}
            for stock_id, levels in self.levels.items()
        }
        movements = [tuple(vars(movement).values()) for log in self.movements.values() for movement in log]
        return {"levels": levels, "movements": movements, "last_id": self.last_id, "uncounted": sorted(self.uncounted)}

    def load(self, saved: Record) -> None:
        """Take over what `dump` returned."""
        for stock_id, levels in saved["levels"].items():
            rows = {
                code: Level(Decimal(real), Decimal(claim), changed, location) for code, (real, claim, changed, location) in levels.items()
            }
            self.levels[int(stock_id)] = rows
        self.movements = {stock_id: [] for stock_id in self.levels}
        for row in saved["movements"]:
            self.movements[row[1]].append(Movement(*row))
        self.last_id = saved["last_id"]
        self.uncounted = set(saved.get("uncounted", ()))
