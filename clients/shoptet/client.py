"""The whole of Shoptet's API that the portal uses, in one object."""

from __future__ import annotations

from typing import Any

from clients.shoptet.config import ShoptetConfig
from clients.shoptet.connection import Connection
from clients.shoptet.customers import CustomerCalls
from clients.shoptet.eshop import EshopCalls
from clients.shoptet.orders import OrderCalls
from clients.shoptet.products import ProductCalls
from clients.shoptet.stocks import StockCalls
from clients.shoptet.webhooks import WebhookCalls
from clients.transport import Transport

PARTNER = "Shoptet"


class ShoptetClient(EshopCalls, ProductCalls, StockCalls, CustomerCalls, OrderCalls, WebhookCalls):
    """Talk to one e-shop; a client is made for one piece of work, and its session may be shared.

    The keyword arguments are `Transport`'s: session, limiter, breaker, policy, sleep, priority.
    """

    def __init__(self, config: ShoptetConfig, **transport_options: Any) -> None:
        self.config = config
        self._transport = Transport(partner=PARTNER, base_url=config.origin, **transport_options)
        super().__init__(Connection(config, self._transport))

    @classmethod
    def for_token(cls, base_url: str, token: str, **transport_options: Any) -> ShoptetClient:
        """Return a client for a private token."""
        return cls(ShoptetConfig(base_url=base_url, token=token), **transport_options)

    def close(self) -> None:
        """Close the connections, unless the session was lent."""
        self._transport.close()

    def __enter__(self) -> ShoptetClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
