"""Which fields a Shoptet record has, so that a misspelt one is told before it silently gives nothing."""

from __future__ import annotations

from collections.abc import Iterator

from mappings.expressions import fields_read
from shops.records import RECORD_FIELDS

# Beside every record: what the portal knows in BlueJet, and the shop.
_BESIDE = frozenset({"refs", "shop"})
_PERSON = RECORD_FIELDS["customer"] | RECORD_FIELDS["order_customer"]

SOURCE_FIELDS: dict[str, frozenset[str]] = {
    "product": RECORD_FIELDS["product"],
    "stock": RECORD_FIELDS["stock"] | {"stockName"},
    "contact": _PERSON,
    "company": _PERSON,
    "address": _PERSON | RECORD_FIELDS["address"] | {"customer", "kind"},
    "order": RECORD_FIELDS["order"],
    "order_line": RECORD_FIELDS["order_line"] | {"order"},
}


def unknown_fields(entity: str, source: str) -> Iterator[str]:
    """Yield the fields that an expression reads and that no record of the entity has; raise BadSource."""
    known = SOURCE_FIELDS.get(entity)
    if known is not None and source.strip():
        yield from (name for name in fields_read(source) if name not in known | _BESIDE)
