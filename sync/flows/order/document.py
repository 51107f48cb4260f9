"""The document an order becomes: a Nabídka or an Objednávka, as the status mapping says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mappings.drafts import Draft
from sync.flow import Context, Item, Part
from sync.flows.customer.parts import company_key
from sync.flows.order.lines import find_products, line_fields, map_lines
from sync.flows.order.people import address_name, addresses_of, guest_record, is_guest, owner_of, registered_contact
from sync.flows.validating import judge
from sync.links import links_by_key
from sync.mapping import map_part
from sync.models import Kind, RecordLink
from sync.validation import validate_order

CLOSED_STATES = {"data": "Potvrzená", "rest": "Uzavřená"}
# An Objednávka whose status in Shoptet goes back to that of an offer: an offer's state would say too much, or be none of its own.
TAKEN_BACK_STATES = {"data": "Probíhající", "rest": "Objednávka"}


def split_document(ctx: Context, item: Item) -> list[Part]:
    """Return the order's document; its kind is known once it is mapped."""
    external_id = ctx.external_id(str(item.record["id"]))
    return [Part(item, Kind.OFFER, item.key, item.record, external_id=external_id, natural_key=str(item.record["number"]))]


def refer_document(ctx: Context, parts: Sequence[Part]) -> None:
    """Give the documents the BlueJet ids of their people, addresses, products and of an earlier Nabídka."""
    owners = {part.key: owner_of(ctx, part.item) for part in parts}
    contacts = links_by_key(ctx, Kind.CONTACT, owners.values())
    offers = links_by_key(ctx, Kind.OFFER, [part.key for part in parts])
    for part in parts:
        owner = owners[part.key]
        contact = contacts.get(owner) or registered_contact(ctx, owner)
        offer = offers.get(part.key)
        part.refs = {
            "contactId": contact.bluejet_id if contact else None,
            "documentId": offer.bluejet_id if offer else None,
            **_company_and_addresses(ctx, part, owner, contact.parent_key if contact else ""),
        }
    find_products(ctx, parts)


def _company_and_addresses(ctx: Context, part: Part, owner: str, fallback: str) -> dict[str, Any]:
    record = guest_record(ctx, part.item)
    wanted = company_key(record, owner) or ("" if is_guest(owner) else fallback)
    company = links_by_key(ctx, Kind.COMPANY, [wanted]).get(wanted) if wanted else None
    billing, delivery = (f"{owner}:{address_name(address)}" for address in addresses_of(part.item))
    known = links_by_key(ctx, Kind.ADDRESS, [billing, delivery])
    return {
        "companyId": company.bluejet_id if company else None,
        "billingAddressId": known[billing].bluejet_id if billing in known else None,
        "deliveryAddressId": known[delivery].bluejet_id if delivery in known else None,
    }


def map_documents(ctx: Context, parts: Sequence[Part]) -> None:
    """Map header and lines; an Objednávka that exists stays one, whatever the status says later."""
    orders = links_by_key(ctx, Kind.ORDER, [part.key for part in parts])
    for part in parts:
        offer_id = part.refs.pop("documentId", None)
        draft = map_part(ctx, part, "order")
        if part.key in orders or draft.document == "order":
            part.kind, part.outcome = Kind.ORDER, None
            part.refs["documentId"] = offer_id
            draft = map_part(ctx, part, "order")
            _take_back(ctx, part, draft)
        part.cancels = draft.cancels
        map_lines(ctx, part)


def _take_back(ctx: Context, part: Part, draft: Draft) -> None:
    state = ctx.bluejet.evidences[part.kind].state
    if draft.document == "offer" and not draft.cancels and state in part.fields:
        part.fields[state] = TAKEN_BACK_STATES[ctx.account.dialect]


def check_documents(ctx: Context, parts: Sequence[Part]) -> None:
    """Validate header, lines and money."""
    for part in parts:
        found = validate_order(
            part.record,
            part.fields,
            line_fields(part),
            dialect=ctx.account.dialect,
            kind=str(part.kind),
            refs=part.refs,
            evidences=ctx.bluejet.evidences,
        )
        judge(part, found)


def split_replaced_offer(ctx: Context, item: Item) -> list[Part]:
    """Return the Nabídka that has become an Objednávka and is still open, to be closed; the link keeps both."""
    key = item.key
    offer = links_by_key(ctx, Kind.OFFER, [key]).get(key)
    order = links_by_key(ctx, Kind.ORDER, [key]).get(key)
    if offer is None or offer.closed or order is None:
        return []
    if offer.bluejet_id == order.bluejet_id:  # a dialect that turns the one into the other in place
        RecordLink.objects.filter(pk=offer.pk).update(closed=True)
        return []
    state = ctx.bluejet.evidences[Kind.OFFER].state
    fields = {state: CLOSED_STATES[ctx.account.dialect]} if state else {}
    return [Part(item, Kind.OFFER, key, item.record, fields=fields, purpose="close", external_id=offer.external_id)]
