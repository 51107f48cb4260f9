"""Every field that the client reads or sends stands in Shoptet's document, and none is one that Shoptet is about to end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from clients import transport
from clients.answers import Answer
from clients.outgoing import Outgoing
from clients.shoptet.client import ShoptetClient
from tests.clients.fake_partner import FakePartner, Reply, recorded, session_on
from tests.contracts.openapi import OpenApi as Judge
from tests.contracts.reading import Fields, Path, parse
from tests.contracts.test_shoptet_client_openapi import CALLS, NOT_CALLS, SINCE, URL, OpenApi, api, sent_by
from tests.sandbox.fixtures import Caller, running_sandbox

__all__ = ["api"]

# Deprecated, and still without anything that would take its place.
NOTHING_NEWER: dict[Path, str] = {}
# Read before the document's own field, because Shoptet's notices tell of them.
TOLD_ELSEWHERE: dict[Path, str] = {
    ("data", "order", "shippingDetails", "shippingMethodCode"): "the notice that ends shippingCompanyCode names it as its successor",
}


# What the recorded answers have no example of.
FEE = {"category": "Sporáky", "fee": "7.50", "unit": "pcs"}
CHOSEN = {"parameterName": {"name": "Gravírování"}, "parameterValue": {"description": "logo"}}


def filled(body: Any) -> Any:
    """Return an answer with fees and surcharges in place of none."""
    data = body.get("data") or {}
    for variant in data.get("variants") or ():
        variant["recyclingFee"] = {"id": 1, **FEE, "currency": "CZK"}
    for item in (data.get("order") or {}).get("items") or ():
        item |= {"recyclingFee": FEE, "surchargeParameters": [CHOSEN], "specificSurchargeParameters": []}
    return body


def read_by(monkeypatch: pytest.MonkeyPatch, name: str, answer: str) -> set[Path]:
    """Return the fields of an answer that one call reads."""
    noted: set[Path] = set()
    monkeypatch.setattr("clients.verdicts.parse_json", partial(parse, noted=noted))
    CALLS[name][1](
        ShoptetClient.for_token(
            "https://api.example/api/", "token-for-tests", session=session_on(FakePartner(Reply(body=filled(recorded(answer)))))
        )
    )
    return noted


def success(api: OpenApi, method: str, template: str) -> dict[str, Any]:
    """Return the schema of an operation's success."""
    responses = api.operation(method, template)["responses"]
    (content,) = api.follow(next(response for status, response in responses.items() if status.startswith("2")))["content"].values()
    return dict(content["schema"])


def readings() -> Iterator[tuple[str, str]]:
    """Yield each call with every recorded answer to it."""
    yield from ((name, answer) for name, (answer, _) in CALLS.items())
    yield from (("order", "order__guest_bare"), ("product", "product__set_without_stock"), ("customer", "customer__bare"))


@pytest.mark.parametrize(("name", "answer"), list(readings()))
def test_every_field_that_is_read_stands_in_the_document_and_is_not_about_to_end(
    api: OpenApi, monkeypatch: pytest.MonkeyPatch, name: str, answer: str
) -> None:
    request = sent_by(name)[0]
    template = api.path_of(urlsplit(request.url or "").path)[0]
    schema, fields = success(api, (request.method or "").lower(), template), Fields(api.document)

    read = read_by(monkeypatch, name, answer)

    known = {path: fields.at(schema, path) for path in read}
    # `error` is the form of another document's refusals, and `code` and `field` that of the specification's.
    unknown = {path for path, found in known.items() if not found and path[:1] != ("error",) and path[:2] != ("errors", "[]")}
    ending = {path for path, found in known.items() if any(one.get("deprecated") is True for one in found)}
    assert unknown - set(TOLD_ELSEWHERE) == set()
    assert ending - set(NOTHING_NEWER) == set()


@pytest.mark.parametrize("name", CALLS)
def test_nothing_that_is_sent_is_about_to_end(api: OpenApi, name: str) -> None:
    for request in sent_by(name):
        url, method = urlsplit(request.url or ""), (request.method or "").lower()
        template = api.path_of(url.path)[0]
        operation = api.operation(method, template)

        assert operation.get("deprecated") is not True
        declared = api.parameters(method, template, "query")
        assert [field for field, _ in parse_qsl(url.query) if declared[field].get("deprecated") is True] == []
        if request.body is not None:
            (content,) = api.follow(operation["requestBody"])["content"].values()
            sent = fields_of(request.body)
            found = {path: Fields(api.document).at(content["schema"], path) for path in sent}
            assert {path for path, one in found.items() if not one} == set()
            assert {path for path, one in found.items() if any(schema.get("deprecated") is True for schema in one)} == set()


