"""Make flat records of what a stock holds, and of the movements in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clients.shoptet.wire import amount, amount_or_zero, key, moment, moment_text, text, whole


def normalise_supply(row: Mapping[str, Any], *, stock_id: str) -> dict[str, Any]:
    """Return one variant's amounts in one stock; what can be ordered and what is claimed make what lies on the shelf."""
    code = key(row, "code", "supply")
    orderable = amount(row, "amount", "supply")
    claim = amount_or_zero(row, "claim", "supply")
    return {
        "id": f"{stock_id}:{code}",
        "stockId": stock_id,
        "code": code,
        "productGuid": text(row.get("productGuid")),
        "amount": orderable,
        "claim": claim,
        "onHand": None if orderable is None else orderable + claim,
        "reserved": claim,
        "available": orderable,
        "location": text(row.get("location")),
        "changedAt": moment_text(row, "changeTime", "supply"),
    }


def normalise_movement(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return one movement; `amount` is what was left afterwards, `id` a number that only grows, `changed_at` an aware time."""
    return {
        "id": whole(row, "id", "movement"),
        "code": key(row, "productCode", "movement"),
        "amount": amount(row, "actualAmount", "movement"),
        "change": amount(row, "amountChange", "movement"),
        "changed_at": moment(row, "changeTime", "movement"),
        "order_code": text(row.get("orderCode")),
    }


def normalise_stock(row: Mapping[str, Any], *, default_id: str) -> dict[str, Any]:
    """Return one stock as staff know it."""
    stock_id = key(row, "id", "stock")
    return {
        "id": stock_id,
        "name": text(row.get("title")),
        "isDefault": stock_id == default_id,
        "isDeliveryPoint": row.get("isDeliveryPoint") is True,
        "visible": row.get("visibleOnEshop") is True,
    }
