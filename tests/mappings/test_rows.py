"""What a mapping row must satisfy before it is saved, and the sentence that staff get."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from mappings.choices import MODEL_OF_TABLE, transform_choices
from mappings.models import FieldMapping
from mappings.transforms import TRANSFORMS
from shops.models import Shop


def _row(shop: Shop, **more: Any) -> FieldMapping:
    return FieldMapping(**{"shop": shop, "entity": "product", "source": "name", "target": "name", **more})


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"source": "name["}, "source", "something is missing at its end"),
        ({"source": "na me"}, "source", "“me” at character 4 does not belong there."),
        ({"source": ""}, "source", "Give a source expression, or a default"),
        ({"source": "a" * 501}, "source", "500"),
        ({"transform": "frobnicate"}, "transform", "There is no transform “frobnicate”. Known are: "),
        ({"transform": "truncate:x"}, "transform", "“truncate” expects a whole number"),
        ({"transform": "number", "default": "none"}, "default", "“none” is not a number."),
        ({"target": "@totals"}, "target", "“@totals” is not known. Known are: @external_id"),
        ({"target": "two words"}, "target", "cannot be a field's name"),
        ({"target": "t" * 101}, "target", "100"),
        ({"entity": "invoice"}, "entity", "invoice"),
    ],
)
def test_a_wrong_row_is_refused_where_it_is_wrong(shop: Shop, more: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        _row(shop, **more).full_clean()

    assert list(refusal.value.message_dict) == [field]
    assert words in " ".join(refusal.value.message_dict[field])


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"source": "", "default": "CZK"},
        {"target": "@total"},
        {"transform": "strip|truncate:20"},
        {"transform": "number", "default": "1,5"},
    ],
)
def test_a_sound_row_is_accepted(shop: Shop, more: dict[str, Any]) -> None:
    _row(shop, **more).full_clean()


def test_a_second_active_row_for_a_target_is_refused_with_a_sentence(shop: Shop) -> None:
    _row(shop).save()

    with pytest.raises(ValidationError, match="Another active row already fills this target field"):
        _row(shop, source="code").full_clean()


def test_a_second_row_may_rest_while_it_is_switched_off(shop: Shop) -> None:
    _row(shop).save()

    _row(shop, source="code", active=False).full_clean()


@pytest.mark.parametrize("table", MODEL_OF_TABLE)
def test_a_second_row_for_a_value_is_refused_with_a_sentence(shop: Shop, table: str) -> None:
    model = MODEL_OF_TABLE[table]
    model.objects.create(shop=shop, shoptet_id="1", bluejet_value="x")

    with pytest.raises(ValidationError, match="already has a row; change that one"):
        model(shop=shop, shoptet_id="1", bluejet_value="y").full_clean()


def test_the_form_can_offer_every_transform_with_its_meaning() -> None:
    assert [name for name, _meaning in transform_choices()] == sorted(TRANSFORMS)
