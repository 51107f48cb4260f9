"""Which company a record names, and under which key and external id it is known.

A company is known by its number and the country whose number it is. The first company with a number keeps the plain form,
`ico:27082440`; its link holds the country, and another country's company with the same digits has it behind its key. Without a number
that proves anything a company is its owner's own, and a guest's is told from his other ones by its name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from clients.shoptet.company_numbers import CompanyNumber, company_number, is_nothing
from mappings.transforms.people import country_code
from sync.flow import Context, Item, Part
from sync.flows.customer.former_keys import link_of
from sync.mapping import has_rows
from sync.models import Kind, RecordLink

# The columns in which BlueJet tells what a link made by an earlier version does not.
COUNTRY, NAME = "country", "name"


@dataclass(frozen=True)
class Company:
    """A company as the links know it; `mark` is the country of its number, or what tells a guest's companies apart."""

    key: str
    external_id: str
    natural_key: str = ""
    mark: str = ""


def number_of(record: Mapping[str, Any]) -> CompanyNumber:
    """Read the number of a customer's record, or of what an order says of its customer."""
    return company_number(record.get("companyId"), _address(record).get("country"), record.get("vatId"))


def company_of(ctx: Context, record: Mapping[str, Any], owner: str) -> Company | None:
    """Return the company that the record names; None where it names none, or the dialect knows no companies."""
    if not has_rows(ctx, "company"):
        return None
    number, name = number_of(record), name_of(record)
    if number.is_proof:
        base, mark = f"ico:{number.written}", number.country
    elif number.written or name:
        base, mark = f"company:{owner}", name_mark(name) if owner.startswith("guest:") else ""
    else:
        return None
    known: dict[tuple[str, str, str], Company] = ctx.memory.setdefault("companies", {})
    wanted = (owner, base, mark)
    if wanted not in known:
        natural = number.written if number.is_proof else ""
        known[wanted] = _resolved(ctx, base, mark, natural, _earlier(record, base, owner))
    return known[wanted]


def company_parts(ctx: Context, item: Item, record: Mapping[str, Any], owner: str) -> list[Part]:
    """Return the company of this record, if it has one and the dialect knows companies."""
    company = company_of(ctx, record, owner)
    if company is None:
        return []
    part = Part(item, Kind.COMPANY, company.key, record, external_id=company.external_id, natural_key=company.natural_key)
    part.identity = company.mark
    return [part]


def is_a_customers(ctx: Context, key: str) -> bool:
    """Whether somebody registered belongs to the company, so that it is his record which keeps it up to date."""
    people = RecordLink.objects.filter(shop=ctx.shop, kind=Kind.CONTACT, parent_key=key, archived=False).exclude(bluejet_id="")
    return people.exclude(key__startswith="guest:").exclude(key__startswith="order:").exists()


def name_of(record: Mapping[str, Any]) -> str:
    """Return the company's name; empty where there is none, or only a dash."""
    name = str(record.get("company") or "").strip()
    return "" if is_nothing(name) else name


def name_mark(name: Any) -> str:
    """Tell names apart, however they are spaced and whatever their letters' case and form; empty for no name."""
    plain = "".join(unicodedata.normalize("NFC", str(name or "").casefold()).split())
    return sha256(plain.encode()).hexdigest()[:12] if plain else ""


def _resolved(ctx: Context, base: str, mark: str, natural: str, earlier: Mapping[str, str]) -> Company:
    """`earlier` gives, by the keys that the company may have had before it had a number, the mark of the name it went by."""
    link = link_of(ctx, Kind.COMPANY, base, list(earlier), fits=lambda one: _mark_of_sent(one, one.key) == earlier[one.key])
    link = link or _reserve(ctx, base, mark)
    if link is None or _belongs(ctx, link, base, mark):
        return Company(link.key if link else base, _external_id(ctx, link, base), natural, (link and link.identity) or mark)
    key = f"{base}:{mark}"
    return Company(key, _external_id(ctx, link_of(ctx, Kind.COMPANY, key), key), natural, mark)


def _external_id(ctx: Context, link: RecordLink | None, key: str) -> str:
    """Return the external id that the company was given once, whatever its key is now."""
    return (link and link.external_id) or ctx.external_id(key)


def _reserve(ctx: Context, base: str, mark: str) -> RecordLink | None:
    """Let the first company with this number have the plain key: whoever inserts the row is the first."""
    if not ctx.writes:
        return None
    row = RecordLink(shop=ctx.shop, account=ctx.account, kind=Kind.COMPANY, key=base, external_id=ctx.external_id(base), identity=mark)
    RecordLink.objects.bulk_create([row], ignore_conflicts=True)
    return link_of(ctx, Kind.COMPANY, base)


def _belongs(ctx: Context, link: RecordLink, base: str, mark: str) -> bool:
    """Whether the link is the company's, and not one that has only the number or the owner in common with it."""
    known = link.identity or _mark_of_sent(link, base)
    if not mark or (known and known != mark):
        return not mark
    if not link.identity and ctx.writes:
        unmarked = RecordLink.objects.filter(pk=link.pk, identity="")
        if not unmarked.update(identity=mark):
            link.refresh_from_db(fields=["identity"])
            return link.identity == mark
        link.identity = mark
    return True


def _mark_of_sent(link: RecordLink, base: str) -> str:
    """Tell by what was sent of a company whose link holds no mark yet."""
    if not base.startswith("ico:"):
        return name_mark(link.sent.get(NAME))
    code = country_code(str(link.sent.get(COUNTRY) or ""))
    return code.upper() if len(code) == 2 else ""


def _earlier(record: Mapping[str, Any], base: str, owner: str) -> dict[str, str]:
    """A company that gets its number later is the one that its owner had under this name before.

    What somebody registered says in an order is not said of his own company, which his account keeps without the number.
    """
    mark, is_said_elsewhere = name_mark(name_of(record)), record.get("isGuest") and not owner.startswith("guest:")
    if not base.startswith("ico:") or not mark or is_said_elsewhere:
        return {}
    return dict.fromkeys((f"company:{owner}", f"company:{owner}:{mark}"), mark)


def _address(record: Mapping[str, Any]) -> Mapping[str, Any]:
    address = record.get("billingAddress")
    return address if isinstance(address, Mapping) else {}
