"""Registering at Shoptet, renewing the key, and what a person sees of it."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from clients.errors import OutcomeUnknown, PartnerUnavailable
from shops.models import Shop
from tests.contracts.receiver import deliver
from tests.webhooks.fake_shoptet import FakeShoptet
from tests.webhooks.test_receiver import recorded
from webhooks import key_renewal, registration
from webhooks.addresses import NoPublicAddress, address_warnings, url_for
from webhooks.key_renewal import RenewalUnderWay, finish_renewals, renew_key
from webhooks.models import QuarantinedDelivery, WebhookEvent, WebhookRegistration
from webhooks.registration import NeedsConfirmation, State, delete_all, plan, register_all, wanted_events
from webhooks.status_table import status_table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("handlers")]
NINE = ["order:create", "order:update", "order:paid", "product:create", "product:update", "product:delete", "stock:movement"]
NINE += ["customer:create", "customer:update"]
ELSEWHERE = "https://production.example/api/webhooks/shoptet/order-created"


@pytest.fixture
def shoptet(monkeypatch: pytest.MonkeyPatch) -> FakeShoptet:
    fake = FakeShoptet()
    monkeypatch.setattr(registration, "client_for", registration.client_for)
    monkeypatch.setattr(registration, "shoptet_client", lambda shop: _Opened(fake))
    return fake


class _Opened:
    def __init__(self, client: FakeShoptet) -> None:
        self.client = client

    def __enter__(self) -> FakeShoptet:
        return self.client

    def __exit__(self, *_: object) -> None:
        return None


def test_every_event_of_the_specification_is_registered_under_its_address(shop: Shop, shoptet: FakeShoptet) -> None:
    done = register_all(shop)

    assert set(NINE) <= set(done.added)
    assert shoptet.hooks["order:create"] == "https://portal.test/api/webhooks/shoptet/order-created"
    assert shoptet.hooks["stock:movement"] == "https://portal.test/api/webhooks/shoptet/inventory-changed"
    assert {one.state for one in plan(shop)} == {State.OURS}


def test_events_that_shoptet_refuses_beside_each_other_are_not_wanted(handlers: dict[str, Any]) -> None:
    handlers |= {"order:cancel": print, "customer:disableOrders": print, "orderStatusesList:change": print}

    wanted = wanted_events()

    assert {"order:cancel", "customer:disableOrders", "customer:enableOrders", "addon:suspend"}.isdisjoint(wanted)
    assert "orderStatusesList:change" in wanted


def test_registering_again_changes_nothing(shop: Shop, shoptet: FakeShoptet) -> None:
    register_all(shop)

    done = register_all(shop)

    assert (done.added, done.changed, done.removed, done.refused) == ([], [], [], {})


def test_another_installations_registration_is_not_taken_without_asking(shop: Shop, shoptet: FakeShoptet) -> None:
    shoptet.hooks = {"order:create": ELSEWHERE}

    with pytest.raises(NeedsConfirmation, match="production.example"):
        register_all(shop)

    assert shoptet.hooks == {"order:create": ELSEWHERE}


def test_another_installations_registration_is_taken_over_when_a_person_says_so(shop: Shop, shoptet: FakeShoptet) -> None:
    shoptet.hooks = {"order:create": ELSEWHERE}

    done = register_all(shop, take_over=True)

    assert done.changed == ["order:create"]
    assert shoptet.hooks["order:create"] == url_for("order:create")


def test_our_own_registration_under_an_older_address_is_moved(shop: Shop, shoptet: FakeShoptet) -> None:
    shoptet.hooks = {"order:create": "https://portal.test/webhooks/shoptet"}

    assert register_all(shop).changed == ["order:create"]


def test_a_registration_that_excludes_a_wanted_one_makes_room(shop: Shop, shoptet: FakeShoptet) -> None:
    shoptet.hooks = {"order:cancel": "https://portal.test/cancelled"}

    done = register_all(shop)

    assert done.removed == ["order:cancel"]
    assert "order:update" in shoptet.hooks


def test_a_foreign_registration_that_excludes_a_wanted_one_asks(shop: Shop, shoptet: FakeShoptet) -> None:
    shoptet.hooks = {"order:cancel": ELSEWHERE}

    with pytest.raises(NeedsConfirmation, match="order:cancel"):
        register_all(shop)


def test_an_event_that_the_shop_cannot_have_does_not_cost_the_others(shop: Shop, shoptet: FakeShoptet) -> None:
    shoptet.refuses = {"productVariant:massUpdate"}

    done = register_all(shop)

    assert set(done.refused) == {"productVariant:massUpdate"}
    assert set(done.added) == set(wanted_events()) - {"productVariant:massUpdate"}


def test_a_shop_without_a_key_gets_one_before_its_events_are_registered(shop: Shop, shoptet: FakeShoptet) -> None:
    Shop.objects.update(webhook_key="")
    shop.refresh_from_db()

    register_all(shop)

    shop.refresh_from_db()
    assert shop.webhook_key == shoptet.key == "key-1"


def test_only_our_own_registrations_are_deleted(shop: Shop, shoptet: FakeShoptet) -> None:
    register_all(shop)
    shoptet.hooks["brand:update"] = ELSEWHERE

    delete_all(shop)

    assert shoptet.hooks == {"brand:update": ELSEWHERE}


def test_without_a_public_address_nothing_is_registered(shop: Shop, shoptet: FakeShoptet, settings: Settings) -> None:
    settings.PUBLIC_URL = ""

    with pytest.raises(NoPublicAddress, match="PUBLIC_URL"):
        register_all(shop)

    assert shoptet.hooks == {}


@pytest.mark.parametrize(
    ("public", "api", "said"),
    [
        ("https://portal.test", "https://api.myshoptet.com", []),
        ("https://portal.test:9443", "https://api.myshoptet.com", ["9443"]),
        ("http://portal.test:8080", "https://api.myshoptet.com", ["not https"]),
        ("http://127.0.0.1:8000", "http://127.0.0.1:9001", []),
        ("http://localhost:8000", "https://api.myshoptet.com", ["localhost"]),
    ],
)
def test_an_address_that_shoptet_may_not_reach_is_warned_of(shop: Shop, settings: Settings, public: str, api: str, said: list[str]) -> None:
    settings.PUBLIC_URL, shop.api_base_url = public, api

    warnings = address_warnings(shop)

    assert [word in warning for word, warning in zip(said, warnings, strict=True)] == [True] * len(said)


def test_a_renewed_key_replaces_the_old_one_which_is_accepted_on(shop: Shop, shoptet: FakeShoptet) -> None:
    renew_key(shop)

    answers = [deliver(recorded("order_create.json"), key=key).status_code for key in ("key-1", "webhook-key-for-tests", "other")]
    assert answers == [200, 200, 401]


def test_what_is_signed_with_the_new_key_before_it_is_saved_is_not_lost(shop: Shop, shoptet: FakeShoptet, announced: list[int]) -> None:
    early: list[int] = []
    shoptet.after_renewal = lambda number: early.append(deliver(recorded("order_create.json"), key=f"key-{number}").status_code)

    done = renew_key(shop)

    assert (early, done.released) == ([401], 1)
    assert announced == [WebhookEvent.objects.get().pk]


def test_a_lost_answer_to_a_renewal_is_followed_by_another_renewal(shop: Shop, shoptet: FakeShoptet) -> None:
    def lose_the_first_answer(number: int) -> None:
        deliver(recorded("order_create.json"), key=f"key-{number}")
        if number == 1:
            raise OutcomeUnknown("no answer", partner="Shoptet")

    shoptet.after_renewal = lose_the_first_answer

    done = renew_key(shop)

    shop.refresh_from_db()
    assert (done.lost_answers, shop.webhook_key, shop.previous_webhook_key) == (1, "key-2", "webhook-key-for-tests")
    assert (done.released, QuarantinedDelivery.objects.count()) == (1, 1)


def test_a_renewal_whose_answers_are_all_lost_keeps_the_known_keys_and_can_be_repeated(shop: Shop, shoptet: FakeShoptet) -> None:
    def lose_the_answer(number: int) -> None:
        raise OutcomeUnknown("no answer", partner="Shoptet")

    shoptet.after_renewal = lose_the_answer

    with pytest.raises(OutcomeUnknown):
        renew_key(shop)

    shop.refresh_from_db()
    shoptet.after_renewal = lambda number: None
    assert shop.webhook_key == "webhook-key-for-tests"
    assert renew_key(shop).lost_answers == 0


def test_a_key_that_nobody_knows_is_replaced_by_the_sweeper(
    shop: Shop, shoptet: FakeShoptet, monkeypatch: pytest.MonkeyPatch, announced: list[int]
) -> None:
    monkeypatch.setattr(key_renewal, "shoptet_client", lambda shop, **_: _Opened(shoptet))
    early: list[int] = []

    def lose_the_answer(number: int) -> None:
        raise OutcomeUnknown("no answer", partner="Shoptet")

    shoptet.after_renewal = lose_the_answer
    with pytest.raises(OutcomeUnknown):
        renew_key(shop)
    shoptet.after_renewal = lambda number: early.append(deliver(recorded("order_create.json"), key=f"key-{number}").status_code)

    counts = [finish_renewals(), finish_renewals()]

    shop.refresh_from_db()
    assert (counts, shop.webhook_key) == ([1, 0], shoptet.key)
    assert (early, announced) == ([401], [WebhookEvent.objects.get().pk])


def test_a_renewal_whose_process_was_killed_is_finished_by_the_sweeper(
    shop: Shop, shoptet: FakeShoptet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_renewal, "shoptet_client", lambda shop, **_: _Opened(shoptet))
    Shop.objects.update(key_renewal_until=timezone.now() - timedelta(seconds=1))

    finish_renewals()

    shop.refresh_from_db()
    assert shop.webhook_key == shoptet.key == "key-1"


def test_a_renewal_that_never_reached_shoptet_is_not_repeated_behind_a_persons_back(shop: Shop, shoptet: FakeShoptet) -> None:
    def refuse(number: int) -> None:
        raise PartnerUnavailable("the partner cannot be reached", partner="Shoptet")

    shoptet.after_renewal = refuse

    with pytest.raises(PartnerUnavailable):
        renew_key(shop)

    assert finish_renewals() == 0


def test_two_renewals_do_not_run_at_once(shop: Shop, shoptet: FakeShoptet) -> None:
    Shop.objects.update(key_renewal_until=timezone.now() + key_renewal.LONGEST)

    with pytest.raises(RenewalUnderWay):
        renew_key(shop)

    assert shoptet.renewals == 0


def test_renewing_the_key_under_another_installation_asks(shop: Shop, shoptet: FakeShoptet) -> None:
    shoptet.hooks = {"order:create": ELSEWHERE}

    with pytest.raises(NeedsConfirmation):
        renew_key(shop)

    assert shoptet.renewals == 0


def test_the_table_shows_each_event_registered_received_and_caught_up(shop: Shop, shoptet: FakeShoptet) -> None:
    register_all(shop)
    deliver(recorded("order_create.json"))
    WebhookRegistration.objects.create(shop=shop, event_type="brand:update", url=ELSEWHERE)

    rows = {row.event_type: row for row in status_table(shop)}

    assert rows["order:create"].is_ours
    assert rows["order:create"].last_received_at is not None
    assert rows["order:update"].last_received_at is None
    assert (rows["brand:update"].is_wanted, rows["brand:update"].is_ours) == (False, False)


def test_the_command_shows_registers_renews_and_deletes(shop: Shop, shoptet: FakeShoptet) -> None:
    said = StringIO()

    for action in ("list", "register", "rotate-key", "list", "delete"):
        call_command("shoptet_webhooks", action, shop="222651", stdout=said, stderr=said)

    assert "missing   order:create" in said.getvalue()
    assert "ours      order:create" in said.getvalue()
    assert shoptet.renewals == 1
    assert shoptet.hooks == {}


def test_the_command_takes_nothing_over_unless_it_is_told_to(shop: Shop, shoptet: FakeShoptet) -> None:
    shoptet.hooks = {"order:create": ELSEWHERE}

    with pytest.raises(CommandError, match="--take-over"):
        call_command("shoptet_webhooks", "register", stdout=StringIO(), stderr=StringIO())
    refused = dict(shoptet.hooks)
    call_command("shoptet_webhooks", "register", take_over=True, stdout=StringIO(), stderr=StringIO())

    assert refused == {"order:create": ELSEWHERE}
    assert shoptet.hooks["order:create"] == url_for("order:create")


def test_the_command_names_a_shop_that_is_not_there(db: None) -> None:
    with pytest.raises(CommandError, match="no shop with the e-shop ID 5"):
        call_command("shoptet_webhooks", "list", shop="5")
