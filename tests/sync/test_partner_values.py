"""Reading what both partners hold."""

from __future__ import annotations

import pytest

from clients.errors import Refused, Throttled
from clients.shoptet.client import ShoptetClient
from mappings.models import PartnerList, PartnerValue, StatusMapping
from sync.partner_values import refresh
from tests.sync.portal import Portal


def _held(portal: Portal, side: str, table: str) -> dict[str, str]:
    return dict(PartnerValue.objects.filter(shop=portal.shop, side=side, table=table, vanished_at=None).values_list("value", "name"))


def test_every_list_of_shoptet_is_read_with_its_names(portal: Portal) -> None:
    refresh(portal.shop)

    for table in ("category", "status", "payment", "shipping", "warehouse", "price_list", "customer_group"):
        assert all(_held(portal, "shoptet", table).values()), table
    assert _held(portal, "shoptet", "status")["-1"] == "Nevyřízená"
    assert set(_held(portal, "shoptet", "payment_state")) == {"paid", "unpaid", "unknown"}
    assert PartnerValue.objects.filter(side="shoptet", table="category").exclude(parent="").exists()
    assert not PartnerList.objects.exclude(error="").exists()


@pytest.mark.parametrize("dialect", ["data"])
def test_bluejets_warehouses_are_its_own_list_and_statuses_those_in_use(portal: Portal) -> None:
    StatusMapping.objects.filter(shop=portal.shop, shoptet_id="1").update(bluejet_value="Naše vlastní")

    refresh(portal.shop)

    warehouses = {row["skladid"]: row["nazev"] for row in portal.bluejet.store.rows("warehouse")}
    lists = dict(PartnerList.objects.filter(side="bluejet").values_list("table", "origin"))
    assert _held(portal, "bluejet", "warehouse") == warehouses
    assert {"Probíhající", "Potvrzená", "Naše vlastní"} <= set(_held(portal, "bluejet", "status"))
    assert (lists["warehouse"], lists["status"]) == ("list", "used")


@pytest.mark.parametrize("dialect", ["data"])
def test_what_is_not_in_the_list_any_more_is_marked_and_what_comes_back_is_not(portal: Portal) -> None:
    refresh(portal.shop)
    gone = PartnerValue.objects.create(shop=portal.shop, side="shoptet", table="status", value="77", seen_at="2026-01-01T00:00:00Z")
    back = PartnerValue.objects.get(side="shoptet", table="status", value="-1")
    PartnerValue.objects.filter(pk=back.pk).update(vanished_at="2026-01-01T00:00:00Z")

    refresh(portal.shop)

    gone.refresh_from_db()
    back.refresh_from_db()
    assert (gone.vanished_at is None, back.vanished_at is None) == (False, True)


@pytest.mark.parametrize("dialect", ["data"])
def test_a_list_that_cannot_be_read_keeps_what_it_held_and_says_why(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    refresh(portal.shop)
    before = _held(portal, "shoptet", "price_list")

    def refuse(client: ShoptetClient) -> None:
        raise Refused("the token may not read price lists", partner="Shoptet")

    monkeypatch.setattr(ShoptetClient, "price_lists", refuse)
    refresh(portal.shop)

    known = PartnerList.objects.get(side="shoptet", table="price_list")
    assert before
    assert _held(portal, "shoptet", "price_list") == before
    assert "may not read price lists" in known.error
    assert not PartnerList.objects.get(side="shoptet", table="status").error


@pytest.mark.parametrize("dialect", ["data"])
def test_a_list_that_there_is_no_room_for_is_asked_for_again_without_an_alarm(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    def hold_up(client: ShoptetClient) -> None:
        raise Throttled("no room in the shared budget", partner="Shoptet", retry_after=1)

    with monkeypatch.context() as patch:
        patch.setattr(ShoptetClient, "price_lists", hold_up)
        left = refresh(portal.shop)
    then_left = refresh(portal.shop, left)

    assert (left, then_left) == (["shoptet:price_list"], [])
    assert PartnerList.objects.get(side="shoptet", table="price_list").error == ""
