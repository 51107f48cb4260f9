"""Makes the items of an order with sums that agree to the cent: goods, shipping, payment, discounts, gifts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.shoptet.money import (
    HUNDRED,
    amount_text,
    cents,
    price_parts,
    price_text,
    rate_text,
    ratio_text,
    split_by_share,
    sum_of,
    with_vat,
)
from sandbox.shoptet.order_request import Wanted, coupon_discount

Record = dict[str, Any]

ITEM: Record = {
    "productGuid": None, "code": None, "ean": None, "itemType": "product", "productType": None, "name": "", "variantName": None,
    "brand": None,
    "remark": None, "weight": "0.000", "additionalField": None, "amount": "1.000", "amountUnit": "ks", "priceRatio": "1.0000",
    "status": None,
    "itemPrice": None, "unitPrice": None, "displayPrices": [], "purchasePrice": None, "recyclingFee": None, "mainImage": None,
    "stockLocation": None,
    "supplierName": None, "itemId": 0, "warrantyDescription": None, "amountCompleted": "0.000", "surchargeParametersTexts": [],
    "surchargeParameters": [], "specificSurchargeParameters": [], "productFlags": [], "consumptionTax": None, "itemPriceVatBreakdown": None,
}  # fmt: skip


def vat_inclusive(variant: Record) -> Decimal:
    """Return what a customer pays for one piece, the special offer not counted."""
    price = Decimal(variant["price"])
    return price if variant["includingVat"] else with_vat(price, Decimal(variant["vatRate"]))


def product_item(product: Record, variant: Record, wanted: Wanted, exchange: Decimal, location: str | None) -> Record:
    """Return an item for goods; `exchange` is the price of one unit of the order's currency in crowns."""
    rate = Decimal(variant["vatRate"])
    unit = cents((vat_inclusive(variant) if wanted.unit_price is None else wanted.unit_price) / exchange)
    texts, specific, surcharge = _surcharge(wanted, exchange)
    unit += surcharge
    total = cents(unit * wanted.amount * wanted.ratio)
    bought = variant["prices"]["purchasePrice"]
    cost = cents(Decimal(bought["price"]) / exchange)
    image = (
        {key: value for key, value in product["images"][0].items() if key not in ("isMainImage", "gallery")} if product["images"] else None
    )
    item = {
        "productGuid": product["guid"], "code": variant["code"], "ean": variant["ean"],
        "itemType": "product-set" if product["type"] == "product-set" else "product", "productType": product["type"],
        "name": product["name"],
        "variantName": variant["name"], "brand": product["brand"]["name"] if product["brand"] else None, "weight": variant["weight"],
        "amount": amount_text(wanted.amount), "amountUnit": variant["unit"], "priceRatio": ratio_text(wanted.ratio),
        "itemPrice": price_parts(total, rate), "unitPrice": price_parts(unit, rate), "displayPrices": [price_parts(total, rate)],
        "purchasePrice": price_parts(cost if bought["includingVat"] else with_vat(cost, rate), rate), "mainImage": image,
        "stockLocation": location,
        "supplierName": product["supplier"]["name"] if product["supplier"] else None,
        "warrantyDescription": product["warranty"]["description"] if product["warranty"] else None, "surchargeParametersTexts": texts,
        "specificSurchargeParameters": specific,
    }  # fmt: skip
    return {**ITEM, **item, **wanted.override}


def _surcharge(wanted: Wanted, exchange: Decimal) -> tuple[list[str], list[Record], Decimal]:
    """Return a surcharge as Shoptet ends to tell it, as it tells it now, and its price."""
    if wanted.surcharge is None:
        return [], [], Decimal(0)
    name, price = wanted.surcharge
    price = cents(price / exchange)
    told = f"{name} (+{price_text(price)})"
    return [told], [{"relationId": "1", "name": told, "price": price_text(price)}], price


def service_item(kind: str, name: str, price: Decimal, rate: Decimal, **more: Any) -> Record:
    """Return an item for shipping, payment or anything else with one VAT rate."""
    parts = price_parts(price, rate)
    return {**ITEM, "itemType": kind, "name": name, "amountUnit": None, "itemPrice": parts, "unitPrice": parts, "displayPrices": [parts],
            "itemPriceVatBreakdown": [parts], **more}  # fmt: skip


def discount_item(kind: str, name: str, discount: Decimal, goods: list[Record], **more: Any) -> Record:
    """Return one item for a discount over goods of several VAT rates; the split by rate stands beside it."""
    shares: dict[Decimal, Decimal] = {}
    for item in goods:
        rate = Decimal(item["itemPrice"]["vatRate"])
        shares[rate] = shares.get(rate, Decimal(0)) + Decimal(item["itemPrice"]["withVat"])
    shares = {rate: share for rate, share in shares.items() if share} or {Decimal(21): Decimal(1)}
    breakdown = [price_parts(-part, rate) for rate, part in sorted(split_by_share(discount, shares).items(), reverse=True)]
    main = max(shares, key=lambda rate: shares[rate])
    parts = {field: price_text(sum_of(breakdown, field)) for field in ("withVat", "withoutVat", "vat")} | {"vatRate": rate_text(main)}
    return {**ITEM, "itemType": kind, "name": name, "amountUnit": None, "itemPrice": parts, "unitPrice": parts, "displayPrices": breakdown,
            "itemPriceVatBreakdown": breakdown, **more}  # fmt: skip


def coupon_item(coupon: str, goods: list[Record], exchange: Decimal) -> Record:
    """Return the item of a discount coupon; it never takes off more than the goods cost."""
    kind, value = coupon_discount(coupon)
    whole = sum((Decimal(item["itemPrice"]["withVat"]) for item in goods), Decimal(0))
    discount = cents(whole * value / HUNDRED) if kind == "percent" else cents(value / exchange)
    label = f"Slevový kupón {coupon}"
    return discount_item("discount-coupon", label, min(discount, whole), goods, code=coupon[:64], amountUnit="ks")


def gift_item(product: Record, variant: Record) -> Record:
    """Return a gift: goods for nothing."""
    item = product_item(product, variant, Wanted(variant["code"], unit_price=Decimal(0)), Decimal(1), None)
    return {**item, "itemType": "gift", "name": f"{item['name']} (dárek zdarma)"}
