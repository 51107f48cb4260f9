"""Whatever Shoptet sends, and whatever staff write into a row, the map step reports and does not fall over."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mappings.checks import check_row
from mappings.compiled import Row
from mappings.engine import map_record
from mappings.packs import pack_rows
from mappings.transforms import TRANSFORMS
from tests.mappings.snapshots import one_row, pack_snapshot

SNAPSHOTS = {dialect: pack_snapshot(dialect) for dialect in ("rest", "data")}
ROWS = (*pack_rows("rest"), *pack_rows("data"))
REFERENCES = {"products", "productIds", "goneProducts", "order"}
KEYS = sorted(REFERENCES | {word for row in ROWS for word in re.findall(r"[a-zA-Z]+", row.source)})
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text(max_size=20)
    | st.sampled_from(["2026-10-25T02:30:00Z", "1,5", "pending", "<p>x", "+420", str(10**400), "\ud800"])
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4), max_leaves=8
)
RECORDS = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=12)
ENTITIES = sorted({(dialect, row.entity) for dialect in SNAPSHOTS for row in pack_rows(dialect)})

unhurried = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize(("dialect", "entity"), ENTITIES)
@unhurried
@given(record=RECORDS, refs=RECORDS)
def test_no_record_makes_the_map_step_fall_over(dialect: str, entity: str, record: dict[str, Any], refs: dict[str, Any]) -> None:
    draft = map_record(SNAPSHOTS[dialect], entity, record, refs=refs)

    assert all(problem.code and problem.field for problem in draft.problems)


@pytest.mark.parametrize("name", sorted(TRANSFORMS))
@unhurried
@given(value=VALUES, currency=SCALARS, rate=SCALARS, refs=RECORDS)
def test_no_value_makes_a_transform_fall_over(name: str, value: Any, currency: Any, rate: Any, refs: dict[str, Any]) -> None:
    argument = {"truncate": ":3", "prefix": ":a", "suffix": ":a", "round": ":2", "choose": ":a=b"}.get(name, "")
    snapshot = one_row(transform=name + argument)

    draft = map_record(snapshot, "product", {"value": value, "currency": currency, "exchangeRate": rate}, refs=refs)

    assert len(draft.fields) + len(draft.empty) + len(draft.left_out) + len(draft.problems) == 1


@unhurried
@given(
    source=st.text(alphabet="ab.[]{}()|&!@*?:,`'\"=<>1- ", max_size=40),
    transform=st.text(alphabet='striplower:|"0123abc,;= ', max_size=30),
    default=st.text(max_size=5),
    record=st.dictionaries(st.sampled_from(["a", "b"]), VALUES),
)
def test_no_row_makes_the_check_or_the_engine_fall_over(source: str, transform: str, default: str, record: dict[str, Any]) -> None:
    found = check_row(Row("product", "target", source, transform, default))
    draft = map_record(one_row(source, transform, default=default), "product", record)

    assert all(found.values())
    assert len(draft.fields) + len(draft.empty) + len(draft.left_out) + len(draft.problems) == 1


@unhurried
@given(number=st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_money_is_kept_to_the_cent(number: Decimal) -> None:
    draft = map_record(one_row(transform="money"), "product", {"value": str(number)})

    assert draft.fields["target"] == number
