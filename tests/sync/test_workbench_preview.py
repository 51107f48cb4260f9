"""A record is looked at by mappings that need not be saved, beside what BlueJet holds; nothing is written."""

from __future__ import annotations

import copy
import time
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mappings.contents import BadContent
from mappings.models import StatusMapping
from mappings.versions import content_of
from shops.models import Shop
from sync.models import Preview, RecordLink, SampleRecord, SyncJob
from sync.workbench.fetching import fetch_preview
from sync.workbench.preview import FieldPreview, RecordPreview, preview_of, request_preview
from tests.sync.happenings import bring, place
from tests.sync.portal import Portal


def looked_at(portal: Portal, entity: str, by: Any, value: str = "") -> Preview:
    """Ask for a preview and do the worker's part."""
    preview = request_preview(portal.shop, entity, by=by, value=value, asked_by="jana")
    fetch_preview(preview.pk)
    preview.refresh_from_db()
    return preview


def edited(portal: Portal, entity: str, target: str, **columns: Any) -> dict[str, Any]:
    """Return the content in force with other values in one row."""
    content = copy.deepcopy(content_of(portal.shop))
    for row in content["fields"]:
        if (row["entity"], row["target"]) == (entity, target):
            row |= columns
    return content


def field_of(record: RecordPreview, target: str) -> FieldPreview:
    """Return the one row of a target."""
    (found,) = [one for one in record.fields if one.target == target]
    return found


@pytest.fixture
def dialect() -> str:
    """Preview in the vendor's dialect, unless a test says otherwise."""
    return "data"


@pytest.mark.parametrize("dialect", ["data", "rest"])
def test_a_new_product_is_shown_with_all_that_would_be_created(portal: Portal, dialect: str) -> None:
    preview = looked_at(portal, "product", "code", "SPO01")

    (record,) = preview_of(preview)
    assert (preview.state, preview.asked_by, record.key, record.title) == ("ready", "jana", "SPO01", "Plynový sporák GS-400")
    assert (record.action, record.bluejet_id) == ("create", "")
    assert {change.before for change in record.changes} == {None}
    assert "Plynový sporák GS-400" in [change.after for change in record.changes]
    name = field_of(record, {"data": "name", "rest": "title"}[dialect])
    assert (name.source, name.source_value, name.value, name.held) == (
        "name || code",
        "Plynový sporák GS-400",
        "Plynový sporák GS-400",
        None,
    )


@pytest.mark.parametrize("dialect", ["data", "rest"])
@pytest.mark.parametrize("entity", ["product", "stock", "contact", "order"])
def test_what_bluejet_holds_already_is_shown_as_unchanged(portal: Portal, entity: str) -> None:
    bring(portal, "SPO01", "SPO02")
    place(portal, "SPO02")
    portal.work()
    by = {"product": ("code", "SPO01")}.get(entity, ("last", ""))  # of the other one a piece has been sold since

    record, *_others = preview_of(looked_at(portal, entity, *by))

    assert (record.action, record.changes, record.issues) == ("unchanged", [], [])
    assert record.bluejet_id
    assert [one.target for one in record.fields if one.differs] == []
    assert {line.action for line in record.lines} <= {"unchanged"}


def test_a_preview_writes_nothing_at_either_partner_and_asks_no_job(portal: Portal) -> None:
    place(portal, "SPO01")
    jobs, links = SyncJob.objects.count(), RecordLink.objects.count()

    for entity in ("product", "stock", "contact", "company", "address", "order"):
        preview_of(looked_at(portal, entity, "last"))

    assert portal.bluejet.journal.commits == []
    assert (SyncJob.objects.count(), RecordLink.objects.count()) == (jobs, links)


