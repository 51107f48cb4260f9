"""Shops and accounts: secrets go in and never come out; the buttons that speak to partners."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clients.errors import PartnerUnavailable
from mappings.models import FieldMapping
from shops.connection import CheckResult
from shops.models import BlueJetAccount, FlowName, FlowSetting, Shop
from shops.partial_updates import KEPT, RESET, learn, read_only_columns, state_of
from sync.flows.stock.meaning import Finding, Why
from sync.models import SyncRun
from tests.contracts.receiver import deliver
from tests.webhooks.test_receiver import recorded
from webhooks.key_renewal import KeyRenewal
from webhooks.models import WebhookEvent
from webhooks.processing import take_up
from webhooks.registration import NeedsConfirmation, Planned, Registered, State

SECRETS = ("api-token-for-tests", "webhook-key-for-tests", "token-id-for-tests", "token-hash-for-tests")


def _shop_form(shop: Shop, **changes: Any) -> dict[str, Any]:
    flows = list(shop.flows.all())
    form = {
        name: getattr(shop, name) for name in ("name", "eshop_id", "api_base_url", "access", "oauth_url", "time_zone", "external_prefix")
    }
    form |= {"bluejet": shop.bluejet_id, "active": "on", "owns_products": "on"}
    form |= {"flows-TOTAL_FORMS": len(flows), "flows-INITIAL_FORMS": len(flows)}
    for number, flow in enumerate(flows):
        form |= {f"flows-{number}-id": flow.pk, f"flows-{number}-shop": shop.pk, f"flows-{number}-mode": flow.mode}
    return form | changes


def test_no_page_shows_a_secret(technician: Client, shop: Shop) -> None:
    pages = [
        reverse("admin:shops_shop_change", args=[shop.pk]),
        reverse("admin:shops_shop_webhooks", args=[shop.pk]),
        reverse("admin:shops_shop_changelist"),
        reverse("admin:shops_bluejetaccount_change", args=[shop.bluejet_id]),
        reverse("admin:shops_bluejetaccount_changelist"),
        reverse("admin:shops_shop_history", args=[shop.pk]),
    ]

    shown = [secret for page in pages for secret in SECRETS if secret in technician.get(page).content.decode()]

    assert shown == []


def test_the_office_that_may_only_look_sees_no_secret_either(office: Client, shop: Shop) -> None:
    pages = [reverse("admin:shops_shop_change", args=[shop.pk]), reverse("admin:shops_bluejetaccount_change", args=[shop.bluejet_id])]

    shown = [secret for page in pages for secret in SECRETS if secret in office.get(page).content.decode()]

    assert shown == []


def test_a_key_that_is_renewed_while_somebody_saves_the_form_is_not_undone(
    technician: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = Shop.save

    def renew_first(self: Shop, **options: Any) -> None:
        Shop.objects.update(webhook_key="renewed", previous_webhook_key="webhook-key-for-tests")
        save(self, **options)

    monkeypatch.setattr(Shop, "save", renew_first)

    technician.post(reverse("admin:shops_shop_change", args=[shop.pk]), _shop_form(shop, name="Gastro 2"))

    shop.refresh_from_db()
    assert (shop.name, shop.webhook_key, shop.previous_webhook_key) == ("Gastro 2", "renewed", "webhook-key-for-tests")


def test_what_came_while_a_shop_was_off_is_taken_up_when_it_is_switched_on(technician: Client, shop: Shop) -> None:
    Shop.objects.update(active=False)
    deliver(recorded("order_create.json"))
    take_up(WebhookEvent.objects.get().pk)
    held = WebhookEvent.objects.get().status

    technician.post(reverse("admin:shops_shop_change", args=[shop.pk]), _shop_form(shop, active="on"))

    assert (held, WebhookEvent.objects.get().status) == (WebhookEvent.Status.IGNORED, WebhookEvent.Status.PENDING)


def test_an_empty_secret_keeps_what_is_stored(technician: Client, shop: Shop) -> None:
    answer = technician.post(reverse("admin:shops_shop_change", args=[shop.pk]), _shop_form(shop, name="Gastro 2"))

    shop.refresh_from_db()
    assert answer.status_code == 302
    assert (shop.name, shop.api_token, shop.webhook_key) == ("Gastro 2", "api-token-for-tests", "webhook-key-for-tests")


def test_a_written_secret_replaces_the_stored_one(technician: Client, shop: Shop) -> None:
    technician.post(reverse("admin:shops_shop_change", args=[shop.pk]), _shop_form(shop, api_token="a-new-token"))

    shop.refresh_from_db()
    assert (shop.api_token, shop.webhook_key) == ("a-new-token", "webhook-key-for-tests")


def test_a_rejected_form_does_not_send_a_secret_back(technician: Client, shop: Shop) -> None:
    page = technician.post(reverse("admin:shops_shop_change", args=[shop.pk]), _shop_form(shop, name="", api_token="typed-just-now"))

    assert page.status_code == 200
    assert "typed-just-now" not in page.content.decode()
    assert not any(secret in page.content.decode() for secret in SECRETS)


def test_a_flow_is_switched_on_the_shops_page(technician: Client, shop: Shop) -> None:
    first = shop.flows.first()
    assert first is not None

    technician.post(reverse("admin:shops_shop_change", args=[shop.pk]), _shop_form(shop, **{"flows-0-mode": "shadow"}))

    assert FlowSetting.objects.get(pk=first.pk).mode == FlowSetting.Mode.SHADOW


def test_a_new_shop_has_its_flows_and_the_default_mappings(technician: Client, shop: Shop) -> None:
    form = _shop_form(shop, eshop_id="999", name="Second", external_prefix="second", api_token="t")
    form = {name: value for name, value in form.items() if not name.startswith("flows") and name != "owns_products"}

    technician.post(reverse("admin:shops_shop_add"), form)

    made = Shop.objects.get(eshop_id="999")
    assert made.flows.count() == 4
    assert FieldMapping.objects.filter(shop=made).exists()


@pytest.mark.parametrize(
    ("evidences", "sentence"),
    [
        ('{"invoice": {"no": 1}}', "“invoice” is not a kind of record"),
        ('{"product": {"no": "217"}}', "must be a whole number"),
        ('{"options": {"write_form": "S9"}}', "write_form must be S1, S2 or S3"),
        ("[1]", "write an object"),
    ],
)
def test_evidences_that_the_client_could_not_use_are_refused_with_a_sentence(
    technician: Client, shop: Shop, evidences: str, sentence: str
) -> None:
    account = shop.bluejet
    form = {"name": account.name, "base_url": account.base_url, "dialect": "data", "pace": "1", "evidences": evidences}

    page = technician.post(reverse("admin:shops_bluejetaccount_change", args=[account.pk]), form).content.decode()

    assert sentence in page
    assert BlueJetAccount.objects.get().evidences == {}


def test_evidences_that_fit_are_saved(technician: Client, shop: Shop) -> None:
    account = shop.bluejet
    form = {"name": account.name, "base_url": account.base_url, "dialect": "data", "pace": "1", "evidences": '{"product": {"no": 218}}'}

    technician.post(reverse("admin:shops_bluejetaccount_change", args=[account.pk]), form)

    account.refresh_from_db()
    assert (account.evidences, account.token_id) == ({"product": {"no": 218}}, "token-id-for-tests")


@pytest.fixture
def no_partner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the budget: nobody is called."""
    monkeypatch.setattr("sync.admin.shop_partners.shoptet_limiter", lambda shop: None)


