"""Partners that answer at once, in this process: what is left to measure is the portal itself."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from clients.bluejet import BlueJetClient, BlueJetRow, RowRefused, Write, Written
from clients.bluejet.evidences import evidences_for
from clients.errors import NotFound
from clients.shoptet.results import Fetched, Page

BEGUN = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
BY_EXTERNAL = "SELECT id, fields FROM record WHERE kind = ? AND external = ?"
PRICE, RATE = Decimal("121.00"), Decimal(21)


class InstantShoptet:
    """A shop of any size whose records are made when they are asked for."""

    def __init__(self, *, products: int = 0, customers: int = 0, orders: int = 0) -> None:
        self.sizes = {"product": products, "customer": customers, "order": orders}
        self.requests: Counter[str] = Counter()

    def close(self) -> None:
        """There is nothing to close."""

    def eshop(self) -> dict[str, Any]:
        """Answer the probe."""
        self.requests["eshop"] += 1
        return {"id": "1"}

    def server_time(self) -> datetime:
        """Return the clock."""
        return datetime.now(UTC)

    def products(self, **filters: Any) -> Iterator[Page]:
        """List the products."""
        return self._pages("product", "guid", 1000)

    def customers(self, **filters: Any) -> Iterator[Page]:
        """List the customers."""
        return self._pages("customer", "guid", 1000)

    def orders(self, **filters: Any) -> Iterator[Page]:
        """List the orders."""
        return self._pages("order", "code", 50)

    def product(self, guid: str) -> Fetched:
        """Return a product of one variant."""
        self.requests["product"] += 1
        return Fetched([_product(guid)], BEGUN, datetime.now(UTC))

    def product_by_code(self, code: str) -> Fetched:
        """Return the product of a code."""
        return self.product(f"product-{code.removeprefix('P')}")

    def customer(self, guid: str) -> Fetched:
        """Return a customer."""
        self.requests["customer"] += 1
        return Fetched([_customer(guid)], BEGUN, datetime.now(UTC))

    def order(self, code: str) -> Fetched:
        """Return an order of five lines."""
        self.requests["order"] += 1
        return Fetched([_order(code, self.sizes["product"] or 1)], BEGUN, datetime.now(UTC))

    def product_changes(self, since: datetime) -> Iterator[Page]:
        """Return no changes."""
        self.requests["changes"] += 1
        yield Page([], 0, 1)

    customer_changes = order_changes = product_changes

    def _pages(self, kind: str, key: str, size: int) -> Iterator[Page]:
        total = self.sizes[kind]
        for number, start in enumerate(range(0, total, size), start=1):
            self.requests[f"{kind} list"] += 1
            yield Page([{key: f"{kind}-{index}"} for index in range(start, min(start + size, total))], total, number)


class InstantBlueJet(BlueJetClient):
    """A BlueJet of the `data` dialect; it keeps its records in a file, so that the memory seen is the portal's."""

    dialect = "data"

    def __init__(self, path: str) -> None:
        self.evidences, self.batch_size = evidences_for("data", {}), 10
        self.requests, self.unreadable = Counter[str](), Counter[str]()
        self._held = sqlite3.connect(path)
        self._held.executescript(
            "PRAGMA synchronous=OFF; CREATE TABLE record (kind, id, external, parent, fields, PRIMARY KEY (kind, id));"
            "CREATE INDEX by_external ON record (kind, external); CREATE INDEX by_parent ON record (kind, parent);"
        )

    def close(self) -> None:
        """There is nothing to close."""

    @contextmanager
    def watched(self, before_request: Callable[[], None]) -> Iterator[None]:
        """Make no requests that could be watched."""
        yield

    def check(self) -> None:
        """Answer."""

    def columns(self, kind: str) -> list[str]:
        """Show none: the benchmark checks no mappings."""
        return []

    def can_upsert(self, kind: str) -> bool:
        """Take insert-or-update for everything but documents."""
        return not self.evidences[kind].is_document

    def find(self, kind: str, field: str, value: Any, *, with_lines: bool = False) -> list[BlueJetRow]:
        """Find by our mark or by the document; nothing is known by its natural key."""
        self.requests["read"] += 1
        evidence = self.evidences[kind]
        column = {evidence.external_id: "external", evidence.parent: "parent"}.get(field)
        if column is None:
            return []
        query = "SELECT id, fields FROM record WHERE kind = ? AND parent = ?" if column == "parent" else BY_EXTERNAL
        return [BlueJetRow(kind, id, json.loads(fields)) for id, fields in self._held.execute(query, (kind, str(value)))]

    def read(self, kind: str, id: str, *, with_lines: bool = True) -> BlueJetRow | None:
        """Read a record with its lines."""
        self.requests["read"] += 1
        row = self._held.execute("SELECT fields FROM record WHERE kind = ? AND id = ?", (kind, id)).fetchone()
        line_kind = self.evidences[kind].line_kind
        lines = self.find(line_kind, self.evidences[line_kind].parent, id) if line_kind and row else []
        return None if row is None else BlueJetRow(kind, id, json.loads(row[0]), tuple(lines))

    def pages(self, kind: str, **options: Any) -> Iterator[list[BlueJetRow]]:
        """List what is held, 200 rows a request."""
        rows = self._held.execute("SELECT id, fields FROM record WHERE kind = ?", (kind,))
        while page := rows.fetchmany(200):
            self.requests["read"] += 1
            yield [BlueJetRow(kind, id, json.loads(fields)) for id, fields in page]

    def write(self, writes: Sequence[Write]) -> list[Written | RowRefused]:
        """Write a batch."""
        self.requests["write"] += 1
        results: list[Written | RowRefused] = [self._write(write) for write in writes]
        self._held.commit()
        return results

    def delete(self, kind: str, id: str) -> None:
        """Refuse: the benchmark deletes nothing."""
        raise NotFound("not held", partner="BlueJet")

    def _write(self, write: Write) -> Written:
        known = (
            write.id or next((id for id, _ in self._held.execute(BY_EXTERNAL, (write.kind, write.external_id))), "")
            if write.upsert
            else write.id
        )
        id = self._store(write.kind, dict(write.fields), known)
        line_kind = self.evidences[write.kind].line_kind
        parent = self.evidences[line_kind].parent if line_kind else ""
        ids = {line.key: self._store(line_kind, {**line.fields, parent: id}, line.id) for line in write.lines}
        return Written(id, "updated" if known else "inserted", ids)

    def _store(self, kind: str, fields: dict[str, Any], id: str) -> str:
        id = id or str(uuid.uuid4())
        evidence = self.evidences[kind]
        row = (kind, id, str(fields.get(evidence.external_id, "")), str(fields.get(evidence.parent, "")), json.dumps(fields, default=str))
        self._held.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?)", row)
        return id


