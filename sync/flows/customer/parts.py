"""What a customer's record leads to in BlueJet, and the keys by which it is found again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sync.flow import Context, Item, Part
from sync.mapping import has_rows
from sync.models import Kind

ICO_DIGITS = 8


def guest_key(email: str) -> str:
    """Return the key of somebody who orders without an account."""
    return f"guest:{email.strip().lower()}"


def company_key(record: Mapping[str, Any], owner: str) -> str:
    """Return the company's key: its IČO where it has one, so that its people share it; empty if there is no company.

    Old companies' numbers begin with zeros, which some people leave out.
    """
    number = "".join(str(record.get("companyId") or "").split())
    if number:
        return f"ico:{number.zfill(ICO_DIGITS) if number.isdecimal() else number}"
    return f"company:{owner}" if str(record.get("company") or "").strip() else ""


def company_parts(ctx: Context, item: Item, record: Mapping[str, Any], owner: str) -> list[Part]:
    """Return the company of this record, if it has one and the dialect knows companies."""
    key = company_key(record, owner)
    if not key or not has_rows(ctx, "company"):
        return []
    natural = key.removeprefix("ico:") if key.startswith("ico:") else ""
    return [Part(item, Kind.COMPANY, key, record, external_id=ctx.external_id(key), natural_key=natural)]


def contact_parts(ctx: Context, item: Item, record: Mapping[str, Any], owner: str) -> list[Part]:
    """Return the contact of this record."""
    if not has_rows(ctx, "contact"):
        return []
    email = str(record.get("email") or "").strip().lower()
    parent = company_key(record, owner)
    return [Part(item, Kind.CONTACT, owner, record, parent_key=parent, external_id=ctx.external_id(owner), natural_key=email)]


def address_part(ctx: Context, item: Item, record: Mapping[str, Any], owner: str, name: str) -> Part:
    """Return one address of the owner; `name` tells it from the others."""
    key = f"{owner}:{name}"
    return Part(item, Kind.ADDRESS, key, record, parent_key=owner, external_id=ctx.external_id(key))


def is_filled(address: Mapping[str, Any] | None) -> bool:
    """Whether there is enough of an address to be worth a record."""
    return bool(address and (address.get("street") or address.get("city")))
