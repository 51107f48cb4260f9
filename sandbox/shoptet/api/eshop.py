"""The e-shop itself: its information, payment and shipping methods, and the list of endpoints."""

from __future__ import annotations

from typing import Any

from sandbox.http import Request
from sandbox.shoptet.api.envelope import Answer, Routes, included
from sandbox.shoptet.refusals import ApiError
from sandbox.shoptet.seed.products import SHOP_URL
from sandbox.shoptet.seed.settings import ADDITIONAL_FIELDS, DEFAULT_STATUS, ESHOP, IMAGE_CUTS, PAYMENTS, SHIPPINGS, STATUSES
from sandbox.shoptet.shop import Shop

Record = dict[str, Any]
GROUPS = (
    "eshop",
    "products",
    "categories",
    "pricelists",
    "orders",
    "customers",
    "stocks",
    "webhooks",
    "payment-methods",
    "shipping-methods",
)


def public(row: Record) -> Record:
    """Return a method without what the stand-in notes about it."""
    return {field: value for field, value in row.items() if not field.startswith("_")}


def get_eshop(shop: Shop, request: Request) -> Answer:
    sections = included(request)
    data = {
        **ESHOP,
        "contactInformation": {**ESHOP["contactInformation"], "eshopId": shop.options.eshop_id},
        "settings": {**ESHOP["settings"], "exchangeRateFlip": shop.flipped},
        "currencies": shop.currencies,
    }
    made = {
        "orderAdditionalFields": [{"index": index, "label": label} for index, label in enumerate(ADDITIONAL_FIELDS, start=1)],
        "orderStatuses": {"statuses": [_status(row) for row in STATUSES], "defaultStatus": DEFAULT_STATUS},
        "paymentMethods": _methods(PAYMENTS, "defaultPayment"), "shippingMethods": _methods(SHIPPINGS, "defaultShipping"),
        "imageCuts": [_cut(*cut) for cut in IMAGE_CUTS], "countries": [_country()], "cashDesk": {"defaultOrderStatusId": DEFAULT_STATUS},
    }  # fmt: skip
    return Answer({**data, **{name: section for name, section in made.items() if name.lower() in sections}})


def _status(row: Record) -> Record:
    return {field: row[field] for field in ("id", "order", "name", "markAsPaid")}


def _methods(rows: tuple[Record, ...], default: str) -> Record:
    methods = [{"guid": row["guid"], "order": row["priority"], "name": row["name"], "visible": row["visible"]} for row in rows]
    return {
        "retail": {"methods": methods, default: rows[0]["guid"]}, "wholesale": {"methods": [], default: None}, "wholesaleActive": False,
    }  # fmt: skip


def _cut(name: str, width: int | None, height: int | None) -> Record:
    path = f"{SHOP_URL}/user/shop/{name}/"
    return {"name": name, "width": width, "height": height, "urlPath": path, "cdnPath": path}


def _country() -> Record:
    return {
        "countryCode": "CZ", "countryName": "Česká republika", "companyIdPattern": r"^\d{8}$", "companyIdExample": "28935675",
        "zipCodePattern": r"^[1-7]\d{2}\s*\d{2}$",
    }  # fmt: skip


def list_payments(_shop: Shop, request: Request) -> Answer:
    return Answer({"paymentMethods": _all(PAYMENTS, request), **_defaults(PAYMENTS)})


def list_shippings(_shop: Shop, request: Request) -> Answer:
    return Answer({"shippingMethods": _all(SHIPPINGS, request), **_defaults(SHIPPINGS)})


def _all(rows: tuple[Record, ...], request: Request) -> list[Record]:
    if request.argument("salesChannelGuid"):
        raise ApiError(403, "missing-module", 'Module "Sales channel" is not active.', "salesChannel")
    return [public(row) for row in rows]


def _defaults(rows: tuple[Record, ...]) -> Record:
    return {"wholesaleActive": False, "wholesaleSplitActive": False, "defaultRetailMethod": rows[0]["guid"], "defaultWholesaleMethod": None}


def list_endpoints(_shop: Shop, request: Request) -> Answer:
    if request.argument("status") == "pending":
        return Answer({"endpoints": []})
    rows = [
        {"endpoint": name, "description": name, "group": {"id": number, "description": name}, "access": "both", "action": None}
        for number, name in enumerate(GROUPS, start=1)
    ]
    return Answer({"endpoints": rows})


ROUTES: Routes = (
    ("GET", "/api/eshop", get_eshop),
    ("GET", "/api/payment-methods", list_payments),
    ("GET", "/api/shipping-methods", list_shippings),
    ("GET", "/api/system/endpoints", list_endpoints),
)
