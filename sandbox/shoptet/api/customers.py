"""Customers with their accounts, delivery addresses and groups."""

from __future__ import annotations

from typing import Any

from sandbox.http import Request
from sandbox.shoptet.api.envelope import Answer, Paged, Routes, body_data, changes_answer
from sandbox.shoptet.customer_changes import (
    address_of,
    change_customer,
    delete_customer,
    delete_part,
    find_customer,
    find_part,
    new_part_guid,
    put_part,
    register_customer,
)
from sandbox.shoptet.order_record import ADDRESS
from sandbox.shoptet.refusals import invalid
from sandbox.shoptet.seed.people import account_record
from sandbox.shoptet.seed.settings import GROUPS
from sandbox.shoptet.shop import Shop

Record = dict[str, Any]
ACCOUNT_FIELDS = ("fullName", "email", "phone", "mainAccount", "authorized", "emailVerified")


def list_customers(shop: Shop, request: Request) -> Answer:
    email, phone = request.argument("email").lower(), request.argument("phone")
    rows = list(shop.customers.values())
    if email:
        rows = [row for row in rows if any(account["email"].lower() == email for account in row["accounts"])]
    if phone:
        rows = [row for row in rows if any(account["phone"] == phone for account in row["accounts"])]
    return Paged(20, 1000).answer(request, "customers", rows, _row)


def _row(customer: Record) -> Record:
    row = {field: customer[field] for field in ("guid", "creationTime", "changeTime", "adminUrl")}
    return {**row, "billCompany": customer["billingAddress"]["company"], "billFullName": customer["billingAddress"]["fullName"]}


def customer_changes(shop: Shop, request: Request) -> Answer:
    return changes_answer(shop, request, shop.customer_changes, "guid", Paged(20, 20))


def list_groups(_shop: Shop, _request: Request) -> Answer:
    return Answer({"customerGroups": list(GROUPS)})


def get_customer(shop: Shop, request: Request) -> Answer:
    return Answer({"customer": find_customer(shop, request.params["guid"])})


def create_customer(shop: Shop, request: Request) -> Answer:
    return Answer({"customer": register_customer(shop, body_data(request))}, 201)


def patch_customer(shop: Shop, request: Request) -> Answer:
    return Answer({"customer": change_customer(shop, request.params["guid"], body_data(request))})


def remove_customer(shop: Shop, request: Request) -> Answer:
    delete_customer(shop, request.params["guid"])
    return Answer(None)


def list_accounts(shop: Shop, request: Request) -> Answer:
    return Paged(1000, 1000).answer(request, "accounts", find_customer(shop, request.params["guid"])["accounts"])


def get_account(shop: Shop, request: Request) -> Answer:
    rows = find_customer(shop, request.params["guid"])["accounts"]
    return Answer({"account": find_part(rows, request.params["part"], "account")})


def create_account(shop: Shop, request: Request) -> Answer:
    guid, data = request.params["guid"], body_data(request)
    find_customer(shop, guid)
    if "@" not in str(data.get("email") or ""):
        raise invalid("The property email is required.", "data.email")
    account = account_record(new_part_guid(shop, guid, "account"), data.get("fullName"), data["email"], data.get("phone"))
    account |= {field: data[field] for field in ACCOUNT_FIELDS if field in data}
    return Answer({"account": put_part(shop, guid, "accounts", account)}, 201)


def patch_account(shop: Shop, request: Request) -> Answer:
    data = body_data(request)
    rows = find_customer(shop, request.params["guid"])["accounts"]
    account = {**find_part(rows, request.params["part"], "account"), **{field: data[field] for field in ACCOUNT_FIELDS if field in data}}
    return Answer({"account": put_part(shop, request.params["guid"], "accounts", account)})


def remove_account(shop: Shop, request: Request) -> Answer:
    delete_part(shop, request.params["guid"], "accounts", request.params["part"], "account")
    return Answer(None)


def list_addresses(shop: Shop, request: Request) -> Answer:
    return Paged(1000, 1000).answer(request, "deliveryAddresses", find_customer(shop, request.params["guid"])["deliveryAddress"])


def get_address(shop: Shop, request: Request) -> Answer:
    rows = find_customer(shop, request.params["guid"])["deliveryAddress"]
    return Answer({"deliveryAddress": find_part(rows, request.params["part"], "address")})


def create_address(shop: Shop, request: Request) -> Answer:
    guid, data = request.params["guid"], body_data(request)
    find_customer(shop, guid)
    address = {"guid": new_part_guid(shop, guid, "delivery"), **address_of(data, ADDRESS), "isDefault": bool(data.get("isDefault"))}
    return Answer({"deliveryAddress": put_part(shop, guid, "deliveryAddress", address)}, 201)


def patch_address(shop: Shop, request: Request) -> Answer:
    data = body_data(request)
    rows = find_customer(shop, request.params["guid"])["deliveryAddress"]
    old = find_part(rows, request.params["part"], "address")
    address = {**old, **{field: data[field] for field in (*ADDRESS, "isDefault") if field in data}}
    return Answer({"deliveryAddress": put_part(shop, request.params["guid"], "deliveryAddress", address)})


def remove_address(shop: Shop, request: Request) -> Answer:
    delete_part(shop, request.params["guid"], "deliveryAddress", request.params["part"], "address")
    return Answer(None)


ROUTES: Routes = (
    ("GET", "/api/customers", list_customers),
    ("POST", "/api/customers", create_customer),
    ("GET", "/api/customers/changes", customer_changes),
    ("GET", "/api/customers/groups", list_groups),
    ("GET", "/api/customers/{guid}", get_customer),
    ("PATCH", "/api/customers/{guid}", patch_customer),
    ("DELETE", "/api/customers/{guid}", remove_customer),
    ("GET", "/api/customers/{guid}/accounts", list_accounts),
    ("POST", "/api/customers/{guid}/accounts", create_account),
    ("GET", "/api/customers/{guid}/accounts/{part}", get_account),
    ("PATCH", "/api/customers/{guid}/accounts/{part}", patch_account),
    ("DELETE", "/api/customers/{guid}/accounts/{part}", remove_account),
    ("GET", "/api/customers/{guid}/delivery-addresses", list_addresses),
    ("POST", "/api/customers/{guid}/delivery-addresses", create_address),
    ("GET", "/api/customers/{guid}/delivery-addresses/{part}", get_address),
    ("PATCH", "/api/customers/{guid}/delivery-addresses/{part}", patch_address),
    ("DELETE", "/api/customers/{guid}/delivery-addresses/{part}", remove_address),
)
