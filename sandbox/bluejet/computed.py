"""What BlueJet computes: virtual columns, document numbers, and (as a knob) a document's sums from its lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from sandbox.bluejet.table import Row

if TYPE_CHECKING:
    from sandbox.bluejet.store import Store

SUMS = {"cenaprodej": "cenaprodej", "cenadphprodej": "cenadphprodej", "cenanakup": "cenanakup"}


def amount(value: str | None) -> Decimal:
    return Decimal(value) if value else Decimal()


def available(_store: Store, card: Row) -> str:
    """On hand less reserved."""
    return format(amount(card.get("mnozstvi")) - amount(card.get("mnozstvirezervovane")), "f")


def product_stock(store: Store, product: Row) -> str | None:
    """Sum what is available of a product over all warehouses; None where it has no stock card."""
    cards = store.tables[441]
    ids = cards.matching("productid", product["productid"] or "")
    return format(sum((Decimal(available(store, cards.rows[id_])) for id_ in ids), Decimal()), "f") if ids else None


def full_name(_store: Store, contact: Row) -> str | None:
    return " ".join(part for part in (contact.get("firstname"), contact.get("lastname")) if part) or None


def any_phone(_store: Store, company: Row) -> str | None:
    return company.get("telephone1") or company.get("mobilephone")


def any_mail(_store: Store, company: Row) -> str | None:
    return company.get("emailaddress1") or company.get("emailaddress2")


VIRTUAL: dict[tuple[int, str], Callable[[Store, Row], str | None]] = {
    (441, "mnoszstvidisponibilni"): available,
    (217, "zasoba"): product_stock,
    (222, "fullname"): full_name,
    (225, "telephonevirtual"): any_phone,
    (225, "emailaddvirtual"): any_mail,
}


def sums_of(lines: Iterable[Row]) -> Row:
    """Add up the lines of a document."""
    rows = list(lines)
    sums = {target: sum((amount(row.get(source)) for row in rows), Decimal()) for target, source in SUMS.items()}
    sums["celkemdph"] = sums["cenadphprodej"] - sums["cenaprodej"]
    return {name: format(value, "f") for name, value in sums.items()}
