"""When a row's value goes out: when it changed, with every write, or on creation only."""

from __future__ import annotations

import json
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from django.apps import apps

from mappings import migrations
from mappings.compiled import Row
from mappings.contents import normal_content
from mappings.differences import compare_contents
from mappings.engine import map_record
from mappings.models import FieldMapping, MappingDraft
from mappings.pack_reading import read_pack
from mappings.pairs import rows_written_both_ways
from mappings.snapshot import snapshot_of
from mappings.versions import content_of
from shops.models import Shop
from tests.mappings.snapshots import snapshot_of as snapshot_of_rows

ROWS: list[dict[str, Any]] = [
    {"entity": "product", "target": "name", "source": "name", "when": "always"},
    {"entity": "product", "target": "owner", "source": "name", "when": "create"},
]
MEANT_BEFORE = ["changed", "create"]


def test_a_row_goes_when_its_value_changed_unless_somebody_chose_otherwise() -> None:
    assert (Row("product", "name").when, FieldMapping().when) == ("changed", "changed")


def test_what_an_older_content_wrote_always_goes_when_it_changed() -> None:
    old = normal_content({"format": 1, "fields": ROWS})
    new = normal_content({"format": 2, "fields": ROWS})

    assert [row["when"] for row in old["fields"]] == MEANT_BEFORE
    assert [row["when"] for row in new["fields"]] == ["always", "create"]


def test_what_an_older_pack_wrote_always_goes_when_it_changed() -> None:
    rows = [{name: value for name, value in row.items() if name != "entity"} for row in ROWS]
    packs = [read_pack(json.dumps({"format": number, "dialect": "data", "fields": {"product": rows}})) for number in (1, 2)]

    assert [[row.when for row in pack.rows] for pack in packs] == [MEANT_BEFORE, ["always", "create"]]


@pytest.mark.django_db
def test_a_run_under_an_older_version_sends_what_changed(shop: Shop) -> None:
    old = {**content_of(shop), "format": 1, "fields": normal_content({"format": 2, "fields": ROWS})["fields"]}

    draft = map_record(snapshot_of(old, shop, 1), "product", {"name": "Sporák"})

    assert (draft.always, draft.create_only) == (frozenset(), frozenset({"owner"}))


def test_the_change_of_the_format_is_no_difference_between_two_versions() -> None:
    old = normal_content({"format": 2, "fields": ROWS}) | {"format": 1}

    assert compare_contents(old, normal_content({"format": 1, "fields": ROWS})) == []


def test_a_draft_names_what_goes_with_every_write() -> None:
    snapshot = snapshot_of_rows(Row("product", "a", "name", when="always"), Row("product", "b", "name"))

    assert map_record(snapshot, "product", {"name": "Sporák"}).always == {"a"}


@pytest.mark.parametrize("there", ["always", "changed"])
@pytest.mark.parametrize(("back", "is_refused"), [("always", True), ("changed", True), ("create", False)])
def test_a_pair_has_one_master_however_it_is_written_after_creation(there: str, back: str, is_refused: bool) -> None:
    rows = [Row("product", "name", "title", when=there), Row("product", "title", "name", when=back, direction="to_shoptet")]

    assert bool(list(rows_written_both_ways(rows))) is is_refused


def test_the_migration_takes_rows_and_drafts_along(shop: Shop) -> None:
    for when in ("always", "create"):
        FieldMapping.objects.create(shop=shop, entity="product", source="name", target=when, when=when)
    MappingDraft.objects.create(shop=shop, content={"format": 1, "fields": ROWS, "tables": {}}, base=1)
    names = [one.name for one in iter_modules(migrations.__path__) if one.name.endswith("_written_when_changed")]

    import_module(f"mappings.migrations.{names[0]}").rows_go_when_changed(apps, None)

    content = MappingDraft.objects.get().content
    assert dict(FieldMapping.objects.values_list("target", "when")) == {"always": "changed", "create": "create"}
    assert (content["format"], [row["when"] for row in content["fields"]]) == (2, MEANT_BEFORE)
