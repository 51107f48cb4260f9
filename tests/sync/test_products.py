"""Products to BlueJet: one record a variant, written when something changed, put away and taken back with it."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import quote

import pytest

from mappings.changes import announce as announce_mapping
from mappings.models import CategoryMapping, FieldMapping
from mappings.versions import record_version
from sync.models import RecordLink, SyncJob, UnmappedValue
from tests.sync.happenings import PRODUCTS, announce, bring, guid_of, issues_of
from tests.sync.holdings import NAMES, Holdings
from tests.sync.portal import Portal

FRYER = ("FRI01/230", "FRI01/400")


@pytest.fixture
def holds(portal: Portal) -> Holdings:
    return Holdings(portal)


def edit(portal: Portal, code: str, path: str = "", **wishes: object) -> None:
    """Let the shop's staff change a product, and Shoptet announce it."""
    guid = guid_of(portal, code)
    portal.control(f"/products/{quote(code, safe='')}{path}", wishes)
    announce(portal, "product:update", guid)
    portal.work(PRODUCTS)


def parked(portal: Portal, code: str) -> SyncJob:
    """Bring a product and return its job, which has to be parked."""
    bring(portal, code)
    job = portal.job(PRODUCTS, guid_of(portal, code))
    assert job.state == "parked"
    return job


def test_every_variant_is_a_product_of_its_own(portal: Portal, holds: Holdings) -> None:
    bring(portal, FRYER[0])

    assert [holds.product(code)["name"] for code in FRYER] == ["Fritéza FT-4, Napájení: 230 V", "Fritéza FT-4, Napájení: 400 V"]
    assert {row["mark"] for row in holds.records("product")} == {f"shoptet:{code}" for code in FRYER}


def test_a_new_price_is_one_write_of_one_record(portal: Portal, holds: Holdings) -> None:
    bring(portal, FRYER[0])
    writes = holds.writes()

    edit(portal, FRYER[0], "/price", price="5990")

    commits = portal.bluejet.journal.since(writes)
    assert [row.external_id for commit in commits for row in commit.rows] == [f"shoptet:{FRYER[0]}"]
    assert holds.product(FRYER[0])["price"] == Decimal("5990")


def test_an_announcement_without_a_change_writes_nothing(portal: Portal, holds: Holdings) -> None:
    bring(portal, FRYER[0])
    writes = holds.writes()

    bring(portal, FRYER[0])

    job = portal.job(PRODUCTS, guid_of(portal, FRYER[0]))
    assert (job.state, holds.writes()) == ("done", writes)
    assert job.attempts.first().result == "unchanged"


def test_a_category_without_a_counterpart_parks_its_own_products_alone(portal: Portal, holds: Holdings) -> None:
    CategoryMapping.objects.get(shop=portal.shop, bluejet_value="Fritézy").delete()

    run = portal.run(PRODUCTS)

    assert (run.parked, run.created) == (12, 34)
    assert {issues_of(job)[0] for job in SyncJob.objects.filter(state="parked")} == {"unmapped_category"}
    assert [value.label for value in UnmappedValue.objects.all()] == ["Fritézy"]
    assert "FRI01/230" not in {row["code"] for row in holds.all("product")}


def test_mapping_the_category_brings_the_products_that_waited_for_it(portal: Portal, holds: Holdings) -> None:
    mapping = CategoryMapping.objects.get(shop=portal.shop, bluejet_value="Fritézy")
    mapping.delete()
    portal.run(PRODUCTS)

    CategoryMapping.objects.create(shop=portal.shop, shoptet_id=mapping.shoptet_id, bluejet_value="Fritovací technika")
    announce_mapping(portal.shop.pk, "category", mapping.shoptet_id)
    portal.work(PRODUCTS)

    assert not SyncJob.objects.exclude(state="done").exists()
    assert holds.product("FRI06/400")["category"] == "Fritovací technika"


def test_a_renamed_variant_keeps_its_record(portal: Portal, holds: Holdings) -> None:
    bring(portal, FRYER[0])
    before = holds.product(FRYER[0])

    edit(portal, FRYER[0], variants=[{"code": FRYER[0], "newCode": "FRI01/231"}])

    after = holds.product("FRI01/231")
    link = RecordLink.objects.get(kind="product", key="FRI01/231")
    assert (after["id"], after["ean"], after["archived"], link.bluejet_id) == (before["id"], before["ean"], False, before["id"])
    assert len(holds.records("product")) == 2


def test_a_variant_that_vanished_is_put_away_and_its_sister_stays(portal: Portal, holds: Holdings) -> None:
    bring(portal, FRYER[0])
    guid = guid_of(portal, FRYER[0])

    portal.control(f"/variants/{quote(FRYER[1], safe='')}", method="DELETE")
    announce(portal, "productVariant:delete", FRYER[1])
    portal.work(PRODUCTS)

    assert [holds.product(code)["archived"] for code in FRYER] == [False, True]
    assert portal.job(PRODUCTS, guid).state == "done"


def test_a_deleted_product_is_put_away_with_all_its_variants(portal: Portal, holds: Holdings) -> None:
    bring(portal, FRYER[0])

    delete(portal, FRYER[0])

    assert [holds.product(code)["archived"] for code in FRYER] == [True, True]


def delete(portal: Portal, code: str) -> None:
    """Let the shop's staff delete a product, and Shoptet announce it."""
    guid = guid_of(portal, code)
    portal.control(f"/products/{quote(code, safe='')}", method="DELETE")
    announce(portal, "product:delete", guid)
    portal.work(PRODUCTS)


