"""Every rule that staff can set fires on a record of the real pipeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from clients.shoptet.normalise_order import normalise_order
from mappings.models import FieldMapping, PartnerValue
from mappings.tables import TABLES
from sync.issue_texts import TEXTS
from sync.models import SyncJob
from sync.validation.rules import RULES
from tests.sync.happenings import ORDERS, PRODUCTS, STOCK, bring, guid_of, look_at, place
from tests.sync.portal import Portal

pytestmark = pytest.mark.parametrize("dialect", ["data"])
Order = dict[str, Any]


def price(**changes: Any) -> Callable[[Order], None]:
    return lambda order: order["price"].update(changes)


def of_foreign(rate: str, currency: str = "EUR") -> Callable[[Order], None]:
    return price(currencyCode=currency, exchangeRate=rate, invoicingExchangeRate=rate)


def with_line_twice(order: Order) -> None:
    order["items"][1]["itemId"] = order["items"][0]["itemId"]


def billed_to(**changes: Any) -> Callable[[Order], None]:
    return lambda order: order["billingAddress"].update(changes)


# What is wrong with an order at Shoptet, by the rule that says it.
ORDERS_BY_RULE: dict[str, Callable[[Order], None]] = {
    "total_differs": price(withVat="1.00", toPay="1.00"),
    "to_pay_differs": lambda order: order["price"].update(toPay=str(float(order["price"]["withVat"]) + 50)),
    "rounding_line": lambda order: order["price"].update(toPay=f"{float(order['price']['withVat']) + 0.4:.2f}"),
    "vat_differs": price(vat="1.00"),
    "exchange_rate_missing": of_foreign("0.00000000", "NOK"),
    "exchange_rate_one": of_foreign("1.00000000"),
    "duplicate_line": with_line_twice,
    "bad_email": lambda order: order.update(email="jan@"),
    "bad_phone": lambda order: order.update(phone="zavolejte"),
    "bad_company_id": billed_to(companyId="27082441"),
    "address_incomplete": billed_to(street="", houseNumber=""),
}
# What a mapping row says wrongly: the entity, the target, and what is changed in the row.
ROWS_BY_RULE: dict[str, tuple[str, str, dict[str, Any]]] = {
    "draft_total_differs": ("order_line", "@total", {"source": "`1`"}),
    "draft_rate_differs": ("order_line", "sazbadph", {"source": "type == 'shipping' && `12` || vatRate"}),
    "header_total_differs": ("order", "@total", {"source": "`1`"}),
    "identity_missing": ("order", "@external_id", {"active": False}),
    "required_missing": ("order", "datumvystaveni", {"active": False}),
    # Of what a record can do without, only a warning is left: these are values that it needs.
    "schema_type": ("order", "@total", {"source": "items[].name", "transform": ""}),
    "schema_too_long": ("product", "code", {"transform": 'prefix:"' + "x" * 300 + '"'}),
    "schema_format": ("order", "datumvystaveni", {"source": "number", "transform": ""}),
    "schema_range": ("product", "cenadphprodej", {"source": "`-1`"}),
    "price_not_positive": ("product", "cenadphprodej", {"source": "price"}),
    "status_unknown": ("order", "@state", {"source": "`null`", "transform": "", "default": "Vzor"}),
    "schema_choice": ("order", "@state", {"source": "`null`", "transform": "", "default": "Hotovo"}),
}


def found(portal: Portal) -> set[str]:
    """Return the codes on every job."""
    return {issue["code"] for issues in SyncJob.objects.values_list("issues", flat=True) for issue in issues}


def test_what_is_wrong_with_an_order_is_said_by_its_rule(portal: Portal) -> None:
    bring(portal, "SPO01")
    codes = {}
    for rule, spoil in ORDERS_BY_RULE.items():
        code = place(portal, "SPO01")
        spoil(portal.shoptet.state.orders[code])
        codes[rule] = code

    portal.work()

    said = {rule: {issue["code"] for issue in portal.job(ORDERS, code).issues} for rule, code in codes.items()}
    assert {rule: rules for rule, rules in said.items() if rule not in rules} == {}


@pytest.mark.parametrize("rule", sorted(ROWS_BY_RULE))
def test_what_a_mapping_row_says_wrongly_is_said_by_its_rule(portal: Portal, rule: str) -> None:
    entity, target, changes = ROWS_BY_RULE[rule]
    PartnerValue.objects.create(shop=portal.shop, side="bluejet", table="status", value="Odeslaná", seen_at=timezone.now())
    bring(portal, "SPO01")
    FieldMapping.objects.filter(entity=entity, target=target).update(**changes)
    if rule == "price_not_positive":
        portal.control("/products/SPO01/price", {"price": 0})
    if entity == "product":
        look_at(portal, PRODUCTS, guid_of(portal, "SPO01"))
    else:
        place(portal, "SPO01")

    portal.work()

    assert rule in found(portal)


@pytest.mark.parametrize(
    ("rule", "total", "line"), [("total_missing", {}, {"total": "99.00"}), ("line_without_amount", {"total": "99.00"}, {})]
)
def test_a_flat_order_without_an_amount_is_said_to_have_none(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, rule: str, total: dict[str, str], line: dict[str, str]
) -> None:
    bring(portal, "SPO01")
    code = place(portal, "SPO01")
    flat = {
        "number": code, "id": code, "status": "-1", "statusName": "Nevyřízená", "createdAt": "2026-11-02T10:00:00+01:00", "currency": "CZK",
        "customer": {"fullName": "Jan Novák", "email": "jan@example.cz"},
        "items": [{"id": "1", "type": "shipping", "name": "Doprava", **line}],
        **total,
    }  # fmt: skip
    FieldMapping.objects.filter(entity__in=("order", "order_line")).update(required=False)
    monkeypatch.setattr("clients.shoptet.orders.normalise_order", lambda _: normalise_order(flat))

    portal.work()

    assert rule in {issue["code"] for issue in portal.job(ORDERS, code).issues}


def test_a_product_that_is_gone_and_one_that_was_oversold_are_said(portal: Portal) -> None:
    bring(portal, "SPO01", "KON01")
    code = place(portal, "KON03")
    portal.control("/products/KON03", method="DELETE")
    portal.control("/products/KON01/stock", {"stock": 1, "quantity": -2})
    look_at(portal, STOCK, "KON01")

    portal.work()

    assert "product_gone" in {issue["code"] for issue in portal.job(ORDERS, code).issues}
    assert "stock_insufficient" in {issue["code"] for issue in portal.job(STOCK, "KON01").issues}


def test_an_order_that_no_rate_leads_to_crowns_from_is_said(portal: Portal) -> None:
    bring(portal, "SPO01")
    portal.control("/currencies", {"currency": "EUR", "rates": {"EUR": "1"}})
    code = place(portal, "SPO01")
    of_foreign("1.00000000")(portal.shoptet.state.orders[code])

    portal.work()

    assert "crowns_unknown" in {issue["code"] for issue in portal.job(ORDERS, code).issues}


def test_a_tax_number_that_has_no_column_beside_another_is_said(portal: Portal) -> None:
    bring(portal, "SPO01")
    code = place(portal, "SPO01")
    company = {"company": "Gastro s.r.o.", "companyId": "27082440", "vatId": "CZ27082440", "taxId": "CZ699001234", "countryCode": "CZ"}
    billed_to(**company)(portal.shoptet.state.orders[code])

    portal.work()

    assert "tax_number_left_out" in {issue["code"] for issue in portal.job(ORDERS, code).issues}


def test_every_rule_is_met_here(portal: Portal) -> None:
    others = {"product_gone", "stock_insufficient", "crowns_unknown", "tax_number_left_out", "total_missing", "line_without_amount"}

    assert {*ORDERS_BY_RULE, *ROWS_BY_RULE} | others == set(RULES)


def test_every_table_has_words_for_a_value_without_a_counterpart(portal: Portal) -> None:
    assert [table for table in TABLES if f"unmapped_{table}" not in TEXTS] == []
