"""Make flat records of what a stock holds, and of the movements in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clients.shoptet.unread import WireError, leave_out, with_notes
from clients.shoptet.wire import amount, amount_or_zero, identifier, key, moment, moment_text, or_noted, sure_amount, text, whole


@with_notes
def normalise_supply(row: Mapping[str, Any], *, stock_id: str) -> dict[str, Any]:
    """Return one variant's amounts in one stock; whether `amount` is on the shelf or may be ordered, the row does not say."""
    code = key(row, "code", "supply")
    return {
        "id": f"{stock_id}:{code}",
        "stockId": stock_id,
        "code": code,
        "productGuid": identifier(row, "productGuid", "supply"),
        "amount": sure_amount(row, "amount", "supply"),
        "claim": amount_or_zero(row, "claim", "supply"),
        "location": text(row.get("location")),
        "changedAt": moment_text(row, "changeTime", "supply"),
    }


@with_notes
def name_supply(row: Mapping[str, Any], *, stock_id: str, error: WireError) -> dict[str, Any]:
    """Return which variant a row is about whose amounts cannot be read: its detail tells more."""
    code = key(row, "code", "supply")
    leave_out(row, "", error)
    return {"id": f"{stock_id}:{code}", "stockId": stock_id, "code": code, "productGuid": text(row.get("productGuid"))}


@with_notes
def normalise_movement(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return one movement; `amount` is what was left afterwards, `id` a number that only grows, `changed_at` an aware time.

    Of the id and the code either may be unreadable (0, or empty, and then noted): the other still says how far, or what, to read.
    """
    movement_id = or_noted(row, "id", lambda: whole(row, "id", "movement"))
    code = or_noted(row, "productCode", lambda: key(row, "productCode", "movement"))
    if movement_id is None and code is None:
        raise WireError("a movement names neither its id nor a code")
    return {
        "id": movement_id or 0,
        "code": code or "",
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
