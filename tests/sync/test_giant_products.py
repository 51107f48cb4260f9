"""Products of very many variants with long texts: what is kept of them is bounded, and what they share is shared."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.shoptet.normalise_product import normalise_product
from sync.admin.drafts import shown_drafts, what_is_missing
from sync.flow import Item, LineDraft, Part
from sync.flows.product.flow import SHORT_TEXT, _share_texts
from sync.kept_drafts import IN_SHORT, kept_draft
from sync.models import Kind, RecordLink, SampleRecord
from sync.push.hashing import _plain, plain
from sync.samples import KEPT_OF_ONE
from tests.sync.happenings import PRODUCTS, guid_of, look_at
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

LARGEST = 64_000
TEXTS = st.text(max_size=20) | st.integers(400, 3000).map("ž".__mul__)
VALUES = (
    TEXTS
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.none()
    | st.lists(TEXTS, max_size=3)
    | st.dictionaries(TEXTS, TEXTS, max_size=3)
)


def part(number: int, fields: dict[str, Any], lines: int = 0) -> Part:
    made = Part(Item(str(number), {}, None, timezone.now()), Kind.PRODUCT, f"P{number}", {}, fields=fields)
    made.lines = [LineDraft(str(line), {"name": "Řádek", "price": Decimal("1.50")}) for line in range(lines)]
    return made


@settings(max_examples=40, deadline=None)
@given(fields=st.dictionaries(st.text(min_size=1, max_size=8), VALUES, max_size=6), count=st.integers(0, 120), lines=st.integers(0, 400))
def test_a_kept_draft_is_bounded_and_says_what_it_leaves_out(fields: dict[str, Any], count: int, lines: int) -> None:
    kept = kept_draft(part(number, fields, lines) for number in range(count))

    assert len(json.dumps(kept)) <= LARGEST
    missing = (kept or {}).get(IN_SHORT, {"records": 0})
    assert len(shown_drafts(kept)) + missing["records"] == count
    assert bool(what_is_missing(kept)) is (IN_SHORT in (kept or {}))


@settings(max_examples=40, deadline=None)
@given(value=st.dictionaries(TEXTS | st.integers(), VALUES, max_size=6) | VALUES)
def test_what_is_kept_of_what_was_sent_is_what_json_holds(value: Any) -> None:
    assert plain(value) == json.loads(json.dumps(value, default=_plain))


def test_what_is_kept_of_what_was_sent_copies_no_text() -> None:
    text = "ž" * 3000

    assert plain({"name": {"description": text}})["name"]["description"] is text


def test_a_small_draft_is_kept_whole() -> None:
    kept = kept_draft([part(1, {"name": "Hrnec", "price": Decimal("12.50"), "tags": ["a"]}, lines=1)])

    assert kept == {
        "product P1": {"fields": {"name": "Hrnec", "price": "12.5", "tags": ["a"]}, "lines": [{"name": "Řádek", "price": "1.5"}]}
    }


def test_of_a_document_of_very_many_lines_the_head_and_the_first_lines_are_kept() -> None:
    one = part(1, {"name": "Objednávka"})
    one.lines = [LineDraft(str(number), {"name": "Velmi dlouhý název řádku " * 15}) for number in range(500)]

    kept = kept_draft([one]) or {}

    assert kept["product P1"]["fields"] == {"name": "Objednávka"}
    assert len(kept["product P1"]["lines"]) + kept[IN_SHORT]["lines"] == 500
    assert kept["product P1"]["lines"]


def test_variants_share_the_texts_and_the_list_of_their_sisters() -> None:
    variants = [{"code": f"V{number}", "currencyCode": "CZK", "vatRate": "21", "price": "1"} for number in range(50)]
    records = normalise_product({"guid": "g", "name": "Matice", "description": "ocel " * 900, "variants": variants})

    assert len({id(record["siblings"]) for record in records}) == 1
    assert len({id(record["description"]) for record in records}) == 1


def test_what_the_mapping_makes_of_a_shared_text_is_held_once() -> None:
    texts: dict[str, str] = {}
    parts = [part(number, {"description": "".join(["ocel "] * SHORT_TEXT), "code": f"V{number}"}) for number in range(50)]

    for one in parts:
        _share_texts(one, texts)

    assert len({id(one.fields["description"]) for one in parts}) == 1
    assert len(texts) == 1


@pytest.mark.parametrize("dialect", ["data"])
def test_a_product_of_many_variants_is_brought_whole_and_leaves_little_behind(portal: Portal) -> None:
    state, guid = portal.shoptet.state, guid_of(portal, "SPO01")
    product = state.catalogue.get(guid)
    variants = [{**product["variants"][0], "code": f"SPO-{number}", "ean": None} for number in range(230)]
    state.catalogue.put({**product, "description": "<p>" + "Nerezová ocel. " * 200 + "</p>", "variants": variants})

    look_at(portal, PRODUCTS, guid)
    portal.work(PRODUCTS)

    job = portal.job(PRODUCTS, guid)
    assert job.state == "done"
    assert len(Holdings(portal).records("product")) == 230
    assert len(json.dumps(job.draft)) <= LARGEST
    assert SampleRecord.objects.filter(job_key=guid).count() == KEPT_OF_ONE
    assert RecordLink.objects.filter(parent_key=guid).exclude(sent={}).count() == 230
