"""Pages of the rest dialect: a resource's objects, and one object with its lines."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from sandbox.bluejet.pages.cells import plain
from sandbox.bluejet.pages.layout import Frame, badge, card, table
from sandbox.bluejet.pages.records import PAGE_SIZE, pager, search_form
from sandbox.bluejet.store import Store

HEADLINES = {
    "products": ("productCode", "title", "category", "price", "currency", "stock", "externalId"),
    "contacts": ("name", "firstName", "lastName", "email", "phone", "company", "externalId"),
    "orders": ("orderNumber", "orderDate", "customerName", "totalAmount", "currency", "status", "externalId"),
    "stock": ("productCode", "warehouse", "quantity", "reserved", "available", "externalId"),
}
LINE_FIELDS = ("productId", "name", "quantity", "unitPrice", "total")
NUMBERS = ("price", "stock", "totalAmount", "quantity", "reserved", "available", "unitPrice", "total")


def list_page(store: Store, frame: Frame, name: str, wanted: str, number: int) -> str:
    """Return the newest objects of a resource, or those that a search finds."""
    rows = [row for row in reversed(store.rows(name)) if wanted.casefold() in json.dumps(row, ensure_ascii=False).casefold()]
    shown = rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    body = _table(frame, name, shown) if shown else f'<p class="empty">{frame.say("nothing_found" if wanted else "no_records")}</p>'
    sub = f'<p class="sub">/rest/{name} · {len(rows)} {frame.say("records")}</p>'
    return f"<h1>{frame.say(name)}</h1>{sub}" + card(
        "", search_form(frame, wanted) + body + pager(frame, wanted, number, len(rows) > number * PAGE_SIZE)
    )


def _table(frame: Frame, name: str, rows: list[dict[str, Any]]) -> str:
    fields = HEADLINES[name]
    head = [("", False), *((field, field in NUMBERS) for field in fields)]
    return table(head, [[_link(frame, name, row["id"]), *(_cell(row, field) for field in fields)] for row in rows])


def _link(frame: Frame, name: str, id_: str) -> str:
    return f'<a href="{frame.link(f"/resource/{name}/{id_}")}"><code>{id_[:8]}</code></a>'


def _cell(row: dict[str, Any], field: str) -> str:
    return badge(str(row[field])) if field == "status" and row.get(field) else plain(row.get(field))


def detail_page(store: Store, frame: Frame, name: str, id_: str) -> str | None:
    """Return one object; None where there is no such object."""
    row = store.get(name, id_)
    if row is None:
        return None
    title = row.get("orderNumber") or row.get("title") or row.get("email") or row.get("productCode") or id_
    pairs = "".join(f"<dt>{escape(field)}</dt><dd>{_value(row, field)}</dd>" for field in row if field != "lineItems")
    facts = card("", f'<dl class="facts">{pairs}</dl>')
    return f'<h1>{escape(str(title))}</h1><p class="sub">/rest/{name}</p>{facts}{_lines(frame, row)}'


def _value(row: dict[str, Any], field: str) -> str:
    value = row[field]
    if isinstance(value, dict | list):
        return f"<pre>{escape(json.dumps(value, ensure_ascii=False, indent=1))}</pre>"
    return _cell(row, field)


def _lines(frame: Frame, row: dict[str, Any]) -> str:
    lines = row.get("lineItems")
    if not lines:
        return ""
    fields = [field for field in dict.fromkeys((*LINE_FIELDS, *(field for line in lines for field in line))) if field != "id"]
    fields = [field for field in fields if any(field in line for line in lines)]
    rows = [[plain(line.get(field)) for field in fields] for line in lines]
    return card(f"{frame.say('lines')} ({len(lines)})", table([(field, field in NUMBERS) for field in fields], rows))
