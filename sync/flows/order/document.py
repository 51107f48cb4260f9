"""The document an order becomes: a Nabídka or an Objednávka, as the status mapping says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from mappings.drafts import Draft
from sync.flow import Context, Item, Part
from sync.flows.order.addresses import addresses_of, known_address
from sync.flows.order.collective import collective_contact
from sync.flows.order.lines import find_products, line_fields, map_lines
from sync.flows.order.numbers import guid_of
from sync.flows.order.people import company_key, names_somebody, owner_of, registered_contact
from sync.flows.order.states import closing_fields, known_states, reopening_fields
from sync.flows.validating import judge_draft
from sync.links import links_by_key
from sync.mapping import map_part
from sync.models import Kind, RecordLink
from sync.push.doubt import clear_up, keys_in_doubt
from sync.validation import validate_order


def split_document(ctx: Context, item: Item) -> list[Part]:
    """Return the order's document; its kind is known once it is mapped."""
    external_id = ctx.external_id(str(item.record["id"]))
    number, guid = str(item.record["number"]), guid_of(item.record)
    return [Part(item, Kind.OFFER, item.key, item.record, external_id=external_id, natural_key=number, guid=guid)]


def refer_document(ctx: Context, parts: Sequence[Part]) -> None:
    """Give the documents the BlueJet ids of their people, addresses, products and of an earlier Nabídka."""
    owners = {part.key: owner_of(ctx, part.item) for part in parts}
    contacts = links_by_key(ctx, Kind.CONTACT, owners.values())
    offers = links_by_key(ctx, Kind.OFFER, owners)
    for part in parts:
        owner = owners[part.key]
        part.refs = {
            "contactId": _contact_id(ctx, part, contacts.get(owner) or registered_contact(ctx, owner)),
            "documentId": _id(offers.get(part.key)),
        }
    _refer_companies(ctx, parts)
    _refer_addresses(ctx, parts, owners)
    find_products(ctx, parts)


def _contact_id(ctx: Context, part: Part, contact: RecordLink | None) -> str | None:
    """A sale without a person goes to the contact that staff named for such, if they did."""
    return _id(contact) or (None if names_somebody(part.item) else collective_contact(ctx, part))


def _refer_companies(ctx: Context, parts: Sequence[Part]) -> None:
    """Refer to the company that the order names, or else to that of the registered customer."""
    wanted = {part.key: company_key(ctx, part.item) for part in parts}
    known = links_by_key(ctx, Kind.COMPANY, wanted.values())
    for part in parts:
        part.refs["companyId"] = _id(known.get(wanted[part.key]))


def _refer_addresses(ctx: Context, parts: Sequence[Part], owners: Mapping[str, str]) -> None:
    keys = {part.key: [_address_key(ctx, owners[part.key], address) for address in addresses_of(part.item)] for part in parts}
    known = links_by_key(ctx, Kind.ADDRESS, [key for pair in keys.values() for key in pair])
    for part in parts:
        billing, delivery = keys[part.key]
        part.refs |= {"billingAddressId": _id(known.get(billing)), "deliveryAddressId": _id(known.get(delivery))}


def _address_key(ctx: Context, owner: str, address: Mapping[str, Any]) -> str:
    return f"{owner}:{known_address(ctx, owner, address).name}"


def _id(link: RecordLink | None) -> str | None:
    return link.bluejet_id if link else None


def map_documents(ctx: Context, parts: Sequence[Part]) -> None:
    """Map header and lines; an Objednávka that exists stays one, whatever the status says later."""
    keys = [part.key for part in parts]
    orders, doubtful = links_by_key(ctx, Kind.ORDER, keys), keys_in_doubt(ctx, Kind.OFFER, keys)
    for part in parts:
        offer_id = part.refs.pop("documentId", None)
        draft = map_part(ctx, part, "order")
        if part.key in orders or draft.document == "order":
            part.kind, part.outcome = Kind.ORDER, None
            in_doubt = clear_up(ctx, (Kind.OFFER,), Q(key=part.key)) if part.key in doubtful else None
            part.refs["documentId"] = offer_id or _id(links_by_key(ctx, Kind.OFFER, doubtful).get(part.key))
            draft = map_part(ctx, part, "order")
            part.outcome = part.outcome or in_doubt
            _take_back(ctx, part, draft)
        part.cancels = draft.cancels
        map_lines(ctx, part)


def _take_back(ctx: Context, part: Part, draft: Draft) -> None:
    state = ctx.bluejet.evidences[part.kind].state
    if draft.document == "offer" and not draft.cancels and state in part.fields:
        part.fields |= reopening_fields(ctx)


def check_documents(ctx: Context, parts: Sequence[Part]) -> None:
    """Validate header, lines and money."""
    for part in parts:
        found = validate_order(
            part.record,
            part.fields,
            line_fields(part),
            dialect=ctx.account.dialect,
            kind=str(part.kind),
            refs=part.refs | {"states": known_states(ctx)},
            severities=ctx.severities,
            evidences=ctx.bluejet.evidences,
        )
        judge_draft(ctx, part, found)


def split_replaced_offer(ctx: Context, item: Item) -> list[Part]:
    """Return the Nabídka that has become an Objednávka and is still open, to be closed; the link keeps both."""
    if not any(part.kind == Kind.ORDER and part.refs.get("documentId") for part in item.parts):
        return []
    offer = links_by_key(ctx, Kind.OFFER, [item.key]).get(item.key)
    order = links_by_key(ctx, Kind.ORDER, [item.key]).get(item.key)
    if offer is None or offer.closed or order is None:
        return []
    if offer.bluejet_id == order.bluejet_id:  # a dialect that turns the one into the other in place
        RecordLink.objects.filter(pk=offer.pk).update(closed=True)
        return []
    fields = closing_fields(ctx)
    return [Part(item, Kind.OFFER, item.key, item.record, fields=fields, purpose="close", external_id=offer.external_id)]
