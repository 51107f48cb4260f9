"""The kept signature keys, and the clients that a shop opens."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import responses

from clients.shoptet.config import ADDON_HEADER, PRIVATE_HEADER
from clients.shoptet.oauth import ApiToken
from shops import connection, partner_sessions
from shops.clients import bluejet_client, shoptet_client
from shops.connection import check_bluejet, check_shoptet
from shops.keys import forget_keys, get_keys, read_keys
from shops.models import BlueJetAccount, Shop
from shops.partner_sessions import BlueJetSession, ShoptetToken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget_keys()


def test_the_keys_are_read_once_in_a_while(shop: Shop, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        found = [get_keys("222651") for _ in range(3)]

    assert found[0] is not None
    assert found[0].keys == (b"webhook-key-for-tests",)


def test_a_saved_shop_is_read_anew(shop: Shop) -> None:
    get_keys("222651")
    shop.webhook_key, shop.previous_webhook_key = "new", "webhook-key-for-tests"
    shop.save()

    found = get_keys("222651")

    assert found is not None
    assert found.keys == (b"new", b"webhook-key-for-tests")


def test_asking_for_the_present_keys_asks_the_database(shop: Shop) -> None:
    get_keys("222651")
    Shop.objects.update(webhook_key="new")

    kept, present = get_keys("222651"), read_keys("222651")

    assert kept is not None
    assert present is not None
    assert (kept.keys, present.keys) == ((b"webhook-key-for-tests",), (b"new",))
    assert kept.fingerprint != present.fingerprint


def test_a_deleted_shop_has_no_keys(shop: Shop) -> None:
    get_keys("222651")
    Shop.objects.all().delete()

    assert get_keys("222651") is None


@responses.activate
def test_a_private_token_and_an_add_on_use_their_own_header(shop: Shop, redis_client: Any) -> None:
    eshop = responses.get("http://127.0.0.1:9/api/eshop", json={"data": {}}, status=404)
    token = responses.get(
        "https://gastro.example/action/ApiOAuthServer/getAccessToken", json={"access_token": "short-lived", "expires_in": 1800}
    )
    addon = Shop(
        pk=shop.pk, access=Shop.Access.OAUTH, api_base_url=shop.api_base_url, oauth_token="lasting", oauth_url="https://gastro.example"
    )

    for one in (shop, addon, addon):
        with shoptet_client(one) as client, pytest.raises(Exception, match="404"):
            client.eshop()

    sent = [call.request.headers for call in eshop.calls]
    assert [headers.get(PRIVATE_HEADER) for headers in sent] == ["api-token-for-tests", None, None]
    assert [headers.get(ADDON_HEADER) for headers in sent] == [None, "short-lived", "short-lived"]
    assert token.call_count == 1


@pytest.fixture
def given_tokens(monkeypatch: pytest.MonkeyPatch, redis_client: Any) -> list[str]:
    """Return the API tokens that an e-shop gave out, each after a moment."""
    tokens: list[str] = []

    def give(address: str, oauth_token: str, **_: Any) -> ApiToken:
        tokens.append(f"token-{len(tokens) + 1}")
        time.sleep(0.2)
        return ApiToken(tokens[-1], 1800)

    monkeypatch.setattr(partner_sessions, "request_api_token", give)
    return tokens


def test_many_workers_without_a_token_ask_for_one_between_them(shop: Shop, given_tokens: list[str]) -> None:
    with ThreadPoolExecutor(6) as workers:
        used = list(workers.map(lambda _: ShoptetToken(shop)(), range(6)))

    assert given_tokens == ["token-1"]
    assert set(used) == {"token-1"}


def test_many_workers_whose_token_is_refused_ask_for_one_new_one(shop: Shop, given_tokens: list[str]) -> None:
    providers = [ShoptetToken(shop) for _ in range(6)]
    for provider in providers:
        provider()

    with ThreadPoolExecutor(6) as workers:
        used = list(workers.map(lambda provider: provider.refresh(), providers))

    assert given_tokens == ["token-1", "token-2"]
    assert set(used) == {"token-2"}


def test_a_partners_token_is_shared_encrypted_and_ends_with_its_credentials(shop: Shop, redis_client: Any) -> None:
    session, neighbour = BlueJetSession(shop.bluejet), BlueJetSession(shop.bluejet)

    session.save("the-token", 3600)

    shop.bluejet.token_hash = "changed"
    stored = [redis_client.get(key) for key in redis_client.keys("*token*")]
    assert neighbour.load() == "the-token"
    assert BlueJetSession(shop.bluejet).load() is None
    assert len(stored) == 1
    assert b"the-token" not in stored[0]


def test_a_wrong_evidence_is_told_in_a_sentence(shop: Shop) -> None:
    shop.bluejet.evidences = {"unicorn": {"no": 1}}

    with pytest.raises(ValueError, match="unicorn"):
        bluejet_client(shop.bluejet)

    assert not connection.check_bluejet(shop.bluejet).ok


def test_testing_the_connection_of_partners_that_are_away_says_so(shop: Shop) -> None:
    results = [check_shoptet(shop), check_bluejet(shop.bluejet)]

    assert [(result.partner, result.ok) for result in results] == [("Shoptet", False), ("BlueJet", False)]
    assert all("does not answer" in result.sentence for result in results)
    assert all("token" not in result.detail for result in results)


def test_both_dialects_are_opened(shop: Shop) -> None:
    shop.bluejet.dialect = BlueJetAccount.Dialect.REST

    assert bluejet_client(shop.bluejet).dialect == "rest"
