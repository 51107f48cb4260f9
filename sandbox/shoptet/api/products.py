"""Products, categories and price lists."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sandbox.http import Request
from sandbox.shoptet.api.conditions import Condition, equal, within_times
from sandbox.shoptet.api.envelope import Answer, Paged, Routes, body_data, changes_answer, included, listed, moment
from sandbox.shoptet.api.price_lists import price_list_row
from sandbox.shoptet.product_changes import (
    add_product,
    change_product,
    delete_product,
    delete_variant,
    find_product,
    find_variant,
    stock_amounts,
)
from sandbox.shoptet.refusals import bad_parameter, invalid, not_found
from sandbox.shoptet.seed.settings import PRICE_LISTS
from sandbox.shoptet.shop import Shop

Record = dict[str, Any]

FILTERS = {
    "visibility": ("visibility",), "type": ("type",), "brandName": ("brand", "name"), "brandCode": ("brand", "code"),
    "defaultCategoryGuid": ("defaultCategory", "guid"), "supplierGuid": ("supplier", "guid"),
}  # fmt: skip
SECTIONS = {
    "images": "images", "allcategories": "categories", "flags": "flags", "descriptiveparameters": "descriptiveParameters",
    "surchargeparameters": "surchargeParameters", "setitems": "setItems", "filteringparameters": "filteringParameters",
    "warranty": "warranty",
    "gifts": "gifts", "alternativeproducts": "alternativeProducts", "relatedproducts": "relatedProducts", "relatedfiles": "relatedFiles",
    "relatedvideos": "relatedVideos",
}  # fmt: skip
VARIANT_SECTIONS = {"variantparameters": ("parameters", "name"), "measureunit": ("measureUnit",), "recyclingfee": ("recyclingFee",)}


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
    counted = [Decimal(row["amount"]) for row in amounts if row["amount"] is not None]
    record["stock"] = shop.stock.wire_amount(variant["code"], sum(counted, Decimal(0)))
    if "perstockamounts" in sections:
        record["perStockAmounts"] = amounts
    if "perpricelistprices" in sections:
        record["perPricelistPrices"] = [{**price_list_row(variant, row["id"]), "pricelistId": row["id"]} for row in PRICE_LISTS]
    return record


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


def _conditions(request: Request) -> Iterator[Condition]:
    yield from within_times(request)
    yield from equal(request, FILTERS)
    if category := request.argument("categoryGuid"):
        yield lambda row: any(step["guid"] == category for step in row["categories"])
    if flag := request.argument("flag"):
        yield lambda row: any(mark["code"] == flag for mark in row["flags"])


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
)
