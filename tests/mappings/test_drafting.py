"""Edits are a draft until they are activated; nobody's work is lost on the way."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.contrib.auth.models import Group

from mappings import changes
from mappings.contents import BadContent, normal_content
from mappings.drafting import (
    BaseMoved,
    EditedMeanwhile,
    HasProblems,
    activate,
    discard_draft,
    draft_of,
    open_draft,
    put_back,
    rebase_draft,
    save_draft,
)
from mappings.models import CategoryMapping, FieldMapping, MappingDraft, MappingVersion, StatusMapping
from mappings.packs import install_default
from mappings.versions import content_of, record_version
from shops.models import Shop


@pytest.fixture
def mapped(shop: Shop) -> Shop:
    """Return the shop with the default rows and one status."""
    StatusMapping.objects.create(shop=shop, shoptet_id="-1", bluejet_value="Probíhající")
    install_default(shop)
    return shop


@pytest.fixture
def jana(django_user_model: Any) -> Any:
    """Return a colleague with a name."""
    return django_user_model.objects.create_user("jana", first_name="Jana", last_name="Malá")


def edited(draft: MappingDraft, target: str, **columns: Any) -> dict[str, Any]:
    """Return the draft's content with other values in the product row of a target."""
    content = copy.deepcopy(draft.content)
    for row in content["fields"]:
        if (row["entity"], row["target"]) == ("product", target):
            row |= columns
    return content


def row_of(shop: Shop, target: str) -> FieldMapping:
    """Return the product row of a target."""
    return FieldMapping.objects.get(shop=shop, entity="product", target=target)


def test_a_draft_begins_as_what_is_in_force(mapped: Shop, admin_user: Any) -> None:
    draft = open_draft(mapped, admin_user)

    assert draft.content == content_of(mapped)
    assert (draft.base, draft.editor) == (1, admin_user)


def test_whoever_opens_it_next_sees_the_same_draft(mapped: Shop, admin_user: Any, jana: Any) -> None:
    first = open_draft(mapped, admin_user)

    assert open_draft(mapped, jana) == first


def test_a_saved_draft_changes_nothing_that_is_in_force(mapped: Shop, admin_user: Any) -> None:
    draft = open_draft(mapped, admin_user)

    saved = save_draft(mapped, revision=draft.revision, content=edited(draft, "name", source="productName"), user=admin_user)

    assert saved.revision == draft.revision + 1
    assert row_of(mapped, "name").source == "name || code"
    assert MappingVersion.objects.filter(shop=mapped).count() == 1


def test_saving_what_is_saved_already_is_no_edit(mapped: Shop, admin_user: Any, jana: Any) -> None:
    draft = open_draft(mapped, admin_user)

    again = save_draft(mapped, revision=draft.revision, content=draft.content, user=jana)

    assert (again.revision, again.editor) == (draft.revision, admin_user)


def test_the_second_of_two_editors_is_told_by_whom_and_overwrites_nothing(mapped: Shop, admin_user: Any, jana: Any) -> None:
    seen = open_draft(mapped, admin_user)
    save_draft(mapped, revision=seen.revision, content=edited(seen, "name", source="productName"), user=jana)

    with pytest.raises(EditedMeanwhile) as told:
        save_draft(mapped, revision=seen.revision, content=edited(seen, "name", source="code"), user=admin_user)

    assert told.value.by == "Jana Malá"
    assert told.value.draft is not None
    assert told.value.draft.content == edited(seen, "name", source="productName")


def test_somebody_whose_draft_was_discarded_meanwhile_is_told(mapped: Shop, admin_user: Any) -> None:
    seen = open_draft(mapped, admin_user)
    discard_draft(mapped, revision=seen.revision)
    open_draft(mapped, admin_user)

    with pytest.raises(EditedMeanwhile):
        save_draft(mapped, revision=seen.revision, content=seen.content, user=admin_user)


def test_a_draft_that_somebody_went_on_with_is_not_discarded(mapped: Shop, admin_user: Any, jana: Any) -> None:
    seen = open_draft(mapped, admin_user)
    save_draft(mapped, revision=seen.revision, content=edited(seen, "name", source="productName"), user=jana)

    with pytest.raises(EditedMeanwhile):
        discard_draft(mapped, revision=seen.revision)

    assert draft_of(mapped) is not None


