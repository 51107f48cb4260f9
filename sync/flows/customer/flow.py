"""The customer flow: company first, then the contact that refers to it, then the addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from shops.models import FlowName
from sync.flow import Context, Flow, Item, KeyPage, Part, Request, Stage
from sync.flows.customer.companies import company_of, company_parts, is_a_customers
from sync.flows.customer.parts import address_part, contact_parts, is_filled
from sync.flows.customer.search import find_company
from sync.flows.customer.shared_addresses import find_address, what_it_says
from sync.flows.product.flow import archived_item
from sync.flows.reading import keys_of
from sync.flows.validating import judge_draft, no_step
from sync.links import links_by_key
from sync.mapping import has_rows, map_part
from sync.models import Kind, RecordLink
from sync.models.job import Priority
from sync.push.doubt import clear_up
from sync.push.sharing import has_other_shops
from sync.validation import validate_address, validate_company, validate_contact


def fetch(ctx: Context, request: Request) -> list[Item]:
    """Read one customer by GUID."""
    fetched_at = timezone.now()
    fetched = ctx.shoptet.customer(request.key)
    return [Item(record["guid"], record, fetched.changed_at, fetched_at) for record in fetched.records]


def remove(ctx: Context, request: Request) -> list[Item]:
    """Archive the contact of a customer that is gone; the company stays, others may share it."""
    request.outcome = clear_up(ctx, (Kind.CONTACT,), Q(key=request.key))
    if request.outcome is not None:
        return []
    links = RecordLink.objects.filter(shop=ctx.shop, kind=Kind.CONTACT, key=request.key, archived=False).exclude(bluejet_id="")
    return [archived_item(ctx, link, timezone.now()) for link in links]


def _split_company(ctx: Context, item: Item) -> list[Part]:
    """An account knows a company better than the orders that told of it before, even one that has not changed since."""
    parts = company_parts(ctx, item, item.record, item.key)
    for part in parts:
        if not is_a_customers(ctx, part.key) and links_by_key(ctx, Kind.COMPANY, [part.key]):
            part.told_at = item.fetched_at
    return parts


def _split_contact(ctx: Context, item: Item) -> list[Part]:
    return contact_parts(ctx, item, item.record, item.key)


def _split_addresses(ctx: Context, item: Item) -> list[Part]:
    if not has_rows(ctx, "address"):
        return []
    record = item.record
    named = [("billing", record.get("billingAddress"))]
    named += [(str(address["id"]), address) for address in record.get("deliveryAddresses") or []]
    return [
        address_part(ctx, item, {**record, **address, "id": f"{item.key}:{name}"}, item.key, name)
        for name, address in named
        if address and is_filled(address)
    ]


def refer_to_owner(ctx: Context, parts: Sequence[Part]) -> None:
    """Give contacts and addresses the BlueJet ids of their company and contact."""
    refer_people(ctx, parts, lambda part: _company_key(ctx, part.item))


def refer_people(ctx: Context, parts: Sequence[Part], company_key: Callable[[Part], str]) -> None:
    """Give contacts and addresses the BlueJet ids of the company with the key, and of their contact."""
    owners = {id(part): part.key if part.kind == Kind.CONTACT else part.parent_key for part in parts}
    keys = {id(part): company_key(part) for part in parts}
    companies = links_by_key(ctx, Kind.COMPANY, keys.values())
    contacts = links_by_key(ctx, Kind.CONTACT, owners.values())
    for part in parts:
        company, contact = companies.get(keys[id(part)]), contacts.get(owners[id(part)])
        part.refs = {
            "companyId": company.bluejet_id if company else None,
            "contactId": contact.bluejet_id if contact else None,
        }


def _company_key(ctx: Context, item: Item) -> str:
    company = company_of(ctx, item.record, item.key)
    return company.key if company else ""


def map_companies(ctx: Context, parts: Sequence[Part]) -> None:
    """Map companies."""
    for part in parts:
        map_part(ctx, part, "company")
        _mark_as_known(ctx, part)


def map_contacts(ctx: Context, parts: Sequence[Part]) -> None:
    """Map contacts."""
    for part in parts:
        map_part(ctx, part, "contact")


def map_addresses(ctx: Context, parts: Sequence[Part]) -> None:
    """Map addresses."""
    for part in parts:
        map_part(ctx, part, "address")
        _mark_as_known(ctx, part)
        part.alike = what_it_says(ctx, part) if has_other_shops(ctx) else ""


def _mark_as_known(ctx: Context, part: Part) -> None:
    """Show the external id that the record was given once, which the row cannot know."""
    column = ctx.bluejet.evidences[part.kind].external_id
    if column in part.fields:
        part.fields[column] = part.external_id


def check_companies(ctx: Context, parts: Sequence[Part]) -> None:
    """Validate companies."""
    for part in parts:
        judge_draft(ctx, part, validate_company(part.record, part.fields, dialect=ctx.account.dialect, severities=ctx.severities))


def check_contacts(ctx: Context, parts: Sequence[Part]) -> None:
    """Validate contacts."""
    for part in parts:
        judge_draft(ctx, part, validate_contact(part.record, part.fields, dialect=ctx.account.dialect, severities=ctx.severities))


def check_guests(ctx: Context, parts: Sequence[Part]) -> None:
    """Validate contacts that an order brings: a broken e-mail must not lose the order."""
    for part in parts:
        judge_draft(
            ctx, part, validate_contact(part.record, part.fields, dialect=ctx.account.dialect, for_order=True, severities=ctx.severities)
        )


def check_addresses(ctx: Context, parts: Sequence[Part]) -> None:
    """Validate addresses."""
    for part in parts:
        judge_draft(ctx, part, validate_address(part.record, part.fields, dialect=ctx.account.dialect, severities=ctx.severities))


def _keys(ctx: Context, mode: str, since: datetime | None) -> Iterator[KeyPage]:
    return keys_of(mode, since, changes=ctx.shoptet.customer_changes, listing=ctx.shoptet.customers, key="guid")


CUSTOMER_TO_BLUEJET = Flow(
    name=FlowName.CUSTOMER_TO_BLUEJET,
    entity="customer",
    priority=Priority.CUSTOMERS,
    fetch=fetch,
    remove=remove,
    keys=_keys,
    index_kinds=(Kind.COMPANY, Kind.CONTACT, Kind.ADDRESS),
    stages=(
        Stage("company", split=_split_company, refer=no_step, map=map_companies, validate=check_companies, search=find_company),
        Stage("contact", split=_split_contact, refer=refer_to_owner, map=map_contacts, validate=check_contacts),
        Stage("address", split=_split_addresses, refer=refer_to_owner, map=map_addresses, validate=check_addresses, search=find_address),
    ),
)