def test_a_product_that_comes_back_is_taken_back(portal: Portal, holds: Holdings) -> None:
    bring(portal, FRYER[0])
    product = portal.shoptet.state.catalogue.by_code(FRYER[0])[0]
    ids = [holds.product(code)["id"] for code in FRYER]
    delete(portal, FRYER[0])

    portal.shoptet.state.catalogue.put({**product, "changeTime": portal.shoptet.state.now()})
    bring(portal, FRYER[0])

    assert [holds.product(code)["archived"] for code in FRYER] == [False, False]
    assert [holds.product(code)["id"] for code in FRYER] == ids


def test_a_field_that_was_cleared_in_the_shop_is_cleared_in_bluejet(portal: Portal, holds: Holdings) -> None:
    bring(portal, "SPO01")
    before = holds.product("SPO01")["ean"]

    edit(portal, "SPO01", variants=[{"code": "SPO01", "ean": None}])

    assert before
    assert not holds.product("SPO01")["ean"]


def test_a_changed_mapping_reaches_bluejet_with_the_next_run(portal: Portal, holds: Holdings) -> None:
    portal.run(PRODUCTS)
    title = NAMES[holds.dialect]["product"]["name"]
    FieldMapping.objects.filter(shop=portal.shop, entity="product", target=title).update(source="join(' ', [code, name])")
    version = record_version(portal.shop)

    run = portal.run(PRODUCTS)

    assert (run.updated, run.created, run.mapping_version) == (46, 0, version.number)
    assert holds.product("SPO01")["name"] == "SPO01 Plynový sporák GS-400"


def test_a_field_that_is_written_on_creation_only_stays_the_offices(portal: Portal, holds: Holdings) -> None:
    title = NAMES[holds.dialect]["product"]["name"]
    FieldMapping.objects.filter(shop=portal.shop, entity="product", target=title).update(when=FieldMapping.When.CREATE)
    bring(portal, "SPO01")
    holds.office_changes("product", holds.product("SPO01")["id"], name="Náš sporák")

    edit(portal, "SPO01", "/price", price="30000")

    product = holds.product("SPO01")
    assert (product["name"], product["price"]) == ("Náš sporák", Decimal("36300"))


def test_a_record_that_the_office_keyed_in_is_adopted_by_its_code_as_it_is(portal: Portal, holds: Holdings) -> None:
    known = holds.office_adds("product", code="SPO01", name="Sporák od dodavatele")

    bring(portal, "SPO01")

    product = holds.product("SPO01")
    (record,) = holds.records("product")
    assert (product["id"], product["name"], record["mark"]) == (known, "Sporák od dodavatele", "shoptet:SPO01")
    assert "changed_in_bluejet" in issues_of(portal.job(PRODUCTS, guid_of(portal, "SPO01")))


def test_a_record_that_carries_another_mark_is_not_touched_and_shown_to_a_person(portal: Portal, holds: Holdings) -> None:
    known = holds.office_adds("product", code="SPO01", name="Sporák z Heureky", mark="heureka:77")

    job = parked(portal, "SPO01")

    assert (issues_of(job), job.issues[0]["params"]["ids"], job.issues[0]["params"]["owner"]) == (["foreign_record"], known, "heureka:77")
    assert holds.product("SPO01")["name"] == "Sporák z Heureky"


def test_two_records_that_could_be_the_product_are_shown_to_a_person(portal: Portal, holds: Holdings) -> None:
    known = {holds.office_adds("product", code="SPO01", name=name) for name in ("Sporák A", "Sporák B")}

    job = parked(portal, "SPO01")

    assert (issues_of(job), set(job.issues[0]["params"]["ids"].split(", "))) == (["candidates"], known)
    assert holds.records("product") == []


def test_a_parked_product_goes_on_when_the_office_has_decided(portal: Portal, holds: Holdings) -> None:
    first, second = (holds.office_adds("product", code="SPO01", name=name) for name in ("Sporák A", "Sporák B"))
    parked(portal, "SPO01")

    holds.office_deletes("product", second)
    bring(portal, "SPO01")

    assert portal.job(PRODUCTS, guid_of(portal, "SPO01")).state == "done"
    assert holds.product("SPO01")["id"] == first


def test_a_shop_that_does_not_own_the_products_only_learns_their_ids(portal: Portal, holds: Holdings) -> None:
    portal.shop.owns_products = False
    portal.shop.save()
    known = holds.office_adds("product", code="SPO01", name="Sporák druhého e-shopu", mark="druhy:SPO01")

    bring(portal, "SPO01", "SPO02")

    waiting = portal.job(PRODUCTS, guid_of(portal, "SPO02"))
    assert RecordLink.objects.get(key="SPO01").bluejet_id == known
    assert holds.product("SPO01")["name"] == "Sporák druhého e-shopu"
    assert holds.writes() == (1 if holds.dialect == "data" else 0)
    assert (waiting.state, issues_of(waiting)) == ("waiting", ["shared_product"])


def test_what_such_a_shop_deletes_is_not_put_away_for_the_others(portal: Portal, holds: Holdings) -> None:
    portal.shop.owns_products = False
    portal.shop.save()
    holds.office_adds("product", code="SPO01", name="Sporák druhého e-shopu", mark="druhy:SPO01")
    bring(portal, "SPO01")

    delete(portal, "SPO01")

    assert portal.job(PRODUCTS, RecordLink.objects.get(key="SPO01").parent_key).state == "done"
    assert not holds.product("SPO01")["archived"]
