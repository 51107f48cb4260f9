"""What an order's lines and its worth in crowns are in BlueJet: they multiply out, and euros are never crowns."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.bluejet.values import number
from mappings.models import FieldMapping
from shops.models import Shop
from sync.models import WaitingJob
from sync.validation.document_lines import document_lines
from tests.sync.happenings import ORDERS, bring, change, issues_of, place
from tests.sync.holdings import Document, Holdings, Line
from tests.sync.portal import Portal

CENT = Decimal("0.01")
NAMES = {
    "data": {
        "unit": "jcenadphprodej",
        "net unit": "jcenaprodej",
        "discount": "sleva",
        "net": "cenaprodej",
        "rate": "kurz",
        "crowns": "cenaczk",
    },
    "rest": {
        "unit": "unitPrice",
        "net unit": "unitPriceWithoutVat",
        "discount": "discount",
        "net": "totalWithoutVat",
        "rate": "exchangeRate",
        "crowns": "totalCzk",
    },
}


def told(holds: Holdings, row: Any, name: str) -> Decimal | None:
    """Return what a line or a document holds under a neutral name."""
    value = row.fields.get(NAMES[holds.dialect][name])
    return None if value in (None, "") else number(value)


def multiplied(holds: Holdings, line: Line, price: str) -> Decimal:
    """Multiply a line out: quantity × price × (1 − discount)."""
    kept = 1 - (told(holds, line, "discount") or Decimal(0)) / 100
    return (line.quantity * (told(holds, line, price) or Decimal(0)) * kept).quantize(CENT, ROUND_HALF_UP)


@pytest.fixture
def holds(portal: Portal) -> Holdings:
    return Holdings(portal)


def delivered(portal: Portal, *items: Any, **wishes: Any) -> str:
    codes = [str(item["code"]) for item in items]
    bring(portal, *codes)
    wanted = {"items": list(items), **wishes}
    code = place(portal, **wanted)
    portal.work(ORDERS)
    return code


def lines_agree(holds: Holdings, document: Document) -> bool:
    """Whether every line multiplies out to its total, with VAT and without."""
    return all(
        multiplied(holds, line, "unit") == line.total and multiplied(holds, line, "net unit") == told(holds, line, "net")
        for line in document.lines
    )


def test_a_discounted_line_carries_its_discount_and_multiplies_out(portal: Portal, holds: Holdings) -> None:
    code = delivered(portal, {"code": "SPO01", "amount": 3, "ratio": "0.85", "price": "34186.13"})

    document = holds.document(code)
    line = document.lines[0]
    assert (line.quantity, line.total, told(holds, line, "unit"), told(holds, line, "discount")) == (
        3,
        Decimal("87174.63"),
        Decimal("34186.13"),
        15,
    )
    assert lines_agree(holds, document)


def test_without_a_row_for_the_discount_the_price_is_the_discounted_one(portal: Portal, holds: Holdings) -> None:
    FieldMapping.objects.filter(shop=portal.shop, entity="order_line", source="discount").delete()

    code = delivered(portal, {"code": "SPO01", "amount": 3, "ratio": "0.85", "price": "34186.13"})

    line = holds.document(code).lines[0]
    assert (told(holds, line, "unit"), told(holds, line, "discount")) == (Decimal("29058.21"), None)
    assert lines_agree(holds, holds.document(code))


def test_a_discount_that_is_taken_back_does_not_stay(portal: Portal, holds: Holdings) -> None:
    code = delivered(portal, {"code": "SPO01", "amount": 3, "ratio": "0.85", "price": "34186.13"})
    item = portal.shoptet.state.orders[code]["items"][0]
    portal.shoptet.state.orders[code]["items"][0] = {
        **item,
        "priceRatio": "1.0000",
        "unitPrice": {**item["unitPrice"], "withVat": "29058.21"},
    }

    change(portal, code, notes={"customerRemark": "bez slevy"})
    portal.work(ORDERS)

    line = holds.document(code).lines[0]
    assert (told(holds, line, "unit"), told(holds, line, "discount")) == (Decimal("29058.21"), 0)
    assert lines_agree(holds, holds.document(code))


@pytest.mark.parametrize("dialect", ["data"])
def test_odd_discounts_gifts_coupons_and_broken_quantities_multiply_out_too(portal: Portal, holds: Holdings) -> None:
    bring(portal, "SPO01", "SPO02", "SPO03", "SPO04")
    odd = {"itemPrice": {"withVat": "99.99", "withoutVat": "82.64", "vat": "17.35", "vatRate": "21.00"}}
    items = [
        {"code": "SPO01", "amount": "0.333", "ratio": "0.8571", "price": "1234.57"},
        {"code": "SPO02", "amount": "7", "ratio": "0", "price": "100"},
        {"code": "SPO03", "amount": "3", "ratio": "1.1", "price": "33.33"},
        {"code": "SPO04", "amount": "3", "ratio": "0.9", "price": "40", "override": odd},
    ]

    code = delivered(portal, *items, coupon="GASTRO10", gift="SPO01", currency="EUR", exchangeRate="24.85")

    document = holds.document(code)
    assert lines_agree(holds, document)
    assert sum(line.total for line in document.lines) == document.total


AMOUNTS = st.decimals(min_value="-99999.99", max_value="99999.99", places=2)
RATIOS = st.none() | st.decimals(min_value=0, max_value="1.5", places=4) | st.sampled_from([Decimal(0), Decimal(1), Decimal("0.8500")])


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    quantity=st.decimals(min_value=0, max_value=999, places=3),
    unit=AMOUNTS,
    ratio=RATIOS,
    total=st.none() | AMOUNTS,
    net=AMOUNTS,
    with_discount=st.booleans(),
)
def test_whatever_a_line_says_what_is_written_multiplies_out_or_comes_as_near_as_four_places_can(
    quantity: Decimal, unit: Decimal, ratio: Decimal | None, total: Decimal | None, net: Decimal, with_discount: bool
) -> None:
    kept = Decimal(1) if ratio is None else ratio
    total = (quantity * unit * kept).quantize(CENT, ROUND_HALF_UP) if total is None else total
    item = {"id": "1", "type": "product", "quantity": quantity, "unitPrice": unit, "unitPriceWithoutVat": unit, "discountRatio": ratio}

    [line] = document_lines({"items": [{**item, "total": total, "totalWithoutVat": net}]}, with_discount=with_discount)

    factor = line["quantity"] * (1 - (line["discount"] or Decimal(0)) / 100)
    tolerance = CENT / 2 + abs(factor) * Decimal("0.00005")
    assert line["total"] == total
    assert abs(factor * line["unitPrice"] - total) <= tolerance
    assert with_discount or line["discount"] == 0
    if abs(factor) >= Decimal("0.000001"):
        assert abs(factor * line["unitPriceWithoutVat"] - net) <= tolerance


def test_a_total_without_a_quantity_is_one_piece() -> None:
    [line] = document_lines(
        {"items": [{"id": "1", "type": "shipping", "quantity": Decimal(0), "unitPrice": Decimal(0), "total": Decimal("99.00")}]}
    )

    assert (line["quantity"], line["unitPrice"], line["total"]) == (1, Decimal("99.00"), Decimal("99.00"))


# What the shop counts in, its rates; the order's currency and rate; what one unit is worth in crowns.
WORTHS = [
    ("EUR", {"EUR": "1", "CZK": "0.04"}, "EUR", "1", "25"),
    ("EUR", {"EUR": "1", "CZK": "25"}, "EUR", "1", "25"),
    ("EUR", {"EUR": "1"}, "EUR", "1", None),
    ("EUR", {"EUR": "1", "CZK": "0.04"}, "CZK", "0.04", "1"),
    ("EUR", {"EUR": "1"}, "CZK", "0.04", "1"),
    ("EUR", {"EUR": "1", "CZK": "0.04", "USD": "0.9"}, "USD", "0.92", "23"),
    ("EUR", {"EUR": "1", "USD": "0.9"}, "USD", "0.92", None),
    ("CZK", {"CZK": "1", "EUR": "24.85"}, "EUR", "25.10", "25.1"),
    ("CZK", {"CZK": "1", "EUR": "24.85"}, "EUR", "1", "24.85"),
    ("CZK", {"CZK": "1", "EUR": "24.85"}, "CZK", "1", "1"),
    ("HUF", {"HUF": "1", "CZK": "16"}, "HUF", "1", "0.0625"),
]


@pytest.mark.parametrize(("own", "rates", "currency", "rate", "worth"), WORTHS)
@pytest.mark.parametrize("dialect", ["data"])
def test_crowns_are_by_the_shops_own_rate_or_not_there(
    portal: Portal, holds: Holdings, own: str, rates: dict[str, str], currency: str, rate: str, worth: str | None
) -> None:
    check_worth(portal, holds, own, rates, currency, rate, worth)


@pytest.mark.parametrize("dialect", ["rest"])
def test_the_rest_dialect_is_told_no_euros_as_crowns_either(portal: Portal, holds: Holdings) -> None:
    check_worth(portal, holds, *WORTHS[0])


def check_worth(portal: Portal, holds: Holdings, own: str, rates: dict[str, str], currency: str, rate: str, worth: str | None) -> None:
    portal.control("/currencies", {"currency": own, "rates": rates})

    code = delivered(portal, {"code": "SPO01", "price": "100"}, currency=currency, exchangeRate=rate)

    document, job = holds.document(code), portal.job(ORDERS, code)
    crowns = worth and (document.total * Decimal(worth)).quantize(CENT, ROUND_HALF_UP)
    assert job.state == "done"
    assert (told(holds, document, "rate"), told(holds, document, "crowns")) == (worth and Decimal(worth), crowns)
    assert ("crowns_unknown" in issues_of(job)) == (worth is None)


@pytest.mark.parametrize("dialect", ["data"])
def test_rates_that_a_shop_writes_the_other_way_round_are_turned(portal: Portal, holds: Holdings) -> None:
    portal.control("/currencies", {"currency": "EUR", "rates": {"EUR": "1", "CZK": "25", "HUF": "400"}, "flipped": True})

    code = delivered(portal, {"code": "SPO01", "price": "100"}, currency="HUF", exchangeRate="0.0025")

    assert told(holds, holds.document(code), "rate") == Decimal("0.0625")


@pytest.mark.parametrize("dialect", ["data"])
def test_shoptet_is_asked_for_the_currencies_once_and_an_order_in_crowns_asks_for_nothing(portal: Portal) -> None:
    delivered(portal, {"code": "SPO01"})
    assert Shop.objects.get().currency == ""

    delivered(portal, {"code": "SPO01"}, currency="EUR")

    assert Shop.objects.get().currency == "CZK"


@pytest.mark.parametrize("dialect", ["data"])
def test_an_order_is_not_held_for_a_shop_that_does_not_tell_its_currencies(portal: Portal, holds: Holdings) -> None:
    bring(portal, "SPO01")
    portal.control("/faults", {"fault": "404", "match": "^/api/eshop", "times": 100})

    code = delivered(portal, {"code": "SPO01"}, currency="EUR")

    job = portal.job(ORDERS, code)
    assert (job.state, told(holds, holds.document(code), "crowns")) == ("done", None)
    assert "crowns_unknown" in issues_of(job)


@pytest.mark.parametrize("dialect", ["data"])
@pytest.mark.parametrize(("rates", "worth"), [({"EUR": "1"}, None), ({"EUR": "1", "CZK": "0.04"}, Decimal(25))])
def test_what_waits_in_a_shop_in_euro_is_counted_in_crowns_or_not_at_all(
    portal: Portal, rates: dict[str, str], worth: Decimal | None
) -> None:
    portal.control("/currencies", {"currency": "EUR", "rates": rates})
    portal.shop.statusmappings.all().delete()

    code = delivered(portal, {"code": "SPO01", "price": "100"})

    total = Decimal(portal.shoptet.state.orders[code]["price"]["withVat"])
    assert [row.worth for row in WaitingJob.objects.filter(topic__contains="status")] == [worth and total * worth]


@pytest.mark.parametrize("dialect", ["data"])
def test_a_rate_that_cannot_be_read_holds_no_order_and_the_shops_own_is_taken(portal: Portal, holds: Holdings) -> None:
    bring(portal, "SPO01")
    code = place(portal, "SPO01", currency="EUR")
    price = {**portal.shoptet.state.orders[code]["price"], "exchangeRate": "neznámý", "invoicingExchangeRate": []}
    portal.shoptet.state.orders[code] |= {"price": price}

    portal.work(ORDERS)

    assert (portal.job(ORDERS, code).state, told(holds, holds.document(code), "rate")) == ("done", Decimal("24.85"))
    assert "unreadable_value" in issues_of(portal.job(ORDERS, code))
