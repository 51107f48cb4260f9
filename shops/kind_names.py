"""What people call the kinds of BlueJet's records."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

KIND_NAMES = {
    "product": gettext_lazy("products"),
    "stock_card": gettext_lazy("stock cards"),
    "warehouse": gettext_lazy("warehouses"),
    "contact": gettext_lazy("contacts"),
    "company": gettext_lazy("companies"),
    "address": gettext_lazy("addresses"),
    "offer": gettext_lazy("offers (Nabídky)"),
    "offer_line": gettext_lazy("lines of offers"),
    "order": gettext_lazy("orders (Objednávky)"),
    "order_line": gettext_lazy("lines of orders"),
}
