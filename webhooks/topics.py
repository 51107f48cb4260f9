"""Shoptet's events: their official names, the specification's names for them, their addresses, and which exclude each other."""

from __future__ import annotations

import re

# The specification's names for events that are called otherwise on the wire.
ALIASES = {"order:payment": "order:paid", "inventory:change": "stock:movement"}

# What the portal wants to hear of, with the last part of the address that it is registered under.
SLUGS = {
    "order:create": "order-created",
    "order:update": "order-updated",
    "order:paid": "order-paid",
    "order:delete": "order-deleted",
    "order:massCreate": "orders-mass-created",
    "order:massUpdate": "orders-mass-updated",
    "order:massPaid": "orders-mass-paid",
    "product:create": "product-created",
    "product:update": "product-updated",
    "product:delete": "product-deleted",
    "product:massCreate": "products-mass-created",
    "product:massUpdate": "products-mass-updated",
    "product:massDelete": "products-mass-deleted",
    "productVariant:create": "product-variant-created",
    "productVariant:update": "product-variant-updated",
    "productVariant:delete": "product-variant-deleted",
    "productVariant:massCreate": "product-variants-mass-created",
    "productVariant:massUpdate": "product-variants-mass-updated",
    "productVariant:massDelete": "product-variants-mass-deleted",
    "productVariantPrice:update": "product-variant-price-updated",
    "productVariantPrice:massUpdate": "product-variant-prices-mass-updated",
    "stock:movement": "inventory-changed",
    "customer:create": "customer-created",
    "customer:update": "customer-updated",
    "customer:delete": "customer-deleted",
    "customer:import": "customers-imported",
    "job:finished": "job-finished",
}

# Shoptet answers 409 to the second of a pair; the one on the left tells more.
EXCLUDES = {"order:update": ("order:cancel",), "customer:update": ("customer:disableOrders", "customer:enableOrders")}

# Set up in the partner administration, never through the API.
SYSTEM_PREFIX = "addon:"


def official_name(event: str) -> str:
    """Return the name that Shoptet's documentation uses for this event."""
    return ALIASES.get(event, event)


def is_mass(event_type: str) -> bool:
    """Whether the event's instance is a list."""
    return ":mass" in event_type


def is_system(event_type: str) -> bool:
    """Whether the event is about the add-on itself."""
    return event_type.startswith(SYSTEM_PREFIX)


def slug_for(event_type: str) -> str:
    """Return the last part of the address that this event is registered under."""
    return SLUGS.get(event_type) or re.sub(r"(?<=[a-z])(?=[A-Z])|:", "-", event_type).lower()