def test_the_test_of_the_connection_says_what_came_of_it(
    technician: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch, no_partner: None
) -> None:
    results = [CheckResult("Shoptet", True, "Shoptet answers."), CheckResult("BlueJet", False, "BlueJet does not answer.", "timeout")]
    monkeypatch.setattr("sync.admin.shop_partners.ask", lambda owner: results[isinstance(owner, BlueJetAccount)])

    page = technician.post(reverse("admin:shops_shop_test", args=[shop.pk]), follow=True).content.decode()

    assert "Shoptet answers." in page
    assert "BlueJet does not answer. (timeout)" in page


def test_the_shops_page_says_that_the_stocks_amount_was_not_checked_until_it_is(
    technician: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch, no_partner: None
) -> None:
    finding = Finding(Shop.StockAmount.ON_SHELF, Why.STILL, ("2026000057", "2026000058"))
    monkeypatch.setattr("sync.stock_meaning.find_meaning", lambda client: finding)
    warned = "It was not checked yet whether a stock&#x27;s amount"
    before = technician.get(reverse("admin:shops_shop_webhooks", args=[shop.pk])).content.decode()

    after = technician.post(reverse("admin:shops_shop_stock_meaning", args=[shop.pk]), follow=True).content.decode()

    shop.refresh_from_db()
    assert shop.stock_amount == Shop.StockAmount.ON_SHELF
    assert "Open orders have not moved the amount (2026000057, 2026000058)" in after
    assert (warned in before, warned in after) == (True, False)
    assert SyncRun.objects.get().flow == FlowName.STOCK_TO_BLUEJET


