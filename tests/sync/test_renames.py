"""Variants whose codes change: by the case of letters alone, one after another, back and forth; BlueJet's records go along."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.flow import Item
from sync.flows.product.renames import folded, renames
from sync.models import RecordLink
from tests.sync.happenings import ORDERS, PRODUCTS, STOCK, announce, bring, guid_of, issues_of, look_at, place
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal
from tests.sync.test_order_products import product_of, told_by

FRYER = ("FRI01/230", "FRI01/400")


@pytest.fixture
def holds(portal: Portal) -> Holdings:
    return Holdings(portal)


def put(portal: Portal, guid: str, **codes: str) -> None:
    """Give a product's variants new codes (by their old ones, `/` and `-` as `_`), without Shoptet's own check, and announce it."""
    state = portal.shoptet.state
    product = state.catalogue.get(guid)
    variants = [{**row, "code": codes.get(row["code"].replace("/", "_").replace("-", "_"), row["code"])} for row in product["variants"]]
    state.catalogue.put({**product, "variants": variants, "changeTime": state.now()})
    announce(portal, "product:update", guid)


def without_eans(portal: Portal, *codes: str) -> None:
    rows = [{"code": code, "ean": None} for code in codes]
    portal.control(f"/products/{quote(codes[0], safe='')}", {"variants": rows})


def recased(portal: Portal, guid: str) -> None:
    put(portal, guid, FRI01_230="fri01/230", FRI01_400="fri01/400")


@pytest.mark.parametrize("eans", [True, False])
@pytest.mark.parametrize("way", ["an event", "a run"])
def test_codes_that_change_their_case_only_keep_their_records(portal: Portal, holds: Holdings, eans: bool, way: str) -> None:
    if not eans:
        without_eans(portal, *FRYER)
    bring(portal, FRYER[0])
    guid, ids = guid_of(portal, FRYER[0]), [holds.product(code)["id"] for code in FRYER]

    recased(portal, guid)
    portal.run(PRODUCTS) if way == "a run" else portal.work(PRODUCTS)

    after = [holds.product(code.lower()) for code in FRYER]
    assert [row["id"] for row in after] == ids
    assert not any(row["archived"] for row in after)
    assert not [row for row in holds.records("product") if row["id"] not in ids and row["mark"].lower().startswith("shoptet:fri01/")]


def test_the_stock_cards_follow_a_code_in_other_letters(portal: Portal, holds: Holdings) -> None:
    bring(portal, FRYER[0])
    look_at(portal, STOCK, *FRYER)
    portal.work(STOCK)
    before = {row["id"] for row in holds.records("stock_card")}

    recased(portal, guid_of(portal, FRYER[0]))
    portal.work(PRODUCTS, STOCK)

    cards = holds.records("stock_card")
    assert {row["id"] for row in cards} == before
    assert {row["mark"].rpartition(":")[2] for row in cards} == {code.lower() for code in FRYER}


@pytest.mark.parametrize("dialect", ["data"])
def test_a_movement_that_names_a_code_in_other_letters_reaches_its_variant(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(portal, "SPO01")
    catalogue = portal.shoptet.state.catalogue
    exact = catalogue.by_code
    monkeypatch.setattr(catalogue, "by_code", lambda code: exact(code) or exact(code.upper()))

    look_at(portal, STOCK, "spo01")
    portal.work(STOCK)

    assert {row["mark"] for row in holds.records("stock_card")} == {f"shoptet:{stock}:SPO01" for stock in (1, 2, 3)}


def test_a_line_that_names_the_code_in_its_old_letters_keeps_its_product(portal: Portal, holds: Holdings) -> None:
    without_eans(portal, *FRYER)
    bring(portal, FRYER[0])
    code = place(portal, FRYER[0])
    recased(portal, guid_of(portal, FRYER[0]))
    portal.work(PRODUCTS)

    portal.work()

    assert (portal.job(ORDERS, code).state, issues_of(portal.job(ORDERS, code))) == ("done", [])
    assert product_of(holds, code) == told_by(holds, holds.product(FRYER[0].lower()))


def test_variants_that_take_over_one_anothers_codes_keep_their_records(portal: Portal, holds: Holdings) -> None:
    bring(portal, FRYER[0])
    guid, (first, second) = guid_of(portal, FRYER[0]), [holds.product(code)["id"] for code in FRYER]

    put(portal, guid, FRI01_230="FRI01/400", FRI01_400="FRI01/500")
    portal.work(PRODUCTS)

    assert holds.product("FRI01/400")["id"] == first
    assert holds.product("FRI01/500")["id"] == second
    assert portal.job(PRODUCTS, guid).state == "done"


def test_swapped_codes_leave_every_code_with_the_data_of_its_variant(portal: Portal, holds: Holdings) -> None:
    bring(portal, FRYER[0])
    guid, eans = guid_of(portal, FRYER[0]), [holds.product(code)["ean"] for code in FRYER]

    put(portal, guid, FRI01_230="FRI01/400", FRI01_400="FRI01/230")
    portal.work(PRODUCTS)

    assert [holds.product(code)["ean"] for code in FRYER] == eans[::-1]
    assert [holds.product(code)["archived"] for code in FRYER] == [False, False]
    assert len(holds.records("product")) == 2


def test_a_code_that_another_product_gave_up_does_not_take_that_products_record(portal: Portal, holds: Holdings) -> None:
    bring(portal, "SPO01", "SPO02")
    first, second = holds.product("SPO01")["id"], holds.product("SPO02")["id"]
    guids = guid_of(portal, "SPO01"), guid_of(portal, "SPO02")
    state = portal.shoptet.state
    product = state.catalogue.get(guids[1])
    state.catalogue.put({**product, "variants": [{**product["variants"][0], "code": "SPO92"}], "changeTime": state.now()})

    put(portal, guids[0], SPO01="SPO02")
    portal.work(PRODUCTS)
    announce(portal, "product:update", guids[1])
    portal.work(PRODUCTS)

    assert holds.product("SPO02")["id"] == first
    assert holds.product("SPO92")["id"] == second
    assert [holds.product(code)["archived"] for code in ("SPO02", "SPO92")] == [False, False]
    assert len(holds.records("product")) == 2


def test_what_comes_back_in_other_letters_is_the_record_that_was_put_away(portal: Portal, holds: Holdings) -> None:
    bring(portal, "SPO01")
    product, state = portal.shoptet.state.catalogue.by_code("SPO01")[0], portal.shoptet.state
    known = holds.product("SPO01")["id"]
    portal.control("/products/SPO01", method="DELETE")
    announce(portal, "product:delete", product["guid"])
    portal.work(PRODUCTS)

    state.catalogue.put({**product, "variants": [{**product["variants"][0], "code": "spo01"}], "changeTime": state.now()})
    bring(portal, "spo01")

    assert (holds.product("spo01")["id"], holds.product("spo01")["archived"]) == (known, False)


def test_a_job_by_a_code_that_was_renamed_puts_nothing_away(portal: Portal, holds: Holdings) -> None:
    bring(portal, FRYER[0])
    put(portal, guid_of(portal, FRYER[0]), FRI01_230="FRI01/231")

    look_at(portal, PRODUCTS, f"code:{FRYER[0]}")
    portal.work(PRODUCTS)

    assert holds.product("FRI01/231")["archived"] is False


def test_two_variants_with_one_code_are_parked_and_the_others_written(portal: Portal, holds: Holdings) -> None:
    guid = guid_of(portal, FRYER[0])
    product = portal.shoptet.state.catalogue.get(guid)
    twins = [
        product["variants"][0],
        {**product["variants"][1], "code": FRYER[0]},
        {**product["variants"][1], "code": "FRI01/X", "ean": None},
    ]
    portal.shoptet.state.catalogue.put({**product, "variants": twins})

    look_at(portal, PRODUCTS, guid)
    portal.work(PRODUCTS)

    job = portal.job(PRODUCTS, guid)
    assert (job.state, set(issues_of(job))) == ("parked", {"same_code"})
    assert {row["mark"] for row in holds.records("product")} == {"shoptet:FRI01/X"}


CODES = st.sampled_from(["a", "A", "b", "B", "c", "Č", "č", "d"])


def _link(code: str, ean: str) -> RecordLink:
    return RecordLink(key=code, identity=ean)


def _item(code: str, ean: str) -> Item:
    return Item(code, {"code": code, "ean": ean}, None, timezone.now())


@settings(max_examples=100, deadline=None)
@given(
    before=st.dictionaries(CODES, st.sampled_from(["", "1", "2", "3"]), max_size=5),
    after=st.dictionaries(CODES, st.sampled_from(["", "1", "2", "3"]), max_size=5),
)
def test_a_rename_gives_each_code_to_one_record_and_only_when_it_is_free(before: dict[str, str], after: dict[str, str]) -> None:
    links = {code: _link(code, ean) for code, ean in before.items()}

    moves = renames(links, [_item(code, ean) for code, ean in after.items()])

    assert len({link.key for link in moves.values()}) == len(moves)
    held: set[Any] = set(links)
    for code, link in moves.items():
        assert code in after
        assert code not in held
        assert folded(code) == folded(link.key) or link.identity == after[code] != ""
        held = held - {link.key} | {code}
