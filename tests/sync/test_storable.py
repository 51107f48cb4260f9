"""Whatever is stored about a record can be stored in every database, and read back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.storable import is_whole_key, storable_amount, storable_json, storable_key, storable_moment, storable_text

quick = settings(max_examples=40, deadline=None)
# Every code point, halves of surrogate pairs among them.
texts = st.text(st.characters(exclude_categories=()), max_size=400)
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=12,
)
offsets = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@quick
@given(texts, st.integers(1, 300))
def test_a_text_is_cut_and_holds_no_foreign_character(text: str, longest: int) -> None:
    stored = storable_text(text, longest)

    assert len(stored) <= longest
    assert "\x00" not in stored
    assert stored.encode().decode() == stored


@quick
@given(documents)
def test_a_document_is_json_that_postgresql_takes(document: Any) -> None:
    written = json.dumps(storable_json(document), allow_nan=False, ensure_ascii=False)

    assert "\\u0000" not in written
    assert written.encode().decode() == written


@quick
@given(texts, texts)
def test_two_long_keys_stay_two_and_a_key_that_fits_stays_itself(first: str, second: str) -> None:
    kept = [storable_key(storable_text(key)) for key in (first * 3, second * 3)]

    assert max(len(key) for key in kept) <= 255
    assert (kept[0] == kept[1]) == (storable_text(first) == storable_text(second))
    assert [storable_key(key) for key in kept] == kept


def test_a_key_that_had_to_be_changed_is_known_from_one_that_is_whole() -> None:
    assert [is_whole_key(storable_key(key)) for key in ("2026000001", "X" * 255, "žluťoučký " * 20)] == [True] * 3
    assert [is_whole_key(storable_key(key)) for key in ("X" * 256, "20\x0026", "20\ud80026")] == [False] * 3


@quick
@given(st.datetimes(timezones=offsets))
def test_a_moment_that_is_kept_exists_in_every_time_zone(moment: datetime) -> None:
    stored = storable_moment(moment)

    if stored is None:
        assert not 1900 <= moment.year <= 9000
    else:
        assert stored.astimezone(UTC) - timedelta(days=2) < stored + timedelta(days=2)


@quick
@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_an_amount_that_is_kept_fits_its_column(amount: Decimal) -> None:
    stored = storable_amount(amount, digits=16, places=2)

    assert stored is None or abs(stored) < 10**14
    assert (stored is None) == (not amount.is_finite() or abs(amount) >= 10**14)
