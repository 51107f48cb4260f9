"""How rows fill a draft, and what a draft says of what they could not fill."""

from __future__ import annotations

from decimal import Decimal

from mappings.compiled import Row
from mappings.drafts import MappingProblem, Unmapped
from mappings.engine import map_record
from mappings.tables import Target
from tests.mappings.snapshots import one_row, pack_snapshot, recorded, snapshot_of


def test_a_row_without_a_value_leaves_its_field_out_and_names_it_as_empty() -> None:
    draft = map_record(one_row(), "product", {"value": ""})

    assert draft.fields == {}
    assert draft.empty == {"target"}
    assert draft.problems == []


def test_zero_and_no_are_values() -> None:
    snapshot = snapshot_of(Row("product", "amount", "amount"), Row("product", "shown", "shown"))

    draft = map_record(snapshot, "product", {"amount": Decimal(0), "shown": False})

    assert draft.fields == {"amount": Decimal(0), "shown": False}


def test_the_default_stands_in_for_a_missing_value_with_the_type_of_the_transform() -> None:
    draft = map_record(one_row(transform="number", default="21"), "product", {"value": None})

    assert draft.fields == {"target": Decimal(21)}


def test_a_row_without_a_source_writes_its_default() -> None:
    draft = map_record(one_row(source="", default="e-shop"), "product", {})

    assert draft.fields == {"target": "e-shop"}


def test_a_required_field_without_a_value_is_a_problem() -> None:
    draft = map_record(one_row(required=True), "product", {})

    assert draft.problems == [MappingProblem("required_missing", "target")]
    assert draft.is_blocked


def test_a_row_for_creation_only_is_marked_and_left_out_of_an_update() -> None:
    snapshot = snapshot_of(Row("product", "name", "name"), Row("product", "owner", "owner", when="create", required=True))
    record = {"name": "Pan", "owner": "Eva"}

    first, again = map_record(snapshot, "product", record), map_record(snapshot, "product", {"name": "Pan"}, existing=True)

    assert first.create_only == {"owner"}
    assert first.for_update() == {"name": "Pan"}
    assert again.fields == {"name": "Pan"}
    assert again.problems == []


def test_a_value_that_does_not_suit_the_transform_of_an_optional_row_is_left_out_with_a_reason() -> None:
    draft = map_record(one_row(transform="number"), "product", {"value": "a few"})

    assert draft.problems == []
    assert draft.left_out == [MappingProblem("value_left_out", "target", {"reason": "“a few” is not a number."})]
    assert (draft.fields, draft.empty) == ({}, set())


def test_a_value_that_does_not_suit_a_required_row_holds_the_record_and_is_itself_to_blame() -> None:
    draft = map_record(one_row(transform="number", required=True), "product", {"value": "a few"})

    assert [(problem.code, problem.field) for problem in draft.problems] == [("value_unusable", "target")]
    assert draft.left_out == []


def test_an_expression_that_does_not_fit_a_record_leaves_an_optional_field_out() -> None:
    snapshot = snapshot_of(Row("order_line", "weight", "sum(parts[].weight)"), Row("order_line", "name", "name"))

    draft = map_record(snapshot, "order_line", {"name": "Pan", "parts": [{"weight": Decimal("1.5")}, {"weight": "heavy"}]})

    assert (draft.fields, draft.problems) == ({"name": "Pan"}, [])
    assert [(problem.code, problem.field) for problem in draft.left_out] == [("value_left_out", "weight")]


def test_what_a_partly_unread_record_lacks_is_not_taken_for_empty() -> None:
    snapshot = snapshot_of(Row("customer", "born", "birthDate"), Row("order_line", "weight", "weight"))
    unread = [{"field": "birthDate", "reason": "not_a_date"}]

    customer = map_record(snapshot, "customer", {"birthDate": "", "unread": unread})
    line = map_record(snapshot, "order_line", {"weight": None, "order": {"unread": unread}})

    assert (customer.empty, line.empty) == (set(), set())
    assert map_record(snapshot, "customer", {"birthDate": ""}).empty == {"born"}


def test_a_row_that_was_saved_broken_says_so_and_leaves_the_others_working() -> None:
    snapshot = snapshot_of(Row("product", "name", "name"), Row("product", "broken", "name[", "nothing_such"))

    draft = map_record(snapshot, "product", {"name": "Pan"})

    assert draft.fields == {"name": "Pan"}
    assert [(problem.code, problem.field) for problem in draft.problems] == [("mapping_failed", "broken")]


