"""What a customer's record leads to in BlueJet, and the keys by which it is found again."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sync.flow import Context, Item, Part
from sync.flows.customer.companies import company_of
from sync.mapping import has_rows
from sync.models import Kind

# Keys are made longer still, and must fit their column.
LONGEST_EMAIL = 220


def guest_key(email: str) -> str:
    """Return the key of somebody who orders without an account."""
    written = email.strip().lower()
    return f"guest:{written if len(written) <= LONGEST_EMAIL else sha256(written.encode()).hexdigest()}"


def contact_parts(ctx: Context, item: Item, record: Mapping[str, Any], owner: str) -> list[Part]:
    """Return the contact of this record."""
    if not has_rows(ctx, "contact"):
        return []
    email = str(record.get("email") or "").strip().lower()
    company = company_of(ctx, record, owner)
    parent = company.key if company else ""
    return [Part(item, Kind.CONTACT, owner, record, parent_key=parent, external_id=ctx.external_id(owner), natural_key=email)]


def address_part(ctx: Context, item: Item, record: Mapping[str, Any], owner: str, name: str, external_id: str = "") -> Part:
    """Return one address of the owner; `name` tells it from the others, `external_id` is what it was given already."""
    key = f"{owner}:{name}"
    return Part(item, Kind.ADDRESS, key, record, parent_key=owner, external_id=external_id or ctx.external_id(key))


def is_filled(address: Mapping[str, Any] | None) -> bool:
    """Whether there is enough of an address to be worth a record."""
    return bool(address and (address.get("street") or address.get("city")))