def _product(guid: str) -> dict[str, Any]:
    code = f"P{guid.removeprefix('product-')}"
    return {
        "id": code, "code": code, "guid": guid, "productName": f"Product {code}", "name": f"Product {code}", "variantName": None,
        "description": "<p>" + "Stainless steel, for a kitchen that is busy all day. " * 8 + "</p>", "shortDescription": "Stainless steel",
        "price": PRICE, "priceWithVat": PRICE, "priceWithoutVat": Decimal("100.00"), "includingVat": True, "vatRate": RATE,
        "currency": "CZK", "quantity": Decimal(5), "unit": "ks", "ean": "", "weight": Decimal("1.5"), "brand": "Gastro",
        "categoryId": "c-1", "categoryName": "Kitchen", "images": ["https://shop.example/1.jpg"], "imageUrl": "https://shop.example/1.jpg",
        "variantParameters": [], "descriptiveParameters": [{"name": "Colour", "value": "steel"}, {"name": "Width", "value": "600 mm"}],
        "visible": True, "siblings": [code], "stocks": [], "changedAt": BEGUN.isoformat(),
    }  # fmt: skip


def _customer(guid: str) -> dict[str, Any]:
    address = {"fullName": "Jan Novák", "street": "Dlouhá 1", "city": "Praha", "zip": "11000", "country": "CZ"}
    return {
        "id": guid, "guid": guid, "firstName": "Jan", "lastName": "Novák", "fullName": "Jan Novák", "email": f"{guid}@example.com",
        "phone": "+420601123456", "company": "", "companyId": "", "billingAddress": address, "deliveryAddresses": [], "accounts": [],
        "changedAt": BEGUN.isoformat(),
    }  # fmt: skip


def _order(code: str, products: int) -> dict[str, Any]:
    number = int(code.removeprefix("order-"))
    items = [_item(f"P{(number * 5 + line) % products}", line) for line in range(5)]
    total = sum((item["total"] for item in items), Decimal(0))
    return {
        "id": code, "number": code, "createdAt": BEGUN.isoformat(), "changedAt": BEGUN.isoformat(), "status": "-1", "statusName": "New",
        "customerId": None, "customer": {"firstName": "Jan", "lastName": "Novák", "fullName": "Jan Novák", "email": f"{code}@example.com"},
        "billingAddress": {"fullName": "Jan Novák", "street": "Dlouhá 1", "city": "Praha", "zip": "11000", "country": "CZ"},
        "deliveryAddress": None, "addressesEqual": True, "items": items, "total": total, "totalWithoutVat": Decimal("500.00"),
        "vat": total - Decimal("500.00"), "toPay": total, "rounding": Decimal(0), "currency": "CZK", "exchangeRate": Decimal(1),
        "totalCzk": total, "paid": False, "payment": {"id": "p", "name": "Card"}, "shipping": {"id": "s", "name": "PPL"},
    }  # fmt: skip


def _item(code: str, line: int) -> dict[str, Any]:
    return {
        "id": str(line), "productId": f"product-{code.removeprefix('P')}", "code": code, "type": "product", "name": code,
        "quantity": Decimal(1), "unit": "ks", "unitPrice": PRICE, "unitPriceWithoutVat": Decimal("100.00"), "vatRate": RATE,
        "total": PRICE, "totalWithoutVat": Decimal("100.00"), "vat": Decimal("21.00"),
    }  # fmt: skip
