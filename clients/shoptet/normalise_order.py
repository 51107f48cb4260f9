"""Make a flat record of an order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clients.shoptet.flat import is_flat_order, keep_flat
from clients.shoptet.names import split_name
from clients.shoptet.normalise_address import company_of, normalise_address
from clients.shoptet.normalise_order_items import items_of, set_components_of
from clients.shoptet.unread import with_notes
from clients.shoptet.wire import (
    amount,
    amount_or_zero,
    email,
    identifier,
    key,
    moment_text,
    noted_section,
    optional_section,
    read_rows,
    section,
    sure_amount,
    text,
    whole,
)

CROWNS = "CZK"


@with_notes
def normalise_order(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record of an order's detail, or a flat record of the specification as it is."""
    if is_flat_order(data):
        return _with_company(keep_flat(data))
    code = key(data, "code", "order")
    billing = noted_section(data, "billingAddress", "order")
    delivery = optional_section(data, "deliveryAddress")
    return {
        "id": code,
        "number": code,
        "guid": text(data.get("guid")),
        "externalCode": text(data.get("externalCode")),
        "createdAt": moment_text(data, "creationTime", "order"),
        "changedAt": moment_text(data, "changeTime", "order"),
        "customerId": identifier(data, "customerGuid", "order") or None,
        "customer": _customer(data, billing),
        "billingAddress": normalise_address(billing),
        "deliveryAddress": normalise_address(delivery) if delivery else None,
        "addressesEqual": data.get("addressesEqual") is not False,
        "items": items_of(data),
        "setComponents": set_components_of(data),
        **_status(data),
        **_money(section(data, "price", "order")),
        **_terms(data),
        **_notes(optional_section(data, "notes")),
    }


def _with_company(record: dict[str, Any]) -> dict[str, Any]:
    """Read the company's numbers of a flat order as those of any other; one that names no company stays as it is."""
    customer = record.get("customer")
    if not isinstance(customer, Mapping) or not any(customer.get(name) for name in ("companyId", "vatId", "taxId")):
        return record
    country = optional_section(record, "billingAddress").get("country")
    return {**record, "customer": {**customer, **company_of({**customer, "countryCode": country})}}


def _customer(data: Mapping[str, Any], billing: Mapping[str, Any]) -> dict[str, Any]:
    full_name = text(billing.get("fullName"))
    first_name, last_name = split_name(full_name)
    return {
        "firstName": first_name,
        "lastName": last_name,
        "fullName": full_name,
        "email": email(data, "email"),
        "phone": text(data.get("phone")),
        **company_of(billing),
    }


def _status(data: Mapping[str, Any]) -> dict[str, Any]:
    status = optional_section(data, "status")
    return {"status": text(status.get("id")), "statusName": text(status.get("name"))}


def _money(price: Mapping[str, Any]) -> dict[str, Any]:
    total = amount_or_zero(price, "withVat", "order.price")
    to_pay = sure_amount(price, "toPay", "order.price")
    rate = amount(price, "exchangeRate", "order.price")
    currency = key(price, "currencyCode", "order.price").upper()
    return {
        "total": total,
        "totalWithoutVat": amount_or_zero(price, "withoutVat", "order.price"),
        "vat": amount_or_zero(price, "vat", "order.price"),
        "toPay": total if to_pay is None else to_pay,
        "rounding": total - total if to_pay is None else to_pay - total,
        "currency": currency,
        "exchangeRate": rate,
        "invoicingRate": amount(price, "invoicingExchangeRate", "order.price"),
        # What another currency is worth in crowns is not the order's to say: its rate is to the shop's own currency.
        "totalCzk": total if currency == CROWNS else None,
    }


def _terms(data: Mapping[str, Any]) -> dict[str, Any]:
    payment = optional_section(data, "paymentMethod")
    paid, payer = data.get("paid"), data.get("vatPayer")
    return {
        "paid": paid if isinstance(paid, bool) else None,
        "payment": {"id": text(payment.get("guid")), "name": text(payment.get("name"))} if payment else None,
        "shipping": _shipping(data),
        "language": text(data.get("language")),
        "source": text(optional_section(data, "source").get("name")),
        "salesChannelId": text(data.get("salesChannelGuid")),
        "stockId": text(data.get("stockId")),
        "cashDesk": data.get("cashDeskOrder") is True,
        "vatPayer": payer if isinstance(payer, bool) else None,
        "vatMode": text(data.get("vatMode")),
        "billingMethod": text(optional_section(data, "billingMethod").get("name")),
    }


def _shipping(data: Mapping[str, Any]) -> dict[str, str] | None:
    shipping = optional_section(data, "shipping")
    if not shipping:
        return None
    details = optional_section(data, "shippingDetails")
    return {
        "id": text(shipping.get("guid")),
        "name": text(shipping.get("name")),
        "branchId": text(details.get("branchId")),
        "branchName": text(details.get("name")),
        "carrier": text(details.get("shippingMethodCode")) or text(details.get("shippingCompanyCode")),
        "service": text(details.get("shippingServiceCode")),
        "carrierId": text(details.get("carrierId")),
    }


def _notes(notes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "customerRemark": text(notes.get("customerRemark")),
        "eshopRemark": text(notes.get("eshopRemark")),
        "trackingNumber": text(notes.get("trackingNumber")),
        "trackingUrl": text(notes.get("trackingUrl")),
        "additionalFields": read_rows(notes, "additionalFields", _additional_field),
    }


def _additional_field(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"index": whole(row, "index", "additionalField"), "label": text(row.get("label")), "text": text(row.get("text"))}
