"""What forms and the engine choose from: the tables of values with their models, and the transforms with their meaning."""

from __future__ import annotations

from mappings.models import (
    CategoryMapping,
    CustomerGroupMapping,
    PaymentMapping,
    PaymentStateMapping,
    PriceListMapping,
    ShippingMapping,
    StatusMapping,
    ValueMapping,
    WarehouseMapping,
)
from mappings.transforms import TRANSFORMS

MODEL_OF_TABLE: dict[str, type[ValueMapping]] = {
    "category": CategoryMapping,
    "status": StatusMapping,
    "payment": PaymentMapping,
    "payment_state": PaymentStateMapping,
    "shipping": ShippingMapping,
    "warehouse": WarehouseMapping,
    "price_list": PriceListMapping,
    "customer_group": CustomerGroupMapping,
}


def transform_choices() -> list[tuple[str, str]]:
    """List the transforms by name, each with what it does, in the reader's language."""
    return sorted((transform.name, str(transform.help)) for transform in TRANSFORMS.values())
