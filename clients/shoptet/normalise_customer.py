"""Make flat records of customers and of their groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clients.shoptet.names import split_name
from clients.shoptet.normalise_address import company_of, normalise_address
from clients.shoptet.unread import with_notes
from clients.shoptet.wire import amount, day, email, key, moment_text, noted_section, optional_section, read_rows, text


@with_notes
def normalise_customer(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record of a customer; who he is comes from the main account, else from the billing address."""
    guid = key(data, "guid", "customer")
    billing = noted_section(data, "billingAddress", "customer")
    accounts = read_rows(data, "accounts", _account)
    main = next((account for account in accounts if account["main"]), accounts[0] if accounts else {})
    full_name = main.get("fullName") or text(billing.get("fullName"))
    first_name, last_name = split_name(full_name)
    return {
        "id": guid,
        "guid": guid,
        "firstName": first_name,
        "lastName": last_name,
        "fullName": full_name,
        "email": main.get("email", ""),
        "phone": main.get("phone", ""),
        **company_of(billing),
        "billingAddress": normalise_address(billing),
        "deliveryAddresses": read_rows(data, "deliveryAddress", _delivery),
        "accounts": accounts,
        "group": _group_of(data),
        "priceListId": text(optional_section(data, "priceList").get("id")),
        "priceRatio": amount(data, "priceRatio", "customer"),
        "remark": text(data.get("remark")),
        "birthDate": day(data, "birthDate", "customer"),
        "disabledOrders": data.get("disabledOrders") is True,
        "createdAt": moment_text(data, "creationTime", "customer"),
        "changedAt": moment_text(data, "changeTime", "customer"),
    }


def normalise_customer_group(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return one customer group as staff know it."""
    return {
        "id": key(row, "id", "customerGroup"),
        "name": text(row.get("name")),
        "code": text(row.get("customerGroupCode")),
        "priceListId": text(row.get("defaultPricelistId")),
        "wholesale": row.get("wholesale") is True,
    }


def _account(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": key(row, "guid", "account"),
        "fullName": text(row.get("fullName")),
        "email": email(row, "email"),
        "phone": text(row.get("phone")),
        "main": row.get("mainAccount") is True,
    }


def _delivery(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": key(row, "guid", "deliveryAddress"), "isDefault": row.get("isDefault") is True, **normalise_address(row)}


def _group_of(data: Mapping[str, Any]) -> dict[str, str] | None:
    group = optional_section(data, "customerGroup")
    return {"id": text(group.get("id")), "name": text(group.get("name"))} if text(group.get("id")) else None
