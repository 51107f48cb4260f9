"""What happens to orders: placed, changed, paid, cancelled, deleted; with stock, change feed and events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sandbox.shoptet.clock import wire_time
from sandbox.shoptet.money import amount_text
from sandbox.shoptet.order_items import coupon_item, discount_item, gift_item, product_item, service_item, vat_inclusive
from sandbox.shoptet.order_record import OrderRecord, billing_address, completion, delivery_address, status_record, total_prices
from sandbox.shoptet.order_request import OrderRequest, RequestRefused, Wanted
from sandbox.shoptet.product_changes import find_variant
from sandbox.shoptet.refusals import ApiError, not_found
from sandbox.shoptet.seed.settings import CANCELLED_STATUS, EXCHANGE_RATE_EUR, PAYMENTS, STATUSES
from sandbox.shoptet.shop import Shop

Record = dict[str, Any]
RATE = Decimal(21)
ORDERED = ("product", "product-set", "gift")
MARKED_PAID = {status["id"] for status in STATUSES if status["markAsPaid"]}
RESOLVED = {status["id"] for status in STATUSES if status["stockClaimResolved"]}


def find_order(shop: Shop, code: str) -> Record:
    """Return an order. Raises ApiError."""
    if code not in shop.orders:
        raise not_found("order", code)
    return shop.orders[code]


def place_order(shop: Shop, request: OrderRequest, *, announce: bool = True) -> Record:
    """Place an order: record, stock, change feed, events. Raises RequestRefused, ApiError."""
    with shop.lock:
        if not request.items and not request.extra:
            raise RequestRefused("an order needs at least one item")
        if shop.customers.get(request.customer, {}).get("disabledOrders"):
            request = replace(request, status=CANCELLED_STATUS)
        created = request.created or shop.clock.now()
        number = shop.next_number("order", 1)
        code = request.code or f"{wire_time(created)[:4]}{number:06d}"
        if code in shop.orders:
            raise RequestRefused(f"there is an order {code} already")
        exchange = request.exchange_rate or (Decimal(EXCHANGE_RATE_EUR) if request.currency == "EUR" else Decimal(1))
        maker = OrderRecord(request, code, number, created, lambda: shop.next_number("item", 5001))
        items = _items(shop, request, maker, exchange)
        order = maker.build(items, _buyer(shop, request), exchange, _set_parts(shop, items))
        shop.orders[code] = order
        shop.order_changes.touch(code, moment=created if shop.silent else None)
        _claim(shop, order)
        if announce:
            shop.emit("order:create", code)
            shop.emit("stock:movement", str(order["stockId"]))
        return order


def place_orders(shop: Shop, requests: list[OrderRequest]) -> list[str]:
    """Place many orders at once, announced one by one and by the mass event."""
    with shop.lock:
        orders = [place_order(shop, request, announce=False) for request in requests]
        codes = [order["code"] for order in orders]
        shop.emit_many("order:create", codes)
        for stock_id in sorted({order["stockId"] for order in orders}):
            shop.emit("stock:movement", str(stock_id))
        return codes


def _items(shop: Shop, request: OrderRequest, maker: OrderRecord, exchange: Decimal) -> list[Record]:
    goods = [_goods_item(shop, wanted, exchange, request.stock) for wanted in request.items]
    goods += [dict(row) for row in request.extra]
    items = list(goods)
    if request.volume_discount:
        items.append(discount_item("volume-discount", "Množstevní sleva", request.volume_discount, goods))
    if request.coupon:
        items.append(coupon_item(request.coupon, goods, exchange))
    if request.gift:
        items.append(gift_item(*find_variant(shop, request.gift)))
    shipping = Decimal(0) if request.free_shipping else Decimal(maker.shipping["_price"]) / exchange
    branch = maker._branch()
    items.append(service_item("shipping", maker.shipping["name"], shipping, RATE, additionalField=branch["name"] if branch else None))
    items.append(service_item("billing", maker.payment["name"], Decimal(maker.payment["_price"]) / exchange, RATE))
    return items


def _goods_item(shop: Shop, wanted: Wanted, exchange: Decimal, stock_id: int) -> Record:
    product, variant = find_variant(shop, wanted.code)
    return product_item(product, variant, wanted, exchange, shop.stock.level(stock_id, wanted.code).location)


def _buyer(shop: Shop, request: OrderRequest) -> Record:
    if not request.customer:
        guest = {"fullName": "Host Bez Registrace", "email": "host@zakaznik.example", "phone": "+420777123456", "street": "Lipová",
            "houseNumber": "1",
                 "city": "Brno", "zip": "602 00", **request.guest}  # fmt: skip
        return {"guid": None, "email": guest["email"], "phone": guest["phone"], "billing": guest, "delivery": None}
    customer = shop.customers.get(request.customer)
    if customer is None:
        raise RequestRefused(f"there is no customer {request.customer}")
    account = next((row for row in customer["accounts"] if row["mainAccount"]), customer["accounts"][0])
    other = customer["deliveryAddress"][1] if len(customer["deliveryAddress"]) > 1 else None
    return {
        "guid": customer["guid"],
        "email": account["email"],
        "phone": account["phone"],
        "billing": customer["billingAddress"],
        "delivery": other,
    }


def _set_parts(shop: Shop, items: list[Record]) -> dict[str, list[Record]]:
    return {item["code"]: _parts(shop, item) for item in items if item["itemType"] == "product-set" and item["code"]}


def _parts(shop: Shop, item: Record) -> list[Record]:
    rows = []
    for part in find_variant(shop, item["code"])[0]["setItems"] or ():
        product, variant = find_variant(shop, part["code"])
        rows.append({
            "productGuid": product["guid"], "code": part["code"], "itemType": "product-set-item", "name": product["name"],
            "variantName": variant["name"], "amount": amount_text(Decimal(part["amount"]) * Decimal(item["amount"])),
            "amountUnit": variant["unit"], "itemId": None, "amountCompleted": "0.000",
        })  # fmt: skip
    return rows


def _ordered(order: Record) -> Iterator[tuple[str, Decimal, str | None]]:
    """Yield what an order takes from the stock; of a set its parts."""
    for row in order["completion"]:
        if row["code"] and row["itemType"] in ("product", "gift", "product-set-item"):
            yield row["code"], Decimal(row["amount"]), row["productGuid"]


def open_claims(shop: Shop) -> list[Record]:
    """Return what open orders wait for, the newest order first, as GET /api/orders/claims lists it."""
    return [
        {"orderCode": order["code"], "statusId": order["status"]["id"], "productCode": code, "amount": amount_text(amount),
         "amountCompleted": "0.000"}
        for order in reversed(shop.orders.values()) if _phase(order["status"]["id"]) == "open"
        for code, amount, _guid in _ordered(order)
    ]  # fmt: skip


def _phase(status: int) -> str:
    """Return what an order does to the stock: claims goods, has handed them out, or neither."""
    return "cancelled" if status == CANCELLED_STATUS else ("done" if status in RESOLVED else "open")


def _in_catalogue(shop: Shop, order: Record) -> list[tuple[str, Decimal, str | None]]:
    return [row for row in _ordered(order) if shop.catalogue.by_code(row[0]) is not None]


def _claim(shop: Shop, order: Record) -> None:
    phase = _phase(order["status"]["id"])
    for code, amount, guid in _in_catalogue(shop, order) if phase != "cancelled" else ():
        shop.stock.claim(order["stockId"], code, amount, order["code"], guid)
        if phase == "done":
            shop.stock.hand_out(order["stockId"], code, amount, order["code"], guid)


def _settle(shop: Shop, order: Record, status: int) -> None:
    """Follow a status change in the stock: an order that is done hands out, a cancelled one gives back."""
    before, after, stock_id = _phase(order["status"]["id"]), _phase(status), order["stockId"]
    for code, amount, guid in _in_catalogue(shop, order) if before != after else ():
        if before == "done":
            shop.stock.hand_out(stock_id, code, -amount, order["code"], guid)
        if before == "cancelled":
            shop.stock.claim(stock_id, code, amount, order["code"], guid)
        if after == "done":
            shop.stock.hand_out(stock_id, code, amount, order["code"], guid)
        if after == "cancelled":
            shop.stock.claim(stock_id, code, -amount, order["code"], guid)


def save_order(shop: Shop, order: Record, *, announce: bool = True) -> Record:
    """Keep a changed order, note the change and announce it."""
    order = {**order, "changeTime": shop.now()}
    shop.orders[order["code"]] = order
    shop.order_changes.touch(order["code"])
    if announce:
        shop.emit("order:update", order["code"])
    return order


def set_status(shop: Shop, code: str, *, status: int | None = None, paid: bool | None = None, announce: bool = True) -> Record:
    """Change the status or the paid flag the way PATCH …/status does. Raises ApiError, RequestRefused."""
    with shop.lock:
        order = find_order(shop, code)
        changed = dict(order)
        if status is not None and status != order["status"]["id"]:
            changed = _with_status(shop, order, status)
        if paid is not None:
            changed["paid"] = paid
        if changed == order:
            return order
        saved = save_order(shop, changed, announce=announce)
        if saved["status"]["id"] == CANCELLED_STATUS != order["status"]["id"]:
            shop.emit("order:cancel", code)
        if CANCELLED_STATUS in (saved["status"]["id"], order["status"]["id"]) and saved["status"] != order["status"]:
            shop.emit("stock:movement", str(order["stockId"]))
        if saved["paid"] and not order["paid"]:
            shop.emit("order:paid", code)
        return saved


def _with_status(shop: Shop, order: Record, status: int) -> Record:
    record = status_record(status)
    _settle(shop, order, status)
    items = [{**item, "status": dict(record)} for item in order["items"]]
    return {**order, "status": record, "items": items, "paid": True if status in MARKED_PAID else order["paid"]}


def set_statuses(shop: Shop, codes: list[str], status: int) -> list[str]:
    """Change many orders at once; return those that do not exist."""
    with shop.lock:
        known = [code for code in codes if code in shop.orders]
        for code in known:
            set_status(shop, code, status=status, announce=False)
        shop.emit_many("order:update", known)
        return [code for code in codes if code not in shop.orders]


def delete_order(shop: Shop, code: str) -> None:
    """Delete an order and give its goods back. Raises ApiError."""
    with shop.lock:
        order = find_order(shop, code)
        _settle(shop, order, CANCELLED_STATUS)
        del shop.orders[code]
        shop.history.pop(code, None)
        shop.order_changes.touch(code, "delete")
        shop.emit("order:delete", code)


def change_notes(shop: Shop, code: str, data: Record) -> Record:
    """Change remarks, tracking number and additional fields the way PATCH …/notes does. Raises ApiError."""
    with shop.lock:
        order = find_order(shop, code)
        changes: Record = {name: data[name] for name in ("customerRemark", "eshopRemark", "trackingNumber") if name in data}
        notes = {**order["notes"], **changes}
        texts: dict[int, Any] = {row["index"]: row["text"] for row in data.get("additionalFields", ())}
        notes["additionalFields"] = [{**row, "text": texts.get(row["index"], row["text"])} for row in notes["additionalFields"]]
        return save_order(shop, {**order, "notes": notes})


def change_head(shop: Shop, code: str, data: Record) -> Record:
    """Change e-mail, phone and addresses the way PATCH …/head does. Raises ApiError."""
    with shop.lock:
        order = find_order(shop, code)
        changes: Record = {name: data[name] for name in ("email", "phone", "birthDate", "addressesEqual") if name in data}
        changed = {**order, **changes}
        if data.get("billingAddress"):
            changed["billingAddress"] = billing_address({**order["billingAddress"], **data["billingAddress"]})
        if "deliveryAddress" in data:
            address = data["deliveryAddress"]
            changed["deliveryAddress"] = delivery_address({**(order["deliveryAddress"] or {}), **address}) if address else None
        return save_order(shop, changed)


def change_items(shop: Shop, code: str, *, add: tuple[Wanted, ...] = (), amounts: dict[str, Decimal] | None = None) -> Record:
    """Add goods to an order or change amounts by variant code; an amount of nothing takes the line out. Raises ApiError."""
    with shop.lock:
        order, amounts = find_order(shop, code), amounts or {}
        if order["status"]["id"] in RESOLVED:
            raise ApiError(409, "record-already-changed", "Order has been changed before update.", code)
        for row, amount, guid in _ordered(order):
            shop.stock.claim(order["stockId"], row, -amount, code, guid)
        exchange = Decimal(order["price"]["exchangeRate"])
        items = [changed for item in order["items"] if (changed := _with_amount(shop, item, amounts, exchange, order["stockId"]))]
        for wanted in add:
            item = _goods_item(shop, wanted, exchange, order["stockId"])
            items.insert(0, {**item, "itemId": shop.next_number("item", 5001), "status": dict(order["status"])})
        saved = save_order(shop, _recounted(shop, order, items, exchange))
        _claim(shop, saved)
        shop.emit("stock:movement", str(order["stockId"]))
        return saved


def _with_amount(shop: Shop, item: Record, amounts: dict[str, Decimal], exchange: Decimal, stock_id: int) -> Record | None:
    amount = amounts.get(item["code"] or "") if item["itemType"] in ORDERED else None
    if amount is None:
        return item
    if amount <= 0:
        return None
    price = Decimal(item["unitPrice"]["withVat"]) * exchange
    changed = _goods_item(shop, Wanted(item["code"], amount, Decimal(item["priceRatio"]), price), exchange, stock_id)
    return {**changed, "itemId": item["itemId"], "status": item["status"], "itemType": item["itemType"], "name": item["name"]}


def _recounted(shop: Shop, order: Record, items: list[Record], exchange: Decimal) -> Record:
    rounds = any(row["guid"] == (order["paymentMethod"] or {}).get("guid") and row["_rounds"] for row in PAYMENTS)
    price = total_prices(items, order["price"]["currencyCode"], exchange, rounds=rounds)
    return {**order, "items": items, "price": price, "completion": completion(items, _set_parts(shop, items))}


def list_price(shop: Shop, code: str) -> Decimal:
    """Return what a customer pays for one piece of a variant. Raises ApiError."""
    return vat_inclusive(find_variant(shop, code)[1])
