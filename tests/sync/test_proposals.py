"""The first filling of the mapping tables."""

from __future__ import annotations

import pytest

from mappings.models import CategoryMapping, MappingVersion, StatusMapping
from shops.models import Shop
from sync.proposals import (
    PAYMENT_RULES,
    SHIPPING_RULES,
    Proposal,
    propose_categories,
    propose_methods,
    propose_statuses,
    propose_warehouses,
    save_proposals,
)


@pytest.mark.parametrize(
    ("name", "document", "state", "cancels"),
    [
        ("Nevyřízená", "offer", "Probíhající", False),
        ("Vyřizuje se", "order", "Potvrzená", False),
        ("Připraveno k odběru", "order", "Potvrzená", False),
        ("Vyřízená", "order", "Vyřízená", False),
        ("Stornovaná", "offer", "Stornovaná", True),
    ],
)
def test_a_status_is_recognised_by_its_name(name: str, document: str, state: str, cancels: bool) -> None:
    [proposal] = propose_statuses([{"id": "-1", "name": name}], "data")

    assert proposal.bluejet_value == state
    assert proposal.extra == {"document": document, "cancels": cancels}


def test_a_status_that_says_nothing_is_left_to_staff() -> None:
    assert propose_statuses([{"id": "7", "name": "Zvláštní režim"}], "data") == []


def test_pending_is_an_offer_in_the_dialect_of_the_specification() -> None:
    [proposal] = propose_statuses([{"id": "pending", "name": "pending"}], "rest")

    assert proposal.bluejet_value == "Nabídka"


def test_a_category_keeps_its_name() -> None:
    [proposal] = propose_categories([{"id": "c1", "name": "Pece", "path": "Kuchyně > Pece"}])

    assert (proposal.shoptet_name, proposal.bluejet_value) == ("Kuchyně > Pece", "Pece")


def test_methods_are_recognised_and_unknown_ones_left_out() -> None:
    payments = propose_methods("payment", [{"id": "1", "name": "Dobírka"}, {"id": "2", "name": "Kryptoměna"}], PAYMENT_RULES)
    shippings = propose_methods("shipping", [{"id": "3", "name": "PPL – doručení na adresu"}], SHIPPING_RULES)

    assert [proposal.bluejet_value for proposal in payments + shippings] == ["Dobírkou", "PPL"]


STOCKS = [{"id": "1", "name": "Hlavní sklad Brno"}, {"id": "2", "name": "Prodejna Praha"}, {"id": "3", "name": "Sklad dodavatele"}]
WAREHOUSES = {"w1": "Hlavní sklad", "w2": "Showroom Praha", "w3": "E-shop"}


def test_warehouses_pair_by_the_words_that_they_share() -> None:
    pairs = {proposal.shoptet_id: proposal.bluejet_value for proposal in propose_warehouses(STOCKS, WAREHOUSES)}

    assert pairs == {"1": "w1", "2": "w2"}


def test_a_demonstration_pairs_the_rest_in_order() -> None:
    pairs = {proposal.shoptet_id: proposal.bluejet_value for proposal in propose_warehouses(STOCKS, WAREHOUSES, pair_leftovers=True)}

    assert pairs == {"1": "w1", "2": "w2", "3": "w3"}


def test_saving_twice_changes_nothing_and_keeps_what_staff_made(shop: Shop) -> None:
    CategoryMapping.objects.create(shop=shop, shoptet_id="c1", bluejet_value="Naše pece")
    proposals = [
        Proposal("category", "c1", "Pece", "Pece"),
        Proposal("status", "-1", "Nevyřízená", "Probíhající", extra={"document": "offer", "cancels": False}),
    ]

    assert save_proposals(shop, proposals) == 1
    assert save_proposals(shop, proposals) == 0
    assert CategoryMapping.objects.get(shop=shop).bluejet_value == "Naše pece"
    assert StatusMapping.objects.get(shop=shop).document == StatusMapping.Document.OFFER
    assert MappingVersion.objects.filter(shop=shop).count() == 1
