"""Price lists: the prices of all variants, read and changed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.http import Request
from sandbox.shoptet.api.envelope import Answer, Paged, Routes, body_data
from sandbox.shoptet.money import price_text
from sandbox.shoptet.product_changes import find_variant, save_variant, set_price
from sandbox.shoptet.refusals import ApiError
from sandbox.shoptet.seed.settings import PRICE_LIST_FACTORS, PRICE_LISTS
from sandbox.shoptet.shop import Shop

Record = dict[str, Any]

SALES = {
    "minPriceRatio": "0.000", "freeShipping": False, "freeBilling": False, "loyaltyDiscount": True, "volumeDiscount": True,
    "quantityDiscount": True, "discountCoupon": True,
}  # fmt: skip
MOST_PRICES = 300


def price_list_row(variant: Record, price_list: int) -> Record:
    """Return a variant's line in a price list; the second list follows the first one."""
    main, bought = price_list == PRICE_LISTS[0]["id"], variant["prices"]["purchasePrice"]
    price = Decimal(variant["price"]) * Decimal(PRICE_LIST_FACTORS[price_list])
    prices = {
        "price": price_text(price), "commonPrice": variant["commonPrice"] if main else None, "buyPrice": bought["price"] if main else None,
        "priceRatio": "1.000", "actionPrice": variant["actionPrice"] if main else None,
    }  # fmt: skip
    return {
        "code": variant["code"], "currencyCode": variant["currencyCode"], "includingVat": variant["includingVat"],
        "vatRate": variant["vatRate"],
        "price": prices, "sales": SALES, "orderableAmount": {"minimumAmount": None, "maximumAmount": None},
        "prices": {"purchasePrice": bought},
    }  # fmt: skip


def list_price_lists(_shop: Shop, _request: Request) -> Answer:
    return Answer({"pricelists": list(PRICE_LISTS)})


def _price_list(request: Request) -> int:
    number = request.params["id"]
    if number not in {str(row["id"]) for row in PRICE_LISTS}:
        raise ApiError(404, "pricelist-not-found", f'Pricelist with id "{number}" not found.', number)
    return int(number)


def get_price_list(shop: Shop, request: Request) -> Answer:
    number, paged = _price_list(request), Paged(100, 100)
    code, guid = request.argument("code"), request.argument("guid")
    if code or guid:
        found = shop.catalogue.by_code(code) if code else None
        variants = [found[1]] if found else (shop.catalogue.get(guid) or {"variants": []})["variants"]
        return paged.answer(request, "pricelist", variants, lambda variant: price_list_row(variant, number))
    rows = shop.catalogue.variants
    found_in = shop.catalogue.by_code
    return paged.sliced(
        request, "pricelist", shop.catalogue.variant_total,
        lambda start, stop: (price_list_row(pair[1], number) for _guid, code in rows(start, stop) if (pair := found_in(code))),
    )  # fmt: skip


def patch_price_list(shop: Shop, request: Request) -> Answer:
    _price_list(request)
    rows = body_data(request, list)
    if len(rows) > MOST_PRICES:
        raise ApiError(413, "payload-too-large", f"Maximum number of updates is {MOST_PRICES}.", "data")
    errors = [error for row in rows if (error := _patch_price(shop, row))]
    if errors and len(errors) == len(rows):
        refusal = ApiError(400, "", "")
        refusal.lines = errors
        raise refusal
    return Answer(None, errors=errors or None)


def _patch_price(shop: Shop, row: Record) -> Record | None:
    code = str(row.get("code"))
    found = shop.catalogue.by_code(code)
    if found is None:
        return {"errorCode": "unknown-product", "message": f'Product "{code}" does not exist. Skipped.', "instance": code}
    for name, including_vat in (("price", None), ("priceWithVat", True), ("priceWithoutVat", False)):
        prices = row.get(name) or {}
        if prices.get("price") is not None:
            set_price(shop, code, Decimal(prices["price"]), including_vat=including_vat)
        if "actionPrice" in prices or "commonPrice" in prices:
            product, variant = find_variant(shop, code)
            changes = {field: prices[field] for field in ("actionPrice", "commonPrice") if field in prices}
            save_variant(shop, product, {**variant, **changes}, price_changed=True)
    return None


ROUTES: Routes = (
    ("GET", "/api/pricelists", list_price_lists),
    ("GET", "/api/pricelists/{id}", get_price_list),
    ("PATCH", "/api/pricelists/{id}", patch_price_list),
)
