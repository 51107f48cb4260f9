"""What a table does with a value that has no row: what the row says, hold the record, or use a default."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from mappings.drafts import Unmapped
from mappings.engine import map_record
from mappings.models import TablePolicy
from mappings.snapshot import MappingSnapshot, load_snapshot
from mappings.tables import Policy, Target
from mappings.versions import record_version
from shops.models import Shop
from tests.mappings.snapshots import one_row, pack_snapshot, recorded

CARD = {"id": "6", "name": "Card"}


def _with(snapshot: MappingSnapshot, **policies: Policy) -> MappingSnapshot:
    return replace(snapshot, policies=policies)


def _order(**more: Any) -> dict[str, Any]:
    return {**recorded("order__shoptet"), **more}


def test_a_default_stands_in_for_the_missing_row() -> None:
    snapshot = _with(one_row("payment", "payment"), payment=Policy("default", "Jinak"))

    draft = map_record(snapshot, "product", {"payment": CARD})

    assert (draft.fields["target"], draft.is_blocked) == ("Jinak", False)
    assert draft.substituted == [Unmapped("payment", "6", "Card")]


def test_parking_holds_even_what_the_row_would_let_pass() -> None:
    snapshot = _with(one_row("payment", "payment:name"), payment=Policy("park"))

    draft = map_record(snapshot, "product", {"payment": CARD})

    assert draft.unmapped == [Unmapped("payment", "6", "Card")]


def test_a_row_goes_before_the_default() -> None:
    tables = {"payment": {"6": Target("Kartou")}}
    snapshot = replace(one_row("payment", "payment"), tables=tables, policies={"payment": Policy("default", "Jinak")})

    assert map_record(snapshot, "product", {"payment": CARD}).fields["target"] == "Kartou"


def test_an_order_with_an_unknown_status_becomes_the_document_of_the_default() -> None:
    snapshot = _with(pack_snapshot("rest"), status=Policy("default", "Nabídka", "offer"))

    draft = map_record(snapshot, "order", _order(status="-7"))

    assert (draft.document, draft.cancels, draft.unmapped, draft.fields["status"]) == ("offer", False, [], "Nabídka")


@pytest.mark.parametrize(("paid", "said"), [(True, "Uhrazeno"), (False, "Neuhrazeno"), (None, None)])
def test_without_a_row_the_state_of_payment_has_the_packs_words(paid: bool | None, said: str | None) -> None:
    draft = map_record(pack_snapshot("rest"), "order", _order(paid=paid))

    assert draft.fields.get("paymentStatus") == said


def test_a_row_says_what_bluejet_calls_each_state_of_payment() -> None:
    states = {"paid": Target("Zaplaceno"), "unknown": Target("Nevíme")}
    snapshot = pack_snapshot("data", {"payment_state": states})

    said = [map_record(snapshot, "order", _order(paid=paid)).fields.get("stavuhrady") for paid in (True, False, None)]

    assert said == ["Zaplaceno", "Neuhrazeno", "Nevíme"]


def test_policies_are_loaded_with_the_snapshot_and_are_part_of_the_version(shop: Shop) -> None:
    before = record_version(shop)
    TablePolicy.objects.create(shop=shop, table="payment", missing="default", default_value="Jinak")

    after = record_version(shop)

    assert load_snapshot(shop.pk).policies == {"payment": Policy("default", "Jinak")}
    assert (after.number, len(after.content["policies"])) == (before.number + 1, 1)


@pytest.mark.parametrize(
    ("table", "given", "field"),
    [
        ("payment", {"default_value": " "}, "default_value"),
        ("status", {"default_value": "Nabídka"}, "document"),
        ("warehouse", {"default_value": "w1"}, "missing"),
    ],
)
def test_a_default_that_cannot_work_is_refused(shop: Shop, table: str, given: dict[str, str], field: str) -> None:
    policy = TablePolicy(shop=shop, table=table, missing="default", **given)

    with pytest.raises(ValidationError) as refused:
        policy.full_clean()

    assert list(refused.value.message_dict) == [field]
