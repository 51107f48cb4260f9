"""The quarantine: nothing is lost over a key change, and nobody can fill the database with it."""

from __future__ import annotations

import pytest

from shops.models import Shop
from tests.contracts.receiver import deliver
from tests.webhooks.test_receiver import recorded
from webhooks import quarantine
from webhooks.models import QuarantinedDelivery, WebhookEvent
from webhooks.quarantine import release_all_quarantines, release_quarantine
from webhooks.signatures import is_signed, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shop", "handlers")]
ORDER = recorded("order_create.json")


def test_a_delivery_under_a_key_not_saved_yet_is_taken_in_once_the_key_is_known(shop: Shop, announced: list[int]) -> None:
    deliver(ORDER, key="the-new-key")
    deliver(recorded("order_update.json"), key="a-stranger")
    Shop.objects.update(webhook_key="the-new-key")

    count = release_quarantine(shop)

    assert count == 1
    assert announced == [WebhookEvent.objects.get(event_type="order:create").pk]
    assert QuarantinedDelivery.objects.count() == 1


def test_the_sweeper_notices_a_key_that_was_changed_anywhere(shop: Shop) -> None:
    deliver(ORDER, key="the-new-key")
    counts = [release_all_quarantines()]
    Shop.objects.update(webhook_key="the-new-key")

    counts += [release_all_quarantines(), release_all_quarantines()]

    assert counts == [0, 1, 0]


def test_bodies_are_not_tried_again_while_the_keys_stay_the_same(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(ORDER, key="a-stranger")
    tried: list[str] = []
    monkeypatch.setattr(quarantine, "is_signed", lambda body, signature, keys: tried.append(signature))

    release_all_quarantines()

    assert tried == []


def test_what_is_kept_while_the_others_are_tried_is_tried_the_next_time(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    late = recorded("order_update.json")
    deliver(ORDER, key="a-stranger")

    def keep_another_meanwhile(body: bytes, signature: str, keys: tuple[bytes, ...]) -> bool:
        if body == ORDER:
            # By a web process that read the shop's keys a moment before the new one was saved.
            row = QuarantinedDelivery.objects.get()
            row.pk, row.body, row.signature = None, late, sign(b"the-new-key", late)
            row.body_hash = "another"
            row.save()
        return is_signed(body, signature, keys)

    monkeypatch.setattr(quarantine, "is_signed", keep_another_meanwhile)
    Shop.objects.update(webhook_key="the-new-key")

    counts = [release_quarantine(shop), release_quarantine(shop)]

    assert sum(counts) == 1
    assert WebhookEvent.objects.get().event_type == "order:update"


def test_a_body_released_from_quarantine_that_is_of_no_use_is_kept_as_failed(shop: Shop) -> None:
    deliver(b'{"eshopId": 222651}', key="the-new-key")
    Shop.objects.update(webhook_key="the-new-key")

    release_quarantine(shop)

    assert WebhookEvent.objects.get().status == WebhookEvent.Status.FAILED


def test_only_the_newest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "MOST_ROWS", 3)

    for number in range(5):
        deliver(ORDER.replace(b"2025000057", str(number).encode()), key="a-stranger")

    kept = [row.body for row in QuarantinedDelivery.objects.order_by("pk")]
    assert [b'"eventInstance": "%d"' % number in bytes(body) for number, body in zip((2, 3, 4), kept, strict=True)] == [True] * 3


def test_only_so_many_bytes_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "MOST_BYTES", 2 * len(ORDER))

    for number in range(2025000050, 2025000055):
        deliver(ORDER.replace(b"2025000057", str(number).encode()), key="a-stranger")

    assert QuarantinedDelivery.objects.count() == 2


def test_a_large_body_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "LARGEST_BODY", len(ORDER) - 1)

    deliver(ORDER, key="a-stranger")

    assert not QuarantinedDelivery.objects.exists()
