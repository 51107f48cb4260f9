"""What stands before the endpoints: token, connections, bucket, write lock, faults, and the headers of every answer."""

from __future__ import annotations

import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime, formatdate
from typing import Any

from sandbox.http import ConnectionDropped, Request, Response, Router, json_response
from sandbox.shoptet.api import customers, eshop, orders, price_lists, products, stocks, webhooks
from sandbox.shoptet.api.envelope import Answer, Endpoint, Routes, envelope, included
from sandbox.shoptet.faults import REFUSALS, STATUSES, Fault, Faults
from sandbox.shoptet.limits import Limits
from sandbox.shoptet.refusals import ApiError, invalid
from sandbox.shoptet.shop import Shop
from sandbox.shoptet.stats import Stats

TOKEN_HEADER = "shoptet-private-api-token"  # noqa: S105 - the name of a header
JSON_TYPE = {"Content-Type": "application/json; charset=utf-8"}
MOST_REMEMBERED, MOST_REMEMBERED_BYTES = 500, 50_000
# Which module a section needs; those of whose module Shoptet says nothing have one of their own name.
SECTION_MODULES = {
    "perStockAmounts": "stock", "stockLocation": "stock", "perPricelistPrices": "pricelists", "consumptionTax": "consumptionTax",
    "setItems": "sets", "surchargeParameters": "surchargeParameters", "warranty": "warranty", "images": "images",
    "descriptiveParameters": "descriptiveParameters", "shippingDetails": "shippingDetails", "notes": "notes",
    "variantParameters": "variantParameters", "orderCode": "orderCode", "allCategories": "allCategories", "imageCuts": "imageCuts",
}  # fmt: skip
WRITES = ("POST", "PATCH", "PUT", "DELETE")
ROUTES: Routes = (*eshop.ROUTES, *products.ROUTES, *price_lists.ROUTES, *stocks.ROUTES, *customers.ROUTES, *orders.ROUTES, *webhooks.ROUTES)

Record = dict[str, Any]


