"""Both stand-ins from outside: what customers and staff do in the shop, and what BlueJet holds in the end."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import requests

Record = dict[str, Any]
PREFIX = "shoptet:"


class Control:
    """Speaks to a stand-in's control interface."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = requests.Session()

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def call(self, path: str, body: Any = None, *, method: str = "POST", **query: Any) -> Any:
        """Call `/_sandbox…` and return the JSON of the answer."""
        sent = None if method == "GET" else (body or {})
        answer = self._session.request(method, f"{self.url}/_sandbox{path}", json=sent, params=query, timeout=70)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def get(self, path: str, **query: Any) -> Any:
        """Read something."""
        return self.call(path, method="GET", **query)

    def fault(self, kind: str, **limits: Any) -> int:
        """Switch a fault on; return its number."""
        return int(self.call("/faults", {"fault": kind, **limits})["id"])

    def mend(self) -> None:
        """Switch every fault off."""
        self.call("/faults", method="DELETE")


class ShoptetShop(Control):
    """The shop as its customers and staff use it."""

    def state(self) -> Record:
        """Return everything that the shop holds."""
        return dict(self.get("/state", full=1))

    def variants(self) -> list[str]:
        """Return the codes of what can be ordered."""
        products = self.state()["catalogue"]["own"]
        return [variant["code"] for product in products for variant in product["variants"]]

    def orders(self) -> dict[str, Record]:
        """Return every order by its code."""
        return dict(self.state()["orders"])

    def place(self, *items: Any, **order: Any) -> str:
        """Place an order; return its code."""
        return str(self.call("/orders", {"items": list(items), **order})["code"])

    def place_many(self, count: int, *items: Any, **order: Any) -> list[str]:
        """Place as many orders of one kind; return their codes."""
        return list(self.call("/orders/bulk", {"items": list(items), "count": count, "separately": True, **order})["codes"])

    def keep_quiet(self, quiet: bool = True) -> None:
        """Let no webhook leave, and leave no trace of it either."""
        self.call("/webhooks", {"suppressed": quiet})


class BlueJetBooks(Control):
    """BlueJet's records as its own users see them."""

    def rows(self, kind: str) -> list[Record]:
        """Return all records of a kind."""
        return list(self.get("/records", kind=kind)["records"])

    def ours(self, kind: str, prefix: str = PREFIX) -> dict[str, list[Record]]:
        """Return the portal's records of a kind by their key in a shop; more than one would be a duplicate."""
        found: dict[str, list[Record]] = defaultdict(list)
        for row in self.rows(kind):
            if str(row.get("externiidsupl") or "").startswith(prefix):
                found[row["externiidsupl"].removeprefix(prefix)].append(row)
        return dict(found)

    def duplicates(self, *kinds: str) -> dict[str, int]:
        """Return what is there more than once."""
        return {f"{kind} {key}": len(rows) for kind in kinds for key, rows in self.ours(kind).items() if len(rows) > 1}

    def documents(self, prefix: str = PREFIX) -> dict[str, list[tuple[Record, list[Record]]]]:
        """Return the documents of every order with their lines, offers before orders."""
        found: dict[str, list[tuple[Record, list[Record]]]] = defaultdict(list)
        for kind, column in (("offer", "nabidkaid"), ("order", "objednavkaid")):
            lines: dict[str, list[Record]] = defaultdict(list)
            for line in self.rows(f"{kind}_line"):
                lines[line[column]].append(line)
            for code, rows in self.ours(kind, prefix).items():
                found[code] += [(row, lines[row[column]]) for row in rows]
        return dict(found)

    def commits_since(self, number: int, *, wait: float = 0) -> list[Record]:
        """Return the commits after the one with this number; with `wait`, hold on so many seconds for the first of them."""
        return list(self.get("/journal", since=number, wait=wait)["commits"])

    def last_commit(self) -> int:
        """Return the number of the last commit."""
        return int(self.get("/journal", since=0)["last"])


def expected_lines(order: Record) -> list[tuple[str, Decimal, Decimal]]:
    """Return code, amount and sum of each line that an order must have in BlueJet.

    What a discount takes from several VAT rates is a line for each; the rounding is a line of its own.
    """
    prices = [(row, price) for row in order["items"] for price in row["itemPriceVatBreakdown"] or [row["itemPrice"]]]
    lines = [(row["code"] or "", Decimal(row["amount"]), Decimal(price["withVat"])) for row, price in prices]
    rounding = Decimal(order["price"]["toPay"]) - Decimal(order["price"]["withVat"])
    return sorted([*lines, ("", Decimal(1), rounding)] if rounding else lines)


def held_lines(lines: list[Record]) -> list[tuple[str, Decimal, Decimal]]:
    """Return code, amount and sum of each line that BlueJet holds."""
    return sorted((row.get("kodzbozi") or "", Decimal(row["mnozstvi"]), Decimal(row["cenadphprodej"])) for row in lines)
