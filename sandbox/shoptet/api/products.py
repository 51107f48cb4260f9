"""Products, categories and price lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from sandbox.http import Request
from sandbox.shoptet.api.envelope import Answer, Paged, Routes, body_data, changes_answer, included, listed, moment
from sandbox.shoptet.clock import parse_time
from sandbox.shoptet.money import amount_text, price_text
from sandbox.shoptet.product_changes import (
    add_product,
    change_product,
    delete_product,
    delete_variant,
    find_product,
    find_variant,
    save_variant,
    set_price,
    stock_amounts,
)
from sandbox.shoptet.refusals import ApiError, bad_parameter, invalid, not_found
from sandbox.shoptet.seed.settings import PRICE_LIST_FACTORS, PRICE_LISTS
from sandbox.shoptet.shop import Shop

Record = dict[str, Any]

SECTIONS = {
    "images": "images", "allcategories": "categories", "flags": "flags", "descriptiveparameters": "descriptiveParameters",
    "surchargeparameters": "surchargeParameters", "setitems": "setItems", "filteringparameters": "filteringParameters",
    "warranty": "warranty",
    "gifts": "gifts", "alternativeproducts": "alternativeProducts", "relatedproducts": "relatedProducts", "relatedfiles": "relatedFiles",
    "relatedvideos": "relatedVideos",
}  # fmt: skip
VARIANT_SECTIONS = {"variantparameters": ("parameters", "name"), "measureunit": ("measureUnit",), "recyclingfee": ("recyclingFee",)}
SALES = {
    "minPriceRatio": "0.000", "freeShipping": False, "freeBilling": False, "loyaltyDiscount": True, "volumeDiscount": True,
    "quantityDiscount": True, "discountCoupon": True,
}  # fmt: skip
MOST_PRICES = 300


def detail(shop: Shop, product: Record, sections: set[str]) -> Record:
    """Return a product with the sections asked for only."""
    left_out = {field for name, field in SECTIONS.items() if name not in sections}
    record = {field: value for field, value in product.items() if field not in left_out}
    record["variants"] = [_variant(shop, product, variant, sections) for variant in product["variants"]]
    return record


def _variant(shop: Shop, product: Record, variant: Record, sections: set[str]) -> Record:
    left_out = {field for name, fields in VARIANT_SECTIONS.items() if name not in sections for field in fields}
    record = {field: value for field, value in variant.items() if field not in left_out}
    amounts = stock_amounts(shop, product, variant["code"])
    record["stock"] = amount_text(sum((Decimal(row["amount"]) for row in amounts), Decimal(0)))
    if "perstockamounts" in sections:
        record["perStockAmounts"] = amounts
    if "perpricelistprices" in sections:
        record["perPricelistPrices"] = [{**price_list_row(variant, row["id"]), "pricelistId": row["id"]} for row in PRICE_LISTS]
    return record


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


def list_row(product: Record, sections: set[str]) -> Record:
    """Return a product as the list shows it."""
    fields = (
        "guid",
        "name",
        "type",
        "url",
        "visibility",
        "creationTime",
        "changeTime",
        "brand",
        "supplier",
        "defaultCategory",
        "voteAverageScore",
        "voteCount",
    )
    row = {field: product[field] for field in fields}
    if "images" in sections:
        image = product["images"][0] if product["images"] else None
        row["mainImage"] = {key: value for key, value in image.items() if key not in ("isMainImage", "gallery")} if image else None
    return row


def list_products(shop: Shop, request: Request) -> Answer:
    sections, paged = included(request), Paged(20, 1000)
    by_code, by_guid = listed(request, "productCodes"), listed(request, "productGuids")
    if by_code and by_guid:
        raise bad_parameter("productCodes", 'You can use "productCodes" or "productGuids", but not both.')
    if by_code or by_guid:
        found = [shop.catalogue.by_code(code) for code in by_code]
        chosen = {row[0]["guid"]: row[0] for row in found if row} | {
            guid: product for guid in by_guid if (product := shop.catalogue.get(guid))
        }
        return paged.answer(request, "products", list(chosen.values()), lambda product: list_row(product, sections))
    conditions = list(_conditions(request))
    if not conditions:
        cut = shop.catalogue.products
        return paged.sliced(
            request, "products", shop.catalogue.total, lambda start, stop: (list_row(row, sections) for row in cut(start, stop))
        )
    rows = [product for product in _candidates(shop, request) if all(condition(product) for condition in conditions)]
    return paged.answer(request, "products", rows, lambda product: list_row(product, sections))


def _candidates(shop: Shop, request: Request) -> Iterator[Record]:
    """Leave the bulk out where it cannot have changed since the time asked for."""
    since = moment(request, "changeTimeFrom") or moment(request, "creationTimeFrom")
    if since and since > shop.catalogue.bulk.changed:
        yield from shop.catalogue.own()
        yield from shop.catalogue.changed_bulk()
    else:
        yield from shop.catalogue.products()


def _conditions(request: Request) -> Iterator[Callable[[Record], bool]]:
    for name, field in (("creationTime", "creationTime"), ("changeTime", "changeTime")):
        first, last = moment(request, f"{name}From"), moment(request, f"{name}To")
        if first or last:
            yield lambda row, field=field, first=first, last=last: _between(row[field], first, last)
    for name in ("visibility", "type"):
        if value := request.argument(name):
            yield lambda row, name=name, value=value: row[name] == value
    nested = {
        "brandName": ("brand", "name"),
        "brandCode": ("brand", "code"),
        "defaultCategoryGuid": ("defaultCategory", "guid"),
        "supplierGuid": ("supplier", "guid"),
    }
    for name, (part, key) in nested.items():
        if value := request.argument(name):
            yield lambda row, part=part, key=key, value=value: bool(row[part]) and row[part][key] == value
    if category := request.argument("categoryGuid"):
        yield lambda row: any(step["guid"] == category for step in row["categories"])
    if flag := request.argument("flag"):
        yield lambda row: any(mark["code"] == flag for mark in row["flags"])


def _between(text: str, first: Any, last: Any) -> bool:
    time = parse_time(text)
    return (first is None or time >= first) and (last is None or time <= last)


def get_product(shop: Shop, request: Request) -> Answer:
    return Answer(detail(shop, find_product(shop, request.params["guid"]), included(request)))


def get_by_code(shop: Shop, request: Request) -> Answer:
    return Answer(detail(shop, find_variant(shop, request.params["code"])[0], included(request)))


def create_product(shop: Shop, request: Request) -> Answer:
    data = body_data(request)
    if not data.get("name") or not data.get("variants"):
        raise invalid("The properties name and variants are required.", "data")
    category = next((row["name"] for row in shop.categories if row["guid"] == data.get("defaultCategoryGuid")), "")
    variant = data["variants"][0]
    try:
        product = add_product(shop, {"name": data["name"], "code": variant.get("code"), "category": category})
    except KeyError:
        raise invalid("Default category must be one without subcategories here.", "data.defaultCategoryGuid") from None
    return Answer({"product": detail(shop, product, included(request))}, 201)


def patch_product(shop: Shop, request: Request) -> Answer:
    return Answer(detail(shop, change_product(shop, request.params["guid"], body_data(request)), included(request)))


def patch_by_code(shop: Shop, request: Request) -> Answer:
    product, _variant = find_variant(shop, request.params["code"])
    return Answer(detail(shop, change_product(shop, product["guid"], body_data(request)), included(request)))


def remove_product(shop: Shop, request: Request) -> Answer:
    delete_product(shop, request.params["guid"])
    return Answer(None)


def remove_variant(shop: Shop, request: Request) -> Answer:
    delete_variant(shop, request.params["code"])
    return Answer(None)


def product_changes(shop: Shop, request: Request) -> Answer:
    return changes_answer(shop, request, shop.product_changes, "guid", Paged(1000, 1000))


def list_categories(shop: Shop, request: Request) -> Answer:
    return Paged(500, 1000).answer(request, "categories", shop.categories)


def get_category(shop: Shop, request: Request) -> Answer:
    for category in shop.categories:
        if category["guid"] == request.params["guid"]:
            return Answer(category)
    raise not_found("category", request.params["guid"])


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
    ("GET", "/api/products", list_products),
    ("POST", "/api/products", create_product),
    ("GET", "/api/products/changes", product_changes),
    ("GET", "/api/products/code/{code}", get_by_code),
    ("PATCH", "/api/products/code/{code}", patch_by_code),
    ("DELETE", "/api/products/code/{code}", remove_variant),
    ("GET", "/api/products/{guid}", get_product),
    ("PATCH", "/api/products/{guid}", patch_product),
    ("DELETE", "/api/products/{guid}", remove_product),
    ("GET", "/api/categories", list_categories),
    ("GET", "/api/categories/{guid}", get_category),
    ("GET", "/api/pricelists", list_price_lists),
    ("GET", "/api/pricelists/{id}", get_price_list),
    ("PATCH", "/api/pricelists/{id}", patch_price_list),
)