def test_an_activated_draft_is_in_force_and_a_version(mapped: Shop, admin_user: Any) -> None:
    draft = open_draft(mapped, admin_user)
    before = row_of(mapped, "name").pk
    saved = save_draft(mapped, revision=draft.revision, content=edited(draft, "name", source="productName"), user=admin_user)

    version = activate(mapped, revision=saved.revision, user=admin_user, comment="names without variants")

    assert (version.number, version.author, version.comment) == (2, admin_user, "names without variants")
    assert version.content == saved.content == content_of(mapped)
    assert (row_of(mapped, "name").source, row_of(mapped, "name").pk) == ("productName", before)
    assert draft_of(mapped) is None


def test_rows_come_go_and_change_places_in_one_step(mapped: Shop, admin_user: Any) -> None:
    draft = open_draft(mapped, admin_user)
    content = copy.deepcopy(draft.content)
    content["fields"] = [row for row in content["fields"] if row["target"] != "url"]
    off = next(row for row in content["fields"] if (row["entity"], row["target"]) == ("product", "ean"))
    content["fields"].append({**off, "source": "code", "position": 99})
    off["active"] = False
    content["tables"]["category"].append({"shoptet_id": "c1", "bluejet_value": "Nádobí"})
    content["tables"]["status"] = []
    saved = save_draft(mapped, revision=draft.revision, content=content, user=admin_user)

    activate(mapped, revision=saved.revision, user=admin_user)

    assert not FieldMapping.objects.filter(shop=mapped, target="url").exists()
    assert row_of_active(mapped, "ean").source == "code"
    assert CategoryMapping.objects.get(shop=mapped).bluejet_value == "Nádobí"
    assert not StatusMapping.objects.filter(shop=mapped).exists()


def row_of_active(shop: Shop, target: str) -> FieldMapping:
    """Return the product row in force of a target that has several."""
    return FieldMapping.objects.get(shop=shop, entity="product", target=target, active=True)


def test_two_rows_of_one_target_can_change_which_of_them_is_in_force(mapped: Shop, admin_user: Any) -> None:
    FieldMapping.objects.create(shop=mapped, entity="product", source="code", target="ean", active=False, position=99)
    draft = open_draft(mapped, admin_user)
    content = copy.deepcopy(draft.content)
    for row in content["fields"]:
        if (row["entity"], row["target"]) == ("product", "ean"):
            row["active"] = not row["active"]
    saved = save_draft(mapped, revision=draft.revision, content=content, user=admin_user)

    activate(mapped, revision=saved.revision, user=admin_user)

    assert row_of_active(mapped, "ean").source == "code"


def test_a_draft_with_a_problem_is_not_activated_and_stays(mapped: Shop, admin_user: Any) -> None:
    draft = open_draft(mapped, admin_user)
    saved = save_draft(mapped, revision=draft.revision, content=edited(draft, "name", source="name ||"), user=admin_user)

    with pytest.raises(HasProblems) as refused:
        activate(mapped, revision=saved.revision, user=admin_user)

    assert [(problem.column, "ends too early" in problem.sentence) for problem in refused.value.problems] == [("source", True)]
    assert draft_of(mapped) == saved
    assert row_of(mapped, "name").source == "name || code"


def test_a_draft_is_not_activated_over_what_was_changed_in_force_meanwhile(mapped: Shop, admin_user: Any, jana: Any) -> None:
    draft = open_draft(mapped, admin_user)
    FieldMapping.objects.filter(shop=mapped, entity="product", target="ean").update(source="code")
    changed = record_version(mapped, author=jana)

    with pytest.raises(BaseMoved) as told:
        activate(mapped, revision=draft.revision, user=admin_user)

    assert told.value.version == changed
    assert row_of(mapped, "ean").source == "code"


def test_a_change_without_a_version_moves_the_base_too(mapped: Shop, admin_user: Any) -> None:
    draft = open_draft(mapped, admin_user)
    FieldMapping.objects.filter(shop=mapped, entity="product", target="ean").update(source="code")

    with pytest.raises(BaseMoved):
        activate(mapped, revision=draft.revision, user=admin_user)

    assert row_of(mapped, "ean").source == "code"


