"""Make flat records of a product: one for each of its variants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

from clients.shoptet.flat import is_flat_product, keep_flat
from clients.shoptet.names import join_variant
from clients.shoptet.records import ActionPrice, NamedRef, NamedValue, PriceListPrice, SetItem, StockAmount
from clients.shoptet.unread import taking_notes
from clients.shoptet.wire import (
    ZERO,
    WireError,
    amount,
    amount_or_zero,
    day,
    key,
    moment_text,
    optional_rows,
    optional_section,
    or_noted,
    read_rows,
    rows,
    sure_amount,
    text,
    vat_rate,
    with_vat,
    without_vat,
)

GALLERY = "shop"
IMAGE_CUT = "/user/shop/big/"
HIDDEN = ("hidden",)


@dataclass(frozen=True)
class BadVariant:
    """A variant that cannot be read: its code, as far as it has one, where it stands, and why; its siblings are read all the same."""

    code: str
    place: str
    error: WireError


def normalise_product(data: Mapping[str, Any], *, image_base: str = "") -> list[dict[str, Any]]:
    """Return one record per variant of a product's detail, or a flat record of the specification as it is."""
    records, bad = read_product(data, image_base=image_base)
    if bad:
        raise bad[0].error
    return records


def read_product(data: Mapping[str, Any], *, image_base: str = "") -> tuple[list[dict[str, Any]], list[BadVariant]]:
    """Return one record per variant that can be read, and what is wrong with each of the others; a flat record stays as it is."""
    if is_flat_product(data):
        return [keep_flat(data)], []
    variants = rows(data, "variants", "product")
    if not variants:
        raise WireError("field product.variants is empty")
    records: list[dict[str, Any]] = []
    bad: list[BadVariant] = []
    with taking_notes(data) as common:
        shared = _shared_by_variants(data, variants, image_base or _image_base(data))
    for number, variant in enumerate(variants, 1):
        try:
            with taking_notes(data) as own:
                record = _variant_record(data, variant, shared, several=len(variants) > 1)
        except WireError as error:
            bad.append(BadVariant(text(variant.get("code")), f"variants[{number}]", error))
        else:
            records.append(own.onto(common.onto(record)))
    return records, bad


def _shared_by_variants(data: Mapping[str, Any], variants: list[Mapping[str, Any]], image_base: str) -> dict[str, Any]:
    category = optional_section(data, "defaultCategory")
    return {
        "guid": key(data, "guid", "product"),
        "productName": text(data.get("name")),
        "description": text(data.get("description")),
        "shortDescription": text(data.get("shortDescription")),
        "brand": text(optional_section(data, "brand").get("name")),
        "supplier": text(optional_section(data, "supplier").get("name")),
        "categoryId": text(category.get("guid")),
        "categoryName": text(category.get("name")),
        "categories": _categories(data),
        "images": _images(data, image_base),
        "imageBase": image_base,
        "descriptiveParameters": _parameters(data, "descriptiveParameters", "name", "value"),
        "visibility": text(data.get("visibility")),
        "type": text(data.get("type")),
        "warranty": text(optional_section(data, "warranty").get("description")),
        "internalNote": text(data.get("internalNote")),
        "setItems": _set_items(data),
        "createdAt": moment_text(data, "creationTime", "product"),
        "changedAt": moment_text(data, "changeTime", "product"),
        "siblings": [code for variant in variants if (code := text(variant.get("code")))],
    }


def _variant_record(data: Mapping[str, Any], variant: Mapping[str, Any], shared: dict[str, Any], *, several: bool) -> dict[str, Any]:
    code = key(variant, "code", "variant")
    parameters = _parameters(variant, "parameters", "paramName", "paramValue")
    variant_name = text(variant.get("name")) or ", ".join(f"{row['name']}: {row['value']}" for row in parameters)
    own = {name: value for name, value in shared.items() if name != "imageBase"}
    return own | {
        "id": code,
        "code": code,
        "variantName": variant_name,
        "name": join_variant(shared["productName"], variant_name) if several else shared["productName"] or code,
        **_prices(variant),
        "quantity": amount(variant, "stock", "variant"),
        "unit": text(variant.get("unit")),
        "ean": text(variant.get("ean")),
        "manufacturerCode": text(variant.get("manufacturerCode")),
        "weight": amount(variant, "weight", "variant"),
        "imageUrl": _main_image(data, variant, shared),
        "variantParameters": parameters,
        "visible": variant.get("visible") is not False and shared["visibility"] not in HIDDEN,
        "url": _url(variant) or _url(data),
        "stocks": read_rows(variant, "perStockAmounts", _stock_amount),
        "priceLists": read_rows(variant, "perPricelistPrices", _price_list),
    }


