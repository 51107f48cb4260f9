"""Where each kind of record lives at BlueJet: evidence numbers, resource paths, and the columns the portal itself relies on.

A BlueJet instance may differ in any of them, so every value is a default that the account's configuration overrides.
What is known and what is assumed is told apart in docs/bluejet.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from clients.bluejet.config import Dialect

EXTERNAL_ID = "externiidsupl"
MODIFIED = "modifiedon"


@dataclass(frozen=True)
class Evidence:
    """One kind of record: its place and its special columns; an empty name means that the kind has no such column."""

    kind: str
    no: int | None = None  # dialect `data`: the number of the table
    path: str = ""  # dialect `rest`: the resource
    key: str = ""
    external_id: str = ""
    natural: str = ""  # the column that identifies a record to people and is safe to adopt it by
    code: str = ""  # the number that BlueJet itself gives to a document
    modified: str = ""
    line_kind: str = ""  # the kind of the lines of a document
    parent: str = ""  # in a line: the column with the document's id
    lines: str = ""  # dialect `rest`: the field of a document that holds its lines
    total: str = ""  # the sum including VAT
    state: str = ""
    origin: str = ""  # in an order: the offer that it was made from
    open: str = ""  # the state of a document that is under way again
    closed: str = ""  # of an offer that an order has taken the place of
    cancelled: str = ""
    archive_field: str = ""
    archive_value: str = ""
    live_value: str = ""

    @property
    def is_document(self) -> bool:
        """Say whether records of this kind have lines."""
        return bool(self.line_kind)


_ARCHIVE = {"archive_field": "vyrazenosupl", "archive_value": "1", "live_value": "0"}
_DOCUMENT = {"external_id": EXTERNAL_ID, "modified": MODIFIED, "total": "cenadphprodej", "state": "statuscode"}
_OFFER_STATES = {"closed": "Potvrzená", "cancelled": "Stornovaná"}
_ORDER_STATES = {"open": "Probíhající", "cancelled": "Stornovaná"}
_LINE = {"key": "polozkaid", "external_id": EXTERNAL_ID, "modified": MODIFIED, "total": "cenadphprodej"}

DATA: dict[str, Evidence] = {
    "product": Evidence("product", 217, key="productid", external_id=EXTERNAL_ID, natural="code", modified=MODIFIED, **_ARCHIVE),
    "stock_card": Evidence("stock_card", 441, key="skladkartaid", external_id=EXTERNAL_ID, modified=MODIFIED),
    "warehouse": Evidence("warehouse", 437, key="skladid", external_id=EXTERNAL_ID, natural="kodskladu", modified=MODIFIED),
    "contact": Evidence("contact", 222, key="contactid", external_id=EXTERNAL_ID, natural="emailaddress1", modified=MODIFIED, **_ARCHIVE),
    "company": Evidence("company", 225, key="customerid", external_id=EXTERNAL_ID, natural="ico", modified=MODIFIED, **_ARCHIVE),
    "address": Evidence("address", 243, key="addressid", external_id=EXTERNAL_ID, modified=MODIFIED, parent="customerid"),
    "offer": Evidence("offer", 293, key="nabidkaid", code="kodnabidky", line_kind="offer_line", **_DOCUMENT, **_OFFER_STATES),
    "offer_line": Evidence("offer_line", 291, parent="nabidkaid", **_LINE),
    "order": Evidence(
        "order",
        321,
        key="objednavkaid",
        code="kodobjednavky",
        line_kind="order_line",
        origin="puvodninabidkaid",
        **_DOCUMENT,
        **_ORDER_STATES,
    ),
    "order_line": Evidence("order_line", 322, parent="objednavkaid", **_LINE),
}

_OBJECT = {"key": "id", "external_id": "externalId", "modified": "modifiedAt"}
_REST_ARCHIVE = {"archive_field": "archived", "archive_value": "true", "live_value": "false"}
_REST_OFFER_STATES = {"closed": "Potvrzená", "cancelled": "Stornovaná"}
_REST_ORDER_STATES = {"open": "Objednávka", "cancelled": "Stornovaná"}
_REST_DOCUMENT = {"path": "orders", "code": "orderNumber", "lines": "lineItems", "total": "totalAmount", "state": "status"}

REST: dict[str, Evidence] = {
    "product": Evidence("product", None, path="products", natural="productCode", **_OBJECT, **_REST_ARCHIVE),
    "stock_card": Evidence("stock_card", None, path="stock", **_OBJECT),
    "contact": Evidence("contact", None, path="contacts", natural="email", **_OBJECT, **_REST_ARCHIVE),
    # one resource, told apart by the state of the document
    "offer": Evidence("offer", None, line_kind="offer_line", **_OBJECT, **_REST_DOCUMENT, **_REST_OFFER_STATES),
    "offer_line": Evidence("offer_line", None, key="id", external_id="externalId", total="total"),
    "order": Evidence("order", None, line_kind="order_line", **_OBJECT, **_REST_DOCUMENT, **_REST_ORDER_STATES),
    "order_line": Evidence("order_line", None, key="id", external_id="externalId", total="total"),
}

DEFAULTS: dict[Dialect, dict[str, Evidence]] = {"data": DATA, "rest": REST}

# Which kinds have the states that the portal gives by itself.
_STATES = {"open": ("order",), "closed": ("offer",), "cancelled": ("offer", "order")}
_ATTRIBUTES = {known.name for known in fields(Evidence)} - {"kind"}


def evidences_for(dialect: Dialect, overrides: Mapping[str, Any]) -> dict[str, Evidence]:
    """Merge an account's overrides over the dialect's defaults; ValueError names what is unknown or of a wrong type."""
    if dialect not in DEFAULTS:
        raise ValueError(f"BlueJet dialect must be “data” or “rest”, not {dialect!r}.")
    merged = dict(DEFAULTS[dialect])
    for kind, changes in overrides.items():
        if kind != "options":
            merged[kind] = _merge(dialect, kind, changes)
    return merged


def number_of(evidence: Evidence) -> int:
    """Return the table's number; ValueError where it is not configured."""
    if evidence.no is None:
        raise ValueError(f"BlueJet evidences: “{evidence.kind}” has no number; set it in the account's configuration.")
    return evidence.no


