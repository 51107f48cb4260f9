"""The events for which a webhook can be registered."""

from __future__ import annotations

SINGLE = {
    "availability": "create update delete", "brand": "create update delete", "category": "create update delete",
    "creditNote": "create update delete",
    "customer": "create update delete import disableOrders enableOrders", "customerGroup": "create update delete",
    "deliveryNote": "create update delete", "discountCoupon": "create update delete",
    "eshop": "currencies billingInformation settingsInformation design mandatoryFields projectDomain", "invoice": "create update delete",
    "job": "finished", "mailingListEmail": "create delete", "order": "create update delete cancel paid", "orderHistoryRemarks": "change",
    "orderStatusesList": "change", "pricelist": "create delete", "paymentMethod": "change", "proformaInvoice": "create update delete",
    "projectReview": "create", "product": "create update delete", "productVariant": "create update delete", "productVariantPrice": "update",
    "productReview": "created", "proofPayment": "create update delete", "quantityDiscount": "create update delete",
    "salesChannel": "create update delete", "sectionArticle": "create update delete", "shipment": "create update fail",
    "shippingMethod": "change",
    "shippingRequest": "cancelled confirmed", "stock": "movement inStock soldOut minStockSupplyReached", "supplier": "create update delete",
    "warranty": "create update delete",
}  # fmt: skip

MASS = {
    "category": "massCreate massUpdate massDelete", "discountCoupon": "massCreate massDelete", "invoice": "massUpdate",
    "order": "massCreate massUpdate massPaid", "product": "massCreate massUpdate massDelete",
    "productVariant": "massCreate massUpdate massDelete",
    "productVariantPrice": "massUpdate", "quantityDiscount": "massUpdate massDelete",
}  # fmt: skip

EVENTS = frozenset(f"{subject}:{verb}" for table in (SINGLE, MASS) for subject, verbs in table.items() for verb in verbs.split())

EXCLUDED = (
    ("order:update", "order:cancel"),
    ("customer:update", "customer:disableOrders"),
    ("customer:update", "customer:enableOrders"),
)


def mass_name(event: str) -> str:
    """Return the mass event beside a single one, or an empty text where there is none."""
    subject, verb = event.split(":")
    name = f"{subject}:mass{verb[0].upper()}{verb[1:]}"
    return name if name in EVENTS else ""
