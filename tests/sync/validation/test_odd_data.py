"""Whatever a record holds, validation answers with issues and never with an exception."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.validation import (
    document_lines,
    validate_address,
    validate_company,
    validate_contact,
    validate_order,
    validate_product,
    validate_stock,
)
from tests.sync.validation.records import item, line_draft, order, order_draft, product_draft

odd_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.decimals(),
    st.sampled_from(["", " ", "1,5", "1e9999", "-0", Decimal("1e-400"), Decimal("9e9999"), Decimal("sNaN"), 10**30]),
)
odd = st.recursive(
    odd_scalars, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)), max_leaves=6
)

quietly = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


def spoil(data: st.DataObject, whole: dict[str, Any]) -> dict[str, Any]:
    """Put something odd into some of the fields."""
    names = data.draw(st.lists(st.sampled_from(sorted(whole)), unique=True, max_size=6))
    return {**whole, **{name: data.draw(odd) for name in names}}


@quietly
@given(st.data())
def test_odd_orders_give_issues_that_can_be_read_and_stored(data: st.DataObject) -> None:
    line = spoil(data, item("121.00") | {"parentSetItemId": ""})
    record = spoil(data, order() | {"items": [line, item("1.00", id="2")], "vat": Decimal(1)})
    refs = data.draw(st.dictionaries(st.sampled_from(["productIds", "products", "goneProducts", "stock", "states", "contactId"]), odd))
    draft, lines = spoil(data, order_draft()), [spoil(data, line_draft())]

    issues = validate_order(record, draft, lines, dialect="data", kind="offer", refs=refs)

    assert all(issue.sentence() and issue.remedy() and issue.to_json() for issue in issues)
    document_lines(record)


@quietly
@given(st.data())
def test_odd_products_and_customers_give_issues(data: st.DataObject) -> None:
    record = data.draw(
        st.dictionaries(st.sampled_from(["price", "amount", "email", "phone", "accounts", "billingAddress", "companyId", "street"]), odd)
    )
    draft = spoil(data, product_draft())

    issues = [
        *validate_product(record, draft, dialect="data"),
        *validate_product(record, draft, dialect="rest"),
        *validate_stock(record, draft, dialect="data"),
        *validate_contact(record, draft, dialect="data"),
        *validate_company(record, draft, dialect="data"),
        *validate_address(record, draft, dialect="data"),
    ]

    assert all(issue.sentence() and issue.remedy() and issue.to_json() for issue in issues)
