"""What the shop tells beside names and prices arrives in BlueJet: carriers, VAT modes, special offers, sets, fees, notes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from clients.bluejet.values import number
from sync.flows.order.crowns import with_crowns
from sync.flows.product.prices import with_prices_of_today
from sync.models.job import Priority
from sync.partners import open_context
from tests.sync.happenings import ORDERS, PRODUCTS, bring, guid_of, look_at, place
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

BRANCH = {
    "branchId": "4", "shippingCompanyCode": None, "shippingMethodCode": "packeta-sk", "shippingServiceCode": "packeta-pickup",
    "name": "Bratislava, Obchodná 1", "note": None, "place": None, "street": None, "city": None, "zipCode": None, "countryCode": "SK",
    "link": None, "latitude": None, "longitude": None, "carrierId": 3060,
}  # fmt: skip
CHANNEL = "0b2ae5d0-7c05-11ee-b962-0242ac120002"
ORDER_FIELDS: dict[str, tuple[str, str, Any]] = {
    "branch": ("vydejnisupl", "pickupPoint", "Bratislava, Obchodná 1"),
    "branch id": ("vydejniidsupl", "pickupPointId", "4"),
    "carrier": ("dopravcesupl", "carrier", "packeta-sk / packeta-pickup"),
    "carrier id": ("dopravceidsupl", "carrierId", "3060"),
    "VAT mode": ("rezimdphsupl", "vatMode", "One Stop Shop"),
    "channel": ("prodejnikanalsupl", "salesChannel", CHANNEL),
    "source": ("zdrojsupl", "source", "Heureka"),
    "language": ("jazyksupl", "language", "sk"),
    "billing method": ("zpusobfakturacesupl", "billingMethod", "Kartou"),
    "external code": ("externikodsupl", "externalCode", "ERP-7"),
    "stock": ("skladeshopsupl", "stockId", "2"),
}


@pytest.fixture
def holds(portal: Portal) -> Holdings:
    return Holdings(portal)


def named(holds: Holdings, data: str, rest: str) -> str:
    return data if holds.dialect == "data" else rest


def product_row(portal: Portal, holds: Holdings, code: str) -> dict[str, Any]:
    """Bring a product again and return what BlueJet holds of it."""
    look_at(portal, PRODUCTS, guid_of(portal, code))
    portal.work(PRODUCTS)
    column = named(holds, "code", "productCode")
    (row,) = [row for row in holds.records("product") if row[column] == code]
    return row


def test_what_an_order_tells_of_its_way_its_tax_and_its_source_arrives(portal: Portal, holds: Holdings) -> None:
    bring(portal, "SPO01")
    override = {
        "shippingDetails": BRANCH,
        "vatMode": "One Stop Shop",
        "salesChannelGuid": CHANNEL,
        "language": "sk",
        "cashDeskOrder": True,
        "billingMethod": {"id": 4, "name": "Kartou"},
    }

    code = place(portal, "SPO01", source=3, externalCode="ERP-7", stock=2, override=override)
    portal.work(ORDERS)

    fields = holds.document(code).fields
    assert {name: fields.get(named(holds, data, rest)) for name, (data, rest, _) in ORDER_FIELDS.items()} == {
        name: value for name, (_, _, value) in ORDER_FIELDS.items()
    }
    assert fields[named(holds, "pokladnasupl", "cashDesk")] in ("1", True)


def test_the_rate_for_invoicing_goes_beside_the_orders_own(portal: Portal, holds: Holdings) -> None:
    bring(portal, "SPO01")
    code = place(portal, "SPO01", currency="EUR", exchangeRate="24.85")
    price = {**portal.shoptet.state.orders[code]["price"], "invoicingExchangeRate": "25.10000000"}
    portal.shoptet.state.orders[code] |= {"price": price}

    portal.work(ORDERS)

    fields = holds.document(code).fields
    rates = [number(fields[named(holds, *names)]) for names in (("kurz", "exchangeRate"), ("kurzfakturacesupl", "invoicingRate"))]
    assert rates == [Decimal("24.85"), Decimal("25.1")]


def test_a_sets_line_says_what_is_in_it_and_a_line_its_fee_and_its_place(portal: Portal, holds: Holdings) -> None:
    catalogue = portal.shoptet.state.catalogue
    parts = [{"guid": catalogue.by_code(code)[0]["guid"], "code": code, "amount": "2.000"} for code in ("SPO01", "SPO02")]
    catalogue.put({**catalogue.by_code("SPO05")[0], "type": "product-set", "setItems": parts})
    bring(portal, "SPO01", "SPO02", "SPO05")

    code = place(portal, "SPO05", "SPO01")
    portal.work(ORDERS)

    ordered_set, cooker = (line.fields for line in holds.document(code).lines[:2])
    content = ordered_set[named(holds, "obsahsadysupl", "components")]
    assert [text in str(content) for text in ("SPO01", "SPO02", "Plynový sporák GS-400", "2")] == [True] * 4
    assert number(cooker[named(holds, "recyklacnipoplateksupl", "recyclingFee")]) == Decimal(96)
    assert cooker[named(holds, "recyklacesupl", "recyclingCategory")] == "Velké spotřebiče, pcs"
    assert cooker[named(holds, "umistenisupl", "stockLocation")] == portal.shoptet.state.orders[code]["items"][1]["stockLocation"]


@pytest.mark.parametrize(
    ("bought", "net"),
    [
        ({"price": "121.00", "vatRate": "21.00", "includingVat": True}, "100"),
        ({"price": "121.00", "vatRate": "12.00", "includingVat": True}, "108.04"),
        ({"price": "121.00", "vatRate": "21.00", "includingVat": False}, "121"),
        ({"price": "121.00", "vatRate": "0.00", "includingVat": True}, "121"),
    ],
)
def test_a_purchase_price_arrives_without_vat(portal: Portal, holds: Holdings, bought: dict[str, Any], net: str) -> None:
    portal.control("/products/SPO01", {"variants": [{"code": "SPO01", "prices": {"purchasePrice": bought}}]})

    row = product_row(portal, holds, "SPO01")

    assert number(row[named(holds, "cenanakup", "purchasePrice")]) == Decimal(net)


OFFER = {
    "gross": ("akcnicenadphsupl", "actionPrice"),
    "from": ("akceodsupl", "actionPriceFrom"),
    "to": ("akcedosupl", "actionPriceTo"),
}


def offer_of(portal: Portal, holds: Holdings, first: date, last: date) -> list[Any]:
    offer = {"price": "1210.00", "fromDate": first.isoformat(), "toDate": last.isoformat()}
    portal.control("/products/SPO01", {"variants": [{"code": "SPO01", "includingVat": True, "actionPrice": offer}]})
    row = product_row(portal, holds, "SPO01")
    return [row.get(named(holds, *names)) for names in OFFER.values()]


@pytest.mark.parametrize(("from_day", "to_day"), [(-3, 3), (-3, 0), (2, 9)])
def test_a_special_offer_arrives_with_its_days(portal: Portal, holds: Holdings, from_day: int, to_day: int) -> None:
    first, last = date.today() + timedelta(from_day), date.today() + timedelta(to_day)

    gross, begins, ends = offer_of(portal, holds, first, last)

    assert number(gross) == Decimal(1210)
    assert (str(begins)[:10], str(ends)[:10]) == (first.isoformat(), last.isoformat())


def test_a_special_offer_that_is_over_is_none_and_one_that_ends_is_taken_back(portal: Portal, holds: Holdings) -> None:
    today = date.today()

    assert any(offer_of(portal, holds, today - timedelta(3), today))
    assert not any(offer_of(portal, holds, today - timedelta(9), today - timedelta(2)))


@pytest.mark.parametrize("dialect", ["data"])
@pytest.mark.parametrize(("zone", "is_there"), [("Europe/Prague", False), ("UTC", True)])
def test_an_offers_last_day_ends_at_midnight_where_the_shop_is(portal: Portal, zone: str, is_there: bool) -> None:
    portal.shop.time_zone = zone
    portal.shop.save()
    record = {"currency": "CZK", "actionPrice": {"price": Decimal(1), "fromDate": None, "toDate": "2026-01-10"}}

    with open_context(portal.shop, priority=Priority.ORDERS) as ctx:
        seen = with_prices_of_today(ctx, record, datetime(2026, 1, 10, 23, 30, tzinfo=UTC))

    assert (seen["actionPrice"] is not None) == is_there


@pytest.mark.parametrize("dialect", ["data"])
@pytest.mark.parametrize("record", [{"currency": ""}, {}])
def test_an_amount_without_a_currency_is_in_the_shops_own(portal: Portal, record: dict[str, Any]) -> None:
    portal.control("/currencies", {"currency": "EUR", "rates": {"EUR": "1"}})

    with open_context(portal.shop, priority=Priority.ORDERS) as ctx:
        product = with_prices_of_today(ctx, record, datetime.now(UTC))
        order = with_crowns(ctx, {**record, "total": Decimal(100)})

    assert (product["currency"], order["currency"]) == ("EUR", "EUR")
    assert (order["totalCzk"], order["exchangeRate"]) == (None, None)


@pytest.mark.parametrize("dialect", ["data"])
def test_a_shop_that_does_not_tell_its_currencies_is_not_taken_for_a_product_that_is_gone(portal: Portal) -> None:
    portal.control("/faults", {"fault": "404", "match": "^/api/eshop"})

    with open_context(portal.shop, priority=Priority.ORDERS) as ctx:
        seen = with_prices_of_today(ctx, {"currency": ""}, datetime.now(UTC))

    assert seen["currency"] == ""


def test_a_shop_in_euro_prices_its_products_in_euro(portal: Portal, holds: Holdings) -> None:
    portal.control("/currencies", {"currency": "EUR", "rates": {"EUR": "1", "CZK": "0.04"}})

    row = product_row(portal, holds, "SPO01")

    assert row[named(holds, "mena", "currency")] == "EUR"


def test_codes_notes_and_fees_of_a_product_arrive(portal: Portal, holds: Holdings) -> None:
    portal.control("/products/SPO01", {"internalNote": "Objednávat po 10", "variants": [{"code": "SPO01", "manufacturerCode": "RM-GS400"}]})

    row = product_row(portal, holds, "SPO01")

    assert row[named(holds, "kodvyrobcesupl", "manufacturerCode")] == "RM-GS400"
    assert row[named(holds, "poznamka", "internalNote")] == "Objednávat po 10"
    assert number(row[named(holds, "recyklacnipoplateksupl", "recyclingFee")]) == Decimal(96)


def test_a_table_in_a_description_keeps_its_cells_apart(portal: Portal, holds: Holdings) -> None:
    portal.control("/products/SPO01", {"description": "<table><tr><th>Vyska</th><td>10 cm</td></tr></table>"})

    row = product_row(portal, holds, "SPO01")

    assert row[named(holds, "popis", "description")] == "Vyska 10 cm"
