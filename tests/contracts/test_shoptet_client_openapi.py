"""Every request that the Shoptet client can send, held against the OpenAPI document, and so every recorded answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

import jsonschema
import pytest
import requests
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from clients.shoptet.client import ShoptetClient
from clients.shoptet.connection import Connection
from tests.clients.fake_partner import RECORDED, FakePartner, Reply, recorded, reply, session_on
from tests.contracts.openapi import read_document

SINCE = datetime(2026, 3, 2, 9, 5, tzinfo=ZoneInfo("Europe/Prague"))
URL = "https://portal.example/api/webhooks/shoptet/order-created"

Call = Callable[[ShoptetClient], Any]
# Each call with everything that it can send: the recorded answer, and the call.
CALLS: dict[str, tuple[str, Call]] = {
    "eshop": ("eshop", lambda client: client.eshop()),
    "server_time": ("eshop", lambda client: client.server_time()),
    "products": (
        "products",
        lambda client: list(
            client.products(
                changed_from=SINCE, changed_to=SINCE, created_from=SINCE, category_id="1b02cb8e", visibility="visible", type="product"
            )
        ),
    ),
    "product": ("product__two_variants", lambda client: client.product("1b02cb8e-d7b5-11e0-9a5c-feab5ed617ed")),
    "product_by_code": ("product__two_variants", lambda client: client.product_by_code("PAN-32/Č")),
    "product_changes": ("product_changes", lambda client: list(client.product_changes(SINCE))),
    "categories": ("categories", lambda client: client.categories()),
    "stocks": ("stocks", lambda client: client.stocks()),
    "supplies": ("supplies", lambda client: list(client.supplies("1", changed_from=SINCE, code="PAN-28"))),
    "movements": ("movements", lambda client: list(client.movements("1", last_id=126221, with_orders=True))),
    "movements of an order": ("movements", lambda client: list(client.movements("1", order_code="2026000057", changed_from=SINCE))),
    "last_movement": ("last_movement", lambda client: client.last_movement("1")),
    "customers": ("customers", lambda client: list(client.customers(email="marie@ulipy.cz", phone="+420777888999"))),
    "customer": ("customer__company", lambda client: client.customer("00000003-d7b5-11e0-9a5c-feab5ed617ed")),
    "customer_changes": ("customer_changes", lambda client: list(client.customer_changes(SINCE))),
    "customer_groups": ("customer_groups", lambda client: client.customer_groups()),
    "orders": (
        "orders",
        lambda client: list(
            client.orders(created_from=SINCE, created_to=SINCE, changed_from=SINCE, changed_to=SINCE, status_id="-1", codes=None)
        ),
    ),
    "orders by code": ("orders", lambda client: list(client.orders(codes=["2026000057", "OBJ/2026 č. 1"]))),
    "order": ("order__eur_with_set_coupon_and_gift", lambda client: client.order("OBJ/2026 č. 1")),
    "order_changes": ("order_changes", lambda client: list(client.order_changes(SINCE))),
    "order_claims": ("order_claims", lambda client: list(client.order_claims())),
    "order_statuses": ("order_statuses", lambda client: client.order_statuses()),
    "set_order_status": (
        "order_status_changed",
        lambda client: client.set_order_status("2026000057", "-3", suppress_emails=True, suppress_documents=True),
    ),
    "order_status": ("order__eur_with_set_coupon_and_gift", lambda client: client.order_status("OBJ/2026 č. 1")),
    "payment_methods": ("payment_methods", lambda client: client.payment_methods()),
    "shipping_methods": ("shipping_methods", lambda client: client.shipping_methods()),
    "price_lists": ("price_lists", lambda client: client.price_lists()),
    "webhooks": ("webhooks", lambda client: client.webhooks()),
    "register_webhooks": ("webhooks_registered", lambda client: client.register_webhooks([("order:create", URL)])),
    "change_webhook": ("nothing", lambda client: client.change_webhook("992801", URL)),
    "delete_webhook": ("nothing", lambda client: client.delete_webhook("992801")),
    "renew_signature_key": ("signature_key", lambda client: client.renew_signature_key()),
    "notifications": (
        "notifications",
        lambda client: list(client.notifications(status="failed", event="order:create", since=SINCE, active=False)),
    ),
}
NOT_CALLS = {"close", "for_token"}
# Which answer each recorded file is.
ANSWERS = {
    "customer__bare": ("get", "/api/customers/{guid}"),
    "nothing": ("delete", "/api/webhooks/{id}"),
    "order__guest_bare": ("get", "/api/orders/{code}"),
    "product__set_without_stock": ("get", "/api/products/{guid}"),
}


class OpenApi:
    """Shoptet's document, with its references followed."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.registry = Registry().with_resource("urn:api", Resource(contents=document, specification=DRAFT202012))

    def follow(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            target: Any = self.document
            for part in node["$ref"][2:].split("/"):
                target = target[part]
            node = target
        return node

    def path_of(self, path: str) -> tuple[str, dict[str, str]]:
        """Return the most literal template that a path fits, with the values in it."""
        found = []
        for template in self.document["paths"]:
            match = re.fullmatch(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template)), path)
            if match:
                found.append((template.count("{"), template, match.groupdict()))
        assert found, f"{path} is not in the document"
        return min(found)[1:]

    def operation(self, method: str, template: str) -> dict[str, Any]:
        operations: dict[str, Any] = self.document["paths"][template]
        assert method in operations, f"{method} {template} is not in the document"
        return operations[method]

    def parameters(self, method: str, template: str, place: str) -> dict[str, dict[str, Any]]:
        shared = self.document["paths"][template].get("parameters", [])
        listed = [self.follow(one) for one in [*shared, *self.operation(method, template).get("parameters", [])]]
        return {one["name"]: one for one in listed if one["in"] == place}

    def check(self, schema: dict[str, Any], value: Any) -> None:
        jsonschema.Draft202012Validator(_with_absolute_references(schema), registry=self.registry).validate(value)


