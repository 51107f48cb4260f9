"""Suggestions by the likeness of names."""

from __future__ import annotations

import pytest
from django.utils import timezone

from mappings.models import CategoryMapping, PartnerValue, PaymentMapping
from shops.models import Shop
from sync.suggestions import likeness, suggest


def hold(shop: Shop, side: str, table: str, *values: tuple[str, str] | tuple[str, str, str]) -> None:
    """Let a partner hold these values: id, name and parent."""
    for position, (value, name, *parent) in enumerate(values):
        PartnerValue.objects.create(
            shop=shop,
            side=side,
            table=table,
            value=value,
            name=name,
            parent="".join(parent),
            position=position,
            seen_at=timezone.now(),
        )


@pytest.mark.parametrize(
    ("one", "other", "alike"), [("Fritézy", "FRITEZY", 1.0), ("stolní fritézy", "Fritézy stolní", 1.0), ("Pece", "Židle", 0.0)]
)
def test_likeness_knows_no_case_no_accents_and_no_order_of_words(one: str, other: str, alike: float) -> None:
    assert (likeness(one, other) > 0.7) == (alike > 0.7)


def test_a_warehouse_is_suggested_by_its_name(shop: Shop) -> None:
    hold(shop, "shoptet", "warehouse", ("1", "Hlavní sklad"), ("2", "Prodejna"))
    hold(shop, "bluejet", "warehouse", ("w1", "Sklad hlavní"), ("w2", "Servis"))

    [suggestion] = suggest(shop, "warehouse")

    assert (suggestion.proposal.shoptet_id, suggestion.proposal.bluejet_value, suggestion.percent) == ("1", "w1", 100)


def test_a_status_is_suggested_with_its_document(shop: Shop) -> None:
    hold(shop, "shoptet", "status", ("-4", "Stornována"), ("9", "Zvláštní režim"))
    hold(shop, "bluejet", "status", ("Zvláštní režim", ""))

    [suggestion] = suggest(shop, "status")

    assert (suggestion.proposal.shoptet_id, suggestion.proposal.extra["cancels"]) == ("-4", True)


def test_what_has_a_row_or_vanished_is_not_suggested(shop: Shop) -> None:
    hold(shop, "shoptet", "payment", ("1", "Dobírka"), ("2", "Převodem"))
    PaymentMapping.objects.create(shop=shop, shoptet_id="1", bluejet_value="Dobírkou")
    PartnerValue.objects.filter(value="2").update(vanished_at=timezone.now())

    assert suggest(shop, "payment") == []


def test_a_category_that_is_like_none_is_offered_under_its_own_name_unless_it_inherits(shop: Shop) -> None:
    hold(shop, "shoptet", "category", ("k", "Kuchyně"), ("f", "Fritézy", "k"), ("b", "Bar"))
    CategoryMapping.objects.create(shop=shop, shoptet_id="k", bluejet_value="Kuchyň")

    [suggestion] = suggest(shop, "category")

    assert (suggestion.proposal.bluejet_value, suggestion.is_own_name) == ("Bar", True)
