"""What the shops' records look like, for those who must not know the client that brings them."""

from __future__ import annotations

from clients.shoptet.names import split_name
from clients.shoptet.records import (
    CustomerRecord,
    DeliveryAddressRecord,
    OrderCustomer,
    OrderItem,
    OrderRecord,
    ProductRecord,
    StockRecord,
)

__all__ = ["RECORD_FIELDS", "split_name"]

RECORD_FIELDS: dict[str, frozenset[str]] = {
    "product": frozenset(ProductRecord.__annotations__),
    "stock": frozenset(StockRecord.__annotations__),
    "customer": frozenset(CustomerRecord.__annotations__),
    "address": frozenset(DeliveryAddressRecord.__annotations__),
    "order": frozenset(OrderRecord.__annotations__),
    "order_customer": frozenset(OrderCustomer.__annotations__),
    "order_line": frozenset(OrderItem.__annotations__),
}