def _merge(dialect: Dialect, kind: str, changes: Any) -> Evidence:
    known = DEFAULTS[dialect].get(kind)
    if known is None:
        raise ValueError(f"BlueJet evidences: “{kind}” is not a kind of record. Known: {', '.join(DEFAULTS[dialect])}.")
    if not isinstance(changes, Mapping):
        raise ValueError(f'BlueJet evidences: “{kind}” must be an object, for example {{"no": 217}}.')
    for name, value in changes.items():
        _check(kind, name, value)
    names = {name: value.lower() if dialect == "data" and _is_column(name) else value for name, value in changes.items()}
    return replace(known, **names)


def _is_column(name: str) -> bool:
    return name in {"key", "external_id", "natural", "code", "modified", "parent", "total", "state", "origin", "archive_field"}


def _check(kind: str, name: str, value: Any) -> None:
    if name not in _ATTRIBUTES:
        raise ValueError(f"BlueJet evidences: “{kind}” has no setting “{name}”. Known: {', '.join(sorted(_ATTRIBUTES))}.")
    if kind not in _STATES.get(name, (kind,)):
        raise ValueError(f"BlueJet evidences: only {' and '.join(_STATES[name])} have a state “{name}”, not “{kind}”.")
    wanted: type = int if name == "no" else str
    if type(value) is not wanted:
        expected = "a whole number" if wanted is int else "text"
        raise ValueError(f"BlueJet evidences: “{kind}.{name}” must be {expected}, not {value!r}.")
