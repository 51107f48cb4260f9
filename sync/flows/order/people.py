"""Whom an order belongs to: a registered customer whose record must be there first, or a guest known by e-mail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.dateparse import parse_datetime

from clients.shoptet.company_numbers import is_nothing
from shops.models import FlowName, FlowSetting
from sync import waiting
from sync.flow import Context, Item, Outcome, Part, Result
from sync.flows.customer.companies import company_of, company_parts, is_a_customers, number_of
from sync.flows.customer.flow import refer_people
from sync.flows.customer.parts import address_part, contact_parts, guest_key, is_filled
from sync.flows.order.addresses import addresses_of, known_address
from sync.issues import Issue
from sync.jobs.ask import Ask
from sync.links import links_by_key
from sync.mapping import has_rows
from sync.models import Kind, RecordLink
from sync.models.job import Priority
from sync.validation import check_ordered_company

PERSON_FIELDS = ("fullName", "firstName", "lastName", "company", "email", "phone")


def owner_of(ctx: Context, item: Item) -> str:
    """Return the key of the order's contact; guests and deleted customers are known by e-mail, or else by the order."""
    guid = item.record.get("customerId")
    if guid and guid not in ctx.memory.get("unknown customers", ()):
        return str(guid)
    email = str((item.record.get("customer") or {}).get("email") or "")
    if is_nothing(email):
        return f"order:{item.key}"
    return guest_key(email) if is_somebodys(email) else _owner_without_email(ctx, item, guest_key(email))


def is_somebodys(email: str) -> bool:
    """Whether it may be one person's address; what has no place for mail is typed alike by strangers."""
    name, _at, place = email.partition("@")
    return not is_nothing(name) and not is_nothing(place)


def _owner_without_email(ctx: Context, item: Item, shared: str) -> str:
    """The order itself, unless it was brought while such words still made one contact of all who typed them."""
    kept: dict[str, str] = ctx.memory.setdefault("owners without an e-mail", {})
    if item.key not in kept:
        own = f"order:{item.key}"
        known = links_by_key(ctx, Kind.CONTACT, [own, shared])
        documents = RecordLink.objects.filter(shop=ctx.shop, kind__in=[Kind.OFFER, Kind.ORDER], key=item.key)
        kept[item.key] = shared if shared in known and own not in known and documents.exists() else own
    return kept[item.key]


def is_guest(owner: str) -> bool:
    """Whether the order itself is the only source of its contact."""
    return owner.startswith(("guest:", "order:"))


def names_somebody(item: Item) -> bool:
    """Whether the order tells anything of who ordered; a sale at the cash desk often does not."""
    customer = item.record.get("customer") or {}
    return bool(item.record.get("customerId")) or any(not is_nothing(customer.get(name)) for name in PERSON_FIELDS)


def find_customers(ctx: Context, items: Sequence[Item]) -> None:
    """Let orders of customers that BlueJet does not hold yet wait, and ask for those customers."""
    guids = {str(item.record["customerId"]) for item in items if item.record.get("customerId")}
    known = links_by_key(ctx, Kind.CONTACT, guids)
    if guids - set(known) and not _customers_flow(ctx):
        ctx.memory.setdefault("unknown customers", set()).update(guids - set(known))
        return
    for item in items:
        guid = str(item.record.get("customerId") or "")
        if not guid or guid in known:
            continue
        topic = waiting.job_topic(FlowName.CUSTOMER_TO_BLUEJET, guid)
        if waiting.is_answered(item.job_id, topic):
            # The answer may have come after the links were read; only who is missing now will not come.
            if guid not in links_by_key(ctx, Kind.CONTACT, [guid]):
                ctx.memory.setdefault("unknown customers", set()).add(guid)
            continue
        asked = Ask(FlowName.CUSTOMER_TO_BLUEJET, guid, Priority.ORDERS)
        item.outcome = Outcome(Result.WAITING, [Issue("waits_for_customer", "warning")], topics=(topic,), asks=(asked,))


def _customers_flow(ctx: Context) -> bool:
    """Whether somebody would bring the customer; where that flow is off, the order brings its own contact, as a guest's does."""
    settings = FlowSetting.objects.filter(shop=ctx.shop, flow=FlowName.CUSTOMER_TO_BLUEJET)
    return settings.exclude(mode=FlowSetting.Mode.OFF).exists()


