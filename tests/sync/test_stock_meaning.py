"""What a shop's stock amount means: written by the setting, found out by reading, and never guessed where Shoptet tells nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.bluejet.values import number
from sandbox.shoptet.order_changes import open_claims
from shops.clients import shoptet_client
from shops.models import FlowSetting, Shop
from sync.flows.stock.amounts import amounts_of
from sync.flows.stock.meaning import Finding, Sign, Why, decide, find_meaning
from sync.models import SyncRun
from sync.stock_meaning import assumption_warnings
from tests.sync.happenings import PRODUCTS, STOCK, bring, guid_of, issues_of, look_at, place
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal
from tests.sync.test_stock import BRNO, cards

Meaning = Shop.StockAmount
AMOUNTS = st.none() | st.decimals(min_value=-500, max_value=10**6, places=3)


def shows(portal: Portal, means: str) -> None:
    """Let the shop's amount mean this, at both ends."""
    portal.control("/stock-amount", {"means": means})


def set_to(portal: Portal, meaning: str) -> None:
    Shop.objects.filter(pk=portal.shop.pk).update(stock_amount=meaning)
    portal.shop.refresh_from_db()


def found(portal: Portal) -> Finding:
    with shoptet_client(portal.shop) as client:
        return find_meaning(client)


def read(portal: Portal) -> None:
    """Let the portal have read every stock's movements already."""
    cursor = {"movements": {str(stock): portal.shoptet.state.stock.last_id for stock in portal.shoptet.state.stock.movements}}
    FlowSetting.objects.filter(shop=portal.shop, flow=STOCK).update(cursor=cursor)


@settings(max_examples=60, deadline=None)
@given(amount=AMOUNTS, claim=AMOUNTS, meaning=st.sampled_from(Meaning.values))
def test_on_hand_is_what_is_reserved_and_what_is_available_or_all_three_are_unknown(
    amount: Decimal | None, claim: Decimal | None, meaning: str
) -> None:
    row = amounts_of({"amount": amount, "claim": claim}, meaning)

    if amount is None:
        assert (row["onHand"], row["reserved"], row["available"]) == (None, None, None)
    else:
        assert row["onHand"] == row["reserved"] + row["available"]
        assert row["onHand" if meaning == Meaning.ON_SHELF else "available"] == amount


@pytest.mark.parametrize("unread", ["amount", "claim", "perStockAmounts.claim"])
def test_an_amount_that_could_not_be_read_makes_no_sum(unread: str) -> None:
    row = amounts_of({"amount": "5", "claim": None, "unread": [{"field": unread, "reason": "number"}]}, Meaning.ON_SHELF)

    assert row["onHand"] is None


@pytest.mark.parametrize("means", ["orderable", "on_shelf"])
@pytest.mark.parametrize("way", ["one variant", "a run"])
def test_the_card_says_what_lies_there_and_what_is_reserved_whatever_the_amount_means(portal: Portal, means: str, way: str) -> None:
    bring(portal, "SPO01")
    read(portal)
    shows(portal, means)
    set_to(portal, means)
    portal.control("/products/SPO01/stock", {"stock": BRNO, "real": 10})
    code = place(portal, "SPO01")
    portal.control(f"/orders/{code}", {"amounts": {"SPO01": 3}})

    if way == "a run":
        portal.run(STOCK)
    else:
        look_at(portal, STOCK, "SPO01")
        portal.work(STOCK)

    holds = Holdings(portal)
    (card,) = [row for row in holds.records("stock_card") if row["mark"] == "shoptet:1:SPO01"]
    assert cards(holds, "SPO01")["1"] == (10, 3)
    assert number(card.get("available", 7)) == 7


@pytest.mark.parametrize("way", ["a movement", "a run", "a first look"])
def test_an_amount_that_shoptet_does_not_tell_leaves_the_card_as_it_is_and_says_so(portal: Portal, way: str) -> None:
    bring(portal, "SPO01")
    if way != "a first look":
        portal.control("/products/SPO01/stock", {"stock": BRNO, "real": 7})
        look_at(portal, STOCK, "SPO01")
        portal.work(STOCK)
    before, holds = cards(Holdings(portal), "SPO01"), Holdings(portal)
    writes = holds.writes()

    portal.control("/products/SPO01/stock", {"stock": BRNO, "change": 1, "counted": False})
    if way == "a run":
        portal.run(STOCK)
    else:
        look_at(portal, STOCK, "SPO01")
        portal.work(STOCK)

    assert cards(holds, "SPO01") == before
    if way != "a run":
        assert holds.writes() == writes
        job = portal.job(STOCK, "SPO01")
        assert (job.state, set(issues_of(job))) == ("done", {"stock_unknown"})


