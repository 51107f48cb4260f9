"""What BlueJet's stand-in holds, and what the office does there, alike in both dialects."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from clients.bluejet.values import number
from tests.sync.portal import Portal

DOCUMENT_KEYS = {"offer": "nabidkaid", "order": "objednavkaid"}
# What the rest dialect calls an offer; everything else is an order.
OFFER_STATES = ("Nabídka",)
NAMES = {
    "data": {
        "product": {
            "code": "code",
            "name": "name",
            "category": "category",
            "price": "cenadphprodej",
            "ean": "ean",
            "archived": "vyrazenosupl",
        },
        "contact": {"email": "emailaddress1", "last name": "lastname", "town": "town", "archived": "vyrazenosupl"},
    },
    "rest": {
        "product": {
            "code": "productCode",
            "name": "title",
            "category": "category",
            "price": "priceWithVat",
            "ean": "ean",
            "archived": "archived",
        },
        "contact": {"email": "email", "last name": "lastName", "archived": "archived"},
    },
}
KEYS = {"product": "productid", "contact": "contactid", "company": "customerid", "address": "addressid", "stock_card": "skladkartaid"}
RESOURCES = {"product": "products", "contact": "contacts", "stock_card": "stock"}


@dataclass(frozen=True)
class Line:
    """One line of a document."""

    id: str
    external_id: str
    name: str
    product: str
    quantity: Decimal
    total: Decimal
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Document:
    """A Nabídka or an Objednávka."""

    kind: str
    id: str
    state: str
    total: Decimal
    lines: tuple[Line, ...]
    fields: Mapping[str, Any]

    def line(self, external_id: str) -> Line:
        """Return the line with this mark."""
        (found,) = [line for line in self.lines if line.external_id == external_id]
        return found

    def by_id(self) -> dict[str, Line]:
        """Return the lines by BlueJet's id."""
        return {line.id: line for line in self.lines}


