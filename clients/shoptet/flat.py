"""Records that arrive flat already, in the form of the specification's appendix A."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from clients.shoptet.wire import WireError, decimal

# fmt: off
AMOUNTS = frozenset({
    "price", "quantity", "unitPrice", "unitPriceWithoutVat", "total", "totalWithoutVat", "vat", "vatRate", "toPay", "rounding",
    "exchangeRate", "amount", "claim",
})
# fmt: on


def is_flat_product(data: Mapping[str, Any]) -> bool:
    """Tell a flat product: it has its own id and code where the official form has variants."""
    return "variants" not in data and "id" in data and "code" in data


def is_flat_order(data: Mapping[str, Any]) -> bool:
    """Tell a flat order: it has a number where the official form has a code and prices."""
    return "number" in data and "items" in data and "price" not in data


def keep_flat(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record as it is, its amounts exact and its ids text."""
    try:
        return _members(data)
    except RecursionError as error:
        raise WireError("the record is nested too deep") from error


def _members(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in data.items()}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return _members(value)
    if isinstance(value, list):
        return [_value(name, item) for item in value]
    if isinstance(value, float) or (name in AMOUNTS and isinstance(value, str | int | Decimal) and not isinstance(value, bool)):
        return decimal(value, name)
    if isinstance(value, int) and not isinstance(value, bool) and (name == "id" or name.endswith("Id")):
        return str(value)
    return value
