"""How one e-shop's API is reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from clients.shoptet.sections import ClientMemory, SectionMemory

PRIVATE_HEADER = "Shoptet-Private-API-Token"
ADDON_HEADER = "Shoptet-Access-Token"
PRODUCT_SECTIONS = (
    "images",
    "variantParameters",
    "allCategories",
    "descriptiveParameters",
    "setItems",
    "warranty",
    "perStockAmounts",
    "perPricelistPrices",
)
ORDER_SECTIONS = ("notes", "shippingDetails", "stockLocation", "surchargeParameters")


@runtime_checkable
class TokenProvider(Protocol):
    """Give the add-on's short-lived API token, shared by all workers."""

    def __call__(self) -> str:
        """Return the token in use."""
        ...

    def refresh(self) -> str:
        """Get a new token and return it; called once after Shoptet says that the one in use has expired."""
        ...


@dataclass(frozen=True)
class ShoptetConfig:
    """Say where an e-shop's API is, with what token, and which optional sections are read.

    `base_url` may end in `/api/` or not. `image_base` is the address of the image cut that product images are taken from
    (`eshop()["imageBase"]`); left empty, it is made from the product's own address. `on_deprecated` is told the method and path of an
    endpoint that Shoptet will end, and the day in Shoptet's own words, at each answer that says so. `sections` remembers which
    optional sections the e-shop does not give, for want of a module.
    """

    base_url: str
    token: str | Callable[[], str] = field(repr=False)
    header: str = PRIVATE_HEADER
    image_base: str = ""
    product_sections: tuple[str, ...] = PRODUCT_SECTIONS
    order_sections: tuple[str, ...] = ORDER_SECTIONS
    on_deprecated: Callable[[str, str], None] | None = None
    sections: SectionMemory = field(default_factory=ClientMemory)

    @property
    def origin(self) -> str:
        """Return the base address without `/api`."""
        return self.base_url.strip().rstrip("/").removesuffix("/api")