@pytest.mark.parametrize("dialect", ["rest"])
def test_a_products_stock_that_is_not_counted_any_more_is_none_and_not_zero_and_holds_nothing(portal: Portal) -> None:
    bring(portal, "SPO01")
    portal.control("/products/SPO01/stock", {"stock": BRNO, "change": 1, "counted": False})
    portal.control("/products/SPO01", {"name": "Sporák"})

    bring(portal, "SPO01")

    (row,) = [row for row in Holdings(portal).records("product") if row["productCode"] == "SPO01"]
    assert (row["title"], row["stock"]) == ("Sporák", None)
    assert portal.job(PRODUCTS, guid_of(portal, "SPO01")).state == "done"


def test_an_amount_below_zero_is_written_as_it_is(portal: Portal) -> None:
    bring(portal, "SPO01")
    portal.control("/products/SPO01/stock", {"stock": BRNO, "real": -4})
    look_at(portal, STOCK, "SPO01")

    portal.work(STOCK)

    assert cards(Holdings(portal), "SPO01")["1"] == (-4, 0)


@pytest.mark.parametrize("dialect", ["data"])
@pytest.mark.parametrize("means", ["orderable", "on_shelf"])
def test_open_orders_and_the_log_tell_what_the_amount_means(portal: Portal, means: str) -> None:
    shows(portal, means)
    placed = [portal.control("/orders", {"items": [{"code": code}]})["code"] for code in ("SPO01", "SPO02", "SPO01")]
    portal.control("/products/SPO02/stock", {"stock": BRNO, "change": 5})

    finding = found(portal)

    assert finding.meaning == means
    assert set(finding.orders) == set(placed)


@pytest.mark.parametrize("dialect", ["data"])
def test_without_open_orders_it_cannot_be_told_and_the_setting_stays(portal: Portal) -> None:
    code = portal.control("/orders", {"items": [{"code": "SPO01"}]})["code"]
    portal.control(f"/orders/{code}/cancel")

    assert found(portal) == Finding(Meaning.UNKNOWN, Why.NO_ORDERS)
    with pytest.raises(CommandError):
        call_command("stock_meaning")
    portal.shop.refresh_from_db()
    assert portal.shop.stock_amount == Meaning.UNKNOWN


@pytest.mark.parametrize("dialect", ["data"])
def test_a_log_in_which_nothing_came_after_the_orders_says_nothing(portal: Portal) -> None:
    shows(portal, "on_shelf")
    for _ in range(3):
        portal.control("/orders", {"items": [{"code": "SPO01"}]})

    assert found(portal).why == Why.TOO_FEW


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(Sign), max_size=10))
def test_orders_that_contradict_one_another_decide_nothing(signs: list[Sign]) -> None:
    finding = decide({str(number): sign for number, sign in enumerate(signs)})

    if {Sign.MOVED, Sign.STILL} <= set(signs) or not set(signs) - {Sign.NOTHING}:
        assert finding.meaning == Meaning.UNKNOWN
    elif finding.meaning != Meaning.UNKNOWN:
        assert finding.meaning == (Meaning.ORDERABLE if Sign.MOVED in signs else Meaning.ON_SHELF)


@pytest.mark.parametrize("dialect", ["data"])
def test_the_command_keeps_what_it_finds_and_has_every_card_looked_at(portal: Portal, capsys: Any) -> None:
    shows(portal, "on_shelf")
    for _ in range(3):
        portal.control("/orders", {"items": [{"code": "SPO01"}]})
    portal.control("/products/SPO02/stock", {"stock": BRNO, "change": 5})
    warned = assumption_warnings(portal.shop)

    call_command("stock_meaning")

    portal.shop.refresh_from_db()
    assert portal.shop.stock_amount == Meaning.ON_SHELF
    assert SyncRun.objects.filter(shop=portal.shop, flow=STOCK, mode=SyncRun.Mode.FULL).count() == 1
    assert len(warned) == 1
    assert assumption_warnings(portal.shop) == []


@pytest.mark.parametrize("dialect", ["data"])
def test_what_a_person_chose_is_not_overwritten_by_the_check(portal: Portal, capsys: Any) -> None:
    set_to(portal, Meaning.ON_SHELF)
    portal.control("/orders", {"items": [{"code": "SPO01"}]})

    with pytest.raises(CommandError):
        call_command("stock_meaning")

    portal.shop.refresh_from_db()
    assert portal.shop.stock_amount == Meaning.ON_SHELF
    assert "is set to" in capsys.readouterr().out


@pytest.mark.parametrize("dialect", ["data"])
def test_an_order_that_was_handed_out_in_part_does_not_speak_for_the_others(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    shows(portal, "on_shelf")
    placed = [portal.control("/orders", {"items": [{"code": "SPO01"}]})["code"] for _ in range(3)]
    state = portal.shoptet.state
    state.stock._log(BRNO, "SPO01", state.stock.level(BRNO, "SPO01"), Decimal(-1), "admin", placed[0], None)
    told = [{**row, "amountCompleted": "1.000"} if row["orderCode"] == placed[0] else row for row in open_claims(state)]
    monkeypatch.setattr("sandbox.shoptet.api.orders.open_claims", lambda shop: told)

    finding = found(portal)

    assert (finding.meaning, set(finding.orders)) == (Meaning.ON_SHELF, set(placed[1:]))
