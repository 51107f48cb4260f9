"""An order's addresses, known by what they say: an order keeps the address that it was sent to, and one address is one record."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from clients.shoptet.company_numbers import is_nothing
from sync.flow import Context, Item
from sync.flows.customer.former_keys import link_of
from sync.models import Kind

ADDRESS_FIELDS = ("company", "fullName", "street", "city", "district", "additional", "zip", "country")
_BLANKS = re.compile(r"\s+")
_NEEDLESS_BLANK = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
# Letters as they came, in one piece, and with their accents apart.
_FORMS: tuple[Callable[[str], str], ...] = (str, partial(unicodedata.normalize, "NFC"), partial(unicodedata.normalize, "NFD"))
_HOUSE_NUMBER = re.compile(r"^(.*?)(\d+\w?(?:[/-]\d+\w?)*)$")


@dataclass(frozen=True)
class KnownAddress:
    """Under which name and external id an owner's address is known."""

    name: str
    external_id: str


def addresses_of(item: Item) -> list[Mapping[str, Any]]:
    """Return the billing and the delivery address; the first serves for both where they are equal."""
    billing = item.record.get("billingAddress") or {}
    delivery = item.record.get("deliveryAddress") or billing
    return [billing, billing if item.record.get("addressesEqual") else delivery]


def known_address(ctx: Context, owner: str, address: Mapping[str, Any]) -> KnownAddress:
    """Return how the owner's address is known; one that an earlier version named otherwise is carried over."""
    name = address_name(address)
    known: dict[tuple[str, str], KnownAddress] = ctx.memory.setdefault("addresses", {})
    if (owner, name) not in known:
        link = link_of(ctx, Kind.ADDRESS, f"{owner}:{name}", [f"{owner}:{former}" for former in former_names(address)])
        key = link.key if link else f"{owner}:{name}"
        known[owner, name] = KnownAddress(key.removeprefix(f"{owner}:"), (link and link.external_id) or ctx.external_id(key))
    return known[owner, name]


def address_name(address: Mapping[str, Any]) -> str:
    """Name an address by its content, however it is spaced and whatever its letters' case and form."""
    values = {name: _plain(address.get(name)) for name in ADDRESS_FIELDS}
    values["zip"] = _BLANKS.sub("", values["zip"])
    values["company"] = "" if is_nothing(values["company"]) else values["company"]
    return _hash(values.values())


def former_names(address: Mapping[str, Any]) -> list[str]:
    """Return what the address was named by when its spelling counted, and a house number could stand in its street twice."""
    values = {name: str(address.get(name) or "").strip().lower() for name in ADDRESS_FIELDS}
    zips = dict.fromkeys((values["zip"], _BLANKS.sub("", values["zip"]), _with_blank(values["zip"])))
    streets = list(_former_streets(values["street"], str(address.get("houseNumber") or "").strip().lower()))
    spelt = [{**values, "street": street, "zip": code}.values() for street in streets for code in zips]
    return list(dict.fromkeys(_hash(form(text) for text in texts) for texts in spelt for form in _FORMS))


def _former_streets(street: str, number: str) -> Iterator[str]:
    yield street
    if number:
        yield f"{street} {number}"
    if number and street.endswith(number) and (parts := _HOUSE_NUMBER.match(number)):
        # The street said a part of the number, and the number stood behind it in full.
        stem = street.removesuffix(number).rstrip()
        yield from (f"{stem} {part} {number}".strip() for part in re.findall(r"\d+", parts[2]))


def _plain(value: Any) -> str:
    """Fold case, form and blanks; only a blank between two digits keeps them apart."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", str(value or "")).casefold())
    visible = "".join(one for one in text if unicodedata.category(one) != "Cf")
    return _BLANKS.sub(" ", _NEEDLESS_BLANK.sub("", visible.strip()))


def _with_blank(code: str) -> str:
    digits = _BLANKS.sub("", code)
    return f"{digits[:3]} {digits[3:]}" if len(digits) > 3 else digits


def _hash(values: Iterable[str]) -> str:
    return sha256("|".join(values).encode()).hexdigest()[:16]
