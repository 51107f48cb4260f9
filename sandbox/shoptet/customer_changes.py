"""What happens to customers: registered, changed, deleted, imported; with change feed and events."""

from __future__ import annotations

from typing import Any

from sandbox.shoptet.identity import guid
from sandbox.shoptet.order_record import ADDRESS, COMPANY
from sandbox.shoptet.refusals import ApiError, invalid, not_found
from sandbox.shoptet.seed.people import account_record, customer_record
from sandbox.shoptet.seed.settings import GROUPS, PRICE_LISTS
from sandbox.shoptet.shop import Shop

Record = dict[str, Any]
MOST_ADDRESSES = 20


def find_customer(shop: Shop, customer_guid: str) -> Record:
    """Return a customer. Raises ApiError."""
    if customer_guid not in shop.customers:
        message = f'Customer with guid "{customer_guid}" not found.'
        raise ApiError(404, "customer-not-found", message, customer_guid)
    return shop.customers[customer_guid]


def register_customer(shop: Shop, data: Record, *, announce: bool = True) -> Record:
    """Register a customer from the body of POST /api/customers. Raises ApiError."""
    account = data.get("account") or {}
    if "@" not in str(account.get("email") or ""):
        raise invalid("The property email is required.", "data.account.email")
    with shop.lock:
        number = shop.next_number("customer", 100_001)
        key = guid(shop.options.seed, "customer", number)
        billing = address_of(data.get("billingAddress") or {}, ADDRESS + COMPANY)
        billing["fullName"] = billing["fullName"] or account.get("fullName")
        login = account_record(
            guid(key, "account", 1), account.get("fullName") or billing["fullName"], account["email"], account.get("phone"), main=True
        )
        home = {"guid": guid(key, "delivery", 1), **{name: billing[name] for name in ADDRESS}, "isDefault": True}
        record = customer_record(
            key, number, billing, [login], [home], created=shop.now(), changed=shop.now(), group=_group(data),
                birth_date=data.get("birthDate"),
            remark=data.get("remark"), disabled=bool(data.get("disabledOrders")),
        )  # fmt: skip
        shop.customers[key] = record
        shop.customer_changes.touch(key)
        if announce:
            shop.emit("customer:create", key)
        return record


def import_customers(shop: Shop, rows: list[Record]) -> list[str]:
    """Register many customers the way an import does: one event for all, whose instance is a fixed word."""
    with shop.lock:
        guids = [register_customer(shop, row, announce=False)["guid"] for row in rows]
        shop.emit("customer:import", "customers")
        return guids


def address_of(data: Record, fields: tuple[str, ...]) -> Record:
    """Return an address with all its fields."""
    return {name: data.get(name) for name in fields} | {"countryCode": data.get("countryCode") or "CZ"}


def _group(data: Record) -> Record:
    code = data.get("customerGroupCode") or "retail"
    for group in GROUPS:
        if group["customerGroupCode"] == code:
            return group
    raise invalid(f'Customer group "{code}" does not exist.', "data.customerGroupCode")


def save_customer(shop: Shop, customer: Record) -> Record:
    """Keep a changed customer, note the change and announce it."""
    customer = {**customer, "changeTime": shop.now()}
    shop.customers[customer["guid"]] = customer
    shop.customer_changes.touch(customer["guid"])
    shop.emit("customer:update", customer["guid"])
    return customer


def change_customer(shop: Shop, customer_guid: str, data: Record) -> Record:
    """Change a customer the way PATCH /api/customers/{guid} does. Raises ApiError."""
    with shop.lock:
        customer = find_customer(shop, customer_guid)
        changes: Record = {name: data[name] for name in ("remark", "priceRatio", "birthDate", "disabledOrders") if name in data}
        changed = {**customer, **changes}
        if data.get("billingAddress"):
            changed["billingAddress"] = {**customer["billingAddress"], **data["billingAddress"]}
        if data.get("customerGroupCode"):
            group = _group(data)
            changed["customerGroup"] = {"id": group["id"], "name": group["name"]}
        if data.get("pricelistId"):
            changed["priceList"] = next((row for row in PRICE_LISTS if row["id"] == data["pricelistId"]), customer["priceList"])
        saved = save_customer(shop, changed)
        if saved["disabledOrders"] != customer["disabledOrders"]:
            shop.emit("customer:disableOrders" if saved["disabledOrders"] else "customer:enableOrders", customer_guid)
        return saved


def delete_customer(shop: Shop, customer_guid: str) -> None:
    """Delete a customer; the orders keep their copies of the data. Raises ApiError."""
    with shop.lock:
        find_customer(shop, customer_guid)
        del shop.customers[customer_guid]
        shop.customer_changes.touch(customer_guid, "delete")
        shop.emit("customer:delete", customer_guid)


def find_part(rows: list[Record], key: str, kind: str) -> Record:
    """Return an account or address of a customer by GUID. Raises ApiError."""
    for row in rows:
        if row["guid"] == key:
            return row
    raise not_found(kind, key)


def put_part(shop: Shop, customer_guid: str, field: str, part: Record) -> Record:
    """Add an account or address to a customer, or replace the one with the same GUID. Raises ApiError."""
    with shop.lock:
        customer = find_customer(shop, customer_guid)
        rows = [row for row in customer[field] if row["guid"] != part["guid"]]
        if field == "deliveryAddress" and len(rows) >= MOST_ADDRESSES:
            raise ApiError(
                422, "customer-address-limit-exceeded", "Maximum number of addresses for the customer has been exceeded.", "payload"
            )
        save_customer(shop, {**customer, field: [*rows, part]})
        return part


def delete_part(shop: Shop, customer_guid: str, field: str, key: str, kind: str) -> None:
    """Delete an account or address of a customer. Raises ApiError."""
    with shop.lock:
        customer = find_customer(shop, customer_guid)
        find_part(customer[field], key, kind)
        save_customer(shop, {**customer, field: [row for row in customer[field] if row["guid"] != key]})


def new_part_guid(shop: Shop, customer_guid: str, kind: str) -> str:
    """Return the GUID of a new account or address."""
    return guid(customer_guid, kind, shop.next_number("part", 1))