def test_an_edit_that_is_not_saved_shows_at_once_what_it_would_change(portal: Portal) -> None:
    bring(portal, "SPO01")
    preview = looked_at(portal, "product", "code", "SPO01")

    (record,) = preview_of(preview, edited(portal, "product", "name", transform="upper"))

    name = field_of(record, "name")
    assert (name.value, name.held, name.differs) == ("PLYNOVÝ SPORÁK GS-400", "Plynový sporák GS-400", True)
    assert record.action == "update"
    assert [(change.column, change.after) for change in record.changes] == [("name", "PLYNOVÝ SPORÁK GS-400")]


def test_a_row_that_is_half_written_says_what_is_wrong_with_it(portal: Portal) -> None:
    preview = looked_at(portal, "product", "code", "SPO01")

    (record,) = preview_of(preview, edited(portal, "product", "name", source="name ||"))

    assert "ends too early" in field_of(record, "name").problem
    assert (record.action, record.changes) == ("held_back", [])
    assert [issue.code for issue in record.issues] == ["mapping_failed"]


def test_what_bluejet_would_refuse_is_said_at_the_field(portal: Portal) -> None:
    preview = looked_at(portal, "product", "code", "SPO01")

    (record,) = preview_of(preview, edited(portal, "product", "sazbadph", source="name", transform=""))

    assert field_of(record, "sazbadph").problem
    assert record.action == "held_back"


def test_a_row_on_create_only_is_not_sent_to_a_record_that_exists(portal: Portal) -> None:
    bring(portal, "SPO01")
    preview = looked_at(portal, "product", "code", "SPO01")

    (record,) = preview_of(preview, edited(portal, "product", "name", transform="upper", when="create"))

    name = field_of(record, "name")
    assert (name.create_only, name.is_sent, name.differs, name.value) == (True, False, True, "PLYNOVÝ SPORÁK GS-400")
    assert "name" not in [change.column for change in record.changes]


def test_a_row_that_is_switched_off_is_shown_without_a_value(portal: Portal) -> None:
    preview = looked_at(portal, "product", "code", "SPO01")

    (record,) = preview_of(preview, edited(portal, "product", "ean", active=False))

    ean = field_of(record, "ean")
    assert (ean.active, ean.value, ean.is_sent) == (False, None, False)
    assert ean.source_value


def test_somebody_elses_edit_in_bluejet_shows_as_a_difference_that_is_not_sent(portal: Portal) -> None:
    bring(portal, "SPO01")
    (row,) = portal.bluejet.store.find("product", "code", "SPO01")
    portal.bluejet.store.change("product", row["productid"], name="Jiný název")

    (record,) = preview_of(looked_at(portal, "product", "code", "SPO01"))

    name = field_of(record, "name")
    assert (name.held, name.differs, record.action) == ("Jiný název", True, "unchanged")


@pytest.mark.parametrize(("first_pairing", "is_written_over"), [("bluejet", False), ("shoptet", True)])
def test_a_record_that_bluejet_knows_by_its_own_mark_would_be_taken_over(portal: Portal, first_pairing: str, is_written_over: bool) -> None:
    Shop.objects.update(first_pairing=first_pairing)
    portal.shop.refresh_from_db()
    found = portal.bluejet.store.insert("product", code="SPO01", name="Od kolegy")

    (record,) = preview_of(looked_at(portal, "product", "code", "SPO01"))

    assert (record.action, record.bluejet_id) == ("update", str(found))
    assert ("name", "Od kolegy") in [(one.column, one.held) for one in record.fields if one.differs]
    assert (("name", "Od kolegy") in [(change.column, change.before) for change in record.changes]) is is_written_over


def test_an_order_is_shown_with_its_lines(portal: Portal) -> None:
    bring(portal, "SPO01")
    code = place(portal, "SPO01")
    portal.work()
    preview = looked_at(portal, "order", "number", code)

    (record,) = preview_of(preview, edited(portal, "order_line", "nazev", transform="upper"))

    assert record.kind == "offer"
    assert [(line.action, line.title) for line in record.lines][0] == ("update", "Plynový sporák GS-400")
    assert [(change.column, change.after) for change in record.lines[0].changes] == [("nazev", "PLYNOVÝ SPORÁK GS-400")]
    assert "nazev" in [one.target for one in record.lines[0].fields]


