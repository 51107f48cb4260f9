"""Make flat records of an order's lines: those that carry money, and what a set is made of."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from clients.shoptet.names import join_variant
from clients.shoptet.wire import (
    amount,
    amount_or_zero,
    identifier,
    key,
    optional_rows,
    optional_section,
    read_rows,
    rows,
    section,
    text,
    vat_rate,
)

# A set's price stands on the set itself; were its parts counted too, the order would cost twice as much.
SET_PART = "product-set-item"


def items_of(order: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the lines that carry money, in the order's own sequence."""
    parents = _parents(order)
    return [_item(row, parents) for row in rows(order, "items", "order") if text(row.get("itemType")) != SET_PART]


def set_components_of(order: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what the ordered sets are made of: goods for the warehouse, without money."""
    found = read_rows(order, "completion", lambda row: _component(row) if row.get("parentProductSetItemId") is not None else None)
    return [component for component in found if component is not None]


def _item(row: Mapping[str, Any], parents: dict[str, str]) -> dict[str, Any]:
    item_id = key(row, "itemId", "item")
    price = section(row, "itemPrice", "item")
    unit_price = section(row, "unitPrice", "item")
    variant_name = text(row.get("variantName"))
    ratio = amount(row, "priceRatio", "item")
    return {
        "id": item_id,
        "productId": identifier(row, "productGuid", "item"),
        "code": identifier(row, "code", "item"),
        "type": key(row, "itemType", "item"),
        "name": join_variant(text(row.get("name")), variant_name),
        "variantName": variant_name,
        "ean": text(row.get("ean")),
        "quantity": amount_or_zero(row, "amount", "item"),
        "unit": text(row.get("amountUnit")),
        "unitPrice": amount_or_zero(unit_price, "withVat", "item.unitPrice"),
        "unitPriceWithoutVat": amount_or_zero(unit_price, "withoutVat", "item.unitPrice"),
        "vatRate": vat_rate(price, "vatRate", "item.itemPrice"),
        "total": amount_or_zero(price, "withVat", "item.itemPrice"),
        "totalWithoutVat": amount_or_zero(price, "withoutVat", "item.itemPrice"),
        "vat": amount_or_zero(price, "vat", "item.itemPrice"),
        "purchasePrice": amount(optional_section(row, "purchasePrice"), "withoutVat", "item.purchasePrice"),
        "discountRatio": Decimal(1) if ratio is None else ratio,
        "parentSetItemId": parents.get(item_id, ""),
        "weight": amount(row, "weight", "item"),
        "remark": text(row.get("remark")),
        "additionalField": text(row.get("additionalField")),
        "stockLocation": text(row.get("stockLocation")),
        "surcharges": _surcharges(row),
        "vatBreakdown": [_vat_share(share) for share in optional_rows(row, "itemPriceVatBreakdown")] or [_vat_share(price)],
    }


def _parents(order: Mapping[str, Any]) -> dict[str, str]:
    return {
        text(row.get("itemId")): text(row.get("parentProductSetItemId"))
        for row in optional_rows(order, "completion")
        if row.get("itemId") is not None
    }


def _component(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "parentItemId": text(row.get("parentProductSetItemId")),
        "productId": text(row.get("productGuid")),
        "code": text(row.get("code")),
        "name": join_variant(text(row.get("name")), text(row.get("variantName"))),
        "quantity": amount_or_zero(row, "amount", "completion"),
        "unit": text(row.get("amountUnit")),
    }


def _vat_share(price: Mapping[str, Any]) -> dict[str, Decimal]:
    shares = {name: amount_or_zero(price, name, "item.itemPrice") for name in ("withVat", "withoutVat", "vat")}
    return {"vatRate": vat_rate(price, "vatRate", "item.itemPrice"), **shares}


def _surcharges(row: Mapping[str, Any]) -> list[str]:
    """Name what was chosen for a surcharge: as the shop's staff edited it, else as it was ordered."""
    edited = [text(one.get("name")) for one in optional_rows(row, "specificSurchargeParameters")]
    named = edited or [_surcharge(pair) for pair in optional_rows(row, "surchargeParameters")]
    return [name for name in named if name]


def _surcharge(pair: Mapping[str, Any]) -> str:
    name = text(optional_section(pair, "parameterName").get("name"))
    value = text(optional_section(pair, "parameterValue").get("description"))
    return f"{name}: {value}" if name and value else name or value