def _with_absolute_references(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: f"urn:api{value}" if name == "$ref" else _with_absolute_references(value) for name, value in node.items()}
    return [_with_absolute_references(one) for one in node] if isinstance(node, list) else node


@pytest.fixture(scope="module")
def api() -> OpenApi:
    """Return Shoptet's OpenAPI document."""
    return OpenApi(read_document())


def sent_by(name: str) -> list[requests.PreparedRequest]:
    """Return the requests that one call sends."""
    answer, call = CALLS[name]
    partner = FakePartner(reply(answer))
    call(ShoptetClient.for_token("https://api.example/api/", "token-for-tests", session=session_on(partner)))
    return partner.requests


def parsed(text: str, schema: dict[str, Any]) -> Any:
    """Return a value of a URL in the type that its schema names."""
    if schema.get("type") in ("integer", "boolean", "number"):
        return json.loads(text)
    return text


def test_every_call_of_the_client_is_held_against_the_document() -> None:
    calls = {name for name in dir(ShoptetClient) if not name.startswith("_")} - NOT_CALLS

    assert calls == {name.partition(" ")[0] for name in CALLS}


@pytest.mark.parametrize("name", CALLS)
def test_a_request_has_a_path_and_method_of_the_document(api: OpenApi, name: str) -> None:
    for request in sent_by(name):
        template, values = api.path_of(urlsplit(request.url or "").path)
        declared = api.parameters((request.method or "").lower(), template, "path")

        assert set(values) == set(declared)
        for field, value in values.items():
            api.check(declared[field]["schema"], parsed(unquote(value), declared[field]["schema"]))


