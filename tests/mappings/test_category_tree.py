"""A category without a row takes over that of the nearest category above it."""

from __future__ import annotations

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from mappings.category_tree import heirs, inherit
from mappings.engine import map_record
from mappings.models import CategoryMapping, PartnerValue, Side
from mappings.packs import install_default
from mappings.snapshot import load_snapshot
from shops.models import Shop

PARENTS = {"kitchen": "", "fryers": "kitchen", "gas": "fryers", "bar": "", "coffee": "bar"}


@pytest.fixture
def tree(shop: Shop) -> Shop:
    """Return a shop whose categories were read."""
    rows = [
        PartnerValue(shop=shop, side=Side.SHOPTET, table="category", value=value, name=value, parent=parent, seen_at=timezone.now())
        for value, parent in PARENTS.items()
    ]
    PartnerValue.objects.bulk_create(rows)
    return shop


def test_a_category_takes_over_the_nearest_row_above_it() -> None:
    complete = inherit({"kitchen": "A", "fryers": "B"}, PARENTS)

    assert complete == {"kitchen": "A", "fryers": "B", "gas": "B"}


def test_a_ring_of_categories_inherits_nothing_and_ends() -> None:
    assert inherit({"other": "A"}, {"one": "two", "two": "one"}) == {"other": "A"}


def test_heirs_are_those_below_that_nothing_nearer_serves() -> None:
    assert heirs("kitchen", {"kitchen"}, PARENTS) == ["fryers", "gas"]
    assert heirs("kitchen", {"kitchen", "fryers"}, PARENTS) == []


def test_a_product_of_an_inheriting_category_is_mapped_without_a_query(
    tree: Shop, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    install_default(tree)
    CategoryMapping.objects.create(shop=tree, shoptet_id="kitchen", bluejet_value="Kuchyň")
    snapshot = load_snapshot(tree.pk)

    with django_assert_num_queries(0):
        draft = map_record(snapshot, "product", {"id": "A", "code": "A", "name": "Fritéza", "categoryId": "gas"})

    assert draft.fields["category"] == "Kuchyň"
    assert "coffee" not in snapshot.tables["category"]