def guest_record(ctx: Context, item: Item) -> dict[str, Any]:
    """Return the order's customer in the shape of a customer's record."""
    customer = dict(item.record.get("customer") or {})
    address = dict(item.record.get("billingAddress") or {})
    owner = owner_of(ctx, item)
    unread = {"unread": item.record["unread"]} if item.record.get("unread") else {}
    return {**customer, **unread, "id": owner, "guid": owner, "billingAddress": address, "deliveryAddresses": [], "isGuest": True}


def company_key(ctx: Context, item: Item) -> str:
    """Return the key of the company that the order is for: the one it names, else a registered customer's own; empty for none.

    Somebody registered is taken at the word of a number only: his own company often goes by a shorter name in an order.
    """
    owner, record = owner_of(ctx, item), guest_record(ctx, item)
    company = company_of(ctx, record, owner) if is_guest(owner) or number_of(record).is_proof else None
    if company is not None:
        return company.key
    contact = None if is_guest(owner) else links_by_key(ctx, Kind.CONTACT, [owner]).get(owner)
    return contact.parent_key if contact else ""


def split_company(ctx: Context, item: Item) -> list[Part]:
    """Return the company that the order names, unless a registered customer's own record tells of it better."""
    owner, record = owner_of(ctx, item), guest_record(ctx, item)
    if not is_guest(owner) and not number_of(record).is_proof:
        item.issues += check_ordered_company(record, ctx.severities)
        return []
    parts = _told_then(item, company_parts(ctx, item, record, owner))
    return [part for part in parts if not (is_a_customers(ctx, part.key) and links_by_key(ctx, Kind.COMPANY, [part.key]))]


def split_guest_contact(ctx: Context, item: Item) -> list[Part]:
    """Return the guest's contact, unless a registered customer with that e-mail is linked already."""
    owner = owner_of(ctx, item)
    if not is_guest(owner) or not names_somebody(item) or registered_contact(ctx, owner):
        return []
    return _told_then(item, contact_parts(ctx, item, guest_record(ctx, item), owner))


def _told_then(item: Item, parts: list[Part]) -> list[Part]:
    """Date what an order says of its guest by the order: a later order knows better, whichever of them changes last."""
    placed_at = parse_datetime(str(item.record.get("createdAt") or ""))
    for part in parts:
        part.told_at = placed_at
    return parts


def registered_contact(ctx: Context, owner: str) -> RecordLink | None:
    """Return the contact of a customer who ordered as a guest and is, or was, registered."""
    known: dict[str, RecordLink | None] = ctx.memory.setdefault("registered contacts", {})
    if owner not in known:
        known[owner] = _find_registered(ctx, owner) if owner.startswith("guest:") else None
    return known[owner]


def _find_registered(ctx: Context, owner: str) -> RecordLink | None:
    email = owner.removeprefix("guest:")
    contacts = RecordLink.objects.filter(shop=ctx.shop, kind=Kind.CONTACT, natural_key=email)
    # An account that was deleted counts last: its contact is still that person's.
    return contacts.exclude(bluejet_id="").exclude(key=owner).order_by("archived", "pk").first()


def split_addresses(ctx: Context, item: Item) -> list[Part]:
    """Return the order's addresses, keyed by what they say: an order keeps the address it was sent to."""
    if not has_rows(ctx, "address"):
        return []
    owner = owner_of(ctx, item)
    customer = item.record.get("customer") or {}
    found = {known_address(ctx, owner, address): address for address in addresses_of(item) if is_filled(address)}
    return [
        address_part(ctx, item, {**customer, **address, "id": f"{owner}:{known.name}"}, owner, known.name, known.external_id)
        for known, address in found.items()
    ]


def refer_guests(ctx: Context, parts: Sequence[Part]) -> None:
    """Give the guests' contacts the BlueJet ids of their companies."""
    refer_people(ctx, parts, lambda part: company_key(ctx, part.item))


def refer_addresses(ctx: Context, parts: Sequence[Part]) -> None:
    """Give the order's addresses their company and their contact: of a guest who is registered, the registered one."""
    refer_people(ctx, parts, lambda part: company_key(ctx, part.item))
    for part in parts:
        contact = None if part.refs["contactId"] else registered_contact(ctx, part.parent_key)
        if contact is not None:
            part.refs["contactId"] = contact.bluejet_id