def _prices(variant: Mapping[str, Any]) -> dict[str, Any]:
    price = sure_amount(variant, "price", "variant")
    rate = vat_rate(variant, "vatRate", "variant")
    including = variant.get("includingVat") is not False
    purchase = optional_section(optional_section(variant, "prices"), "purchasePrice")
    bought = amount(purchase, "price", "purchasePrice")
    bought_rate = or_noted(purchase, "vatRate", lambda: vat_rate(purchase, "vatRate", "purchasePrice"))
    return {
        "price": price,
        "priceWithVat": _gross(price, rate, including),
        "priceWithoutVat": _net(price, rate, including),
        "includingVat": including,
        "vatRate": rate,
        "currency": key(variant, "currencyCode", "variant"),
        "purchasePrice": bought,
        "purchasePriceWithoutVat": None if bought_rate is None else _net(bought, bought_rate, purchase.get("includingVat") is not False),
        "commonPrice": amount(variant, "commonPrice", "variant"),
        "actionPrice": _action_price(variant),
    }


def _gross(price: Decimal | None, rate: Decimal, including: bool) -> Decimal | None:
    if price is None:
        return None
    return with_vat(price, ZERO if including else rate)


def _net(price: Decimal | None, rate: Decimal, including: bool) -> Decimal | None:
    if price is None:
        return None
    return without_vat(price, rate if including else ZERO)


def _action_price(variant: Mapping[str, Any]) -> ActionPrice | None:
    action = optional_section(variant, "actionPrice")
    price = amount(action, "price", "actionPrice")
    if price is None:
        return None
    return {
        "price": price,
        "fromDate": day(action, "fromDate", "actionPrice") or None,
        "toDate": day(action, "toDate", "actionPrice") or None,
    }


def _categories(data: Mapping[str, Any]) -> list[NamedRef]:
    return [{"id": text(row.get("guid")), "name": text(row.get("name"))} for row in optional_rows(data, "categories")]


def _parameters(data: Mapping[str, Any], field: str, name: str, value: str) -> list[NamedValue]:
    return [{"name": text(row.get(name)), "value": text(row.get(value))} for row in optional_rows(data, field)]


def _set_items(data: Mapping[str, Any]) -> list[SetItem]:
    return read_rows(data, "setItems", _set_item)


def _set_item(row: Mapping[str, Any]) -> SetItem:
    return {"code": key(row, "code", "setItem"), "guid": text(row.get("guid")), "amount": amount_or_zero(row, "amount", "setItem")}


def _stock_amount(row: Mapping[str, Any]) -> StockAmount:
    return {
        "stockId": key(row, "stockId", "perStockAmounts"),
        "amount": sure_amount(row, "amount", "perStockAmounts"),
        "claim": amount_or_zero(row, "claim", "perStockAmounts"),
        "location": text(row.get("location")),
        "changedAt": moment_text(row, "lastAmountUpdate", "perStockAmounts"),
    }


def _price_list(row: Mapping[str, Any]) -> PriceListPrice:
    price = optional_section(row, "price")
    # Shoptet is about to put the one in the other's place.
    bought = optional_section(optional_section(row, "prices"), "purchasePrice")
    old = amount(price, "buyPrice", "perPricelistPrices.price")
    return {
        "id": key(row, "pricelistId", "perPricelistPrices"),
        "price": sure_amount(price, "price", "perPricelistPrices.price"),
        "currency": text(row.get("currencyCode")),
        "includingVat": row.get("includingVat") is not False,
        "vatRate": vat_rate(row, "vatRate", "perPricelistPrices"),
        "purchasePrice": amount(bought, "price", "perPricelistPrices.prices.purchasePrice") if bought else old,
    }


def _images(data: Mapping[str, Any], base: str) -> list[str]:
    found = [row for row in optional_rows(data, "images") if text(row.get("gallery")) in ("", GALLERY)]
    # The sort is stable: the main image first, the others as the shop ordered them.
    found.sort(key=lambda row: row.get("isMainImage") is not True)
    return [_image_url(base, text(row.get("name"))) for row in found if text(row.get("name"))]


def _main_image(data: Mapping[str, Any], variant: Mapping[str, Any], shared: dict[str, Any]) -> str:
    own = text(variant.get("image"))
    if own and variant.get("isProductDefaultImage") is not True:
        return _image_url(shared["imageBase"], own)
    if shared["images"]:
        return str(shared["images"][0])
    return _image_url(shared["imageBase"], own) if own else ""


def _image_url(base: str, name: str) -> str:
    if name.startswith(("https://", "http://")) or not base:
        return name
    return f"{base.rstrip('/')}/{quote(name, errors='replace')}"


def _image_base(data: Mapping[str, Any]) -> str:
    parts = or_noted(data, "url", lambda: _address(text(data.get("url"))))
    if parts is None:
        return ""
    return f"{parts.scheme}://{parts.netloc}{IMAGE_CUT}" if parts.netloc else ""


def _url(data: Mapping[str, Any]) -> str:
    """Return the page's address; one that is none is left out and noted."""
    return text(data.get("url")) if or_noted(data, "url", lambda: _address(text(data.get("url")))) else ""


def _address(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:
        raise WireError("field product.url is not an address", "not_an_address") from error
