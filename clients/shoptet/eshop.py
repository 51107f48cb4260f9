"""Calls for the shop itself and what it is set to."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from clients.shoptet.calls import Calls
from clients.shoptet.connection import checked, payload
from clients.shoptet.normalise_settings import normalise_eshop, normalise_method, normalise_price_list
from clients.shoptet.readable import readable_rows


class EshopCalls(Calls):
    """Read the shop's own settings; also the probe that tells whether the API answers."""

    def eshop(self) -> dict[str, Any]:
        """Return id, name, url, timeZone, currency, imageBase, orderAdditionalFields. Source: GET /api/eshop."""
        answer = self._connection.get("/api/eshop", params={"include": "orderAdditionalFields,imageCuts"})
        data = payload(answer)
        return checked(answer, lambda: normalise_eshop(data))

    def server_time(self) -> datetime | None:
        """Return Shoptet's own clock, which its change times are told by. Source: the Date header of GET /api/eshop."""
        return self._connection.get("/api/eshop").date

    def payment_methods(self) -> list[dict[str, Any]]:
        """Return the payment methods: id, name, visible. Source: GET /api/payment-methods."""
        answer = self._connection.get("/api/payment-methods")
        data = payload(answer)
        return checked(answer, lambda: readable_rows(data, "paymentMethods", partial(normalise_method, operator="paymentType")))

    def shipping_methods(self) -> list[dict[str, Any]]:
        """Return the shipping methods: id, name, visible. Source: GET /api/shipping-methods."""
        answer = self._connection.get("/api/shipping-methods")
        data = payload(answer)
        return checked(answer, lambda: readable_rows(data, "shippingMethods", partial(normalise_method, operator="shippingCompany")))

    def price_lists(self) -> list[dict[str, Any]]:
        """Return the price lists: id, name. Source: GET /api/pricelists."""
        answer = self._connection.get("/api/pricelists")
        data = payload(answer)
        return checked(answer, lambda: readable_rows(data, "pricelists", normalise_price_list))
