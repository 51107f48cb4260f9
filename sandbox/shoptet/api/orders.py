"""Orders: list, detail, changes, statuses, notes, head, history, gifts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sandbox.http import Request
from sandbox.shoptet.api.conditions import Condition, equal, within_times
from sandbox.shoptet.api.envelope import Answer, Paged, Routes, body_data, changes_answer, included, listed
from sandbox.shoptet.clock import parse_time
from sandbox.shoptet.order_changes import (
    change_head,
    change_notes,
    delete_order,
    find_order,
    open_claims,
    place_order,
    set_status,
    set_statuses,
)
from sandbox.shoptet.order_request import OrderRequest, RequestRefused, Wanted
from sandbox.shoptet.refusals import ApiError, invalid
from sandbox.shoptet.seed.settings import DEFAULT_STATUS, GIFTS, SHIPPINGS, STATUS_NAMES, STATUSES
from sandbox.shoptet.shop import Shop

Record = dict[str, Any]
SECTIONS = {"notes": "notes", "shippingdetails": "shippingDetails", "paymenttransactions": "paymentTransactions"}
ITEM_SECTIONS = {
    "images": ("mainImage",), "stocklocation": ("stockLocation",), "surchargeparameters": ("surchargeParameters",
    "specificSurchargeParameters"),
    "productflags": ("productFlags",),
}  # fmt: skip
LIST_FIELDS = ("code", "guid", "creationTime", "changeTime", "email", "phone", "customerGuid", "cashDeskOrder", "adminUrl", "status",
    "source", "shipping",
               "paymentMethod", "price", "paid", "salesChannelGuid")  # fmt: skip
FILTERS = {
    "statusId": ("status", "id"), "sourceId": ("source", "id"), "customerGuid": ("customerGuid",), "phone": ("phone",),
    "shippingGuid": ("shipping", "guid"), "paymentMethodGuid": ("paymentMethod", "guid"),
}  # fmt: skip
MOST_STATUS_CHANGES = 100


def detail(order: Record, sections: set[str]) -> Record:
    """Return an order with the sections asked for only."""
    left_out = {field for name, field in SECTIONS.items() if name not in sections}
    item_left_out = {field for name, fields in ITEM_SECTIONS.items() if name not in sections for field in fields}
    record = {field: value for field, value in order.items() if field not in left_out}
    record["items"] = [{field: value for field, value in item.items() if field not in item_left_out} for item in order["items"]]
    return record


def list_row(order: Record) -> Record:
    """Return an order as the list shows it."""
    row = {field: order[field] for field in LIST_FIELDS}
    billing = order["billingAddress"]
    return {**row, "fullName": billing["fullName"], "company": billing["company"], "remark": order["notes"]["customerRemark"]}


def list_claims(shop: Shop, request: Request) -> Answer:
    wanted = {"productCode": request.argument("productCode"), "orderCode": request.argument("orderCode")}
    rows = [row for row in open_claims(shop) if all(not value or row[name] == value for name, value in wanted.items())]
    return Paged(100, 250).answer(request, "orders", rows, lambda row: row)


def list_orders(shop: Shop, request: Request) -> Answer:
    paged = Paged(50, 50)
    if "orderCodes" in request.query:
        codes = listed(request, "orderCodes")
        if not codes:
            raise ApiError(400, "missing-parameter", 'Missing value for parameter "orderCodes".', "orderCodes")
        return paged.answer(request, "orders", [shop.orders[code] for code in codes if code in shop.orders], list_row)
    conditions = list(_conditions(request))
    rows = [order for order in shop.orders.values() if all(condition(order) for condition in conditions)]
    rows.sort(key=lambda order: (parse_time(order["creationTime"]), order["code"]), reverse=True)
    return paged.answer(request, "orders", rows, list_row)


def _conditions(request: Request) -> Iterator[Condition]:
    yield from within_times(request)
    yield from equal(request, FILTERS)
    if first_code := request.argument("codeFrom"):
        yield lambda row: row["code"] >= first_code
    if last_code := request.argument("codeTo"):
        yield lambda row: row["code"] <= last_code
    if email := request.argument("email").lower():
        yield lambda row: (row["email"] or "").lower() == email
    if product_code := request.argument("productCode"):
        yield lambda row: any(item["code"] == product_code for item in row["items"])
    if company := request.argument("shippingCompanyCode"):
        carriers = {row["guid"] for row in SHIPPINGS if row["shippingCompany"] and row["shippingCompany"]["code"] == company}
        yield lambda row: bool(row["shipping"]) and row["shipping"]["guid"] in carriers


def get_order(shop: Shop, request: Request) -> Answer:
    return Answer({"order": detail(find_order(shop, request.params["code"]), included(request))})


def create_order(shop: Shop, request: Request) -> Answer:
    data = body_data(request)
    if not data.get("externalCode"):
        raise invalid("The property externalCode is required.", "data.externalCode")
    _check_country(data)
    if any(order["externalCode"] == data["externalCode"] for order in shop.orders.values()):
        raise invalid(f'Order with externalCode "{data["externalCode"]}" already exists.', "data.externalCode")
    try:
        order = place_order(shop, _request(data))
    except RequestRefused as error:
        raise invalid(str(error), "data") from error
    return Answer({"order": detail(order, included(request))}, 201)


def _check_country(data: Record) -> None:
    """Refuse a billing address without its country."""
    billing = data.get("billingAddress")
    if billing is not None and not billing.get("countryCode"):
        raise invalid("The property countryCode is required.", "data.billingAddress.countryCode")


def _request(data: Record) -> OrderRequest:
    goods = [item for item in data.get("items") or () if item.get("itemType") in ("product", "product-set", "bazar", "service")]
    notes = data.get("notes") or {}
    return OrderRequest(
        items=tuple(_wanted(item) for item in goods),
        customer=data.get("customerGuid") or "",
        guest={**(data.get("billingAddress") or {}), "email": data.get("email"), "phone": data.get("phone")},
        currency=(data.get("currency") or {}).get("code") or "CZK",
        shipping=data.get("shippingGuid") or "",
        payment=data.get("paymentMethodGuid") or "",
        paid=data.get("paid", False),
        status=data.get("statusId", DEFAULT_STATUS),
        created=parse_time(data["creationTime"]) if data.get("creationTime") else None,
        delivery_address=data.get("deliveryAddress"),
        remark=notes.get("customerRemark"),
        eshop_remark=notes.get("eshopRemark"),
        tracking=notes.get("trackingNumber"),
        external_code=data["externalCode"],
        code=data.get("code") or "",
    )


def _wanted(item: Record) -> Wanted:
    price = item.get("unitPriceWithVat") or item.get("itemPriceWithVat")
    return Wanted(
        item.get("code") or "",
        Decimal(item.get("amount") or 1),
        Decimal(item.get("priceRatio") or 1),
        None if price is None else Decimal(price),
    )


def remove_order(shop: Shop, request: Request) -> Answer:
    delete_order(shop, request.params["code"])
    return Answer(None)


def order_changes(shop: Shop, request: Request) -> Answer:
    return changes_answer(shop, request, shop.order_changes, "code", Paged(20, 1000))


def list_statuses(_shop: Shop, _request: Request) -> Answer:
    return Answer({"defaultStatus": DEFAULT_STATUS, "statuses": list(STATUSES)})


def patch_status(shop: Shop, request: Request) -> Answer:
    data, code = body_data(request), request.params["code"]
    if not {"statusId", "paid", "billingMethodId"} & set(data):
        raise invalid("At least one of statusId, paid and billingMethodId is expected.", "data")
    find_order(shop, code)
    try:
        order = set_status(shop, code, status=data.get("statusId"), paid=data.get("paid"))
    except RequestRefused as error:
        raise invalid(f'Invalid statusId "{data["statusId"]}".', "data.statusId") from error
    return Answer({"order": detail(order, included(request))})


def patch_statuses(shop: Shop, request: Request) -> Answer:
    data = body_data(request)
    codes, status = data.get("orderCodes") or [], data.get("statusId")
    if status not in STATUS_NAMES:
        raise invalid(f'Invalid statusId "{status}".', "data.statusId")
    if len(codes) > MOST_STATUS_CHANGES:
        raise invalid(f"There must be a maximum of {MOST_STATUS_CHANGES} items in the array", "data.orderCodes")
    skipped = set_statuses(shop, codes, status)
    message = f"Orders with codes {', '.join(skipped)} do not exist. Skipped."
    if skipped and len(skipped) == len(codes):
        raise invalid(message, "data.orderCodes", status=400)
    return Answer(
        None, errors=[{"errorCode": "invalid-request-data", "message": message, "instance": "data.orderCodes"}] if skipped else None
    )


def patch_notes(shop: Shop, request: Request) -> Answer:
    change_notes(shop, request.params["code"], body_data(request))
    return Answer(None)


def patch_head(shop: Shop, request: Request) -> Answer:
    _check_country(body_data(request))
    return Answer({"order": detail(change_head(shop, request.params["code"], body_data(request)), included(request))})


def list_history(shop: Shop, request: Request) -> Answer:
    find_order(shop, request.params["code"])
    return Answer({"orderHistory": shop.history.get(request.params["code"], [])})


def add_history(shop: Shop, request: Request) -> Answer:
    code, data = request.params["code"], body_data(request)
    find_order(shop, code)
    kind = data.get("type") or "comment"
    if kind not in ("comment", "system"):
        raise invalid('Does not have a value in the enumeration ["comment","system"]', "data.type")
    user = {"id": "api@gastrolipa.example", "name": "API"}
    row = {
        "id": shop.next_number("history"), "creationTime": shop.now(), "text": str(data.get("text") or ""), "user": user,
        "system": kind == "system", "type": kind,
    }  # fmt: skip
    shop.history.setdefault(code, []).append(row)
    shop.emit("orderHistoryRemarks:change", code)
    return Answer(None, 201)


def list_gifts(_shop: Shop, _request: Request) -> Answer:
    return Answer({"items": list(GIFTS)})


ROUTES: Routes = (
    ("GET", "/api/orders", list_orders),
    ("POST", "/api/orders", create_order),
    ("GET", "/api/orders/changes", order_changes),
    ("GET", "/api/orders/claims", list_claims),
    ("GET", "/api/orders/statuses", list_statuses),
    ("GET", "/api/orders/gifts", list_gifts),
    ("PATCH", "/api/orders/status-change", patch_statuses),
    ("GET", "/api/orders/{code}", get_order),
    ("DELETE", "/api/orders/{code}", remove_order),
    ("PATCH", "/api/orders/{code}/status", patch_status),
    ("PATCH", "/api/orders/{code}/notes", patch_notes),
    ("PATCH", "/api/orders/{code}/head", patch_head),
    ("GET", "/api/orders/{code}/history", list_history),
    ("POST", "/api/orders/{code}/history", add_history),
)