@dataclass
class Gateway:
    """Answers requests to /api the way Shoptet's servers do. `latency` is the least time a request takes, in seconds."""

    shop: Shop
    token: str
    limits: Limits = field(default_factory=Limits)
    faults: Faults = field(default_factory=Faults)
    stats: Stats = field(default_factory=Stats)
    latency: float = 0.0
    write_time: float = 0.0
    modules_off: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.router = Router()
        self.last_answers: dict[str, bytes] = {}
        self.endpoints: dict[str, Endpoint] = {}
        for method, pattern, endpoint in ROUTES:
            self.endpoints[f"{method} {pattern}"] = endpoint
            self.router.add(method, pattern, lambda _request: Response())

    def __call__(self, request: Request) -> Response:
        request_id = str(uuid.uuid4())
        token = request.headers.get(TOKEN_HEADER, "")
        route, request.params, _known = self.router.find(request.method, request.path)
        name = f"{route.method} {route.pattern}" if route else f"{request.method} (unknown)"
        response = self._admitted(request, token, name, request_id)
        response.headers = {
            **response.headers, "X-Request-ID": request_id, "X-RateLimit-Bucket-Filling": self.limits.filling(token),
            "Date": formatdate(self.shop.clock.time(), usegmt=True),
        }  # fmt: skip
        self.stats.request(name, "dropped" if response.drop else response.status, len(response.body))
        return response

    def _admitted(self, request: Request, token: str, name: str, request_id: str) -> Response:
        open_requests = self.limits.enter(token, request.client)
        if not open_requests:
            self.stats.refused("connections")
            return self._refusal(ApiError(429, "too-many-connections", "Too many concurrent connections.", "access-token"), request_id)
        self.stats.concurrency(open_requests)
        try:
            response = self._checked(request, token, name, request_id)
            self.limits.charge(token, len(response.body))
            return response
        finally:
            self.limits.leave(token, request.client)

    def _checked(self, request: Request, token: str, name: str, request_id: str) -> Response:
        fault = self.faults.take(request.method, request.path)
        try:
            if fault is not None:
                self.stats.fault(fault.kind)
                self._refuse_at_once(fault)
            self._check_token(token)
            self._check_bucket(token)
            return (
                self._locked(request, token, name, request_id) if fault is None else self._struck(fault, request, token, name, request_id)
            )
        except ConnectionDropped:
            return Response(drop=True)
        except ApiError as error:
            return self._refusal(error, request_id)

    def _check_token(self, token: str) -> None:
        if not token:
            message = "Missing access token. Please add `Shoptet-Private-API-Token` header to your request."
            raise ApiError(401, "missing-access-token", message)
        if token != self.token:
            raise ApiError(401, "invalid-token", "Invalid access token.")

    def _check_bucket(self, token: str) -> None:
        seconds = self.limits.wait_for_room(token)
        if seconds:
            self.stats.refused("bucket")
            raise ApiError(429, "too-many-requests", "API rate limit exceeded.", "access-token", headers=self._retry_after(seconds))

    def _retry_after(self, seconds: float) -> dict[str, str]:
        return {"Retry-After": formatdate(int(self.shop.clock.time()) + max(round(seconds), 1), usegmt=True)}

    def _locked(self, request: Request, token: str, name: str, request_id: str) -> Response:
        if request.method not in WRITES:
            return self._run(request, name, request_id, self.latency)
        address = f"{request.path}?{request.query_string}"
        if not self.limits.lock_write(token, address):
            self.stats.refused("lock")
            raise ApiError(423, "url-locked", "The same request is being processed. Please retry later.", request.path)
        try:
            return self._run(request, name, request_id, max(self.write_time, self.latency))
        finally:
            self.limits.unlock_write(token, address)

    def _run(self, request: Request, name: str, request_id: str, seconds: float) -> Response:
        if seconds:
            time.sleep(seconds)
        try:
            answer = self._answer(request, name)
        except ApiError as error:
            return self._refusal(error, request_id)
        response = json_response(envelope(answer.data, answer.errors, request_id), answer.status, answer.headers)
        if request.method == "GET" and response.status == 200:
            self._remember(request, response.body)
        return response

    def _remember(self, request: Request, body: bytes) -> None:
        """Keep the last answers to reads of single records, for the fault that answers with old ones."""
        if len(body) < MOST_REMEMBERED_BYTES:
            self.last_answers[f"{request.path}?{request.query_string}"] = body
            if len(self.last_answers) > MOST_REMEMBERED:
                self.last_answers.pop(next(iter(self.last_answers)), None)

    def _answer(self, request: Request, name: str) -> Answer:
        endpoint = self.endpoints.get(name)
        if endpoint is None:
            raise ApiError(404, "resource-not-found", f"Resource {request.method} {request.path} not found.", request.path)
        self._check_modules(request)
        try:
            with self.shop.lock:
                return endpoint(self.shop, request)
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
            if request.method not in WRITES:
                raise
            raise invalid(f"The request does not match the expected schema. {type(error).__name__}: {error}") from error

    def _check_modules(self, request: Request) -> None:
        """Refuse a section whose module the shop has switched off, and with it the whole request."""
        for section, module in SECTION_MODULES.items():
            if module in self.modules_off and section.lower() in included(request):
                message = f'Unable to process request with {section} include as "{module}" module is not active.'
                raise ApiError(403, "missing-module", message, module)

    def _refusal(self, error: ApiError, request_id: str) -> Response:
        return json_response(envelope(None, error.lines, request_id), error.status, error.headers)

    def _refuse_at_once(self, fault: Fault) -> None:
        """Let the faults strike for which nothing is looked at."""
        if fault.kind in STATUSES:
            code, message = STATUSES[fault.kind]
            headers = self._retry_after(fault.seconds) if fault.kind in ("429", "503") else {}
            raise ApiError(int(fault.kind), code, message, headers=headers)
        if fault.kind in REFUSALS:
            raise ApiError(*REFUSALS[fault.kind], fault.field or "payload")
        if fault.kind in ("drop_before", "outage"):
            raise ConnectionDropped

    def _struck(self, fault: Fault, request: Request, token: str, name: str, request_id: str) -> Response:
        if fault.kind == "late_commit":
            threading.Timer(fault.seconds, self._run, (request, name, request_id, 0.0)).start()
            return Response(drop=True)
        if fault.kind == "spec_error":
            return json_response(
                {"errors": [{"message": "Order not found", "code": "ORDER_NOT_FOUND", "field": "code", "statusCode": 404}]}, 404
            )
        if fault.kind == "answer":
            return Response(200, fault.body.encode(), dict(JSON_TYPE))
        if fault.kind == "stale":
            old = self.last_answers.get(f"{request.path}?{request.query_string}")
            return self._locked(request, token, name, request_id) if old is None else Response(200, old, dict(JSON_TYPE))
        if fault.kind == "slow":
            time.sleep(fault.seconds)
        return self._spoilt(fault, request, self._locked(request, token, name, request_id))

    def _spoilt(self, fault: Fault, request: Request, response: Response) -> Response:
        if fault.kind == "drop_after":
            return Response(drop=True)
        if fault.kind == "malformed":
            return Response(response.status, b"<html><body>Bad gateway</body></html>", {"Content-Type": "text/html"})
        if fault.kind == "truncated":
            response.cut_at = len(response.body) // 2
        if fault.kind == "missing_field":
            body = json.loads(response.body)
            return json_response({**body, "data": without_field(body["data"], fault.field)}, response.status)
        if fault.kind == "document_not_generated" and response.status == 200:
            message = "Delivery note belonging to the order was not created. Generating document code failed."
            line = {"errorCode": "document-not-generated", "message": message, "instance": request.params.get("code", "")}
            return json_response({**json.loads(response.body), "errors": [line]}, response.status)
        if fault.kind == "deprecated":
            response.headers["X-Shoptet-Deprecated"] = "true"
            response.headers["Sunset"] = format_datetime(self.shop.clock.now() + timedelta(days=90))
        return response


def without_field(value: Any, name: str) -> Any:
    """Return a copy of a JSON value without any field of a name."""
    if isinstance(value, dict):
        return {key: without_field(part, name) for key, part in value.items() if key != name}
    if isinstance(value, list):
        return [without_field(part, name) for part in value]
    return value
