"""Two shops on one BlueJet account: what both know is one record there, and each shop's orders are its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from sandbox.bluejet.server import BlueJetSandbox
from sandbox.shoptet.server import ShoptetSandbox
from sync.models import RecordLink
from tests.sync.conftest import FAST
from tests.sync.happenings import CUSTOMERS, ORDERS, bring, issues_of, look_at, place
from tests.sync.portal import connect
from tests.sync.two_shops import ADDRESS, SECOND, TwoShops, register

pytestmark = pytest.mark.usefixtures("impatient")
SHOP = {"port": 0, "products": 12, "customers": 8, "orders": 0, "webhook_key": "k" * 32, **FAST}


@pytest.fixture
def stand_ins() -> Iterator[tuple[ShoptetSandbox, ShoptetSandbox]]:
    made = [ShoptetSandbox(**SHOP, eshop_id=eshop_id).start() for eshop_id in (222651, 222652)]
    yield made[0], made[1]
    for one in made:
        one.stop()


@pytest.fixture
def shops(
    db: None, redis_client: redis.Redis, stand_ins: tuple[ShoptetSandbox, ShoptetSandbox], bluejet: BlueJetSandbox, dialect: str
) -> TwoShops:
    first = connect(stand_ins[0], bluejet, dialect)
    second = connect(stand_ins[1], bluejet, dialect, account=first.shop.bluejet, name="Druhý", external_prefix=SECOND)
    return TwoShops(first, second)


GUESTS = ("host@zakaznik.example", "HOST@zakaznik.example", "jiny@zakaznik.example")
COMPANY = {"company": "Kavárna Na Nároží s.r.o.", "companyId": "27082440", "vatId": "CZ27082440"}


def fill_both(shops: TwoShops) -> list[str]:
    """Let the same people register and order in both; return the numbers of their orders, which are the same, too."""
    for portal in shops.both:
        guids = [register(portal, "firma@zakaznik.example", **COMPANY), register(portal, "jana@zakaznik.example")]
        for guid in guids:
            place(portal, "SPO01", customer=guid)
        for email in GUESTS:
            place(portal, "SPO02", "SPO01", guest={"email": email, "fullName": "Host Novák", **ADDRESS})
        place(portal, "SPO01", guest={"email": "nakup@firma.example", "fullName": "Nákupčí", **ADDRESS, **COMPANY})
    codes = [sorted(portal.shoptet.state.orders) for portal in shops.both]
    assert codes[0] == codes[1]
    return codes[0]


def test_both_shops_are_whole_and_what_both_know_is_there_once(shops: TwoShops) -> None:
    codes = fill_both(shops)
    shops.work()
    shops.pass_over()

    assert shops.stopped() == []
    assert [len(shops.documents(portal, code)) for portal in shops.both for code in codes] == [1] * 2 * len(codes)
    assert shops.twice() == []


def test_a_second_pass_of_both_writes_nothing(shops: TwoShops) -> None:
    fill_both(shops)
    shops.work()
    shops.pass_over()
    before = shops.books.writes()

    shops.pass_over()

    assert shops.books.writes() == before
