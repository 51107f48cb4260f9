"""The default rows change with the portal: what nobody edited follows, what somebody edited is offered the change."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from mappings import following, packs
from mappings.compiled import Row
from mappings.drafting import activate, draft_of
from mappings.following import follow_pack, follow_packs, plan_following
from mappings.models import FieldMapping, FollowedPack, MappingVersion
from mappings.offers import NoSuchOffer, leave, offers_of, take_over
from mappings.packs import former_rows, install_default, pack_rows
from shops.models import Shop

Patch = pytest.MonkeyPatch
ChangePack = Callable[..., None]


@pytest.fixture
def with_rows(shop: Shop) -> Shop:
    install_default(shop)
    return shop


@pytest.fixture
def change_pack(monkeypatch: Patch) -> ChangePack:
    """Let the portal come with another pack; `change` returns what becomes of a row, None where it is dropped."""

    def change(change: Callable[[Row], Row | None], *added: Row) -> None:
        rows = tuple(new for row in pack_rows("data") if (new := change(row)) is not None) + added
        for module in (packs, following):
            monkeypatch.setattr(module, "pack_rows", lambda _dialect: rows)

    return change


def better_unit(row: Row) -> Row:
    return replace(row, transform="strip|lower") if row.target == "mj" else row


def row_of(shop: Shop, target: str, entity: str = "product") -> FieldMapping:
    return FieldMapping.objects.get(shop=shop, entity=entity, target=target)


def test_a_row_that_nobody_edited_follows_the_pack_in_a_new_version(with_rows: Shop, change_pack: ChangePack) -> None:
    change_pack(better_unit)

    version = follow_pack(with_rows)

    assert row_of(with_rows, "mj").transform == "strip|lower"
    assert version is not None and version.number == 2
    assert [row["transform"] for row in version.content["fields"] if row["target"] == "mj"] == ["strip|lower"] * 2
    assert offers_of(with_rows) == []


def test_a_row_that_somebody_edited_stays_and_is_offered_the_change(with_rows: Shop, change_pack: ChangePack) -> None:
    FieldMapping.objects.filter(pk=row_of(with_rows, "mj").pk).update(transform="upper")
    change_pack(better_unit)

    follow_pack(with_rows)

    assert row_of(with_rows, "mj").transform == "upper"
    assert row_of(with_rows, "mj", "order_line").transform == "strip|lower"
    assert [(one.entity, one.target, one.row and one.row["transform"]) for one in offers_of(with_rows)] == [
        ("product", "mj", "strip|lower")
    ]


def test_what_was_followed_once_is_not_followed_again(with_rows: Shop, change_pack: ChangePack) -> None:
    change_pack(better_unit)
    follow_packs()
    FieldMapping.objects.filter(pk=row_of(with_rows, "mj").pk).update(transform="upper")

    assert follow_packs() == []
    assert (row_of(with_rows, "mj").transform, offers_of(with_rows)) == ("upper", [])


def test_a_row_that_the_pack_dropped_goes_unless_somebody_edited_it(with_rows: Shop, change_pack: ChangePack) -> None:
    FieldMapping.objects.filter(pk=row_of(with_rows, "mj", "order_line").pk).update(default="ks")
    change_pack(lambda row: None if row.target == "mj" else row)

    follow_pack(with_rows)

    assert not FieldMapping.objects.filter(shop=with_rows, entity="product", target="mj").exists()
    assert row_of(with_rows, "mj", "order_line").default == "ks"
    assert [(one.entity, one.row) for one in offers_of(with_rows)] == [("order_line", None)]


def test_a_row_that_somebody_switched_off_stays_off(with_rows: Shop, change_pack: ChangePack) -> None:
    FieldMapping.objects.filter(pk=row_of(with_rows, "mj").pk).update(active=False)
    change_pack(better_unit)

    follow_pack(with_rows)

    assert (row_of(with_rows, "mj").active, row_of(with_rows, "mj").transform) == (False, "strip")


def test_a_row_that_somebody_deleted_does_not_come_back_by_itself(with_rows: Shop, change_pack: ChangePack) -> None:
    row_of(with_rows, "mj").delete()
    change_pack(better_unit)

    follow_pack(with_rows)

    assert not FieldMapping.objects.filter(shop=with_rows, entity="product", target="mj").exists()


NEW = Row("order", "neznamysupl", "shipping.carrierId", "strip", position=99)


def test_a_new_row_is_added_where_bluejet_has_the_column(with_rows: Shop, change_pack: ChangePack, monkeypatch: Patch) -> None:
    monkeypatch.setattr(following, "known_columns", lambda _shop, _entity: {"neznamysupl": "text"})
    change_pack(lambda row: row, NEW)

    follow_pack(with_rows)

    assert row_of(with_rows, "neznamysupl", "order").source == "shipping.carrierId"


def test_a_new_row_is_offered_where_nobody_knows_whether_bluejet_has_the_column(with_rows: Shop, change_pack: ChangePack) -> None:
    change_pack(lambda row: row, NEW)

    follow_pack(with_rows)

    assert not FieldMapping.objects.filter(shop=with_rows, target="neznamysupl").exists()
    assert [one.target for one in offers_of(with_rows)] == ["neznamysupl"]


def test_what_is_taken_over_stands_in_the_draft_until_it_is_activated(with_rows: Shop, change_pack: ChangePack) -> None:
    FieldMapping.objects.filter(pk=row_of(with_rows, "mj").pk).update(transform="upper")
    change_pack(better_unit, NEW)
    follow_pack(with_rows)

    for offer in offers_of(with_rows):
        take_over(with_rows, offer.name, None)

    assert row_of(with_rows, "mj").transform == "upper"
    draft = draft_of(with_rows)
    assert draft is not None
    activate(with_rows, revision=draft.revision, user=None)
    assert row_of(with_rows, "mj").transform == "strip|lower"
    assert row_of(with_rows, "neznamysupl", "order").active
    assert offers_of(with_rows) == []


def test_an_offer_that_was_left_is_not_made_again(with_rows: Shop, change_pack: ChangePack) -> None:
    FieldMapping.objects.filter(pk=row_of(with_rows, "mj").pk).update(transform="upper")
    change_pack(better_unit)
    follow_pack(with_rows)
    (offer,) = offers_of(with_rows)

    leave(with_rows, offer.name)
    follow_pack(with_rows)

    assert offers_of(with_rows) == []
    with pytest.raises(NoSuchOffer):
        take_over(with_rows, offer.name, None)


def test_a_shop_from_before_has_the_first_packs_rows_and_follows_from_those(shop: Shop) -> None:
    FieldMapping.objects.bulk_create(FieldMapping(shop=shop, **vars(row)) for row in former_rows("data"))

    follow_pack(shop)

    rows = {(row.entity, row.target): row.as_row() for row in FieldMapping.objects.filter(shop=shop)}
    former = {(row.entity, row.target) for row in former_rows("data")}
    now = {(row.entity, row.target): row for row in pack_rows("data")}
    assert {key: row for key, row in rows.items() if key in former and key in now} == {
        key: replace(row, position=rows[key].position) for key, row in now.items() if key in former
    }


def test_an_update_of_the_portal_lets_the_shops_follow(with_rows: Shop, change_pack: ChangePack) -> None:
    change_pack(better_unit)

    call_command("migrate", verbosity=0)

    assert row_of(with_rows, "mj").transform == "strip|lower"


def test_a_shop_without_rows_follows_nothing(shop: Shop) -> None:
    assert follow_pack(shop) is None
    assert not FollowedPack.objects.exists() and not MappingVersion.objects.exists()


ROWS = st.lists(
    st.builds(Row, st.just("product"), st.sampled_from(list(string.ascii_lowercase[:5])), st.sampled_from(["code", "name", "ean"])),
    unique_by=lambda row: row.target,
)


@given(old=ROWS, new=ROWS, mine=ROWS)
def test_no_edited_row_ever_changes_and_every_other_one_becomes_the_default(old: list[Row], new: list[Row], mine: list[Row]) -> None:
    present = [FieldMapping(pk=number, **asdict(row)) for number, row in enumerate(mine, start=1)]

    plan = plan_following(old, new, present, lambda _row: True)

    sources: tuple[dict[str, Any], ...] = tuple({row.target: row.source for row in rows} for rows in (old, new))
    was, now = sources
    for row in present:
        touched = row.pk in plan.changed or row.pk in plan.removed
        is_edited = row.source != was.get(row.target)
        assert not (touched and is_edited)
        if not is_edited and now.get(row.target) != row.source:
            assert touched
            assert row.pk not in plan.changed or plan.changed[row.pk].source == now[row.target]
