"""Money holds for any order that can be thought of, not only for those written down."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sync.validation import document_lines, read_back_agrees, rounding_line
from sync.validation.money import check_order_money, sums_per_rate
from sync.validation.rules import Findings
from tests.sync.validation.records import order

CENT = Decimal("0.01")
RATES = [Decimal(rate) for rate in ("0", "10", "12", "15", "19", "21", "23", "25.5", "27")]
TYPES = ["product", "product-set", "service", "shipping", "billing", "discount-coupon", "volume-discount", "gift", "deposit"]

amounts = st.decimals(min_value=-50_000, max_value=500_000, places=2, allow_nan=False, allow_infinity=False)


def priced(number: int, rate: Decimal, amount: Decimal, kind: str, quantity: int) -> dict[str, Any]:
    """Make a line whose VAT is rounded for itself; its unit price need not multiply to its total."""
    vat = (amount * rate / (100 + rate)).quantize(CENT, ROUND_HALF_UP)
    unit_price = (amount / quantity).quantize(CENT, ROUND_HALF_UP)
    base = {"id": str(number), "type": kind, "name": kind, "quantity": Decimal(quantity), "unitPrice": unit_price}
    return {**base, "vatRate": rate, "total": amount, "totalWithoutVat": amount - vat, "vat": vat, "vatBreakdown": []}


lines_of_an_order = st.lists(
    st.tuples(st.sampled_from(RATES), amounts, st.sampled_from(TYPES), st.integers(1, 40)), min_size=1, max_size=25
).map(lambda rows: [priced(number, *row) for number, row in enumerate(rows, 1)])


@st.composite
def spread_coupons(draw: st.DrawFn) -> dict[str, Any]:
    """Make a coupon that Shoptet spread over several VAT rates."""
    rates = draw(st.lists(st.sampled_from(RATES), min_size=2, max_size=4, unique=True))
    parts = [{"vatRate": rate, "withVat": -abs(draw(amounts))} for rate in rates]
    total = sum((part["withVat"] for part in parts), Decimal(0))
    return {"id": "coupon", "type": "discount-coupon", "name": "Sleva", "vatRate": rates[0], "total": total, "vatBreakdown": parts}


def found(record: dict[str, Any]) -> list[str]:
    findings = Findings({})
    check_order_money(record, findings)
    return [issue.code for issue in findings.sorted()]


def with_vat(items: list[dict[str, Any]]) -> dict[str, Any]:
    return order(*items, vat=sum((item["vat"] for item in items), Decimal(0)))


def sum_of(lines: list[dict[str, Any]]) -> Decimal:
    return sum((line["total"] for line in lines), Decimal(0))


@given(lines_of_an_order)
def test_an_order_whose_total_is_the_sum_of_its_lines_has_no_finding(items: list[dict[str, Any]]) -> None:
    assert found(with_vat(items)) == []


@given(lines_of_an_order, st.data())
def test_a_cent_in_any_line_is_noticed(items: list[dict[str, Any]], data: st.DataObject) -> None:
    record = with_vat(items)
    line = data.draw(st.sampled_from(items))

    line["total"] += data.draw(st.sampled_from([CENT, -CENT]))

    assert "total_differs" in found(record)


@given(lines_of_an_order, st.integers(-99, 99))
def test_the_rounding_line_restores_the_amount_to_pay(items: list[dict[str, Any]], cents: int) -> None:
    record = with_vat(items)

    record["toPay"] = record["total"] + cents * CENT

    assert sum_of(document_lines(record)) == record["toPay"]
    assert (rounding_line(record) is None) == (cents == 0)


@given(lines_of_an_order, spread_coupons())
def test_spreading_a_coupon_over_its_rates_keeps_every_sum(items: list[dict[str, Any]], coupon: dict[str, Any]) -> None:
    record = order(*items, coupon)

    lines = document_lines(record)

    assert found(record) == []
    assert sum_of(lines) == record["total"]
    assert sums_per_rate(lines) == sums_per_rate(record["items"])
    assert len({line["id"] for line in lines}) == len(lines)


@given(lines_of_an_order)
def test_a_document_read_back_unchanged_agrees_and_a_cent_off_does_not(items: list[dict[str, Any]]) -> None:
    total = sum_of(items)

    assert read_back_agrees(len(items), total, len(items), f"{total:.4f}")
    assert not read_back_agrees(len(items), total, len(items), total + CENT)
    assert not read_back_agrees(len(items), total, len(items) - 1, total)