class Holdings:
    """Read the stand-in behind a portal, and write to it as its own users would."""

    def __init__(self, portal: Portal) -> None:
        self.dialect = portal.shop.bluejet.dialect
        self.store = portal.bluejet.store

    def documents(self, code: str) -> list[Document]:
        """Return what BlueJet holds of an order, offers first."""
        mark = f"shoptet:{code}"
        if self.dialect == "rest":
            return [_rest_document(row) for row in self.store.find("orders", "externalId", mark)]
        found = [(kind, row) for kind in DOCUMENT_KEYS for row in self.store.find(kind, "externiidsupl", mark)]
        return [_data_document(self.store, kind, row) for kind, row in found]

    def document(self, code: str) -> Document:
        """Return the one document of an order."""
        (found,) = self.documents(code)
        return found

    def records(self, kind: str) -> list[dict[str, Any]]:
        """Return the records of a kind that the portal made or adopted, with their `id` and mark."""
        name = RESOURCES[kind] if self.dialect == "rest" else kind
        column = "externalId" if self.dialect == "rest" else "externiidsupl"
        rows = [{**row, "mark": row.get(column)} for row in self.store.rows(name) if str(row.get(column) or "").startswith("shoptet:")]
        return rows if self.dialect == "rest" else [{**row, "id": row[KEYS[kind]]} for row in rows]

    def all(self, kind: str) -> list[dict[str, Any]]:
        """Return every record of a kind with the neutral names of NAMES."""
        names = NAMES[self.dialect][kind]
        rows = self.store.rows(RESOURCES[kind] if self.dialect == "rest" else kind)
        key = "id" if self.dialect == "rest" else KEYS[kind]
        return [{name: row.get(column) for name, column in names.items()} | {"id": row[key]} for row in rows]

    def product(self, code: str) -> dict[str, Any]:
        """Return the one product with this code, `archived` as a yes or no and `price` as an amount."""
        (found,) = [row for row in self.all("product") if row["code"] == code]
        return found | {"archived": str(found["archived"]).lower() in ("1", "true"), "price": number(found["price"])}

    def contacts(self, email: str) -> list[dict[str, Any]]:
        """Return the contacts with this address."""
        found = [row for row in self.all("contact") if row["email"] == email]
        return [row | {"archived": str(row["archived"]).lower() in ("1", "true")} for row in found]

    def writes(self) -> int:
        """Return how many requests changed something so far."""
        return len(self.store.journal.commits)

    def office_adds(self, kind: str, mark: str = "", **values: Any) -> str:
        """Let somebody at BlueJet key in a record by the neutral names; return its id."""
        fields = {NAMES[self.dialect][kind][name]: value for name, value in values.items()}
        if self.dialect == "data":
            return str(self.store.insert(kind, **fields, **({"externiidsupl": mark} if mark else {})))
        row = {"id": str(uuid.uuid4()), **fields, **({"externalId": mark} if mark else {})}
        self.store.resources[RESOURCES[kind]].put(row["id"], row)
        return str(row["id"])

    def office_changes(self, kind: str, id: str, **values: Any) -> None:
        """Let somebody at BlueJet change a record by the neutral names."""
        fields = {NAMES[self.dialect][kind][name]: value for name, value in values.items()}
        if self.dialect == "data":
            self.store.change(kind, id, **fields)
            return
        resource = self.store.resources[RESOURCES[kind]]
        resource.put(id, {**resource.rows[id], **fields})

    def office_edits(self, code: str, **columns: Any) -> None:
        """Let somebody at BlueJet change columns of an order's document."""
        document = self.document(code)
        if self.dialect == "data":
            self.store.change(document.kind, document.id, **columns)
        else:
            self._put(document.id, columns)

    def office_edits_line(self, code: str, id: str, **columns: Any) -> None:
        """Let somebody at BlueJet change columns of a document's line."""
        document = self.document(code)
        if self.dialect == "data":
            self.store.change(f"{document.kind}_line", id, **columns)
            return
        self._put(document.id, {"lineItems": [{**line.fields, **(columns if line.id == id else {})} for line in document.lines]})

    def office_adds_line(self, code: str, name: str, total: int) -> str:
        """Let somebody at BlueJet add a line by hand; return its id."""
        document = self.document(code)
        if self.dialect == "data":
            parent = {DOCUMENT_KEYS[document.kind]: document.id}
            amounts = {"mnozstvi": "1", "cenadphprodej": str(total)}
            return str(self.store.insert(f"{document.kind}_line", nazev=name, **amounts, **parent))
        line = {"id": str(uuid.uuid4()), "name": name, "quantity": 1, "unitPrice": total, "total": total}
        self._put(document.id, {"lineItems": [*(dict(one.fields) for one in document.lines), line]})
        return str(line["id"])

    def office_deletes_line(self, code: str, id: str) -> None:
        """Let somebody at BlueJet delete a document's line."""
        document = self.document(code)
        if self.dialect == "data":
            self.store.remove(f"{document.kind}_line", id)
            return
        self._put(document.id, {"lineItems": [line.fields for line in document.lines if line.id != id]})

    def _put(self, id: str, columns: Mapping[str, Any]) -> None:
        orders = self.store.resources["orders"]
        orders.put(id, {**orders.rows[id], **columns})

    def office_deletes(self, kind: str, id: str) -> None:
        """Let somebody at BlueJet delete a record."""
        if self.dialect == "data":
            self.store.remove(kind, id)
        else:
            self.store.resources[RESOURCES.get(kind, "orders")].remove(id)


def _rest_document(row: dict[str, Any]) -> Document:
    kind = "offer" if row["status"] in OFFER_STATES else "order"
    lines = tuple(
        Line(
            line["id"],
            line.get("externalId", ""),
            line.get("name", ""),
            line.get("productId", ""),
            number(line["quantity"]) or Decimal(0),
            number(line["total"]) or Decimal(0),
            line,
        )
        for line in row["lineItems"]
    )
    return Document(kind, row["id"], row["status"], number(row["totalAmount"]) or Decimal(0), lines, row)


def _data_document(store: Any, kind: str, row: dict[str, Any]) -> Document:
    document_id = row[DOCUMENT_KEYS[kind]]
    lines = tuple(
        Line(
            line["polozkaid"],
            line.get("externiidsupl") or "",
            line.get("nazev") or "",
            line.get("productid") or "",
            number(line["mnozstvi"]) or Decimal(0),
            number(line["cenadphprodej"]) or Decimal(0),
            line,
        )
        for line in store.lines(kind, document_id)
    )
    return Document(kind, document_id, row["statuscode"], number(row["cenadphprodej"]) or Decimal(0), lines, row)
