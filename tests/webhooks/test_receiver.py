"""The receiver, asked over HTTP as Shoptet asks it."""

from __future__ import annotations

import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from shops.models import BlueJetAccount, Shop
from tests.contracts.receiver import KEY, ReceiverContract, deliver
from webhooks import receiving
from webhooks.models import WebhookEvent, WebhookRegistration
from webhooks.raw_body import LARGEST_BODY
from webhooks.topics import ALIASES, SLUGS, slug_for

RECORDED = Path(__file__).parent.parent / "recorded" / "shoptet" / "webhooks"
BODIES = sorted(path.name for path in RECORDED.glob("*.json"))
NINE_OF_THE_SPECIFICATION = [path for path in BODIES if path.endswith("__specification.json")]


def recorded(name: str) -> bytes:
    return (RECORDED / name).read_bytes()


class TestOfficialForm(ReceiverContract):
    instance = "2025000057"

    def body(self, **changes: Any) -> bytes:
        return json.dumps(json.loads(recorded("order_create.json")) | changes).encode()

    def test_the_event_id_is_shop_event_time_and_instance(self) -> None:
        deliver(self.body())

        assert WebhookEvent.objects.get().event_id == "222651:order:create:2025-02-08T15:13:39+0100:2025000057"


class TestSpecificationForm(ReceiverContract):
    instance = "12345"

    def body(self, **changes: Any) -> bytes:
        return json.dumps(json.loads(recorded("order_create__specification.json")) | changes).encode()

    def test_the_data_of_the_body_are_kept(self) -> None:
        deliver(self.body())

        payload = WebhookEvent.objects.get().payload
        assert payload is not None
        assert payload["data"]["orderNumber"] == "ORD-2026-001"


@pytest.mark.django_db
class TestTopics:
    @pytest.fixture(autouse=True)
    def _receiver(self, shop: Shop, handlers: None) -> None:
        """Give each test a shop and its handlers."""

    @pytest.mark.parametrize("name", BODIES)
    def test_every_recorded_body_is_taken_in(self, name: str) -> None:
        answer = deliver(recorded(name))

        assert answer.status_code == HTTPStatus.OK
        assert WebhookEvent.objects.get().status == WebhookEvent.Status.PENDING

    def test_every_event_that_is_registered_has_a_recorded_body(self) -> None:
        topics = {json.loads(recorded(name))["event"] for name in BODIES}

        assert set(SLUGS) <= topics

    @pytest.mark.parametrize("name", NINE_OF_THE_SPECIFICATION)
    def test_an_event_of_the_specification_is_stored_under_its_official_name(self, name: str) -> None:
        asked = json.loads(recorded(name))

        deliver(recorded(name))

        event = WebhookEvent.objects.get()
        assert event.event_type == ALIASES.get(asked["event"], asked["event"])
        assert event.payload == asked
        assert event.instance == asked["eventInstance"].partition("#")[2]

    @pytest.mark.parametrize("name", NINE_OF_THE_SPECIFICATION)
    def test_each_of_the_nine_is_taken_under_its_official_name_too(self, name: str) -> None:
        event = json.loads(recorded(name))["event"]
        official = ALIASES.get(event, event)

        deliver(recorded(f"{official.replace(':', '_')}.json"))

        assert WebhookEvent.objects.get().event_type == official

    def test_there_are_nine_events_in_the_specification(self) -> None:
        assert len(NINE_OF_THE_SPECIFICATION) == 9

    @pytest.mark.parametrize("slug", ["order-created", "order-updated", "product-updated", "inventory-changed", "customer-created"])
    @pytest.mark.parametrize("form", ["/api/webhooks/shoptet/{}", "/api/webhooks/shoptet/{}/", "/webhooks/shoptet/{}"])
    def test_the_specifications_addresses_lead_here(self, form: str, slug: str) -> None:
        assert deliver(recorded("order_create.json"), address=form.format(slug)).status_code == HTTPStatus.OK

    @pytest.mark.parametrize("address", ["/api/webhooks/shoptet", "/api/webhooks/shoptet/", "/webhooks/shoptet", "/webhooks/shoptet/"])
    def test_the_address_without_a_slug_leads_here(self, address: str) -> None:
        assert deliver(recorded("order_create.json"), address=address).status_code == HTTPStatus.OK

    def test_the_body_decides_and_not_the_slug(self) -> None:
        deliver(recorded("order_create.json"), address="/api/webhooks/shoptet/customer-created")

        assert WebhookEvent.objects.get().event_type == "order:create"

    def test_an_event_without_an_address_of_its_own_gets_one_from_its_name(self) -> None:
        assert slug_for("orderStatusesList:change") == "order-statuses-list-change"


