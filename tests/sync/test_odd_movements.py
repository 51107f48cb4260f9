"""Movements and stocks with something wrong: neither the other stocks nor the cursor suffer from it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shops.models import FlowSetting
from sync.models import SyncJob
from tests.sync.happenings import STOCK, announce, bring, issues_of, look_at
from tests.sync.portal import Portal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("impatient"), pytest.mark.parametrize("dialect", ["data"])]
BRNO = "1"


@pytest.fixture
def looked(portal: Portal) -> Portal:
    """Return a shop that has two products in BlueJet and every stock's movements read."""
    bring(portal, "SPO01", "KON01")
    FlowSetting.objects.filter(shop=portal.shop, flow=STOCK).update(cursor={"movements": last_ids(portal)})
    return portal


def last_ids(portal: Portal) -> dict[str, int]:
    stock = portal.shoptet.state.stock
    return {str(one): stock.last_id for one in stock.movements}


def cursor(portal: Portal) -> dict[str, int]:
    return dict(FlowSetting.objects.get(shop=portal.shop, flow=STOCK).cursor["movements"])


def move(portal: Portal, code: str, stock: str = BRNO) -> None:
    portal.control(f"/products/{code}/stock", {"stock": int(stock), "change": 1})


def answer(portal: Portal, path: str, data: Any) -> None:
    body = json.dumps({"data": data, "errors": None})
    portal.control("/faults", {"fault": "answer", "match": f"^{path}$", "method": "GET", "body": body})


def a_page(*movements: dict[str, Any]) -> dict[str, Any]:
    rows = [{"actualAmount": "1.000", "amountChange": "1.000", "changeTime": "2026-11-27T10:15:00+0100", **one} for one in movements]
    paginator = {"totalCount": len(rows), "page": 1, "pageCount": 1, "itemsOnPage": len(rows), "itemsPerPage": 1000}
    return {"movements": rows, "paginator": paginator}


@pytest.mark.parametrize("number", [2**31, 2**63 - 1, 10**18, 10**30])
def test_a_movement_with_a_number_that_none_has_does_not_end_all_reading(looked: Portal, number: int) -> None:
    last = cursor(looked)[BRNO]
    rows = [{"id": last + 1, "productCode": "SPO01"}, {"id": number, "productCode": "KON01"}]
    answer(looked, f"/api/stocks/{BRNO}/movements", a_page(*rows))
    announce(looked, "stock:movement", BRNO)
    looked.work(STOCK)
    looked.control("/faults", method="DELETE")
    asked = looked.job(STOCK, "SPO01").wanted

    move(looked, "SPO01")
    announce(looked, "stock:movement", BRNO)
    looked.work(STOCK)

    assert looked.job(STOCK, "SPO01").wanted == asked + 1
    assert cursor(looked)[BRNO] == last_ids(looked)[BRNO]


def test_the_variant_of_a_movement_with_an_impossible_number_is_looked_at_and_the_number_told(looked: Portal) -> None:
    answer(looked, f"/api/stocks/{BRNO}/movements", a_page({"id": 10**18, "productCode": "KON01"}))

    announce(looked, "stock:movement", BRNO)
    looked.work(STOCK)

    assert looked.job(STOCK, "KON01").state == "done"
    assert issues_of(looked.job(STOCK, f"movements:{BRNO}")) == ["unreadable_rows"]


@pytest.mark.parametrize("place", [0, -1])
@pytest.mark.parametrize("path", ["/api/stocks/{}/movements", "/api/stocks/{}/movements/last"])
def test_a_stock_whose_movements_cannot_be_read_does_not_hold_the_other_stocks(looked: Portal, place: int, path: str) -> None:
    stocks = sorted(last_ids(looked))
    bad = stocks[place]
    sound = [stock for stock in stocks if stock != bad]
    answer(looked, path.format(bad), {"lastId": "x", "movements": "none"})
    before = cursor(looked)
    for stock in stocks:
        move(looked, "SPO01", stock)

    look_at(looked, STOCK, "movements:all")
    looked.work(STOCK)

    assert [cursor(looked)[stock] > before[stock] for stock in sound] == [True] * len(sound)
    assert cursor(looked)[bad] == before[bad]
    assert looked.job(STOCK, "SPO01").state == "done"
    assert (looked.job(STOCK, "movements:all").state, issues_of(looked.job(STOCK, "movements:all"))) == ("waiting", ["malformed"])
    assert not SyncJob.objects.exclude(traceback="").exists()
