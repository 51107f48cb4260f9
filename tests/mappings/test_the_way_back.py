"""Rows from BlueJet to Shoptet: nothing carries them out yet, so none is in force, and none is lost."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from mappings.draft_problems import problems_of
from mappings.drafting import HasProblems, activate, open_draft, put_back, save_draft
from mappings.models import FieldMapping, MappingDraft
from mappings.pack_reading import PackRefused, read_pack
from mappings.packs import install_default
from mappings.versions import content_of, record_version
from shops.models import Shop

SENTENCE = "Nothing is brought from BlueJet to Shoptet yet; switch this row off, and it waits until that is there."
BACK: dict[str, Any] = {"entity": "product", "direction": "to_shoptet", "source": "nazev", "target": "name"}


def with_row(shop: Shop, **row: Any) -> dict[str, Any]:
    """Return the shop's mappings with one more row."""
    content = content_of(shop)
    return {**content, "fields": [*content["fields"], BACK | row]}


def pack(**row: Any) -> str:
    """Write a pack of one such row."""
    said = {name: value for name, value in (BACK | row).items() if name != "entity"}
    return json.dumps({"format": 1, "dialect": "data", "fields": {"product": [said]}})


def test_the_form_refuses_such_a_row_in_force_and_takes_one_that_waits(shop: Shop) -> None:
    with pytest.raises(ValidationError) as refused:
        FieldMapping(shop=shop, **BACK).full_clean()
    FieldMapping(shop=shop, **BACK, active=False).full_clean()

    assert refused.value.message_dict == {"direction": [SENTENCE]}


def test_a_pack_with_such_a_row_in_force_is_refused_and_one_that_waits_is_taken() -> None:
    with pytest.raises(PackRefused) as refused:
        read_pack(pack())

    assert refused.value.problems == [f"fields.product[1] (name): {SENTENCE}"]
    assert [row.active for row in read_pack(pack(active=False)).rows] == [False]


def test_the_workbench_activates_no_such_row(shop: Shop) -> None:
    install_default(shop)
    draft = save_draft(shop, revision=open_draft(shop, None).revision, content=with_row(shop), user=None)

    with pytest.raises(HasProblems) as refused:
        activate(shop, revision=draft.revision, user=None)
    waiting = save_draft(shop, revision=draft.revision, content=with_row(shop, active=False), user=None)
    activate(shop, revision=waiting.revision, user=None)

    assert [problem.sentence for problem in refused.value.problems] == [SENTENCE]
    assert FieldMapping.objects.get(direction="to_shoptet").active is False


def test_an_earlier_version_with_such_rows_is_put_back_and_they_wait(shop: Shop) -> None:
    install_default(shop)
    row = FieldMapping.objects.create(shop=shop, **BACK)
    earlier = record_version(shop)
    row.delete()
    record_version(shop)

    put_back(earlier, user=None)

    assert FieldMapping.objects.get(direction="to_shoptet").active is False
    assert problems_of(content_of(shop), "data") == []


def test_rows_that_were_in_force_before_are_switched_off_and_stay(shop: Shop) -> None:
    migration = import_module("mappings.migrations.0006_rows_to_shoptet_wait")
    FieldMapping.objects.create(shop=shop, **BACK)
    FieldMapping.objects.create(shop=shop, entity="product", source="name", target="nazev")
    MappingDraft.objects.create(shop=shop, content=with_row(shop, active=True), base=1)

    migration.switch_off(apps, None)

    assert dict(FieldMapping.objects.values_list("direction", "active")) == {"to_shoptet": False, "to_bluejet": True}
    drafted = MappingDraft.objects.get().content["fields"]
    assert {row["active"] for row in drafted if row["direction"] == "to_shoptet"} == {False}