def test_a_rebased_draft_has_both_changes(mapped: Shop, admin_user: Any, jana: Any) -> None:
    draft = open_draft(mapped, admin_user)
    save_draft(mapped, revision=draft.revision, content=edited(draft, "name", source="productName"), user=admin_user)
    FieldMapping.objects.filter(shop=mapped, entity="product", target="ean").update(source="code")
    FieldMapping.objects.filter(shop=mapped, entity="product", target="name").update(required=False)
    record_version(mapped, author=jana)

    conflicts = rebase_draft(mapped, admin_user)

    rebased = open_draft(mapped, admin_user)
    activate(mapped, revision=rebased.revision, user=admin_user)
    assert conflicts == []
    assert row_of(mapped, "ean").source == "code"
    assert (row_of(mapped, "name").source, row_of(mapped, "name").required) == ("productName", False)


def test_where_both_changed_the_same_the_draft_is_kept_and_the_other_value_named(mapped: Shop, admin_user: Any, jana: Any) -> None:
    draft = open_draft(mapped, admin_user)
    save_draft(mapped, revision=draft.revision, content=edited(draft, "name", source="productName"), user=admin_user)
    FieldMapping.objects.filter(shop=mapped, entity="product", target="name").update(source="code")
    record_version(mapped, author=jana)

    (conflict,) = rebase_draft(mapped, admin_user)

    assert (conflict.table, conflict.name, conflict.column) == ("field", "product → name", "source")
    assert (conflict.base, conflict.theirs, conflict.mine) == ("name || code", "code", "productName")


def test_a_version_put_back_is_in_force_again_as_a_new_version(mapped: Shop, admin_user: Any) -> None:
    first = record_version(mapped)
    FieldMapping.objects.filter(shop=mapped, entity="product", target="name").update(source="code")
    StatusMapping.objects.filter(shop=mapped).delete()
    record_version(mapped)

    back = put_back(first, user=admin_user)

    assert (back.number, back.digest, back.comment) == (3, first.digest, "Version 1 put back")
    assert row_of(mapped, "name").source == "name || code"
    assert StatusMapping.objects.get(shop=mapped).shoptet_id == "-1"


def test_a_table_that_a_version_does_not_know_yet_is_left_alone(mapped: Shop, admin_user: Any) -> None:
    first = record_version(mapped)
    del first.content["tables"]["category"]
    first.save()
    CategoryMapping.objects.create(shop=mapped, shoptet_id="1", bluejet_value="x")

    put_back(first, user=admin_user)

    assert CategoryMapping.objects.filter(shop=mapped).exists()


def test_values_that_an_activation_maps_are_announced_once_it_is_through(
    mapped: Shop, admin_user: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[tuple[int, str, str]] = []
    monkeypatch.setattr(changes, "_listeners", [lambda *what: heard.append(what) or 0])
    draft = open_draft(mapped, admin_user)
    content = copy.deepcopy(draft.content)
    content["tables"]["status"].append({"shoptet_id": "7", "bluejet_value": "Potvrzená", "document": "order"})
    saved = save_draft(mapped, revision=draft.revision, content=content, user=admin_user)

    with django_capture_on_commit_callbacks(execute=True):
        activate(mapped, revision=saved.revision, user=admin_user)
        assert heard == []

    assert heard == [(mapped.pk, "status", "7")]


@pytest.mark.parametrize(
    "content",
    [
        [],
        {"format": 3, "fields": []},
        {"format": 1, "fields": {}},
        {"format": 1, "fields": ["name"]},
        {"format": 1, "fields": [{"target": "name", "colour": "red"}]},
        {"format": 1, "fields": [{"target": "name", "position": "1"}]},
        {"format": 1, "tables": {"colour": []}},
        {"format": 1, "tables": {"status": [{"shoptet_id": 1}]}},
    ],
)
def test_what_is_no_set_of_mappings_is_refused_whole(content: Any) -> None:
    with pytest.raises(BadContent):
        normal_content(content)


@pytest.mark.parametrize("name", ["Office", "Technician"])
def test_both_groups_of_staff_may_activate(db: None, name: str) -> None:
    assert Group.objects.get(name=name).permissions.filter(codename="activate_mapping", content_type__app_label="mappings").exists()
