"""A pass translates all its records by the mappings that were in force when it began."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.utils import timezone

from mappings.drafting import activate, open_draft, save_draft
from mappings.models import FieldMapping, MappingVersion
from mappings.snapshot import load_snapshot, snapshot_of
from mappings.versions import content_of, record_version
from sync.models import SyncAttempt, SyncJob
from tests.sync.happenings import PRODUCTS, bring, finished, planned
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal


def activated(portal: Portal, **columns: Any) -> MappingVersion:
    """Change the row of the products' name and put it into force."""
    draft = open_draft(portal.shop, None)
    content = copy.deepcopy(draft.content)
    for row in content["fields"]:
        if row["entity"] == "product" and row["target"] in ("name", "title"):
            row |= columns
    saved = save_draft(portal.shop, revision=draft.revision, content=content, user=None)
    return activate(portal.shop, revision=saved.revision, user=None)


def test_a_running_pass_keeps_the_version_it_began_with(portal: Portal) -> None:
    run = planned(portal, PRODUCTS)
    activated(portal, transform="upper")

    run = finished(run)

    assert run.state == "completed"
    assert Holdings(portal).product("SPO01")["name"] == "Plynový sporák GS-400"
    assert {attempt.mapping_version for attempt in SyncAttempt.objects.filter(chunk__run=run)} == {run.mapping_version}


def test_a_running_pass_does_not_undo_what_went_out_under_a_newer_version(portal: Portal) -> None:
    run = planned(portal, PRODUCTS)
    activated(portal, transform="upper")
    bring(portal, "SPO01")

    run = finished(run)
    SyncJob.objects.update(next_try_at=timezone.now())
    portal.work(PRODUCTS)

    assert run.waiting == 1
    assert Holdings(portal).product("SPO01")["name"] == "PLYNOVÝ SPORÁK GS-400"
    assert Holdings(portal).product("SPO02")["name"] == "Plynový sporák GS-600"
    assert not SyncJob.objects.exclude(state="done").exists()


def test_the_next_record_goes_out_under_the_new_version(portal: Portal) -> None:
    version = activated(portal, transform="upper")

    bring(portal, "SPO01")

    assert Holdings(portal).product("SPO01")["name"] == "PLYNOVÝ SPORÁK GS-400"
    assert SyncAttempt.objects.get(job__flow=PRODUCTS).mapping_version == version.number


@pytest.mark.parametrize("dialect", ["data"])
def test_what_was_changed_without_a_version_gets_one_before_a_pass_begins(portal: Portal) -> None:
    FieldMapping.objects.filter(shop=portal.shop, entity="product", target="name").update(transform="upper")

    run = finished(planned(portal, PRODUCTS))

    assert run.mapping_version == record_version(portal.shop).number
    assert Holdings(portal).product("SPO01")["name"] == "PLYNOVÝ SPORÁK GS-400"


def test_a_version_loads_as_what_was_in_force(portal: Portal) -> None:
    version = record_version(portal.shop)

    live, kept = load_snapshot(portal.shop.pk), load_snapshot(portal.shop.pk, version.number)

    assert kept.tables == live.tables
    assert {key: [row.target for row in rows] for key, rows in kept.fields.items()} == {
        key: [row.target for row in rows] for key, rows in live.fields.items()
    }
    assert (kept.version, kept.external_prefix, kept.time_zone) == (version.number, live.external_prefix, live.time_zone)
    assert snapshot_of(content_of(portal.shop), portal.shop, 3).tables == live.tables