def test_an_order_that_waits_for_a_product_is_shown_all_the_same(portal: Portal) -> None:
    code = place(portal, "SPO01")

    (record,) = preview_of(looked_at(portal, "order", "number", code))

    assert "waits_for_product" in [issue.code for issue in record.issues]
    assert record.lines[0].title == "Plynový sporák GS-400"


def test_mapping_a_status_in_the_draft_frees_the_order_in_the_preview(portal: Portal) -> None:
    bring(portal, "SPO01")
    code = place(portal, "SPO01")
    StatusMapping.objects.filter(shop=portal.shop, shoptet_id="-1").delete()
    preview = looked_at(portal, "order", "number", code)
    content = copy.deepcopy(content_of(portal.shop))
    content["tables"]["status"].append({"shoptet_id": "-1", "bluejet_value": "Potvrzená", "document": "order"})

    (held,), (freed,) = preview_of(preview), preview_of(preview, content)

    assert (held.action, [issue.code for issue in held.issues if issue.is_error]) == ("held_back", ["unmapped_status"])
    assert (freed.action, freed.kind) == ("create", "order")


def test_customers_are_found_by_their_email_and_so_are_guests_who_ordered(portal: Portal) -> None:
    guid, customer = next(iter(portal.shoptet.state.customers.items()))
    bring(portal, "SPO01")
    place(portal, "SPO01")
    portal.work()

    registered = looked_at(portal, "contact", "email", customer["accounts"][0]["email"])
    guest = looked_at(portal, "contact", "email", "HOST@zakaznik.example")

    assert [record.key for record in preview_of(registered)] == [guid]
    assert [record.key for record in preview_of(guest)] == ["guest:host@zakaznik.example"]


def test_a_preview_of_a_record_that_does_not_exist_says_so(portal: Portal) -> None:
    preview = looked_at(portal, "product", "code", "NO-SUCH")

    assert (preview.state, preview.issue["code"]) == ("failed", "source_missing")
    assert preview_of(preview) == []


@pytest.mark.usefixtures("impatient")
def test_a_partner_out_of_reach_is_named(portal: Portal) -> None:
    portal.shop.api_base_url = "http://127.0.0.1:9"
    portal.shop.save()

    preview = looked_at(portal, "product", "code", "SPO01")

    assert (preview.state, preview.issue["code"], preview.issue["params"]["partner"]) == ("failed", "unavailable", "Shoptet")


def test_the_last_ten_are_those_that_passed_last(portal: Portal) -> None:
    bring(portal, "SPO01", "SPO02")

    preview = looked_at(portal, "product", "last")

    assert {record.key for record in preview_of(preview)} == {"SPO01", "SPO02"}
    assert (preview.expected, preview.fetched) == (2, 2)


def test_a_product_keeps_its_links_when_a_preview_sees_it_renamed(portal: Portal) -> None:
    bring(portal, "SPO01")
    RecordLink.objects.filter(key="SPO01").update(key="OLD", identity=str(SampleRecord.objects.get(key="SPO01").record["ean"]))

    looked_at(portal, "product", "code", "SPO01")

    assert RecordLink.objects.filter(key="OLD").exists()


def test_what_is_no_set_of_mappings_is_refused(portal: Portal) -> None:
    preview = looked_at(portal, "product", "code", "SPO01")

    with pytest.raises(BadContent):
        preview_of(preview, {"fields": []})


def test_ten_products_are_previewed_with_few_queries_and_well_within_a_second(portal: Portal) -> None:
    preview = looked_at(portal, "product", "last")
    content = content_of(portal.shop)
    preview_of(preview, content)
    began = time.perf_counter()

    with CaptureQueriesContext(connection) as asked:
        records = preview_of(preview, content)

    assert len(records) == 10
    assert len(asked) <= 5
    assert time.perf_counter() - began < 1
    assert isinstance(field_of(records[0], "cenadphprodej").value, Decimal)