@pytest.mark.parametrize("name", CALLS)
def test_a_request_has_only_query_parameters_of_the_document_in_their_types(api: OpenApi, name: str) -> None:
    for request in sent_by(name):
        url = urlsplit(request.url or "")
        declared = api.parameters((request.method or "").lower(), api.path_of(url.path)[0], "query")
        given = dict(parse_qsl(url.query, keep_blank_values=True, strict_parsing=bool(url.query)))

        assert set(given) <= set(declared)
        assert {field for field, one in declared.items() if one.get("required")} <= set(given)
        for field, value in given.items():
            api.check(declared[field]["schema"], parsed(value, declared[field]["schema"]))


@pytest.mark.parametrize("name", CALLS)
def test_a_request_has_the_headers_that_the_document_asks_for(api: OpenApi, name: str) -> None:
    scheme = api.document["components"]["securitySchemes"]["shoptetPrivateApiToken"]

    for request in sent_by(name):
        declared = api.parameters((request.method or "").lower(), api.path_of(urlsplit(request.url or "").path)[0], "header")

        assert {field for field, one in declared.items() if one.get("required")} <= set(request.headers)
        assert request.headers["Content-Type"] == "application/json"
        assert scheme["in"] == "header"
        assert request.headers[scheme["name"]] == "token-for-tests"


@pytest.mark.parametrize("name", CALLS)
def test_a_request_has_a_body_exactly_where_the_document_has_one(api: OpenApi, name: str) -> None:
    for request in sent_by(name):
        operation = api.operation((request.method or "").lower(), api.path_of(urlsplit(request.url or "").path)[0])

        assert ("requestBody" in operation) == (request.body is not None)
        if request.body is not None:
            (content,) = api.follow(operation["requestBody"])["content"].values()
            api.check(content["schema"], json.loads(request.body))


@pytest.mark.parametrize("name", CALLS)
def test_the_sections_asked_for_are_named_by_the_document(api: OpenApi, name: str) -> None:
    for request in sent_by(name):
        url = urlsplit(request.url or "")
        template = api.path_of(url.path)[0].replace("/code/{code}", "/{guid}")
        told = api.operation((request.method or "").lower(), template)["description"]

        for section in dict(parse_qsl(url.query)).get("include", "").split(","):
            assert section in told


def recorded_answers() -> Iterator[tuple[str, str | None, str | None]]:
    named = {answer: name for name, (answer, _) in CALLS.items()}
    for path in sorted(RECORDED.glob("*.json")):
        yield path.stem, *ANSWERS.get(path.stem, (None, named.get(path.stem)))


@pytest.mark.parametrize(("answer", "method", "of"), list(recorded_answers()))
def test_a_recorded_answer_is_one_that_the_document_allows(api: OpenApi, answer: str, method: str | None, of: str) -> None:
    if method is None:
        request = sent_by(of)[0]
        method, template = (request.method or "").lower(), api.path_of(urlsplit(request.url or "").path)[0]
    else:
        template = of
    responses = api.operation(method, template)["responses"]
    (content,) = api.follow(next(response for status, response in responses.items() if status.startswith("2")))["content"].values()

    api.check(content["schema"], recorded(answer))


def test_a_page_asks_for_no_more_than_the_endpoint_gives(api: OpenApi) -> None:
    for name in CALLS:
        for request in sent_by(name):
            url = urlsplit(request.url or "")
            declared = api.parameters((request.method or "").lower(), api.path_of(url.path)[0], "query").get("itemsPerPage")
            if declared is None:
                continue
            most = max(int(number) for number in re.findall(r"max(?:imum)? value is (\d+)", declared["description"].lower()))
            assert int(dict(parse_qsl(url.query))["itemsPerPage"]) == most, name


def test_an_undeclared_call_would_be_noticed(api: OpenApi) -> None:
    partner = FakePartner(Reply(body={"data": {}}))
    client = ShoptetClient.for_token("https://api.example", "token-for-tests", session=session_on(partner))

    Connection(client.config, client._transport).get("/api/warehouses")

    with pytest.raises(AssertionError, match="not in the document"):
        api.path_of(urlsplit(partner.requests[0].url or "").path)
