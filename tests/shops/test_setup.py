"""Setting the first shop up from the environment."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from shops.flow_settings import create_flow_settings
from shops.models import BlueJetAccount, FlowName, FlowSetting, Shop
from shops.setup import SetupRefused, set_up_shop

pytestmark = pytest.mark.django_db
GIVEN = {
    "SHOPTET_API_BASE_URL": "http://127.0.0.1:9001/api/",
    "SHOPTET_API_TOKEN": "token",
    "SHOPTET_ESHOP_ID": "222651",
    "SHOPTET_WEBHOOK_KEY": "key",
    "BLUEJET_API_URL": "http://127.0.0.1:9002/api/v1",
    "BLUEJET_API_DIALECT": "data",
    "BLUEJET_TOKEN_ID": "id",
    "BLUEJET_TOKEN_HASH": "hash",
    "BLUEJET_PACE": "0",
}


def test_the_environment_makes_a_shop_with_its_bluejet_and_its_flows() -> None:
    done = set_up_shop(GIVEN)

    shop = Shop.objects.get()
    assert done.is_new
    assert (shop.eshop_id, shop.api_base_url, shop.api_token, shop.webhook_key) == ("222651", "http://127.0.0.1:9001", "token", "key")
    assert (shop.bluejet.base_url, shop.bluejet.token_hash, shop.bluejet.pace) == ("http://127.0.0.1:9002/api/v1", "hash", 0)
    assert set(shop.flows.values_list("flow", flat=True)) == set(FlowName.values)


@pytest.mark.parametrize("address", ["https://api.myshoptet.com", "https://api.myshoptet.com/", "https://api.myshoptet.com/api"])
def test_the_address_is_the_same_with_api_and_without(address: str) -> None:
    assert set_up_shop(GIVEN | {"SHOPTET_API_BASE_URL": address}).shop.api_base_url == "https://api.myshoptet.com"


def test_repeating_it_changes_nothing_that_staff_changed() -> None:
    set_up_shop(GIVEN)
    Shop.objects.update(name="Gastro", time_zone="Europe/Bratislava")
    FlowSetting.objects.filter(flow=FlowName.STOCK_TO_BLUEJET).update(mode=FlowSetting.Mode.OFF)

    done = set_up_shop(GIVEN)

    assert (done.is_new, done.shop.name, done.shop.time_zone) == (False, "Gastro", "Europe/Bratislava")
    assert FlowSetting.objects.get(flow=FlowName.STOCK_TO_BLUEJET).mode == FlowSetting.Mode.OFF
    assert (Shop.objects.count(), BlueJetAccount.objects.count()) == (1, 1)


def test_a_key_renewed_since_stays_the_current_one() -> None:
    set_up_shop(GIVEN)
    Shop.objects.update(webhook_key="renewed", previous_webhook_key="key")

    shop = set_up_shop(GIVEN).shop

    assert shop.signature_keys == ["renewed", "key"]


def test_another_key_is_taken_and_the_one_before_goes_on_being_accepted() -> None:
    set_up_shop(GIVEN)

    shop = set_up_shop(GIVEN | {"SHOPTET_WEBHOOK_KEY": "another"}).shop

    assert shop.signature_keys == ["another", "key"]


def test_what_is_missing_is_named() -> None:
    with pytest.raises(SetupRefused, match="SHOPTET_API_TOKEN, BLUEJET_API_URL"):
        set_up_shop({"SHOPTET_ESHOP_ID": "222651"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SHOPTET_API_BASE_URL", "nowhere"),
        ("SHOPTET_ESHOP_ID", "gastro.cz"),
        ("BLUEJET_API_DIALECT", "soap"),
        ("BLUEJET_PACE", "fast"),
        ("BLUEJET_API_URL", "x"),
        ("BLUEJET_API_URL", "https://[x"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_and_nothing_is_kept(name: str, value: str) -> None:
    with pytest.raises(SetupRefused, match=name):
        set_up_shop(GIVEN | {name: value})

    assert not Shop.objects.exists()


def test_another_e_shop_is_not_put_on_the_same_bluejet_under_the_same_external_ids() -> None:
    set_up_shop(GIVEN)

    with pytest.raises(SetupRefused, match=r"SHOPTET_ESHOP_ID.*e-shop 222651.*prefix “shoptet”"):
        set_up_shop(GIVEN | {"SHOPTET_ESHOP_ID": "333"})

    assert Shop.objects.count() == 1


def test_a_further_e_shop_with_a_prefix_of_its_own_joins_the_bluejet_and_owns_nothing_there() -> None:
    set_up_shop(GIVEN)
    second = GIVEN | {"SHOPTET_ESHOP_ID": "333", "SHOPTET_EXTERNAL_PREFIX": "druhy"}

    set_up_shop(second)
    set_up_shop(second | {"SHOPTET_EXTERNAL_PREFIX": "jiny"})

    owned = [(one.external_prefix, one.owns_products, one.owns_stock) for one in Shop.objects.order_by("pk")]
    assert owned == [("shoptet", True, True), ("druhy", False, False)]
    assert BlueJetAccount.objects.count() == 1


def test_the_command_says_what_it_did(monkeypatch: pytest.MonkeyPatch) -> None:
    said = StringIO()
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)

    call_command("setup_shop", stdout=said)

    assert "Created the shop Shoptet 222651" in said.getvalue()


def test_the_command_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GIVEN:
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(CommandError, match="SHOPTET_ESHOP_ID"):
        call_command("setup_shop")


def test_a_new_flow_gets_its_setting_and_the_others_stay(shop: Shop) -> None:
    FlowSetting.objects.filter(flow=FlowName.ORDER_TO_BLUEJET).delete()
    FlowSetting.objects.update(mode=FlowSetting.Mode.SHADOW)

    count = create_flow_settings(shop)

    assert count == 1
    assert sorted(FlowSetting.objects.values_list("mode", flat=True)) == ["live", "shadow", "shadow", "shadow"]
