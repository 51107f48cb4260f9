"""Whatever stands wherever at the source: what was read of it can be mapped and judged, without a failure of ours."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.answers import parse_json
from clients.bluejet.evidences import evidences_for
from clients.shoptet.normalise_customer import normalise_customer
from clients.shoptet.normalise_order import normalise_order
from clients.shoptet.normalise_product import normalise_product
from clients.shoptet.wire import WireError
from mappings.engine import map_record
from mappings.roles import resolve
from sync.mapping import roles_of
from sync.push.hashing import plain
from sync.validation import document_lines, leave_out_optional, validate_address, validate_contact, validate_order, validate_product
from tests.clients.fake_partner import recorded_data
from tests.clients.test_any_value_anywhere import odd_values, places, with_odd
from tests.sync.validation.test_seeded_shop import snapshot

# A busy machine is no reason to give up.
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
snapshot_of = cache(snapshot)


def mapped(dialect: str, entity: str, kind: str, record: dict[str, Any]) -> dict[str, Any]:
    draft = map_record(snapshot_of(dialect), entity, record)
    json.dumps([problem.params for problem in draft.problems + draft.left_out])
    return resolve(draft.fields, roles_of(evidences_for(dialect, {})[kind]))  # type: ignore[arg-type]


def judged(dialect: str, kind: str, fields: dict[str, Any], issues: list[Any]) -> None:
    for issue in leave_out_optional(issues, fields, dialect, evidences_for(dialect, {})[kind]):  # type: ignore[arg-type]
        json.dumps(issue.to_json())
        assert issue.sentence() and issue.remedy()
    plain(fields)


def order_passes(dialect: str, order: dict[str, Any]) -> None:
    record = normalise_order(order)
    header = {name: value for name, value in record.items() if name != "items"}
    lines = [mapped(dialect, "order_line", "offer_line", {**line, "order": header}) for line in document_lines(record)]
    fields = mapped(dialect, "order", "offer", record)
    judged(dialect, "offer", fields, validate_order(record, fields, lines, dialect=dialect, kind="offer"))


def customer_passes(dialect: str, customer: dict[str, Any]) -> None:
    record = normalise_customer(customer)
    fields = mapped(dialect, "contact", "contact", record)
    judged(dialect, "contact", fields, validate_contact(record, fields, dialect=dialect))
    for address in record["deliveryAddresses"] if dialect == "data" else ():
        fields = mapped(dialect, "address", "address", {**record, **address})
        judged(dialect, "address", fields, validate_address({**record, **address}, fields, dialect=dialect))


def product_passes(dialect: str, product: dict[str, Any]) -> None:
    for record in normalise_product(product):
        fields = mapped(dialect, "product", "product", record)
        judged(dialect, "product", fields, validate_product(record, fields, dialect=dialect))


PASSES = {
    "order": (recorded_data("order__eur_with_set_coupon_and_gift")["order"], order_passes),
    "customer": (recorded_data("customer__company")["customer"], customer_passes),
    "product": (recorded_data("product__two_variants"), product_passes),
}


@pytest.mark.parametrize("dialect", ["data", "rest"])
@pytest.mark.parametrize("name", PASSES)
@FEW
@given(data=st.data(), odd=odd_values)
def test_a_record_with_any_value_anywhere_is_mapped_and_judged(name: str, dialect: str, data: st.DataObject, odd: str) -> None:
    document, passes = PASSES[name]
    place = data.draw(st.sampled_from(list(places(document))))
    try:
        passes(dialect, parse_json(with_odd(document, place, odd)))
    except WireError:
        return
