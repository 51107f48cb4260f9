"""Which fields a Shoptet record has, so that a misspelt one is told before it silently gives nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from django.utils.translation import gettext as _

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
    "order": RECORD_FIELDS["order"] | {"shopCurrency", "shopRate"},
    "order_line": RECORD_FIELDS["order_line"] | {"order", "discount"},
}


def unknown_fields(entity: str, source: str) -> Iterator[str]:
    """Yield the fields that an expression reads and that no record of the entity has; raise BadSource."""
    known = SOURCE_FIELDS.get(entity)
    if known is not None and source.strip():
        yield from (name for name in fields_read(source) if name not in known | _BESIDE)


def check_fields(entity: str, source: str) -> str:
    """Say at its place which field of the expression no record has, or return nothing; raise BadSource."""
    name = next(unknown_fields(entity, source), None)
    if name is None:
        return ""
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", source)
    words = {"name": name, "position": found.start() + 1 if found else 1}
    near = get_close_matches(name, SOURCE_FIELDS[entity], n=1)
    if near:
        sentence = _("The field “%(name)s” does not exist in a record of Shoptet (character %(position)d). Did you mean “%(near)s”?")
        return sentence % {**words, "near": near[0]}
    return _("The field “%(name)s” does not exist in a record of Shoptet (character %(position)d).") % words
