"""Before a change of the mappings takes effect, the portal says what it does to the records that passed lately."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from mappings.drafting import activate, open_draft, put_back, save_draft
from mappings.models import MappingVersion
from mappings.versions import content_of, record_version
from shops.models import FlowSetting
from sync import samples
from sync.models import SampleRecord, SyncJob
from sync.workbench.apply import apply_to_affected, pass_over_all
from sync.workbench.impact import EntityImpact, Impact, impact_of
from tests.sync.happenings import CUSTOMERS, PRODUCTS, bring, change, guid_of, place
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal


@pytest.fixture
def dialect() -> str:
    """Look at the vendor's dialect, unless a test says otherwise."""
    return "data"


def edited(portal: Portal, entity: str, target: str, **columns: Any) -> dict[str, Any]:
    """Return the content in force with other values in one row."""
    content = copy.deepcopy(content_of(portal.shop))
    for row in content["fields"]:
        if (row["entity"], row["target"]) == (entity, target):
            row |= columns
    return content


def of(impact: Impact, entity: str) -> EntityImpact:
    """Return what the change does to one entity."""
    (found,) = [one for one in impact.entities if one.entity == entity]
    return found


@pytest.mark.parametrize("dialect", ["data", "rest"])
def test_a_change_of_every_product_counts_every_product_and_shows_ten(portal: Portal, dialect: str) -> None:
    portal.run(PRODUCTS)
    held = len(Holdings(portal).records("product"))
    name = {"data": "name", "rest": "title"}[dialect]

    impact = impact_of(portal.shop, edited(portal, "product", name, transform="upper"))

    products = of(impact, "product")
    assert (products.sampled, products.known, products.changed, products.newly_invalid) == (held, held, held, 0)
    assert len(products.examples) == 10
    assert {example.field for example in products.examples} == {name}
    assert all(example.after == example.before.upper() for example in products.examples)
    assert [one.entity for one in impact.entities] == ["product"]


def test_the_same_mappings_change_nothing(portal: Portal) -> None:
    bring(portal, "SPO01")

    impact = impact_of(portal.shop, content_of(portal.shop))

    assert impact.entities == []
    assert not impact.changes_anything


def test_only_the_records_that_come_out_otherwise_count(portal: Portal) -> None:
    bring(portal, "SPO01", "SPO02")

    impact = impact_of(portal.shop, edited(portal, "product", "name", source="contains(name, 'GS-400') && 'Malý sporák' || name"))

    assert impact.keys == {"product": ["SPO01"]}
    assert of(impact, "product").sampled == 2


def test_a_row_on_create_only_touches_no_record_that_is_there(portal: Portal) -> None:
    bring(portal, "SPO01")
    content = edited(portal, "product", "name", when="create")
    activated(portal, content)

    impact = impact_of(portal.shop, edited(portal, "product", "name", transform="upper"))

    assert not impact.changes_anything


def test_records_that_would_be_refused_are_counted_apart_and_shown_first(portal: Portal) -> None:
    bring(portal, "SPO01", "SPO02")

    impact = impact_of(portal.shop, edited(portal, "product", "sazbadph", source="name", transform=""))

    products = of(impact, "product")
    assert (products.changed, products.newly_invalid, products.no_longer_invalid) == (0, 2, 0)
    assert products.examples[0].effect == "newly_invalid"
    assert products.examples[0].after


def test_mapping_a_status_makes_its_orders_valid_and_counts_those_that_are_open(portal: Portal) -> None:
    bring(portal, "SPO01")
    waiting, done = place(portal, "SPO01"), place(portal, "SPO01")
    change(portal, waiting, status=11)
    change(portal, done, status=-2)
    portal.work()
    content = copy.deepcopy(content_of(portal.shop))
    content["tables"]["status"].append({"shoptet_id": "11", "bluejet_value": "Potvrzená", "document": "order"})
    for row in content["tables"]["status"]:
        row["bluejet_value"] = "Uzavřená" if row["shoptet_id"] == "-2" else row["bluejet_value"]

    impact = impact_of(portal.shop, content)

    orders = of(impact, "order")
    assert (orders.sampled, orders.changed, orders.no_longer_invalid) == (2, 1, 1)
    assert impact.open_orders == 1
    assert {example.key: example.effect for example in orders.examples} == {waiting: "no_longer_invalid", done: "changed"}