def test_an_expression_sees_the_references_and_the_shop() -> None:
    draft = map_record(one_row("join('|', [refs.contactId, shop.timeZone, shop.externalPrefix])"), "product", {}, refs={"contactId": "c1"})

    assert draft.fields == {"target": "c1|Europe/Prague|shoptet"}


def test_an_unmapped_category_names_the_table_the_value_and_its_name() -> None:
    record = {**recorded("product__shoptet"), "categoryId": "guid-1", "categoryName": "Ovens"}

    draft = map_record(pack_snapshot("rest"), "product", record)

    assert draft.unmapped == [Unmapped("category", "guid-1", "Ovens")]
    assert draft.problems == [MappingProblem("unmapped_category", "category", {"value": "guid-1", "label": "Ovens"})]
    assert "category" not in draft.fields


def test_a_product_without_a_category_is_no_problem() -> None:
    record = {**recorded("product__shoptet"), "categoryId": None, "categoryName": ""}

    draft = map_record(pack_snapshot("rest"), "product", record)

    assert draft.problems == []


def test_an_unmapped_status_parks_the_order_once_and_leaves_its_document_open() -> None:
    order = {**recorded("order__shoptet"), "status": "-7", "statusName": "Waiting for parts"}

    draft = map_record(pack_snapshot("rest"), "order", order)

    assert draft.unmapped == [Unmapped("status", "-7", "Waiting for parts")]
    assert [problem.code for problem in draft.problems] == ["unmapped_status"]
    assert draft.document is None


def test_no_order_passes_with_an_unmapped_status_even_when_no_row_asks_for_it() -> None:
    snapshot = snapshot_of(Row("order", "number", "number"))

    unknown = map_record(snapshot, "order", {"number": "1", "status": "-7"})
    missing = map_record(snapshot, "order", {"number": "1"})

    assert unknown.unmapped == [Unmapped("status", "-7", "-7")]
    assert [problem.field for problem in missing.problems] == ["status"]


def test_the_status_table_says_which_document_and_whether_it_is_cancelled() -> None:
    statuses = {"-4": Target("Stornovaná", "", {"document": "order", "cancels": True})}

    draft = map_record(pack_snapshot("data", {"status": statuses}), "order", {"status": "-4"})

    assert (draft.document, draft.cancels) == ("order", True)
    assert draft.fields["@state"] == "Stornovaná"


def test_an_unmapped_payment_goes_by_its_name_where_the_row_allows_it() -> None:
    order = {**recorded("order__shoptet"), "payment": {"id": "6", "name": "Card"}}

    draft = map_record(pack_snapshot("rest"), "order", order)

    assert draft.problems == []
    assert draft.fields["paymentMethod"] == "Card"
    assert draft.substituted == [Unmapped("payment", "6", "Card")]


def test_an_unmapped_payment_is_left_out_where_bluejet_takes_only_its_own_words() -> None:
    order = {**recorded("order__shoptet"), "payment": {"id": "6", "name": "Card"}}

    draft = map_record(pack_snapshot("data"), "order", order)

    assert draft.problems == []
    assert "formauhrady" not in draft.fields
    assert draft.fields["internipoznamka"] == "Platba: Card"


def test_a_mapped_payment_goes_by_its_counterpart() -> None:
    order = {**recorded("order__shoptet"), "payment": {"id": "6", "name": "Card"}}

    draft = map_record(pack_snapshot("data", {"payment": {"6": Target("Platební kartou")}}), "order", order)

    assert draft.fields["formauhrady"] == "Platební kartou"


def test_two_records_of_a_batch_do_not_see_each_other() -> None:
    snapshot = pack_snapshot("rest")

    broken = map_record(snapshot, "product", {"categoryId": "x"})
    good = map_record(snapshot, "product", recorded("product__shoptet"))

    assert broken.is_blocked
    assert good.problems == []
    assert good.unmapped == []


def test_an_entity_without_rows_gives_an_empty_draft() -> None:
    draft = map_record(pack_snapshot("rest"), "company", {"id": "1"})

    assert draft.fields == {}
    assert draft.problems == []
