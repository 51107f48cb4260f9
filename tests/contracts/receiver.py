"""What every form of delivery is promised by the receiver; a form's test class inherits it and says how its bodies look."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from shops.models import Shop
from webhooks.models import QuarantinedDelivery, WebhookEvent
from webhooks.registry import get_handler
from webhooks.signatures import sign

ADDRESS = "/api/webhooks/shoptet/order-created"
KEY = "webhook-key-for-tests"
Status = WebhookEvent.Status


def deliver(body: bytes, *, signature: str | None = None, key: str = KEY, address: str = ADDRESS, **extra: Any) -> Any:
    """Send one delivery as Shoptet does; without `signature` it is signed with `key`."""
    headers = {"Shoptet-Webhook-Signature": sign(key.encode(), body) if signature is None else signature}
    return Client().post(address, data=body, content_type="application/json", headers=headers, **extra)


@pytest.mark.django_db
class ReceiverContract:
    """Inherit with `body()`: the form's body of an order that was created."""

    instance = ""

    @pytest.fixture(autouse=True)
    def _receiver(self, shop: Shop, handlers: None) -> None:
        """Give each test a shop whose key signs, and someone who takes up events."""

    def body(self, **changes: Any) -> bytes:
        raise NotImplementedError

    def test_a_signed_delivery_is_stored_and_answered_200(self) -> None:
        answer = deliver(self.body())

        event = WebhookEvent.objects.get()
        assert answer.status_code == HTTPStatus.OK
        assert (event.event_type, event.instance, event.eshop_id) == ("order:create", self.instance, "222651")
        assert (event.status, event.times_seen, bytes(event.raw_body)) == (Status.PENDING, 1, self.body())
        assert event.payload == json.loads(self.body())

    def test_a_wrong_signature_is_refused_and_nothing_is_stored(self) -> None:
        answer = deliver(self.body(), key="another-key")

        assert (answer.status_code, answer.json()) == (HTTPStatus.UNAUTHORIZED, {"error": "Invalid signature"})
        assert not WebhookEvent.objects.exists()

    @pytest.mark.parametrize("signature", ["", "00", "ěšč", "\x80", "g" * 40, "0" * 5000])
    def test_a_signature_of_any_shape_is_refused_in_the_same_words(self, signature: str) -> None:
        answer = deliver(self.body(), signature=signature)

        assert (answer.status_code, answer.json()) == (HTTPStatus.UNAUTHORIZED, {"error": "Invalid signature"})

    def test_a_missing_signature_is_refused(self) -> None:
        answer = Client().post(ADDRESS, data=self.body(), content_type="application/json")

        assert (answer.status_code, answer.json()) == (HTTPStatus.UNAUTHORIZED, {"error": "Invalid signature"})

    def test_a_body_changed_by_one_byte_is_refused(self) -> None:
        signature = sign(KEY.encode(), self.body())

        answer = deliver(self.body() + b" ", signature=signature)

        assert answer.status_code == HTTPStatus.UNAUTHORIZED

    def test_a_signature_in_capitals_is_the_same_signature(self) -> None:
        assert deliver(self.body(), signature=sign(KEY.encode(), self.body()).upper()).status_code == HTTPStatus.OK

    def test_an_unknown_shop_is_refused_even_if_a_known_shop_signed(self) -> None:
        answer = deliver(self.body(eshopId=999))

        assert (answer.status_code, answer.json()) == (HTTPStatus.UNAUTHORIZED, {"error": "Invalid signature"})
        assert not QuarantinedDelivery.objects.exists()

    def test_the_previous_key_still_signs(self, shop: Shop) -> None:
        shop.previous_webhook_key, shop.webhook_key = shop.webhook_key, "a-newer-key"
        shop.save()

        answers = [deliver(self.body(), key=KEY), deliver(self.body(), key="a-newer-key"), deliver(self.body(), key="oldest")]

        assert [answer.status_code for answer in answers] == [200, 200, 401]

    def test_a_key_changed_by_another_process_signs_at_once(self, shop: Shop) -> None:
        deliver(self.body())
        # update() tells this process nothing, just as another process's save would not.
        Shop.objects.filter(pk=shop.pk).update(webhook_key="a-newer-key")

        answer = deliver(self.body(eventInstance="2"), key="a-newer-key")

        assert answer.status_code == HTTPStatus.OK

    def test_a_refused_delivery_of_a_known_shop_is_kept_in_quarantine_once(self) -> None:
        for _ in range(2):
            deliver(self.body(), key="another-key")

        kept = QuarantinedDelivery.objects.get()
        assert bytes(kept.body) == self.body()

    def test_a_duplicate_is_counted_and_not_stored_twice(self) -> None:
        answers = [deliver(self.body()) for _ in range(3)]

        event = WebhookEvent.objects.get()
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        assert (event.times_seen, event.status) == (3, Status.PENDING)
        assert event.last_seen_at > event.created_at

    @pytest.mark.parametrize("status", [Status.PROCESSING, Status.COMPLETED, Status.FAILED])
    def test_a_duplicate_of_an_event_that_was_taken_up_is_taken_up_again(self, status: str, announced: list[int]) -> None:
        deliver(self.body())
        WebhookEvent.objects.update(status=status, error="a failure", processed_at="2025-02-08T15:13:39+01:00")

        deliver(self.body())

        event = WebhookEvent.objects.get()
        assert (event.status, event.error, event.processed_at) == (Status.PENDING, "", None)
        assert announced == [event.pk, event.pk]

    def test_events_of_the_same_record_in_different_seconds_are_two(self) -> None:
        deliver(self.body(eventCreated="2025-02-08T15:13:39+0100"))
        deliver(self.body(eventCreated="2025-02-08T15:13:40+0100"))

        assert WebhookEvent.objects.count() == 2

    def test_a_stored_event_is_announced(self, announced: list[int]) -> None:
        deliver(self.body())

        assert announced == [WebhookEvent.objects.get().pk]

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"[" * 100_000, b'{"eshopId": NaN}'])
    def test_a_malformed_body_under_a_good_signature_is_400_and_kept_once_as_failed(self, body: bytes) -> None:
        answers = [deliver(body) for _ in range(2)]

        event = WebhookEvent.objects.get()
        assert [answer.status_code for answer in answers] == [400, 400]
        assert answers[0].json()["error"] == event.error
        assert (event.status, event.times_seen, bytes(event.raw_body)) == (Status.FAILED, 2, body)

    def test_a_malformed_body_that_nobody_signed_is_401_and_not_kept(self) -> None:
        answer = deliver(b"{", key="another-key")

        assert answer.status_code == HTTPStatus.UNAUTHORIZED
        assert not WebhookEvent.objects.exists()

    @pytest.mark.parametrize("field", ["eshopId", "event", "eventCreated", "eventInstance"])
    def test_a_missing_field_is_400_and_named(self, field: str) -> None:
        document = json.loads(self.body())
        del document[field]

        answer = deliver(json.dumps(document).encode())

        assert (answer.status_code, answer.json()) == (HTTPStatus.BAD_REQUEST, {"error": f"The field {field} is missing."})
        assert WebhookEvent.objects.get().status == Status.FAILED

    @pytest.mark.parametrize(
        "changes",
        [
            {"eventCreated": "yesterday"},
            {"eventCreated": "0001-01-01T00:00:00+01:00"},
            {"eventInstance": {"a": 1}},
            {"eventInstance": "a\x00b"},
        ],
    )
    def test_a_field_that_cannot_be_read_is_400_and_kept(self, changes: dict[str, Any]) -> None:
        answer = deliver(self.body(**changes))

        assert answer.status_code == HTTPStatus.BAD_REQUEST
        assert WebhookEvent.objects.get().status == Status.FAILED

    def test_an_unknown_topic_is_stored_as_ignored_and_not_announced(self, announced: list[int]) -> None:
        answer = deliver(self.body(event="brand:update"))

        assert answer.status_code == HTTPStatus.OK
        event = WebhookEvent.objects.get()
        assert (event.status, event.error) == (Status.IGNORED, "Nothing in the portal acts on this event.")
        assert get_handler("brand:update") is None
        assert announced == []

    def test_a_mass_event_is_stored_once(self) -> None:
        listed = json.dumps([str(number) for number in range(2025000000, 2025000200)])

        answer = deliver(self.body(event="order:massUpdate", eventInstance=listed))

        event = WebhookEvent.objects.get()
        assert answer.status_code == HTTPStatus.OK
        assert event.instance == listed
        assert event.event_id.startswith("sha256:")

    def test_text_that_the_database_cannot_hold_is_replaced_and_the_raw_body_keeps_it(self) -> None:
        body = self.body(note="before\x00after \ud800")

        answer = deliver(body)

        event = WebhookEvent.objects.get()
        assert answer.status_code == HTTPStatus.OK
        assert event.payload["note"] == "before\ufffdafter \ufffd"
        assert bytes(event.raw_body) == body
