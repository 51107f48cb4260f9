"""The part of the control interface that plays the shop: its orders, products and customers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.http import Request
from sandbox.shoptet.customer_changes import change_customer, delete_customer, import_customers, register_customer
from sandbox.shoptet.order_changes import (
    change_head,
    change_items,
    change_notes,
    delete_order,
    find_order,
    place_order,
    place_orders,
    set_status,
    set_statuses,
)
from sandbox.shoptet.order_request import RequestRefused, decimal_of, order_request
from sandbox.shoptet.product_changes import (
    add_product,
    change_product,
    delete_product,
    delete_variant,
    find_variant,
    set_price,
    set_stock,
    stock_amounts,
)
from sandbox.shoptet.seed.settings import CANCELLED_STATUS, DEFAULT_STOCK
from sandbox.shoptet.shop import Shop
from sandbox.shoptet.stock import ON_SHELF, ORDERABLE

Record = dict[str, Any]


class ShopControl:
    """Handlers that take a request and return JSON."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def routes(self) -> tuple[tuple[str, str, Any], ...]:
        """Return method, path under /_sandbox, and handler."""
        return (
            ("POST", "/orders", self.order), ("POST", "/orders/bulk", self.order_many), ("POST", "/orders/status", self.status_of_many),
            ("GET", "/orders", self.read_orders), ("GET", "/orders/{code}", self.read_order), ("DELETE", "/orders/{code}",
            self.delete_order),
            ("POST", "/orders/{code}", self.change_order), ("POST", "/orders/{code}/status", self.order_status),
            ("POST", "/orders/{code}/cancel", self.cancel_order), ("POST", "/orders/{code}/pay", self.pay_order),
            ("POST", "/orders/{code}/resend", self.resend_order),
            ("POST", "/products", self.add_product), ("GET", "/products/{code}", self.read_product), ("POST", "/products/{code}",
            self.change_product),
            ("DELETE", "/products/{code}", self.delete_product), ("DELETE", "/variants/{code}", self.delete_variant),
            ("POST", "/products/{code}/price", self.set_price), ("POST", "/products/{code}/stock", self.set_stock),
            ("POST", "/stock-amount", self.set_stock_amount),
            ("POST", "/customers", self.register), ("POST", "/customers/import", self.import_many), ("GET", "/customers",
            self.read_customers),
            ("POST", "/customers/{guid}", self.change_customer), ("DELETE", "/customers/{guid}", self.delete_customer),
        )  # fmt: skip

    def order(self, request: Request) -> Any:
        """Place an order; with `register` the guest becomes a customer first."""
        data = request.json() or {}
        if data.get("register"):
            guest = data.get("guest") or {}
            account = {name: guest.get(name) for name in ("fullName", "email", "phone")}
            data = {**data, "customer": register_customer(self.shop, {"account": account, "billingAddress": guest})["guid"]}
        order = place_order(self.shop, order_request(data))
        return {"code": order["code"], "order": order}

    def order_many(self, request: Request) -> Any:
        """Place `count` orders of the same kind at once; with `separately` without the mass event."""
        data = request.json() or {}
        requests = [order_request(data)] * int(data.get("count") or 1)
        if data.get("separately"):
            return {"codes": [place_order(self.shop, row)["code"] for row in requests]}
        return {"codes": place_orders(self.shop, requests)}

    def status_of_many(self, request: Request) -> Any:
        data = request.json() or {}
        return {"skipped": set_statuses(self.shop, data["codes"], int(data["status"]))}

    def read_orders(self, _request: Request) -> Any:
        with self.shop.lock:
            return [
                {"code": row["code"], "status": row["status"]["id"], "paid": row["paid"], "total": row["price"]["withVat"]}
                for row in self.shop.orders.values()
            ]

    def read_order(self, request: Request) -> Any:
        with self.shop.lock:
            return find_order(self.shop, request.params["code"])

    def delete_order(self, request: Request) -> Any:
        delete_order(self.shop, request.params["code"])
        return {}

    def change_order(self, request: Request) -> Any:
        """Change an order: `amounts` by variant code, `add` items, `notes`, `head`, `status`, `paid`."""
        data, code = request.json() or {}, request.params["code"]
        added = order_request({"items": data.get("add")}).items
        if added or data.get("amounts"):
            amounts = {row: decimal_of(amount, "amounts") for row, amount in (data.get("amounts") or {}).items()}
            change_items(self.shop, code, add=added, amounts=amounts)
        if data.get("notes"):
            change_notes(self.shop, code, data["notes"])
        if data.get("head"):
            change_head(self.shop, code, data["head"])
        if "status" in data or "paid" in data:
            set_status(self.shop, code, status=data.get("status"), paid=data.get("paid"))
        return find_order(self.shop, code)

    def order_status(self, request: Request) -> Any:
        data = request.json() or {}
        return set_status(self.shop, request.params["code"], status=int(data["status"]), paid=data.get("paid"))

    def cancel_order(self, request: Request) -> Any:
        return set_status(self.shop, request.params["code"], status=CANCELLED_STATUS)

    def pay_order(self, request: Request) -> Any:
        return set_status(self.shop, request.params["code"], paid=True)

    def resend_order(self, request: Request) -> Any:
        """Send the webhook of an order again, `times` at once; `event` is order:create without a wish."""
        data = request.json() or {}
        return {
            "answers": self.shop.deliveries.resend(data.get("event") or "order:create", request.params["code"], int(data.get("times") or 1))
        }

    def add_product(self, request: Request) -> Any:
        return add_product(self.shop, request.json() or {})

    def read_product(self, request: Request) -> Any:
        with self.shop.lock:
            product, variant = find_variant(self.shop, request.params["code"])
            return {"product": product, "variant": variant, "stocks": stock_amounts(self.shop, product, variant["code"])}

    def change_product(self, request: Request) -> Any:
        """Change what PATCH /api/products/{guid} can change, found by the code of a variant."""
        product, _variant = find_variant(self.shop, request.params["code"])
        return change_product(self.shop, product["guid"], request.json() or {})

    def delete_product(self, request: Request) -> Any:
        delete_product(self.shop, find_variant(self.shop, request.params["code"])[0]["guid"])
        return {}

    def delete_variant(self, request: Request) -> Any:
        delete_variant(self.shop, request.params["code"])
        return {}

    def set_price(self, request: Request) -> Any:
        data = request.json() or {}
        set_price(self.shop, request.params["code"], decimal_of(data["price"], "price"), including_vat=data.get("includingVat"))
        return self.read_product(request)

    def set_stock(self, request: Request) -> Any:
        """Set `quantity` (what can be ordered), `real` (what lies there) or add a `change`, in `stock`; or say whether it is `counted`."""
        data = request.json() or {}
        if "counted" in data:
            (self.shop.stock.uncounted.discard if data["counted"] else self.shop.stock.uncounted.add)(request.params["code"])
        wishes: dict[str, Decimal] = {name: decimal_of(data[name], name) for name in ("quantity", "real", "change") if name in data}
        set_stock(self.shop, int(data.get("stock") or DEFAULT_STOCK), request.params["code"], **wishes)  # type: ignore[arg-type]
        return self.read_product(request)

    def set_stock_amount(self, request: Request) -> Any:
        """Say what `amount` means in this shop from now on: `orderable` or `on_shelf`."""
        means = str((request.json() or {}).get("means"))
        if means not in (ORDERABLE, ON_SHELF):
            raise RequestRefused(f"means: {means!r} is neither {ORDERABLE} nor {ON_SHELF}")
        self.shop.stock.amount_means = means
        return {"means": means}

    def register(self, request: Request) -> Any:
        return register_customer(self.shop, request.json() or {})

    def import_many(self, request: Request) -> Any:
        """Import `customers`, or `count` of made-up ones."""
        data = request.json() or {}
        made = [
            {"account": {"email": f"import{number}@zakaznik.example", "fullName": f"Importovaný {number}"}}
            for number in range(int(data.get("count") or 0))
        ]
        return {"guids": import_customers(self.shop, data.get("customers") or made)}

    def read_customers(self, _request: Request) -> Any:
        with self.shop.lock:
            return [
                {"guid": row["guid"], "name": row["billingAddress"]["fullName"], "email": row["accounts"][0]["email"]}
                for row in self.shop.customers.values()
            ]

    def change_customer(self, request: Request) -> Any:
        return change_customer(self.shop, request.params["guid"], request.json() or {})

    def delete_customer(self, request: Request) -> Any:
        delete_customer(self.shop, request.params["guid"])
        return {}