def fields_of(body: Any) -> set[Path]:
    """Return the path of every field in a JSON body."""
    noted: set[Path] = set()

    def visit(value: Any) -> None:
        for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            visit(one)
        if isinstance(value, dict):
            for name in value:
                value[name]

    visit(parse(body if isinstance(body, bytes) else str(body).encode(), noted))
    return noted


def test_a_field_that_does_not_exist_or_is_about_to_end_would_be_noticed(api: OpenApi) -> None:
    schema, fields = success(api, "get", "/api/orders/{code}"), Fields(api.document)
    item = ("data", "order", "items", "[]")

    assert fields.at(schema, (*item, "unitPrice", "withVat"))
    assert fields.at(schema, (*item, "buyPrice")) == []
    assert any(one.get("deprecated") is True for one in fields.at(schema, (*item, "surchargeParametersTexts")))
    new_item = ("data", "items", "[]", "itemPriceWithVat")
    (content,) = api.follow(api.operation("post", "/api/orders")["requestBody"])["content"].values()
    assert any(one.get("deprecated") is True for one in fields.at(content["schema"], new_item))


class Exchange:
    """Note for each endpoint what is read of its answers; every answer of the stand-in is judged by the document on its way."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, judge: Judge) -> None:
        self.read: dict[str, set[Path]] = {}
        self._judge, self._endpoint = judge, ""
        judge_answer = transport.judge_answer

        def judged(request: Outgoing, response: requests.Response, content: bytes, **facts: Any) -> Answer:
            self._endpoint = request.shown
            method, _, template = request.shown.partition(" ")
            assert judge.problems(method, template, response.status_code, json.loads(content)) == [], request.shown
            return judge_answer(request, response, content, **facts)

        monkeypatch.setattr("clients.transport.judge_answer", judged)
        monkeypatch.setattr("clients.verdicts.parse_json", lambda content: parse(content, self.read.setdefault(self._endpoint, set())))


def everything(client: ShoptetClient, shop: Caller, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Make every call that the client knows, the reads of single records for records of every kind; return the calls' names."""
    made: set[str] = set()
    for name in (name for name in dir(ShoptetClient) if not name.startswith("_") and name not in NOT_CALLS):
        call = getattr(client, name)
        monkeypatch.setattr(client, name, lambda *args, _name=name, _call=call, **named: made.add(_name) or _call(*args, **named))
    _read_settings(client)
    _read_records(client, shop)
    _write(client, shop.control("/orders", {"items": ["BAR01"]})["code"])
    return made


def _read_settings(client: ShoptetClient) -> None:
    for call in (
        client.eshop,
        client.server_time,
        client.categories,
        client.customer_groups,
        client.order_statuses,
        client.payment_methods,
    ):
        call()
    for call in (client.shipping_methods, client.price_lists, client.stocks, client.webhooks):
        call()
    list(client.notifications())


def _read_records(client: ShoptetClient, shop: Caller) -> None:
    assert list(client.supplies("3", changed_from=SINCE))
    assert list(client.movements("1", last_id=client.last_movement("1")[0] - 20, with_orders=True))
    for changes in (client.product_changes, client.order_changes, client.customer_changes):
        list(changes(SINCE))
    products = [row["guid"] for page in client.products() for row in page.items]
    orders = [row["code"] for page in client.orders() for row in page.items]
    for guid in products[:: len(products) // 12]:
        client.product(guid)
    client.product_by_code("GN01/065")
    for code in orders[::4]:
        client.order(code)
    for row in next(client.customers()).items[:5]:
        client.customer(row["guid"])
    client.order_status(orders[0])
    list(client.order_claims())


def _write(client: ShoptetClient, code: str) -> None:
    client.set_order_status(code, "-3", suppress_emails=True, suppress_documents=True)
    (made,) = client.register_webhooks([("brand:create", URL)])
    client.webhooks()
    client.change_webhook(made["id"], f"{URL}-2")
    client.delete_webhook(made["id"])
    client.renew_signature_key()


def test_the_whole_client_and_the_stand_in_speak_to_each_other_by_the_document(api: OpenApi, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = Fields(api.document)
    with running_sandbox(bucket_drain=1e9, customers=40, orders=60) as shop:
        exchange = Exchange(monkeypatch, Judge())
        client = ShoptetClient.for_token(shop.sandbox.url, shop.sandbox.token)
        made = everything(client, shop, monkeypatch)
        client.close()

    assert made == {name.partition(" ")[0] for name in CALLS}
    for endpoint, read in exchange.read.items():
        method, _, template = endpoint.partition(" ")
        known = {path: fields.at(success(api, method.lower(), template), path) for path in read}
        assert {path for path, found in known.items() if not found} <= {("error",), *TOLD_ELSEWHERE}, endpoint
        assert {path for path, found in known.items() if any(one.get("deprecated") is True for one in found)} == set(), endpoint
