"""The control interface under /_sandbox: JSON for tests and scripts that play the shop's customers and staff."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from sandbox.http import BadBody, Request, Response, Router, json_response
from sandbox.shoptet.api.gateway import Gateway
from sandbox.shoptet.clock import parse_time
from sandbox.shoptet.control_shop import ShopControl
from sandbox.shoptet.order_request import RequestRefused
from sandbox.shoptet.refusals import ApiError
from sandbox.shoptet.saved_state import dump
from sandbox.shoptet.seed.fill import fill
from sandbox.shoptet.shop import Shop

Record = dict[str, Any]


class Control:
    """Routes of /_sandbox. Everything is POST with a JSON body, except what only reads or clears."""

    def __init__(self, shop: Shop, gateway: Gateway) -> None:
        self.shop, self.gateway, self.router = shop, gateway, Router()
        self.shop_control = ShopControl(shop)
        for method, pattern, handler in self._routes():
            self.router.add(method, f"/_sandbox{pattern}", partial(_answered, handler))

    def _routes(self) -> tuple[tuple[str, str, Any], ...]:
        return (
            ("GET", "/state", self.read_state), ("POST", "/reset", self.reset),
            ("GET", "/stats", self.read_stats), ("DELETE", "/stats", self.clear_stats),
            ("GET", "/faults", self.read_faults), ("POST", "/faults", self.add_fault), ("DELETE", "/faults", self.clear_faults),
            ("DELETE", "/faults/{id}", self.clear_fault),
            ("GET", "/modules", self.read_modules), ("POST", "/modules", self.set_modules),
            ("POST", "/token", self.set_token),
            ("GET", "/clock", self.read_clock), ("POST", "/clock", self.set_clock),
            ("GET", "/webhooks", self.read_webhooks), ("POST", "/webhooks", self.set_webhooks), ("POST", "/webhooks/send", self.send_event),
            ("POST", "/webhooks/repeat", self.repeat_failed), ("POST", "/webhooks/wait", self.wait_for_webhooks),
            *self.shop_control.routes(),
        )  # fmt: skip

    def __call__(self, request: Request) -> Response:
        """Answer a request; what cannot be done is a 400 with the reason."""
        try:
            return self.router(request)
        except ApiError as error:
            return json_response({"error": error.lines[0]["message"], "errors": error.lines}, error.status)
        except (RequestRefused, BadBody, ValueError, KeyError, TypeError, ArithmeticError) as error:
            return json_response({"error": f"{type(error).__name__}: {error}"}, 400)

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
        self.gateway.modules_off = set()
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

    def read_modules(self, _request: Request) -> Any:
        return {"off": sorted(self.gateway.modules_off)}

    def set_modules(self, request: Request) -> Any:
        """Say which of the shop's modules are switched off (`off`); a request that needs one of them is refused."""
        self.gateway.modules_off = {str(name) for name in (request.json() or {}).get("off") or ()}
        return self.read_modules(request)

    def set_token(self, request: Request) -> Any:
        """Accept this private token from now on (`token`), and no other: what the shop's administration calls making a new one."""
        self.gateway.token = str((request.json() or {})["token"])
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


def _answered(handler: Callable[[Request], Any], request: Request) -> Response:
    return json_response(handler(request))
