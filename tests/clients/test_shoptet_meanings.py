"""What Shoptet means by a refusal: told in the right words, tried again where that helps, and never more than it helps."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from clients.errors import (
    AlreadyChanged,
    Conflict,
    Locked,
    MissingModule,
    OutcomeUnknown,
    PartnerUnavailable,
    TooLarge,
    Unauthorised,
    UnderMaintenance,
)
from clients.shoptet.client import ShoptetClient
from tests.clients.fake_partner import FakePartner, RememberingBreaker, Reply, session_on

LOCKED_PAUSE = 5.0


def refusal(status: int, code: str, *, message: str = "Told by Shoptet.", instance: str = "x", **headers: str) -> Reply:
    lines = [{"errorCode": code, "message": message, "instance": instance}]
    return Reply(status, {"data": None, "errors": lines}, {name.replace("_", "-"): value for name, value in headers.items()})


def order_in(status: str) -> Reply:
    return Reply(body={"data": {"order": {"code": "1", "status": {"id": int(status), "name": "x"}}}, "errors": None})


DONE = Reply(body={"data": {"order": {}}, "errors": None})
CHANGED = refusal(409, "record-already-changed")


def client_on(partner: FakePartner, **options: Any) -> ShoptetClient:
    return ShoptetClient.for_token("https://api.example", "token-for-tests", session=session_on(partner), **options)


def test_a_status_that_somebody_came_before_is_read_again_and_written_once_more() -> None:
    partner = FakePartner(CHANGED, order_in("-1"), DONE)

    assert client_on(partner).set_order_status("1", "-3", seen="-1") == ()

    assert partner.calls == ["PATCH /api/orders/1/status", "GET /api/orders/1", "PATCH /api/orders/1/status"]


def test_a_status_that_somebody_set_meanwhile_is_not_set_again() -> None:
    partner = FakePartner(CHANGED, order_in("-3"))

    client_on(partner).set_order_status("1", -3)

    assert partner.calls == ["PATCH /api/orders/1/status", "GET /api/orders/1"]


def test_what_somebody_decided_otherwise_meanwhile_is_not_overwritten() -> None:
    partner = FakePartner(CHANGED, order_in("-4"))

    with pytest.raises(AlreadyChanged, match="somebody else changed the record meanwhile"):
        client_on(partner).set_order_status("1", "-3", seen=-1)

    assert len(partner.calls) == 2


def test_a_status_is_written_twice_at_most() -> None:
    partner = FakePartner(CHANGED, order_in("-1"), CHANGED)

    with pytest.raises(AlreadyChanged):
        client_on(partner).set_order_status("1", "-3")

    assert partner.calls.count("PATCH /api/orders/1/status") == 2


def test_another_conflict_is_no_reason_to_write_again() -> None:
    partner = FakePartner(refusal(409, "order-withdrawal-present"))

    with pytest.raises(Conflict) as caught:
        client_on(partner).set_order_status("1", "-3")

    assert not isinstance(caught.value, AlreadyChanged)
    assert len(partner.calls) == 1


def test_a_document_that_was_not_made_is_told_beside_the_success(caplog: pytest.LogCaptureFixture) -> None:
    line = {"errorCode": "document-not-generated", "message": "Delivery note was not created.", "instance": "2020000149"}
    partner = FakePartner(Reply(body={"data": {"order": {}}, "errors": [line]}))

    with caplog.at_level(logging.WARNING):
        (told,) = client_on(partner).set_order_status("1", "-3")

    assert (told.code, told.instance) == ("document-not-generated", "2020000149")
    assert "Delivery note was not created." in caplog.text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("url-locked", "the same request is still being worked on"),
        ("concurrent-categories-update", "another request is changing the product's categories"),
        ("pricelist-blocked", "an import holds the price lists"),
        ("something-new", "the same request is still being worked on"),
    ],
)
def test_every_lock_is_waited_for_and_named(code: str, words: str) -> None:
    pauses: list[float] = []
    partner = FakePartner(refusal(423, code))

    with pytest.raises(Locked, match=words):
        client_on(partner, sleep=pauses.append).register_webhooks([("order:create", "https://p/")])

    assert len(partner.calls) == 3
    assert min(pauses) >= LOCKED_PAUSE


def test_too_many_entities_is_a_matter_of_sending_fewer() -> None:
    partner = FakePartner(refusal(413, "payload-too-large"))

    with pytest.raises(TooLarge, match="names more records than the partner takes at once"):
        client_on(partner).register_webhooks([("order:create", "https://p/")])

    assert len(partner.calls) == 1


def test_maintenance_is_named_waited_for_as_long_as_asked_and_told_to_the_breaker() -> None:
    breaker = RememberingBreaker()
    partner = FakePartner(refusal(503, "system-maintenance", Retry_After="240"))

    with pytest.raises(UnderMaintenance, match="the partner is being maintained") as caught:
        client_on(partner, breaker=breaker).stocks()

    assert (caught.value.retry_after, len(partner.calls), caught.value.retryable) == (240.0, 1, True)
    assert breaker.told == ["checked", "failed: UnderMaintenance"]


@pytest.mark.parametrize("answer", [refusal(503, ""), Reply(503, b"<html>Maintenance</html>"), Reply(503, b"")])
def test_maintenance_that_names_no_time_is_tried_again_shortly(answer: Reply) -> None:
    partner = FakePartner(answer, Reply(body={"data": {"stocks": []}, "errors": None}))

    assert client_on(partner, sleep=lambda _: None).stocks() == []


def test_a_write_in_maintenance_may_have_been_applied() -> None:
    with pytest.raises(OutcomeUnknown, match="maintenance"):
        client_on(FakePartner(refusal(503, "system-maintenance"))).renew_signature_key()


def test_another_failure_of_the_partner_is_not_called_maintenance() -> None:
    with pytest.raises(PartnerUnavailable) as caught:
        client_on(FakePartner(refusal(500, "unknown-error")), sleep=lambda _: None).stocks()

    assert not isinstance(caught.value, UnderMaintenance)


@pytest.mark.parametrize("code", ["missing-module", "MISSING_MODULE"])
def test_a_missing_module_is_no_matter_of_credentials(code: str) -> None:
    with pytest.raises(MissingModule, match="Sales channel") as caught:
        client_on(FakePartner(refusal(403, code, message='Module "Sales channel" is not active.'))).payment_methods()

    assert not isinstance(caught.value, Unauthorised)


def test_a_missing_right_stays_what_it_is_and_names_the_endpoint() -> None:
    refused = refusal(403, "invalid-token-no-rights", message="Your access token has no defined rights for this resource.")

    with pytest.raises(Unauthorised, match="GET /api/products/{guid}.*no defined rights"):
        client_on(FakePartner(refused)).product("1")


@pytest.mark.parametrize("status", [400, 409, 422, 500])
def test_a_code_counts_under_its_own_status_only(status: int) -> None:
    with pytest.raises(Exception) as caught:
        client_on(FakePartner(refusal(status, "missing-module")), sleep=lambda _: None).stocks()

    assert not isinstance(caught.value, MissingModule)


@pytest.mark.parametrize("status", [200, 201])
def test_a_registration_that_was_made_is_a_success_whichever_way_it_is_said(status: int) -> None:
    hook = {"id": 7, "event": "order:create", "url": "https://p/"}

    (made,) = client_on(FakePartner(Reply(status, {"data": {"webhooks": [hook]}, "errors": None}))).register_webhooks(
        [("order:create", "https://p/")]
    )

    assert made["id"] == "7"
