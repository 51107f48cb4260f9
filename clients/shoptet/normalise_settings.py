"""Make flat records of what a shop is set to: itself, its statuses, methods, categories and price lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clients.shoptet.unread import with_notes
from clients.shoptet.wire import amount, key, optional_rows, optional_section, read_rows, section, text

BIG_CUT = "big"


@with_notes
def normalise_eshop(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the shop's identity and the settings that the portal needs."""
    contact = section(data, "contactInformation", "eshop")
    settings = section(data, "settings", "eshop")
    turned = settings.get("exchangeRateFlip") is True
    currencies = read_rows(data, "currencies", lambda row: _currency(row, turned=turned))
    return {
        "id": key(contact, "eshopId", "contactInformation"),
        "name": text(contact.get("eshopName")),
        "title": text(contact.get("eshopTitle")),
        "url": text(contact.get("url")),
        "email": text(contact.get("email")),
        "timeZone": text(settings.get("timezone")),
        "vatPayer": settings.get("vatPayer") is True,
        "defaultPriceListId": text(optional_section(settings, "defaultPricelist").get("id")),
        "currency": next((row["code"] for row in currencies if row["isDefault"]), ""),
        "currencies": currencies,
        "imageBase": _image_base(data),
        "orderAdditionalFields": [
            {"index": row.get("index"), "label": text(row.get("label"))} for row in optional_rows(data, "orderAdditionalFields")
        ],
    }


def normalise_order_status(row: Mapping[str, Any], *, default_id: str) -> dict[str, Any]:
    """Return one order status as staff know it."""
    status_id = key(row, "id", "status")
    return {
        "id": status_id,
        "name": text(row.get("name")),
        "isDefault": status_id == default_id,
        "isSystem": row.get("system") is True,
        "order": row.get("order"),
        "marksAsPaid": row.get("markAsPaid") is True,
    }


def normalise_method(row: Mapping[str, Any], *, operator: str) -> dict[str, Any]:
    """Return a payment or shipping method as staff know it; `operator` is the field that names who runs it."""
    run_by = optional_section(row, operator)
    return {
        "id": key(row, "guid", "method"),
        "name": text(row.get("name")),
        "visible": row.get("visible") is True,
        "wholesale": row.get("wholesale") is True,
        "operator": text(run_by.get("code")),
        "operatorName": text(run_by.get("name")),
    }


def normalise_category(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return one category; `path` is filled in by `with_paths`."""
    return {
        "id": text(row.get("guid")),
        "name": text(row.get("name")),
        "parentId": text(row.get("parentGuid")),
        "url": text(row.get("url")),
        "visible": row.get("visible") is True,
        "path": text(row.get("name")),
    }


def with_paths(categories: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the categories with their names from the root down: "Kitchen > Ovens"."""
    by_id = {category["id"]: category for category in categories if category["id"]}
    return [category | {"path": " > ".join(_names_down_to(category, by_id))} for category in categories]


def normalise_price_list(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return one price list as staff know it."""
    return {"id": key(row, "id", "pricelist"), "name": text(row.get("name"))}


def _names_down_to(category: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> list[str]:
    names: list[str] = []
    seen: set[str] = set()
    current: dict[str, Any] | None = category
    while current is not None and current["id"] not in seen:
        seen.add(current["id"])
        names.insert(0, current["name"])
        current = by_id.get(current["parentId"])
    return names


def _currency(row: Mapping[str, Any], *, turned: bool) -> dict[str, Any]:
    """Read a currency; its rate is what one unit is worth in the shop's own, also where Shoptet writes it the other way round."""
    rate = amount(row, "exchangeRate", "currency")
    return {
        "code": key(row, "code", "currency"),
        "name": text(row.get("title")),
        "isDefault": row.get("isDefault") is True,
        "exchangeRate": 1 / rate if rate and turned else rate,
    }


def _image_base(data: Mapping[str, Any]) -> str:
    cuts = {text(row.get("name")): text(row.get("urlPath")) for row in optional_rows(data, "imageCuts")}
    return cuts.get(BIG_CUT, "")
