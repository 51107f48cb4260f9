"""Products and amounts of two shops on one BlueJet account: one shop writes each, the other finds them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest

from mappings.models import WarehouseMapping
from shops.models import Shop
from shops.ownership import ownership_warnings
from sync.models import RecordLink
from sync.ownership import take_over
from tests.sync.happenings import ORDERS, PRODUCTS, STOCK, announce, bring, guid_of, issues_of, look_at, place
from tests.sync.portal import Portal
from tests.sync.two_shops import TwoShops

pytestmark = pytest.mark.usefixtures("impatient")
DATA = pytest.mark.parametrize("dialect", ["data"])


def price(portal: Portal, amount: str) -> None:
    portal.control("/products/SPO01/price", {"price": amount})
    look_at(portal, PRODUCTS, guid_of(portal, "SPO01"))
    portal.work(PRODUCTS)


def delete(portal: Portal) -> None:
    guid = guid_of(portal, "SPO01")
    portal.control(f"/products/{quote('SPO01')}", method="DELETE")
    announce(portal, "product:delete", guid)
    portal.work(PRODUCTS)


def own(shops: TwoShops, *names: str) -> None:
    """Let the second shop own something, too, as accounts of before may have it."""
    Shop.objects.filter(pk=shops.second.shop.pk).update(**dict.fromkeys(names, True))
    shops.second.shop.refresh_from_db()


def amounts(shops: TwoShops) -> list[Decimal]:
    column = "mnozstvi" if shops.books.dialect == "data" else "quantity"
    return sorted(Decimal(str(row[column])) for row in shops.rows("stock_card"))


def test_the_first_shop_of_an_account_owns_what_is_shared_and_a_later_one_does_not(shops: TwoShops) -> None:
    assert [(one.shop.owns_products, one.shop.owns_stock) for one in shops.both] == [(True, True), (False, False)]
    assert ownership_warnings() == []


def test_only_the_owner_writes_a_product_and_its_price(shops: TwoShops) -> None:
    for portal, amount in zip(shops.both, ("100", "200"), strict=True):
        price(portal, amount)
    price(shops.second, "300")

    assert shops.books.product("SPO01")["price"] == Decimal(121)
    assert RecordLink.objects.filter(kind="product", key="SPO01").exclude(bluejet_id="").count() == 2


def test_an_order_waits_for_a_product_of_the_other_shop_says_which_setting_that_is_and_goes_on_once_it_is_there(shops: TwoShops) -> None:
    code = place(shops.second, "SPO01")
    shops.work()
    job = shops.second.job(ORDERS, code)
    early = (job.state, set(issues_of(job)))

    bring(shops.first, "SPO01")
    shops.work()

    assert early == ("waiting", {"waits_for_shared_product"})
    assert shops.second.job(ORDERS, code).state == "done"
    assert len(shops.documents(shops.second, code)) == 1


@pytest.mark.parametrize("first", [0, 1])
def test_a_product_is_put_away_when_both_shops_have_deleted_it(shops: TwoShops, first: int) -> None:
    for portal in shops.both:
        bring(portal, "SPO01")
    archived = []
    for portal in (shops.both[first], shops.both[1 - first]):
        delete(portal)
        archived.append(shops.books.product("SPO01")["archived"])

    assert archived == [False, True]


@DATA
def test_an_amount_in_a_warehouse_of_both_is_written_by_its_owner_alone_and_the_other_says_so_once(shops: TwoShops) -> None:
    told = []
    for portal in shops.both:
        bring(portal, "SPO01")
        look_at(portal, STOCK, "SPO01")
        portal.work(STOCK)
        told.append(issues_of(portal.job(STOCK, "SPO01")))
    held = amounts(shops)

    shops.second.control("/products/SPO01/stock", {"quantity": "977"})
    look_at(shops.second, STOCK, "SPO01")
    shops.second.work(STOCK)

    assert (told[0], set(told[1])) == ([], {"stock_of_another_shop"})
    assert issues_of(shops.second.job(STOCK, "SPO01")) == []
    assert amounts(shops) == held


@DATA
def test_a_warehouse_that_one_shop_alone_leads_to_is_that_shops(shops: TwoShops) -> None:
    WarehouseMapping.objects.filter(shop=shops.first.shop).delete()
    offices = len(amounts(shops))
    for portal in shops.both:
        bring(portal, "SPO01")

    look_at(shops.second, STOCK, "SPO01")
    shops.second.work(STOCK)

    assert issues_of(shops.second.job(STOCK, "SPO01")) == []
    assert len(amounts(shops)) - offices == WarehouseMapping.objects.filter(shop=shops.second.shop).count() > 0


@DATA
def test_a_shop_that_becomes_the_owner_writes_its_own_amounts_though_it_wrote_them_once_before(shops: TwoShops) -> None:
    for portal in shops.both:
        bring(portal, "SPO01")
        look_at(portal, STOCK, "SPO01")
        portal.work(STOCK)
    before = amounts(shops)
    give_stock_to(shops, shops.second)
    shops.second.control("/products/SPO01/stock", {"quantity": "977"})
    look_at(shops.second, STOCK, "SPO01")
    shops.work()
    meanwhile = amounts(shops)

    give_stock_to(shops, shops.first)
    look_at(shops.first, STOCK, "SPO01")
    shops.work()

    assert meanwhile != before
    assert amounts(shops) == before


def give_stock_to(shops: TwoShops, owner: Portal) -> None:
    for portal in shops.both:
        portal.shop.owns_stock = portal is owner
        portal.shop.save()
    take_over(owner.shop, ["owns_stock"])


@DATA
def test_an_account_that_has_two_owners_keeps_working_and_is_warned_of(shops: TwoShops) -> None:
    own(shops, "owns_products", "owns_stock")

    for portal in shops.both:
        bring(portal, "SPO01", "SPO02")
        look_at(portal, STOCK, "SPO01")
        portal.work(STOCK)
    before: Any = shops.books.writes()
    for portal in shops.both:
        look_at(portal, PRODUCTS, guid_of(portal, "SPO01"))
        look_at(portal, STOCK, "SPO01")
    shops.work()

    assert shops.books.writes() == before
    assert shops.stopped() == []
    assert shops.twice() == []
    assert len(ownership_warnings()) == 2
