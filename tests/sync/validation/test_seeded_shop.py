"""The stand-in's whole shop: every order, product and customer of it passes, from the wire to the draft."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from clients.bluejet.evidences import evidences_for
from clients.shoptet.normalise_customer import normalise_customer
from clients.shoptet.normalise_order import normalise_order
from mappings.engine import map_record
from mappings.packs import pack_rows
from mappings.roles import resolve
from mappings.snapshot import MappingSnapshot, compile_rows
from mappings.tables import Target
from sandbox.shoptet.seed.fill import fill
from sandbox.shoptet.seed.settings import STATUS_NAMES
from sandbox.shoptet.shop import Shop
from sync.issues import Issue
from sync.mapping import roles_of
from sync.validation import document_lines, validate_contact, validate_order
from sync.validation.money import sums_per_rate

CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    yield fill(Shop())


@pytest.fixture(scope="module")
def orders(shop: Shop) -> list[dict[str, Any]]:
    return [normalise_order(order) for order in shop.orders.values()]


def snapshot(dialect: str) -> MappingSnapshot:
    statuses = {str(number): Target("Probíhající", "", {"document": "offer"}) for number in STATUS_NAMES}
    return MappingSnapshot(1, 1, ZoneInfo("Europe/Prague"), "shoptet", compile_rows(pack_rows(dialect)), {"status": statuses})


def mapped(dialect: str, entity: str, kind: str, record: dict[str, Any]) -> dict[str, Any]:
    draft = map_record(snapshot(dialect), entity, record)
    return resolve(draft.fields, roles_of(evidences_for(dialect, {})[kind]))  # type: ignore[arg-type]


def issues_of(dialect: str, record: dict[str, Any]) -> list[Issue]:
    header = {name: value for name, value in record.items() if name != "items"}
    lines = [mapped(dialect, "order_line", "offer_line", {**line, "order": header}) for line in document_lines(record)]
    return validate_order(record, mapped(dialect, "order", "offer", record), lines, dialect=dialect, kind="offer")


def test_the_seed_has_what_makes_money_difficult(orders: list[dict[str, Any]]) -> None:
    types = Counter(item["type"] for order in orders for item in order["items"])
    rates = {item["vatRate"] for order in orders for item in order["items"]}

    assert {"product", "product-set", "shipping", "billing", "discount-coupon", "volume-discount", "gift"} <= set(types)
    assert len(rates) >= 2
    assert any(order["currency"] == "EUR" for order in orders)
    assert any(order["rounding"] for order in orders)
    assert any(order["setComponents"] for order in orders)


@pytest.mark.parametrize("dialect", ["data", "rest"])
def test_no_seeded_order_is_held_back(dialect: str, orders: list[dict[str, Any]]) -> None:
    errors = {order["id"]: [issue.sentence() for issue in issues_of(dialect, order) if issue.is_error] for order in orders}

    assert {code: found for code, found in errors.items() if found} == {}


def test_every_seeded_order_makes_a_document_that_adds_up_to_what_is_paid(orders: list[dict[str, Any]]) -> None:
    assert {order["id"]: sum(sums_per_rate(document_lines(order)).values()) for order in orders} == {
        order["id"]: order["toPay"] for order in orders
    }


@pytest.mark.parametrize("dialect", ["data", "rest"])
def test_each_seeded_order_with_a_cent_too_much_is_held_back(dialect: str, orders: list[dict[str, Any]]) -> None:
    broken = [{**order, "total": order["total"] + CENT, "toPay": order["toPay"] + CENT} for order in orders]

    assert all("total_differs" in {issue.code for issue in issues_of(dialect, order)} for order in broken)


def test_no_seeded_customer_is_held_back(shop: Shop) -> None:
    records = [normalise_customer(customer) for customer in shop.customers.values()]

    errors = [
        (record["id"], issue.sentence())
        for record in records
        for issue in validate_contact(record, mapped("data", "contact", "contact", record), dialect="data")
        if issue.is_error
    ]

    assert errors == []