def test_a_changed_line_changes_its_order(portal: Portal) -> None:
    bring(portal, "SPO01")
    code = place(portal, "SPO01")
    portal.work()

    impact = impact_of(portal.shop, edited(portal, "order_line", "nazev", transform="upper"))

    assert impact.keys == {"order": [code]}
    assert of(impact, "order").examples[0].field == "nazev"


def test_a_table_touches_the_entities_that_look_values_up_in_it(portal: Portal) -> None:
    bring(portal, "SPO01")
    content = copy.deepcopy(content_of(portal.shop))
    for row in content["tables"]["category"]:
        row["bluejet_value"] += " (nové)"

    impact = impact_of(portal.shop, content)

    assert impact.keys == {"product": ["SPO01"]}


def activated(portal: Portal, content: dict[str, Any]) -> MappingVersion:
    """Put a content into force as staff do."""
    draft = open_draft(portal.shop, None)
    saved = save_draft(portal.shop, revision=draft.revision, content=content, user=None)
    return activate(portal.shop, revision=saved.revision, user=None)


@pytest.mark.parametrize("dialect", ["data", "rest"])
def test_a_rule_is_changed_and_put_back_and_bluejet_follows(portal: Portal, dialect: str) -> None:
    bring(portal, "SPO01", "SPO02")
    first = record_version(portal.shop)
    content = edited(portal, "product", {"data": "name", "rest": "title"}[dialect], transform="upper")
    names = []

    for step in (lambda: activated(portal, content), lambda: put_back(first, user=None)):
        affected = impact_of(portal.shop, content if not names else first.content).keys
        step()
        assert apply_to_affected(portal.shop, affected, "jana") == 2
        portal.work()
        names.append(Holdings(portal).product("SPO01")["name"])

    assert names == ["PLYNOVÝ SPORÁK GS-400", "Plynový sporák GS-400"]


def test_variants_of_one_product_are_one_job(portal: Portal) -> None:
    bring(portal, "FRI01/230")
    SyncJob.objects.all().delete()

    asked = apply_to_affected(portal.shop, {"product": ["FRI01/230", "FRI01/400"]}, "jana")

    assert asked == 1
    assert SyncJob.objects.get().asked_by == "jana"
    assert SyncJob.objects.get().key == guid_of(portal, "FRI01/230")


def test_a_guest_is_sent_again_by_the_order_that_brought_it(portal: Portal) -> None:
    bring(portal, "SPO01")
    code = place(portal, "SPO01")
    portal.work()
    contact = SampleRecord.objects.get(entity="contact")
    SyncJob.objects.all().delete()

    apply_to_affected(portal.shop, {"contact": [contact.key]}, "jana")

    assert SyncJob.objects.get().key == code


def test_a_flow_that_is_off_is_not_asked(portal: Portal) -> None:
    bring(portal, "SPO01")
    FlowSetting.objects.filter(shop=portal.shop).exclude(flow=CUSTOMERS).update(mode="off")

    assert apply_to_affected(portal.shop, {"product": ["SPO01"]}, "jana") == 0


def test_a_change_of_more_than_the_samples_is_brought_over_by_a_full_pass(portal: Portal) -> None:
    bring(portal, "SPO01")
    content = edited(portal, "product", "name", transform="upper")
    activated(portal, content)

    (run,) = pass_over_all(portal.shop, ["product"], "jana")

    assert (run.flow, run.mode, run.trigger) == (PRODUCTS, "full", "jana")
    assert pass_over_all(portal.shop, ["product"], "jana") == []


def test_whoever_waits_is_answered_in_time_from_the_newest_records(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(portal, "SPO01", "SPO02")
    monkeypatch.setattr("sync.workbench.impact.LONGEST_SECONDS", 0.0)
    monkeypatch.setattr("sync.workbench.impact.AT_ONCE", 1)

    impact = impact_of(portal.shop, edited(portal, "product", "name", transform="upper"))

    newest = samples.load(portal.shop, "product")[0]
    assert of(impact, "product").sampled == 1
    assert impact.keys == {"product": [newest.key]}
