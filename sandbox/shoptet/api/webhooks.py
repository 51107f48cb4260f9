"""Webhooks: registration, the signature key, and the delivery log."""

from __future__ import annotations

from sandbox.http import Request
from sandbox.shoptet.api.envelope import Answer, Paged, Routes, body_data, moment
from sandbox.shoptet.clock import days, parse_time
from sandbox.shoptet.refusals import bad_parameter, not_found
from sandbox.shoptet.shop import Shop

KEPT = days(7)


def list_webhooks(shop: Shop, request: Request) -> Answer:
    return Paged(20, 500).answer(request, "webhooks", list(shop.registrations.hooks.values()))


def register(shop: Shop, request: Request) -> Answer:
    hooks = shop.registrations.register(body_data(request, list))
    shop.touch()
    return Answer({"webhooks": hooks}, 201)


def _number(request: Request) -> int:
    if not request.params["id"].isdigit():
        raise not_found("webhook", request.params["id"])
    return int(request.params["id"])


def get_webhook(shop: Shop, request: Request) -> Answer:
    return Answer({"webhook": shop.registrations.get(_number(request))})


def change(shop: Shop, request: Request) -> Answer:
    shop.registrations.change(_number(request), body_data(request))
    shop.touch()
    return Answer(None)


def delete(shop: Shop, request: Request) -> Answer:
    shop.registrations.delete(_number(request))
    shop.touch()
    return Answer(None)


def renew_key(shop: Shop, _request: Request) -> Answer:
    key = shop.registrations.renew_key()
    shop.touch()
    return Answer({"signatureKey": key})


def notifications(shop: Shop, request: Request) -> Answer:
    status, event, active = request.argument("status"), request.argument("event"), request.argument("active")
    if status not in ("", "new", "failed", "success"):
        raise bad_parameter("status", f'Expected one of new, failed, success, but "{status}" given.')
    first = max(moment(request, "from") or shop.clock.now() - KEPT, shop.clock.now() - KEPT)
    with shop.clock.moved:
        rows = [
            row for row in shop.deliveries.log.values()
            if status in ("", row.status) and event in ("", row.event) and (not active or row.active == (active in ("true", "1")))
            and parse_time(row.created) >= first
        ]  # fmt: skip
    return Paged(20, 500).answer(request, "notifications", rows, lambda row: row.wire(shop.options.eshop_id))


ROUTES: Routes = (
    ("GET", "/api/webhooks", list_webhooks),
    ("POST", "/api/webhooks", register),
    ("POST", "/api/webhooks/renew-signature-key", renew_key),
    ("GET", "/api/webhooks/notifications", notifications),
    ("GET", "/api/webhooks/{id}", get_webhook),
    ("PATCH", "/api/webhooks/{id}", change),
    ("DELETE", "/api/webhooks/{id}", delete),
)
