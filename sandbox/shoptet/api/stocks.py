"""Stocks: supplies and movements."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.http import Request
from sandbox.shoptet.api.envelope import Answer, Paged, Routes, body_data, included, integer, moment
from sandbox.shoptet.clock import parse_time
from sandbox.shoptet.money import amount_text
from sandbox.shoptet.product_changes import set_amount, set_stock
from sandbox.shoptet.refusals import ApiError, invalid, not_found
from sandbox.shoptet.seed.settings import DEFAULT_STOCK, STOCKS
from sandbox.shoptet.shop import Shop
from sandbox.shoptet.stock import Movement

Record = dict[str, Any]
LIST_FIELDS = ("id", "title", "isDeliveryPoint", "visibleOnEshop", "deliveryPointTitle", "deliveryPointAddress")
MOST_MOVEMENTS = 300


def _stock(request: Request) -> Record:
    for row in STOCKS:
        if str(row["id"]) == request.params["stockId"]:
            return row
    raise not_found("stock", request.params["stockId"])


def list_stocks(_shop: Shop, _request: Request) -> Answer:
    rows = [{field: row[field] for field in LIST_FIELDS} for row in STOCKS]
    return Answer({"stocks": rows, "defaultStockId": DEFAULT_STOCK})


def get_stock(_shop: Shop, request: Request) -> Answer:
    return Answer({"stock": _stock(request)})


def list_supplies(shop: Shop, request: Request) -> Answer:
    stock_id, paged, times = _stock(request)["id"], Paged(1000, 1000), "changetime" in included(request)
    code, guid, since = request.argument("code"), request.argument("productGuid"), moment(request, "changedFrom")
    claimed = request.argument("onlyWithClaim") in ("true", "1")

    def make(pair: tuple[str, str]) -> Record:
        return _supply(shop, stock_id, *pair, times=times)

    if code:
        found = shop.catalogue.by_code(code)
        return paged.answer(request, "supplies", [(found[0]["guid"], code)] if found else [], make)
    if guid:
        product = shop.catalogue.get(guid)
        pairs = [(guid, variant["code"]) for variant in product["variants"]] if product else []
        return paged.answer(request, "supplies", pairs, make)
    if since or claimed:
        return paged.answer(request, "supplies", _moved(shop, stock_id, since, claimed), make)
    cut = shop.catalogue.variants
    return paged.sliced(request, "supplies", shop.catalogue.variant_total, lambda start, stop: map(make, cut(start, stop)))


def _moved(shop: Shop, stock_id: int, since: Any, claimed: bool) -> list[tuple[str, str]]:
    """Return the variants whose amount changed or is claimed; what never moved need not be looked at."""
    rows = []
    for code, level in shop.stock.levels[stock_id].items():
        if (since is None or parse_time(level.changed) >= since) and (not claimed or level.claim > 0):
            found = shop.catalogue.by_code(code)
            rows.extend([(found[0]["guid"], code)] if found else [])
    return rows


def _supply(shop: Shop, stock_id: int, guid: str, code: str, *, times: bool) -> Record:
    level = shop.stock.level(stock_id, code)
    product = shop.catalogue.get(guid) if guid else None
    is_set = product is not None and product["type"] == "product-set"
    amount = set_amount(shop, product, stock_id) if product is not None and is_set else shop.stock.shown(level)
    shown = shop.stock.wire_amount(code, amount)
    row = {"productGuid": guid, "code": code, "amount": shown, "claim": amount_text(level.claim), "location": level.location}
    return {**row, "changeTime": level.changed} if times else row


def list_movements(shop: Shop, request: Request) -> Answer:
    log = shop.stock.movements[_stock(request)["id"]]
    last, since, order = integer(request, "lastId", 0), moment(request, "changeTimeFrom"), request.argument("orderCode")
    rows = [row for row in log if row.id > last] if last else list(log)
    rows = [row for row in rows if parse_time(row.time) >= since] if since else rows
    rows = [row for row in rows if row.order_code == order] if order else rows
    sections = included(request)
    return Paged(25, 1000).answer(request, "movements", rows, lambda row: _movement(shop, row, sections))


def _movement(shop: Shop, movement: Movement, sections: set[str]) -> Record:
    row: Record = {
        "id": movement.id, "productCode": movement.code, "actualAmount": movement.amount, "amountChange": movement.change,
        "changedBy": movement.by, "changeTime": movement.time,
    }  # fmt: skip
    if "ordercode" in sections:
        row["orderCode"] = movement.order_code
    if "productguid" in sections:
        found = shop.catalogue.by_code(movement.code)
        row["productGuid"] = found[0]["guid"] if found and found[0]["guid"] == movement.guid else None
    if "historicalproductguid" in sections:
        row["historicalProductGuid"] = movement.guid
    if "sumamount" in sections:
        row["sumAmount"] = amount_text(
            sum((shop.stock.shown(shop.stock.level(stock_id, movement.code)) for stock_id in shop.stock.levels), Decimal(0))
        )
    return row


def last_movement(shop: Shop, request: Request) -> Answer:
    log = shop.stock.movements[_stock(request)["id"]]
    if not log:
        return Answer({"lastId": 0, "lastChangeTime": shop.now()})
    return Answer({"lastId": log[-1].id, "lastChangeTime": log[-1].time})


def patch_movements(shop: Shop, request: Request) -> Answer:
    stock_id, rows = _stock(request)["id"], body_data(request, list)
    if not rows or len(rows) > MOST_MOVEMENTS:
        raise invalid(f"From 1 up to {MOST_MOVEMENTS} products are expected.", "data", status=413 if rows else 422)
    errors = [line for row in rows for line in _patch_movement(shop, stock_id, row)]
    if errors and len(errors) == len(rows):
        refusal = ApiError(400, "", "")
        refusal.lines = errors
        raise refusal
    return Answer(None, errors=errors or None)


def _patch_movement(shop: Shop, stock_id: int, row: Record) -> list[Record]:
    code = str(row.get("productCode"))
    wishes = {
        name: Decimal(str(row[field]))
        for field, name in (("amountChange", "change"), ("quantity", "quantity"), ("realStock", "real"))
        if field in row
    }
    if len(wishes) != 1:
        raise invalid("Exactly one of amountChange, quantity and realStock is expected.", "data")
    try:
        set_stock(shop, stock_id, code, by="api", **wishes)
    except ApiError as error:
        if error.status == 404:
            return [{"errorCode": "unknown-product", "message": f'Product "{code}" does not exist. Skipped.', "instance": code}]
        return error.lines
    return []


ROUTES: Routes = (
    ("GET", "/api/stocks", list_stocks),
    ("GET", "/api/stocks/{stockId}", get_stock),
    ("GET", "/api/stocks/{stockId}/supplies", list_supplies),
    ("GET", "/api/stocks/{stockId}/movements", list_movements),
    ("PATCH", "/api/stocks/{stockId}/movements", patch_movements),
    ("GET", "/api/stocks/{stockId}/movements/last", last_movement),
)
