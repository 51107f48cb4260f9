"""The control interface under /_sandbox: JSON for tests and scripts that play the shop's customers and staff."""

from __future__ import annotations

from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from sandbox.http import BadBody, Request, Response, Router, json_response
from sandbox.shoptet.api.gateway import Gateway
from sandbox.shoptet.clock import parse_time
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
from sandbox.shoptet.refusals import ApiError
from sandbox.shoptet.saved_state import dump
from sandbox.shoptet.seed.fill import fill
from sandbox.shoptet.seed.settings import CANCELLED_STATUS, DEFAULT_STOCK
from sandbox.shoptet.shop import Shop

Record = dict[str, Any]


class Control:
    """Routes of /_sandbox. Everything is POST with a JSON body, except what only reads or clears."""

    def __init__(self, shop: Shop, gateway: Gateway) -> None:
        self.shop, self.gateway, self.router = shop, gateway, Router()
        for method, pattern, handler in self._routes():
            self.router.add(method, f"/_sandbox{pattern}", lambda request, handler=handler: json_response(handler(request)))

    def _routes(self) -> tuple[tuple[str, str, Any], ...]:
        return (
            ("GET", "/state", self.read_state), ("POST", "/reset", self.reset),
            ("GET", "/stats", self.read_stats), ("DELETE", "/stats", self.clear_stats),
            ("GET", "/faults", self.read_faults), ("POST", "/faults", self.add_fault), ("DELETE", "/faults", self.clear_faults),
            ("DELETE", "/faults/{id}", self.clear_fault),
            ("GET", "/clock", self.read_clock), ("POST", "/clock", self.set_clock),
            ("GET", "/webhooks", self.read_webhooks), ("POST", "/webhooks", self.set_webhooks), ("POST", "/webhooks/send", self.send_event),
            ("POST", "/webhooks/repeat", self.repeat_failed), ("POST", "/webhooks/wait", self.wait_for_webhooks),
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
            ("POST", "/customers", self.register), ("POST", "/customers/import", self.import_many), ("GET", "/customers",
            self.read_customers),
            ("POST", "/customers/{guid}", self.change_customer), ("DELETE", "/customers/{guid}", self.delete_customer),
        )  # fmt: skip

    def __call__(self, request: Request) -> Response:
        try:
            return self.router(request)
        except ApiError as error:
            return json_response({"error": error.lines[0]["message"], "errors": error.lines}, error.status)
        except (RequestRefused, BadBody, ValueError, KeyError, TypeError) as error:
            return json_response({"error": f"{type(error).__name__}: {error}"}, 400)

    # the stand-in itself

    def read_state(self, request: Request) -> Any:
        """Return counts, or with ?full=1 everything."""
        if request.argument("full"):
            return dump(self.shop)
        with self.shop.lock:
            return {
                "eshopId": self.shop.options.eshop_id, "products": self.shop.catalogue.total, "variants": self.shop.catalogue.variant_total,
                "categories": len(self.shop.categories), "customers": len(self.shop.customers), "orders": len(self.shop.orders),
                "movements": {stock_id: len(log) for stock_id, log in self.shop.stock.movements.items()},
                "webhooks": list(self.shop.registrations.hooks.values()), "signatureKey": self.shop.registrations.key,
                "now": self.shop.now(),
            }  # fmt: skip

    def reset(self, _request: Request) -> Any:
        """Start the shop anew; registrations and the key stay."""
        self.gateway.faults.clear()
        self.gateway.limits.empty_buckets()
        self.gateway.stats.reset()
        self.shop.clock.advance(-self.shop.clock.offset)
        fill(self.shop)
        return {"orders": len(self.shop.orders)}

    def read_stats(self, _request: Request) -> Any:
        return self.gateway.stats.read()

    def clear_stats(self, _request: Request) -> Any:
        self.gateway.stats.reset()
        return {}

    def read_faults(self, _request: Request) -> Any:
        return self.gateway.faults.read()

    def add_fault(self, request: Request) -> Any:
        return self.gateway.faults.add(request.json() or {}).read()

    def clear_faults(self, _request: Request) -> Any:
        self.gateway.faults.clear()
        return {}

    def clear_fault(self, request: Request) -> Any:
        self.gateway.faults.clear(int(request.params["id"]))
        return {}

    def read_clock(self, _request: Request) -> Any:
        return {"now": self.shop.now(), "offset": self.shop.clock.offset, "timeScale": self.shop.clock.time_scale}

    def set_clock(self, request: Request) -> Any:
        """Set the time (`now`), the difference to the machine's (`offset`), or move on (`advance`), in seconds."""
        data = request.json() or {}
        if "now" in data:
            self.shop.clock.set_now(parse_time(data["now"]))
        if "offset" in data:
            self.shop.clock.advance(float(data["offset"]) - self.shop.clock.offset)
        if "advance" in data:
            self.shop.clock.advance(float(data["advance"]))
        return self.read_clock(request)

    # webhooks

    def read_webhooks(self, _request: Request) -> Any:
        with self.shop.clock.moved:
            rows = [{**row.wire(self.shop.options.eshop_id), "answers": row.answers} for row in self.shop.deliveries.log.values()]
        return {"settings": asdict(self.shop.deliveries.settings), "notifications": rows[-500:]}

    def set_webhooks(self, request: Request) -> Any:
        """Change how deliveries misbehave: suppressed, duplicates, mass, answer_within, jitter."""
        self.shop.deliveries.settings = replace(self.shop.deliveries.settings, **(request.json() or {}))
        return asdict(self.shop.deliveries.settings)

    def send_event(self, request: Request) -> Any:
        """Announce any event, or send a body of one's own so many times at once."""
        data = request.json() or {}
        if "body" in data:
            hook = self.shop.registrations.for_event(str(data.get("event"))) or {"url": data.get("url")}
            return {
                "answers": self.shop.deliveries.post_at_once(
                    data.get("url") or hook["url"], str(data["body"]).encode(), int(data.get("times") or 1)
                )
            }
        for _time in range(int(data.get("times") or 1)):
            self.shop.deliveries.emit(str(data["event"]), str(data["instance"]))
        return {}

    def repeat_failed(self, _request: Request) -> Any:
        return {"due": self.shop.deliveries.repeat_failed()}

    def wait_for_webhooks(self, request: Request) -> Any:
        """Wait until nothing is due or under way."""
        return {"idle": self.shop.deliveries.wait_until_idle(float((request.json() or {}).get("timeout", 10)))}

    # orders

    def order(self, request: Request) -> Any:
        order = place_order(self.shop, order_request(request.json() or {}))
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

    # products and customers

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
        """Set `quantity` (what can be ordered), `real` (what lies there) or add a `change`, in `stock`."""
        data = request.json() or {}
        wishes: dict[str, Decimal] = {name: decimal_of(data[name], name) for name in ("quantity", "real", "change") if name in data}
        set_stock(self.shop, int(data.get("stock") or DEFAULT_STOCK), request.params["code"], **wishes)  # type: ignore[arg-type]
        return self.read_product(request)

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