@pytest.mark.parametrize(("chosen", "runs"), [("on_shelf", 1), ("", 0)])
def test_choosing_what_the_amount_means_has_all_stock_looked_at(technician: Client, shop: Shop, chosen: str, runs: int) -> None:
    technician.post(reverse("admin:shops_shop_change", args=[shop.pk]), _shop_form(shop, stock_amount=chosen))

    shop.refresh_from_db()
    assert shop.stock_amount == chosen
    assert SyncRun.objects.filter(flow=FlowName.STOCK_TO_BLUEJET, mode=SyncRun.Mode.FULL).count() == runs


def test_registering_over_another_installation_asks_first(
    technician: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch, no_partner: None
) -> None:
    asked: list[bool] = []

    def register(shop: Shop, *, take_over: bool, client: Any) -> Registered:
        asked.append(take_over)
        if not take_over:
            raise NeedsConfirmation([Planned("order:create", State.FOREIGN, "https://portal.test/x", "https://other.example/hook", "7")])
        return Registered(added=["order:create"], refused={"job:finished": "not for this shop"})

    monkeypatch.setattr("sync.admin.shop_partners.register_all", register)
    address = reverse("admin:shops_shop_register", args=[shop.pk])

    question = technician.post(address).content.decode()
    answer = technician.post(address, {"confirmed": "yes"}, follow=True).content.decode()

    assert "order:create → https://other.example/hook" in question
    assert asked == [False, True]
    assert "1 event is newly registered here." in answer
    assert "Shoptet refused the event job:finished: not for this shop" in answer


def test_a_partner_that_is_away_is_said_in_a_sentence(
    technician: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch, no_partner: None
) -> None:
    def fail(shop: Shop, **_: Any) -> KeyRenewal:
        raise PartnerUnavailable("no answer within 10 s", partner="Shoptet")

    monkeypatch.setattr("sync.admin.shop_partners.renew_key", fail)

    page = technician.post(reverse("admin:shops_shop_renew_key", args=[shop.pk]), follow=True).content.decode()

    assert "Shoptet did not do it" in page


def test_looking_at_the_webhooks_asks_nobody(technician: Client, shop: Shop) -> None:
    page = technician.get(reverse("admin:shops_shop_webhooks", args=[shop.pk]))

    assert page.status_code == 200
    assert "of 27 events are registered here" in page.content.decode()


def test_an_account_that_resets_columns_is_told_of_on_the_first_page_and_on_its_own(technician: Client, shop: Shop) -> None:
    before = technician.get(reverse("admin:index")).content.decode()
    learn(shop.bluejet, "product", state=RESET)

    first = technician.get(reverse("admin:index")).content.decode()
    own = technician.get(reverse("admin:shops_bluejetaccount_change", args=[shop.bluejet_id])).content.decode()

    sentence = "empties columns that an update does not name (products)"
    assert (sentence in before, sentence in first, "are emptied, so records are written whole" in own) == (False, True, True)


def test_what_an_update_once_emptied_is_not_forgotten(shop: Shop) -> None:
    for state in (RESET, KEPT):
        learn(shop.bluejet, "product", state=state)
    learn(shop.bluejet, "product", read_only=["FullName"])

    account = BlueJetAccount.objects.get(pk=shop.bluejet_id)
    assert (state_of(account, "product"), state_of(account, "order")) == (RESET, "unknown")
    assert read_only_columns(account, "product") == {"fullname"}


@pytest.mark.parametrize(("said", "kept"), [({}, "bluejet"), ({"first_pairing": "shoptet"}, "shoptet")])
def test_who_wins_the_first_pairing_is_chosen_on_the_shops_page(technician: Client, shop: Shop, said: dict[str, str], kept: str) -> None:
    technician.post(reverse("admin:shops_shop_change", args=[shop.pk]), _shop_form(shop, **said))

    shop.refresh_from_db()
    assert shop.first_pairing == kept
