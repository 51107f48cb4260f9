"""Orders that add up to the cent, and those that do not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sync.validation import document_lines, read_back_agrees, rounding_line, total_czk, validate_order, with_total_czk
from sync.validation.money import check_order_money
from sync.validation.rules import Findings
from tests.sync.validation.records import item, line_draft, order, order_draft


def money_codes(record: dict[str, Any]) -> list[str]:
    findings = Findings({})
    check_order_money(record, findings)
    return [issue.code for issue in findings.sorted()]


def share(rate: str, amount: str) -> dict[str, Decimal]:
    return {"vatRate": Decimal(rate), "withVat": Decimal(amount)}


def test_lines_that_add_up_are_no_finding() -> None:
    assert money_codes(order(item("121.00"), item("112.00", id="2", rate="12"))) == []


def test_a_cent_of_difference_parks_the_order_and_says_both_sums() -> None:
    findings = Findings({"total_differs": "off"})

    check_order_money(order(item("121.00"), item("56.00", id="2", rate="12"), total=Decimal("177.01"), toPay=None), findings)

    [issue] = findings.sorted()
    assert issue.is_error
    assert issue.sentence() == "The lines add up to 177.00 CZK (21 %: 121.00, 12 %: 56.00), the order says 177.01 CZK."


def test_the_lines_total_wins_over_quantity_times_unit_price() -> None:
    line = item("99.99", quantity=Decimal(3), unitPrice=Decimal("33.34"))

    assert money_codes(order(line)) == []


def test_a_line_without_total_is_worked_out_from_quantity_and_unit_price() -> None:
    line = {"quantity": Decimal(3), "unitPrice": Decimal("33.335"), "type": "product"}

    assert money_codes({"items": [line], "total": Decimal("100.01")}) == []


def test_a_set_is_paid_for_once() -> None:
    component = item("60.00", id="2", type="product-set-item", parentSetItemId="1")

    record = order(item("121.00", type="product-set"), component, total=Decimal("121.00"), toPay=Decimal("121.00"))

    assert money_codes(record) == []
    assert [line["id"] for line in document_lines(record)] == ["1"]


@pytest.mark.parametrize(
    ("kind", "amount"), [("gift", "0.00"), ("shipping", "0.00"), ("discount-coupon", "-50.00"), ("volume-discount", "-0.01")]
)
def test_gifts_coupons_and_free_shipping_may_be_zero_or_negative(kind: str, amount: str) -> None:
    assert money_codes(order(item("121.00"), item(amount, id="2", type=kind))) == []


def test_a_gift_without_any_amount_is_worth_nothing() -> None:
    gift = {"id": "2", "type": "gift", "total": None, "unitPrice": None}

    assert money_codes(order(item("121.00")) | {"items": [item("121.00"), gift]}) == []


def test_a_line_without_amount_is_named() -> None:
    record = order() | {"items": [item("121.00"), {"id": "2", "type": "product", "name": "Pánev"}]}

    assert money_codes(record) == ["line_without_amount"]


def test_an_order_without_total_is_held_back() -> None:
    assert money_codes(order(total=None)) == ["total_missing"]


def test_a_coupon_is_spread_over_the_vat_rates_of_its_breakdown() -> None:
    coupon = item("-30.00", id="3", type="discount-coupon", name="Sleva", vatBreakdown=[share("12", "-10.00"), share("21", "-20.00")])
    record = order(item("121.00"), item("56.00", id="2", rate="12"), coupon)

    lines = document_lines(record)

    assert [(line["id"], line["vatRate"], line["total"]) for line in lines] == [
        ("1", Decimal(21), Decimal("121.00")),
        ("2", Decimal(12), Decimal("56.00")),
        ("3:21", Decimal(21), Decimal("-20.00")),
        ("3:12", Decimal(12), Decimal("-10.00")),
    ]
    assert [line["name"] for line in lines[2:]] == ["Sleva (21 %)", "Sleva (12 %)"]


def test_a_breakdown_of_one_rate_stays_one_line() -> None:
    shipping = item("99.00", id="2", type="shipping", vatBreakdown=[share("21", "99.00")])

    assert [line["id"] for line in document_lines(order(item("121.00"), shipping))] == ["1", "2"]


def test_a_breakdown_that_misses_the_lines_total_is_not_followed() -> None:
    coupon = item("-30.00", id="2", vatBreakdown=[share("12", "-10.00"), share("21", "-19.00")])

    assert [(line["id"], line["total"]) for line in document_lines(order(item("121.00"), coupon))][1] == ("2", Decimal("-30.00"))


def test_rounding_becomes_a_line_of_its_own() -> None:
    record = order(item("120.60"), toPay=Decimal("121.00"))

    line = rounding_line(record)

    assert line is not None
    assert (line["id"], line["type"], line["name"], line["total"], line["vatRate"]) == (
        "rounding",
        "rounding",
        "Rounding",
        Decimal("0.40"),
        Decimal(0),
    )
    assert document_lines(record)[-1] == line
    assert money_codes(record) == ["rounding_line"]


def test_what_need_not_be_rounded_gets_no_line() -> None:
    assert rounding_line(order()) is None
    assert rounding_line(order(toPay=None)) is None


def test_a_deposit_is_not_taken_for_rounding() -> None:
    record = order(item("1500.00"), toPay=Decimal("500.00"))

    assert rounding_line(record) is None
    assert money_codes(record) == ["to_pay_differs"]


def test_vat_may_differ_by_the_rounding_of_each_line_but_not_more() -> None:
    lines = [item("10.00", without="8.26", vat="1.74"), item("10.00", id="2", without="8.26", vat="1.74")]

    assert money_codes(order(*lines, vat=Decimal("3.47"))) == []
    assert money_codes(order(*lines, vat=Decimal("3.44"))) == ["vat_differs"]


@pytest.mark.parametrize("rate", [None, "", Decimal(0), Decimal(-25), "bez kurzu"])
def test_foreign_currency_without_a_rate_is_held_back(rate: Any) -> None:
    assert money_codes(order(currency="EUR", exchangeRate=rate)) == ["exchange_rate_missing"]


def test_foreign_currency_carries_its_amount_in_czk() -> None:
    record = order(item("100.10"), currency="EUR", exchangeRate=Decimal("25.12500000"))

    assert money_codes(record) == []
    assert total_czk(record) == Decimal("2515.01")
    assert with_total_czk(record)["totalCzk"] == Decimal("2515.01")


def test_a_rate_of_one_to_a_foreign_currency_is_a_warning() -> None:
    assert money_codes(order(currency="EUR", exchangeRate=Decimal(1))) == ["exchange_rate_one"]


def test_the_specifications_flat_order_adds_up() -> None:
    line = {"productId": "12345", "quantity": 10, "unitPrice": Decimal("149.90"), "total": Decimal("1499.00")}

    assert money_codes({"id": "ORD-2026-001", "number": "2026-001", "items": [line], "total": Decimal("1499.00")}) == []


def order_codes(record: dict[str, Any], draft: dict[str, Any], lines: list[dict[str, Any]]) -> list[tuple[str, str]]:
    issues = validate_order(record, draft, lines, dialect="data", kind="offer", refs={"productIds": {"RON-24": "P-1"}})
    return [(issue.code, issue.field) for issue in issues if issue.is_error]


def test_a_mapping_that_loses_a_line_is_noticed() -> None:
    record = order(item("121.00"), item("10.00", id="2"))

    codes = order_codes(record, order_draft(cenadphprodej=Decimal("131.00")), [line_draft("121.00")])

    assert codes == [("draft_total_differs", "cenadphprodej"), ("draft_rate_differs", "sazbadph")]


def test_a_mapping_that_takes_the_wrong_vat_rate_is_noticed() -> None:
    codes = order_codes(order(item("121.00")), order_draft(), [line_draft("121.00", rate="12")])

    assert codes == [("draft_rate_differs", "sazbadph"), ("draft_rate_differs", "sazbadph")]


def test_a_part_of_a_cent_hidden_in_a_line_is_noticed() -> None:
    assert order_codes(order(item("121.00")), order_draft(), [line_draft("121.003")])[0] == ("draft_total_differs", "cenadphprodej")


def test_a_mapping_that_takes_the_wrong_total_is_noticed() -> None:
    codes = order_codes(order(item("121.00")), order_draft(cenadphprodej=Decimal("100.00")), [line_draft("121.00")])

    assert codes == [("header_total_differs", "cenadphprodej")]


@pytest.mark.parametrize("total", ["120.60", "121.00"])
def test_the_document_may_carry_the_total_before_or_after_rounding(total: str) -> None:
    record = order(item("120.60"), toPay=Decimal("121.00"))

    assert order_codes(record, order_draft(cenadphprodej=Decimal(total)), [line_draft("120.60"), line_draft("0.40", rate="0")]) == []


def test_the_rounding_line_may_not_be_left_out() -> None:
    record = order(item("120.60"), toPay=Decimal("121.00"))

    assert order_codes(record, order_draft(cenadphprodej=Decimal("121.00")), [line_draft("120.60")])[0][0] == "draft_total_differs"


def test_a_draft_in_another_currency_is_not_compared() -> None:
    record = order(item("100.00"), currency="EUR", exchangeRate=Decimal(25))

    assert order_codes(record, order_draft(mena="CZK", cenadphprodej=Decimal(2500)), [line_draft("2500.00")]) == []


def test_lines_without_a_mapped_total_are_not_compared() -> None:
    assert order_codes(order(item("121.00")), order_draft(), [{"nazev": "Rondon", "mnozstvi": Decimal(1)}]) == []


def test_what_was_read_back_agrees_only_with_every_line_and_every_cent() -> None:
    assert read_back_agrees(2, Decimal("121.00"), 2, "121,0000")
    assert not read_back_agrees(2, Decimal("121.00"), 1, Decimal("121.00"))
    assert not read_back_agrees(2, Decimal("121.00"), 2, Decimal("120.99"))
    assert not read_back_agrees(2, Decimal("121.00"), 2, None)
