"""An answer that is not what was promised is a typed error, wherever it is spoilt; never a failure of ours."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from clients.bluejet import Write
from clients.errors import OutcomeUnknown, PartnerError, PartnerUnavailable, Refused
from clients.shoptet.client import ShoptetClient
from tests.clients.fake_partner import FakePartner, Reply, recorded, session_on
from tests.contracts.bluejet_wire import GUID, Wire, answer, client_on
from tests.contracts.test_shoptet_client_openapi import CALLS

Place = tuple[str | int, ...]


def places(node: Any, before: Place = ()) -> Iterator[Place]:
    """Yield where each field of a body is; of a list the first two members stand for the others."""
    named = node.items() if isinstance(node, dict) else enumerate(node[:2]) if isinstance(node, list) else ()
    for name, value in named:
        yield (*before, name)
        yield from places(value, (*before, name))


def without(body: Any, place: Place) -> Any:
    spoilt = copy.deepcopy(body)
    *way, last = place
    holder = spoilt
    for step in way:
        holder = holder[step]
    del holder[last]
    return spoilt


@pytest.mark.parametrize("name", CALLS)
def test_whichever_field_an_answer_of_shoptet_lacks_the_error_is_typed(name: str) -> None:
    told, call = CALLS[name]
    body = recorded(told)

    for place in places(body):
        partner = FakePartner(Reply(body=without(body, place)))
        try:
            call(ShoptetClient.for_token("https://api.example", "token-for-tests", session=session_on(partner)))
        except PartnerError:
            continue


def with_byte_order_mark(body: Any, status: int) -> Any:
    """Return an answer as .NET likes to write it."""
    response = answer(text="\ufeff" + json.dumps(body), status=status, headers={"Content-Type": "application/json; charset=utf-8"})
    response.encoding = "utf-8"
    return response


@pytest.mark.parametrize("dialect", ["data", "rest"])
@pytest.mark.parametrize(("status", "expected"), [(400, Refused), (500, OutcomeUnknown)])
def test_a_refusal_that_begins_with_a_byte_order_mark_is_understood(dialect: str, status: int, expected: type[PartnerError]) -> None:
    client = client_on(Wire(with_byte_order_mark({"message": "Pole chybí"}, status)), dialect=dialect)

    with pytest.raises(expected) as caught:
        client.write([Write("product", {"code": "A"})])

    assert [line.message for line in caught.value.messages] == ["Pole chybí"]


def test_a_failure_of_shoptet_that_begins_with_a_byte_order_mark_is_understood() -> None:
    body = "\ufeff" + json.dumps({"data": None, "errors": [{"errorCode": "internal-error", "message": "Oops", "instance": "unknown"}]})
    reply = Reply(500, body.encode(), {"Content-Type": "application/json; charset=utf-8"})
    client = ShoptetClient.for_token("https://api.example", "token-for-tests", session=session_on(FakePartner(reply)), sleep=lambda _: None)

    with pytest.raises(PartnerUnavailable) as caught:
        client.stocks()

    assert caught.value.messages[0].code == "internal-error"


@pytest.mark.parametrize("lines", [7, True, {"id": GUID}])
def test_a_written_document_whose_lines_are_no_list_has_an_unknown_outcome(lines: Any) -> None:
    client = client_on(Wire(answer({"id": GUID, "lineItems": lines})), dialect="rest")

    with pytest.raises(OutcomeUnknown, match="lineItems"):
        client.write([Write("order", {"orderNumber": "A"})])


def test_columns_are_read_from_objects_alone() -> None:
    client = client_on(Wire(answer({"items": [None, 7, {"id": GUID}], "total": 3})), dialect="rest")

    assert client.columns("product") == ["id"]


def test_a_total_that_is_no_number_is_a_typed_error() -> None:
    client = client_on(Wire(answer({"rows": [], "recordsCount": "²"})))

    with pytest.raises(PartnerError):
        client.find("product", "code", "A")
