"""What an earlier version brought over is found again: no record twice, and no external id in another form."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from sync import migrations
from sync.models import RecordLink
from tests.sync import people_before
from tests.sync.happenings import CUSTOMERS, ORDERS, look_at
from tests.sync.portal import Portal

KINDS = ("company", "contact", "address", "offer")
pytestmark = pytest.mark.parametrize("dialect", ["data"])


def marks(portal: Portal, kind: str) -> set[str]:
    return {str(row["externiidsupl"]) for row in portal.bluejet.store.rows(kind) if row.get("externiidsupl")}


@pytest.fixture
def story(portal: Portal) -> tuple[dict[str, str], list[str]]:
    """Let the same things happen in Shoptet, with BlueJet and the links as the earlier version left them, and migrate."""
    told = people_before.happen(portal)
    people_before.bring_back(portal)
    migrate()
    return told


def migrate() -> None:
    """Do to the links what the migration does."""
    (module,) = Path(str(migrations.__path__[0])).glob("*_company_keys.py")
    import_module(f"sync.migrations.{module.stem}").to_good_spelling(apps, None)


def look_again(portal: Portal, guids: dict[str, str], codes: list[str]) -> None:
    look_at(portal, CUSTOMERS, *guids.values())
    portal.work(CUSTOMERS)
    look_at(portal, ORDERS, *codes)
    portal.work(ORDERS, CUSTOMERS)


def test_what_was_brought_before_keeps_its_record_and_its_external_id(portal: Portal, story: tuple[dict[str, str], list[str]]) -> None:
    guids, codes = story
    before = {kind: marks(portal, kind) for kind in KINDS}

    look_again(portal, guids, codes)

    made = {kind: marks(portal, kind) - before[kind] for kind in KINDS}
    # Those who shared a dash have each their own company now; nothing else is new, and nothing is gone.
    expected = {f"shoptet:company:{guids[name]}" for name in ("dash", "dash2")}
    assert made == {"company": expected, "contact": set(), "address": set(), "offer": set()}
    assert [before[kind] - marks(portal, kind) for kind in KINDS] == [set()] * len(KINDS)
    assert {portal.job(ORDERS, code).state for code in codes} == {"done"}


def test_links_are_carried_over_to_the_good_spelling(portal: Portal, story: tuple[dict[str, str], list[str]]) -> None:
    guids, _ = story
    companies = dict(RecordLink.objects.filter(kind="company").values_list("key", "external_id"))

    expected = {
        "ico:27082440": "shoptet:ico:27.082.440",
        "ico:45274649": "shoptet:ico:CZ45274649",
        "ico:00260428": "shoptet:ico:00260428",
        "ico:36631124": "shoptet:ico:36631124",
        "ico:FN123456A": "shoptet:ico:fn123456a",
        f"company:{guids['wrong']}": "shoptet:ico:12345678",
    }
    assert expected.items() <= companies.items()
    assert RecordLink.objects.get(kind="contact", key=guids["dotted"]).parent_key == "ico:27082440"
    assert RecordLink.objects.get(kind="contact", key=guids["dash"]).parent_key == ""


def test_the_migration_leads_people_of_two_spellings_to_one_company(portal: Portal, story: tuple[dict[str, str], list[str]]) -> None:
    shop = portal.shop
    facts: dict[str, Any] = {"shop": shop, "account": shop.bluejet}
    RecordLink.objects.create(**facts, kind="company", key="ico:270-82-440", external_id="shoptet:ico:270-82-440", bluejet_id="x")
    RecordLink.objects.create(**facts, kind="contact", key="somebody", parent_key="ico:270-82-440", bluejet_id="y")

    migrate()

    assert RecordLink.objects.get(kind="contact", key="somebody").parent_key == "ico:27082440"
    assert RecordLink.objects.get(external_id="shoptet:ico:270-82-440").key == "ico:270-82-440"
    assert RecordLink.objects.get(kind="company", key="ico:27082440").external_id == "shoptet:ico:27.082.440"


def test_a_company_whose_link_was_lost_is_found_by_its_number_and_keeps_its_mark(
    portal: Portal, story: tuple[dict[str, str], list[str]]
) -> None:
    guids, _ = story
    before = marks(portal, "company")
    RecordLink.objects.filter(kind="company", key="ico:27082440").delete()

    look_at(portal, CUSTOMERS, guids["dotted"])
    portal.work(CUSTOMERS)

    assert marks(portal, "company") == before
    assert RecordLink.objects.get(kind="company", key="ico:27082440").external_id == "shoptet:ico:27.082.440"
