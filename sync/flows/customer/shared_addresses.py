"""An address that another shop of the account brought already: the same words, of the same contact.

BlueJet has no column that tells addresses apart, so they are found by what the other shops' links know that they sent. An address that an
order names never changes, one that a customer keeps may: so each is compared with its like only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from clients.bluejet import BlueJetRow
from clients.bluejet.values import text
from sync.flow import Context, Part
from sync.models import Kind, RecordLink
from sync.push.kept_values import kept, unified
from sync.push.search import find_rows
from sync.push.sharing import has_other_shops, is_of_another_shop

# How the last piece of a key looks that is made of what the address says.
BY_CONTENT = re.compile(r":[0-9a-f]{16}$")


def find_address(ctx: Context, part: Part) -> list[BlueJetRow]:
    """Find an address by our mark, else the same one of the same contact as another shop brought it."""
    rows = find_rows(ctx, part)
    contact = part.refs.get("contactId")
    if rows or not contact or not has_other_shops(ctx):
        return rows
    wanted = _name(ctx, part, part.key, part.fields)
    for link in _brought_by_others(ctx, contact):
        if _name(ctx, part, link.key, link.sent) == wanted:
            row = ctx.bluejet.read(Kind.ADDRESS, link.bluejet_id, with_lines=False)
            return [row] if row else []
    return []


def what_it_says(ctx: Context, part: Part) -> str:
    """Return what two shops would know the address by; empty without a contact that it belongs to."""
    contact = part.refs.get("contactId")
    return f"{contact}|{_name(ctx, part, part.key, part.fields)}" if contact else ""


def _name(ctx: Context, part: Part, key: str, values: Mapping[str, Any]) -> str:
    """Return what tells an address from its contact's others of its kind: an order's by its key, a customer's by all that it says."""
    by_content = BY_CONTENT.search(key)
    if by_content:
        return by_content[0]
    words = "|".join(f"{name}={value}" for name, value in sorted(_words(ctx, part, values).items()))
    return sha256(words.encode()).hexdigest()


def _brought_by_others(ctx: Context, contact: str) -> list[RecordLink]:
    owners = RecordLink.objects.filter(account=ctx.account, kind=Kind.CONTACT, bluejet_id=contact).exclude(shop=ctx.shop)
    of_these = dict.fromkeys(owners.values_list("shop_id", "key"))
    known = RecordLink.objects.filter(account=ctx.account, kind=Kind.ADDRESS, archived=False, parent_key__in=[key for _, key in of_these])
    links = known.exclude(bluejet_id="").exclude(shop=ctx.shop).order_by("pk")
    return [link for link in links if (link.shop_id, link.parent_key) in of_these and is_of_another_shop(ctx, link.external_id)]


def _words(ctx: Context, part: Part, values: Mapping[str, Any]) -> dict[str, str]:
    """Return what an address says, without its mark and without whom it belongs to."""
    evidence = ctx.bluejet.evidences[Kind.ADDRESS]
    ids = {str(one) for one in part.refs.values() if one}
    said = {name.lower(): unified(text(kept(value))) for name, value in values.items() if name.lower() != evidence.external_id.lower()}
    return {name: value for name, value in said.items() if value and value not in ids}
