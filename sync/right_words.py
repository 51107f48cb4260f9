"""Say for people which right a refused request needs: what may be done with which records."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from shops.kind_names import KIND_NAMES

# Shoptet gives rights by groups of endpoints, each for reading, writing or both.
GROUPS: dict[str, Promise | str] = {
    "/api/orders": gettext_lazy("orders"),
    "/api/order-gifts": gettext_lazy("orders"),
    "/api/products": gettext_lazy("products"),
    "/api/categories": gettext_lazy("categories"),
    "/api/pricelists": gettext_lazy("price lists"),
    "/api/stocks": gettext_lazy("stocks"),
    "/api/customers": gettext_lazy("customers"),
    "/api/payment-methods": gettext_lazy("payment methods"),
    "/api/shipping-methods": gettext_lazy("shipping methods"),
    "/api/webhooks": gettext_lazy("webhooks"),
    "/api/eshop": gettext_lazy("the e-shop's settings"),
}
READING, WRITING = gettext_lazy("read %(what)s"), gettext_lazy("write %(what)s")


def right_in_words(right: str) -> str:
    """Name the right of a request such as `GET /api/orders/{code}` or `POST contact`, with the request itself behind it."""
    method, _space, target = right.partition(" ")
    what = KIND_NAMES.get(target) or next((name for path, name in GROUPS.items() if target.startswith(path)), None)
    if what is None:
        return right
    return f"{str(READING if method == 'GET' else WRITING) % {'what': what}} ({right})"
