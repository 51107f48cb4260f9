"""A shop without a module: records come without the section, people are told once, nothing is emptied, stock is read otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from clients.bluejet.values import number
from shops.connection import check_shoptet
from shops.missing_sections import missing_section_notes
from shops.models import MissingSection
from sync.models import SyncJob
from tests.sync.happenings import ORDERS, PRODUCTS, STOCK, bring, change, guid_of, issues_of, look_at, place
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

COLUMNS = {"data": ("mnozstvi", "mnozstvirezervovane"), "rest": ("quantity", "reserved")}
# What a document's header says of its money, and where it keeps its lines.
MONEY = {"celkem", "cenaprodej", "cenadphprodej", "celkemdph", "cenaczk", "totalAmount", "totalWithoutVat", "vat", "totalCzk", "lineItems"}
# What the default mappings make of each module's section.
MADE = {
    "warranty": {"data": "zaruka", "rest": "warranty"},
    "images": {"data": "obrazky", "rest": "images"},
    "descriptiveParameters": {"data": "parametry", "rest": "parameters"},
}


def switch_off(portal: Portal, *modules: str) -> None:
    """Let the shop do without these modules."""
    portal.control("/modules", {"off": list(modules)})


def held(portal: Portal, code: str) -> dict[str, Any]:
    """Return the product as BlueJet has it."""
    (row,) = [row for row in Holdings(portal).records("product") if row.get("code", row.get("productCode")) == code]
    return row


def card(portal: Portal, code: str, stock: str = "1") -> tuple[Decimal, ...] | None:
    """Return what BlueJet says of a variant in a stock: on hand and reserved."""
    rows = [row for row in Holdings(portal).records("stock_card") if row["mark"] == f"shoptet:{stock}:{code}"]
    return tuple(number(rows[0].get(name)) or Decimal(0) for name in COLUMNS[portal.shop.bluejet.dialect]) if rows else None


def answers(portal: Portal) -> Counter[str]:
    """Return how many answers of each status Shoptet gave since the last look."""
    told = Counter(portal.control("/stats", method="GET")["statuses"])
    portal.control("/stats", method="DELETE")
    return told


@pytest.mark.parametrize("dialect", ["data"])
@pytest.mark.parametrize("modules", [["stock"], ["pricelists"], ["images", "sets", "warranty"]])
def test_products_come_without_what_their_shop_lacks_and_people_are_told_once(portal: Portal, dialect: str, modules: list[str]) -> None:
    switch_off(portal, *modules)

    bring(portal, "SPO01", "SPO02", "SPO03")

    assert {held(portal, code)["mark"] for code in ("SPO01", "SPO02")} == {"shoptet:SPO01", "shoptet:SPO02"}
    assert not SyncJob.objects.filter(flow=PRODUCTS).exclude(state=SyncJob.State.DONE).exists()
    notes = missing_section_notes()
    assert len(notes) == len(modules)
    assert all(any(portal.shop.name in note and module in note for note in notes) for module in modules)


@pytest.mark.parametrize("dialect", ["data"])
def test_each_record_is_asked_for_once_where_the_section_is_known_to_be_missing(portal: Portal, dialect: str) -> None:
    switch_off(portal, "stock")
    bring(portal, "SPO01")
    answers(portal)

    bring(portal, "SPO02")
    bring(portal, "SPO03")

    assert answers(portal)["403"] == 0


@pytest.mark.parametrize("module", MADE)
@pytest.mark.parametrize("dialect", ["data"])
def test_what_a_section_brought_before_stays_when_its_module_goes(portal: Portal, module: str, dialect: str) -> None:
    bring(portal, "SPO01")
    column, before = MADE[module][dialect], held(portal, "SPO01")
    switch_off(portal, module)

    portal.control("/products/SPO01", {"name": "Sporák pod jiným jménem"})
    bring(portal, "SPO01")

    after = held(portal, "SPO01")
    assert before[column]
    assert (after["name"], after[column]) == ("Sporák pod jiným jménem", before[column])


@pytest.mark.parametrize("dialect", ["data"])
def test_an_orders_pickup_point_stays_when_its_section_goes(portal: Portal, dialect: str) -> None:
    code = place(portal, "SPO01", shipping="zasilkovna")
    portal.work()
    (before,) = portal.documents(code)
    switch_off(portal, "shippingDetails")

    change(portal, code, amounts={"SPO01": 3})
    portal.work()

    (after,) = portal.documents(code)
    assert before["vydejnisupl"]
    assert after["vydejnisupl"] == before["vydejnisupl"]
    assert after != before
    assert portal.job(ORDERS, code).state == SyncJob.State.DONE


BRANCH = {
    "branchId": "4", "shippingCompanyCode": None, "shippingMethodCode": "packeta-sk", "shippingServiceCode": "packeta-pickup",
    "name": "Bratislava, Obchodná 1", "note": None, "place": None, "street": None, "city": None, "zipCode": None, "countryCode": "SK",
    "link": None, "latitude": None, "longitude": None, "carrierId": 3060,
}  # fmt: skip
CHOSEN = {"remark": "Bez krabice", "specificSurchargeParameters": [{"name": "Gravírování", "price": None}]}
NOT_BY_US = ("changed", "modif", "zmen")


def told(fields: dict[str, Any]) -> dict[str, Any]:
    """Leave out what BlueJet itself counts, and when it was changed."""
    return {name: value for name, value in fields.items() if not any(word in name.lower() for word in NOT_BY_US)}


@pytest.mark.parametrize("module", ["shippingDetails", "stock", "surchargeParameters", "notes"])
def test_nothing_that_a_section_brought_to_an_order_or_a_line_goes_with_its_module(portal: Portal, module: str) -> None:
    bring(portal, "SPO01", "SPO02")
    code = place(
        portal,
        items=[{"code": "SPO01"}, {"code": "SPO02", "override": CHOSEN}],
        remark="Prosím rychle",
        eshopRemark="Stálý zákazník",
        trackingNumber="Z 123",
        additionalFields={"1": "Ano"},
        override={"shippingDetails": BRANCH},
    )
    portal.work()
    before = Holdings(portal).document(code)
    switch_off(portal, module)

    change(portal, code, amounts={"SPO01": 3})
    portal.work()

    after = Holdings(portal).document(code)
    kept, line = [told(dict(one.lines[1].fields)) for one in (before, after)], after.lines[0]
    assert line.quantity == 3
    assert kept[0] == kept[1]
    changed = {name for name, value in told(dict(after.fields)).items() if before.fields.get(name) != value}
    assert not {name for name in changed if name not in MONEY}
    assert told(dict(line.fields)).keys() >= {name for name, value in told(dict(before.lines[0].fields)).items() if value}


def test_stock_is_read_from_the_warehouses_lists_and_is_the_same(portal: Portal) -> None:
    bring(portal, "SPO01")
    portal.control("/products/SPO01/stock", {"stock": 1, "real": 9})
    place(portal, "SPO01")
    portal.work(ORDERS)
    switch_off(portal, "stock")

    look_at(portal, STOCK, "SPO01")
    portal.work(STOCK)

    assert card(portal, "SPO01") == (9, 1)
    assert not issues_of(portal.job(STOCK, "SPO01"))


@pytest.mark.parametrize("told", ["no list names it", "the lists need the module, too"])
def test_stock_that_nobody_tells_is_said_to_be_untold_and_not_written(portal: Portal, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(portal, "SPO01")
    look_at(portal, STOCK, "SPO01")
    portal.work(STOCK)
    before, writes = card(portal, "SPO01"), Holdings(portal).writes()
    switch_off(portal, "stock")
    if told == "no list names it":
        monkeypatch.setattr("clients.shoptet.stocks.StockCalls.supplies", lambda *_, **__: iter(()))
    else:
        portal.control("/faults", {"fault": "missing_module", "match": "/supplies", "field": "stock"})

    look_at(portal, STOCK, "SPO01")
    portal.work(STOCK)

    assert issues_of(portal.job(STOCK, "SPO01")) == ["stock_not_told" if told == "no list names it" else "module_missing"]
    assert (card(portal, "SPO01"), Holdings(portal).writes()) == (before, writes)


def test_an_endpoint_whose_module_is_missing_parks_the_record_instead_of_waiting_for_credentials(portal: Portal) -> None:
    code = place(portal, "SPO01")
    portal.control("/faults", {"fault": "missing_module", "match": f"/orders/{code}"})

    portal.work(ORDERS)

    job = portal.job(ORDERS, code)
    assert (job.state, issues_of(job)) == (SyncJob.State.PARKED, ["module_missing"])


@pytest.mark.parametrize("way", ["a day later", "the connection is tested"])
@pytest.mark.parametrize("dialect", ["data"])
def test_a_section_is_asked_for_again_after_a_while(portal: Portal, way: str, dialect: str, pass_time: Callable[[float], None]) -> None:
    switch_off(portal, "stock")
    bring(portal, "SPO01")
    switch_off(portal)

    if way == "a day later":
        pass_time(25 * 3600)
    else:
        assert check_shoptet(portal.shop).ok
    look_at(portal, PRODUCTS, guid_of(portal, "SPO02"))
    portal.work(PRODUCTS)

    assert missing_section_notes() == []
    assert not MissingSection.objects.exists()


@pytest.mark.parametrize("dialect", ["data"])
def test_a_section_that_is_still_missing_stays_noted_when_it_is_asked_for_again(portal: Portal, dialect: str) -> None:
    switch_off(portal, "stock")
    bring(portal, "SPO01")
    assert "asked for again" in check_shoptet(portal.shop).sentence
    answers(portal)

    bring(portal, "SPO02")

    assert answers(portal)["403"] == 1
    assert len(missing_section_notes(portal.shop.pk)) == 1


@pytest.mark.parametrize("dialect", ["data"])
@pytest.mark.parametrize("page", ["admin:index", "admin:shops_shop_webhooks", "admin:shops_shop_change"])
def test_the_pages_say_what_is_missing_and_what_comes_of_it(portal: Portal, page: str, dialect: str, admin_client: Client) -> None:
    switch_off(portal, "stock")
    bring(portal, "SPO01")
    address = reverse(page) if page == "admin:index" else reverse(page, args=[portal.shop.pk])

    shown = admin_client.get(address).content.decode()

    with translation.override("cs"):
        czech = missing_section_notes()[0]
    assert shown.count("perStockAmounts") == 1
    assert "Zásoby se místo toho čtou ze seznamů jednotlivých skladů." in czech


@pytest.mark.parametrize("dialect", ["data"])
def test_a_missing_right_is_not_taken_for_a_missing_module(portal: Portal, dialect: str) -> None:
    code = place(portal, "SPO01")
    portal.control("/faults", {"fault": "403", "match": f"/orders/{code}"})

    portal.work(ORDERS, rounds=1)

    job = portal.job(ORDERS, code)
    assert (job.state, issues_of(job)) == (SyncJob.State.WAITING, ["right_missing"])
    assert not MissingSection.objects.exists()
