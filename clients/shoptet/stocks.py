"""Calls for stocks: what they hold, and what moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from clients.shoptet.calls import Calls
from clients.shoptet.connection import checked, payload
from clients.shoptet.normalise_stock import name_supply, normalise_movement, normalise_stock, normalise_supply
from clients.shoptet.readable import readable_rows
from clients.shoptet.results import Page
from clients.shoptet.wire import LONGEST_WHOLE, WireError, text, wire_time

SUPPLIES_A_PAGE = 1000
MOVEMENTS_A_PAGE = 1000


class StockCalls(Calls):
    """Read stocks. Change feeds do not show stock, movements do."""

    def stocks(self) -> list[dict[str, Any]]:
        """Return the shop's stocks: id, name, isDefault. Source: GET /api/stocks."""
        answer = self._connection.get("/api/stocks")
        data = payload(answer)
        default_id = text(data.get("defaultStockId"))
        return checked(answer, lambda: readable_rows(data, "stocks", partial(normalise_stock, default_id=default_id)))

    def supplies(self, stock_id: str | int, *, changed_from: datetime | None = None, code: str | None = None) -> Iterator[Page]:
        """Yield pages of stock records; `changed_from` reaches 30 days back. Source: GET /api/stocks/{stockId}/supplies.

        A row whose amounts cannot be read has no `amount`, but names its variant.

        The time of the last change is left out: the endpoint names it in words, but declares no parameter to ask for it.
        """
        params = {"changedFrom": changed_from and wire_time(changed_from), "code": code}
        return self._connection.pages(
            "/api/stocks/{stockId}/supplies",
            "supplies",
            partial(_supply, stock_id=str(stock_id)),
            key=lambda record: str(record["id"]),
            size=SUPPLIES_A_PAGE,
            params=params,
            stockId=stock_id,
        )

    def movements(
        self,
        stock_id: str | int,
        *,
        last_id: int | None = None,
        with_orders: bool = False,
        order_code: str = "",
        changed_from: datetime | None = None,
    ) -> Iterator[Page]:
        """Yield pages of movements, those after `last_id`, of one order, or since a moment:

        `id`, `code`, `amount` left afterwards, `change`, `changed_at`.

        The id is a number that grows. `order_code` is filled only `with_orders`, which Shoptet takes longer for.

        Source: GET /api/stocks/{stockId}/movements.
        """
        params = {
            "lastId": last_id,
            "orderCode": order_code or None,
            "changeTimeFrom": changed_from and wire_time(changed_from),
            "include": "orderCode" if with_orders else None,
        }
        return self._connection.pages(
            "/api/stocks/{stockId}/movements",
            "movements",
            normalise_movement,
            key=lambda movement: f"{movement['id']} {movement['code'] if not movement['id'] else ''}",
            size=MOVEMENTS_A_PAGE,
            params=params,
            stockId=stock_id,
        )

    def last_movement(self, stock_id: str | int) -> tuple[int, datetime | None]:
        """Return the id of the last movement (0 before the first) and Shoptet's clock. Source: GET /api/stocks/{stockId}/movements/last."""
        answer = self._connection.get("/api/stocks/{stockId}/movements/last", stockId=stock_id)
        data = payload(answer)
        last = text(data.get("lastId")) or "0"
        if "lastId" not in data or not last.isdecimal() or len(last) > LONGEST_WHOLE:
            answer.reject("field data.lastId is missing or not a number")
        return int(last), answer.date


def _supply(row: Mapping[str, Any], *, stock_id: str) -> dict[str, Any]:
    try:
        return normalise_supply(row, stock_id=stock_id)
    except WireError as error:
        return name_supply(row, stock_id=stock_id, error=error)