@pytest.mark.django_db
class TestRequests:
    @pytest.fixture(autouse=True)
    def _receiver(self, shop: Shop, handlers: None) -> None:
        """Give each test a shop and its handlers."""

    @pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head", "options"])
    def test_anything_but_post_is_405(self, method: str) -> None:
        answer = getattr(Client(), method)("/api/webhooks/shoptet/order-created")

        assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED

    def test_a_body_of_more_than_10_mb_is_413_and_not_stored(self) -> None:
        answer = deliver(b" " * (LARGEST_BODY + 1), signature="any")

        assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        assert not WebhookEvent.objects.exists()

    def test_a_body_of_10_mb_is_taken_in(self) -> None:
        head = recorded("order_create.json").rstrip()[:-1]
        body = head + b', "payload": "' + b"x" * (LARGEST_BODY - len(head) - 16) + b'"}'

        answer = deliver(body)

        assert answer.status_code == HTTPStatus.OK
        assert len(WebhookEvent.objects.get().raw_body) == len(body)

    @pytest.mark.parametrize("trouble", [ConnectionResetError(104, "reset by peer"), ValueError("Invalid chunk size: b'ZZZ'")])
    def test_a_body_that_breaks_off_is_400_and_not_stored(self, monkeypatch: pytest.MonkeyPatch, trouble: Exception) -> None:
        def break_off(self: Any, *args: Any) -> bytes:
            raise trouble

        monkeypatch.setattr("django.core.handlers.wsgi.LimitedStream.read", break_off)

        answer = deliver(recorded("order_create.json"))

        assert (answer.status_code, answer.json()) == (HTTPStatus.BAD_REQUEST, {"error": "Body broken off"})
        assert not WebhookEvent.objects.exists()

    @pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*", "nonsense"])
    def test_the_answer_is_json_whatever_the_sender_accepts(self, accept: str) -> None:
        body = recorded("order_create.json")
        headers = {"Accept": accept, "Shoptet-Webhook-Signature": "wrong"}

        answer = Client().post("/api/webhooks/shoptet", data=body, content_type="text/plain", headers=headers)

        assert (answer.status_code, answer.json()) == (HTTPStatus.UNAUTHORIZED, {"error": "Invalid signature"})

    def test_a_cookie_and_a_csrf_check_do_not_stand_in_the_way(self) -> None:
        client = Client(enforce_csrf_checks=True)
        body = recorded("order_create.json")
        client.cookies["sessionid"] = "made-up"

        answer = client.post(
            "/api/webhooks/shoptet", data=body, content_type="application/json", headers={"Shoptet-Webhook-Signature": "x"}
        )

        assert answer.status_code == HTTPStatus.UNAUTHORIZED

    def test_an_eshop_id_written_as_text_is_the_same_shop(self) -> None:
        body = recorded("order_create.json").replace(b"222651", b'"222651"')

        assert deliver(body).status_code == HTTPStatus.OK

    @pytest.mark.parametrize("eshop_id", [b"true", b"222651.0", b"[222651]", b'{"id": 222651}'])
    def test_an_eshop_id_of_another_kind_is_no_shop(self, eshop_id: bytes) -> None:
        body = recorded("order_create.json").replace(b"222651", eshop_id)

        assert deliver(body, key="another-key").status_code == HTTPStatus.UNAUTHORIZED

    def test_one_shops_key_does_not_sign_for_another(self, shop: Shop) -> None:
        account = BlueJetAccount.objects.create(name="Other", base_url="http://127.0.0.1:9")
        Shop.objects.create(name="Other", eshop_id="7", bluejet=account, webhook_key="the-others-key")
        body = recorded("order_create.json").replace(b"222651", b"7")

        assert deliver(body, key=KEY).status_code == HTTPStatus.UNAUTHORIZED
        assert deliver(body, key="the-others-key").status_code == HTTPStatus.OK

    def test_a_malformed_body_is_kept_for_the_shop_whose_key_signed_it(self, shop: Shop) -> None:
        account = BlueJetAccount.objects.create(name="Other", base_url="http://127.0.0.1:9")
        Shop.objects.create(name="Other", eshop_id="7", bluejet=account, webhook_key="the-others-key")

        deliver(b"{", key="the-others-key")

        assert WebhookEvent.objects.get().eshop_id == "7"

    def test_a_shop_without_a_key_takes_nothing_in(self, shop: Shop) -> None:
        Shop.objects.update(webhook_key="")
        body = recorded("order_create.json")

        assert [deliver(body, key="").status_code, deliver(body, signature="").status_code] == [401, 401]

    def test_what_cannot_be_stored_is_503_so_that_shoptet_comes_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*args: Any, **kwargs: Any) -> None:
            raise OperationalError("canceling statement due to lock timeout")

        monkeypatch.setattr(receiving, "store_delivery", refuse)

        assert deliver(recorded("order_create.json")).status_code == HTTPStatus.SERVICE_UNAVAILABLE

    def test_the_time_of_the_last_delivery_is_noted_and_not_at_every_delivery(self, shop: Shop) -> None:
        deliver(recorded("order_create.json"))
        noted = WebhookRegistration.objects.get(shop=shop, event_type="order:create").last_received_at
        WebhookRegistration.objects.update(last_received_at=None)

        deliver(recorded("order_create.json"))

        assert noted is not None
        assert WebhookRegistration.objects.get(shop=shop, event_type="order:create").last_received_at is None
