"""The workbench: a table that can be tried out, drafts that change nothing until they are activated, and the way back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mappings.compiled import Row
from mappings.drafting import open_draft, save_draft
from mappings.following import said
from mappings.models import FieldMapping, MappingDraft, MappingVersion
from mappings.packs import install_default
from mappings.versions import record_version
from shops.models import FlowName, FlowSetting, Shop
from sync.models import BlueJetColumn, Kind, Preview, SampleRecord, SyncJob, SyncRun
from tests.admin.rows import make_user

PRODUCT = {
    "id": "RM-600",
    "code": "RM-600",
    "guid": "8f1a2c",
    "name": "Fritéza stolní RM-600",
    "description": "<p>Fritéza</p>",
    "priceWithVat": Decimal("14277.00"),
    "priceWithoutVat": Decimal("11799.17"),
    "vatRate": Decimal("21"),
    "currency": "CZK",
    "visible": True,
    "siblings": ["RM-600"],
}


@pytest.fixture
def mapped(shop: Shop) -> Shop:
    """Return a shop with the default rows and two products that passed."""
    install_default(shop)
    make_sample(shop, "RM-600")
    make_sample(shop, "RM-700", name="Fritéza RM-700")
    return shop


def make_sample(shop: Shop, code: str, **fields: Any) -> SampleRecord:
    """Keep a product as if it had passed."""
    return SampleRecord.objects.create(
        shop=shop,
        entity="product",
        key=code,
        flow=FlowName.PRODUCT_TO_BLUEJET,
        job_key=f"guid-{code}",
        kind=Kind.PRODUCT,
        external_id=f"shoptet:{code}",
        natural_key=code,
        record={**PRODUCT, "id": code, "code": code, **fields},
        taken_at=timezone.now(),
    )


def form_of(shop: Shop, entity: str = "product", **edits: Any) -> dict[str, Any]:
    """Return what the page's form sends: every row as it is, with edits such as `name__transform="upper"`."""
    draft, version = MappingDraft.objects.filter(shop=shop).first(), MappingVersion.objects.filter(shop=shop).latest("number")
    content = draft.content if draft else version.content
    form: dict[str, Any] = {"revision": draft.revision if draft else 0, "base": draft.base if draft else version.number, "row": []}
    rows = sorted((row for row in content["fields"] if row["entity"] == entity), key=lambda row: row["position"])
    for number, row in enumerate(rows, start=1):
        said = row | {name.partition("__")[2]: value for name, value in edits.items() if name.partition("__")[0] == row["target"]}
        form["row"].append(str(number))
        form |= {f"{name}-{number}": said[name] for name in ("source", "transform", "target", "default", "when")}
        form |= {f"{name}-{number}": "on" for name in ("required", "active") if said[name]}
    return form


def table(shop: Shop, entity: str = "product") -> str:
    """Return the table's address."""
    return reverse("workbench:table", args=[shop.pk, entity])


def text(answer: Any) -> str:
    """Return a page."""
    return str(answer.content.decode())


def test_the_whole_translation_stands_there_with_a_live_example(office: Client, mapped: Shop) -> None:
    page = text(office.get(table(mapped)))

    assert page.count('class="map-row"') == FieldMapping.objects.filter(shop=mapped, entity="product").count() + 1  # and the blank one
    assert "Fritéza RM-700" in page
    assert "14277" in page


def test_a_saved_edit_is_a_draft_and_changes_nothing_in_force(office: Client, mapped: Shop) -> None:
    answer = office.post(table(mapped), form_of(mapped, name__transform="upper") | {"do": "save"}, follow=True)

    draft = MappingDraft.objects.get(shop=mapped)
    edited = next(row for row in draft.content["fields"] if (row["entity"], row["target"]) == ("product", "name"))
    assert edited["transform"] == "upper"
    assert str(draft.editor) == "jana"
    assert FieldMapping.objects.get(shop=mapped, entity="product", target="name").transform == "strip|truncate:255"
    assert MappingVersion.objects.filter(shop=mapped).count() == 1
    assert "The draft is saved." in text(answer)


def test_a_form_that_changes_nothing_leaves_the_draft_as_what_is_in_force(office: Client, mapped: Shop) -> None:
    office.post(table(mapped), form_of(mapped) | {"do": "save"})

    assert MappingDraft.objects.get(shop=mapped).content == MappingVersion.objects.get(shop=mapped).content


def test_the_preview_follows_edits_that_are_not_saved(office: Client, mapped: Shop) -> None:
    answer = office.post(reverse("workbench:preview", args=[mapped.pk, "product"]), form_of(mapped, name__transform="upper")).json()

    assert any("FRITÉZA RM-700" in head for head in answer["heads"].values())
    assert not MappingDraft.objects.exists()


def test_a_wrong_row_is_named_while_it_is_written(office: Client, mapped: Shop) -> None:
    edits = form_of(mapped, name__source="name[", popis__target="code")

    answer = office.post(reverse("workbench:preview", args=[mapped.pk, "product"]), edits).json()

    sentences = [sentence for problems in answer["problems"].values() for found in problems.values() for sentence in found]
    assert any("ends too early" in sentence for sentence in sentences)
    assert any("Another active row" in sentence for sentence in sentences)


def test_a_row_whose_column_bluejet_does_not_show_is_marked_while_it_is_written(office: Client, mapped: Shop) -> None:
    BlueJetColumn.objects.create(account=mapped.bluejet, kind="product", name="nazev", type="text", seen_at=timezone.now())

    answer = office.post(reverse("workbench:preview", args=[mapped.pk, "product"]), form_of(mapped, popis__target="nazev2")).json()
    page = text(office.get(table(mapped)))

    assert any("BlueJet shows no column “nazev2” in products." in head for head in answer["heads"].values())
    assert '<option value="nazev">text</option>' in page


def test_what_is_too_long_is_refused_and_not_cut_off(office: Client, mapped: Shop) -> None:
    edits = form_of(mapped, name__source=" || ".join(["name"] * 90))

    answer = office.post(reverse("workbench:preview", args=[mapped.pk, "product"]), edits).json()

    assert any(
        "longer than 500 characters" in one or "at most 500" in one
        for rows in answer["problems"].values()
        for one in rows.get("source", ())
    )


def test_without_a_script_the_buttons_keep_what_was_written(office: Client, mapped: Shop) -> None:
    form = form_of(mapped, name__transform="upper")

    added = text(office.post(table(mapped), form | {"do": "add"}))
    moved = text(office.post(table(mapped), form | {"do": "up:2"}))
    removed = text(office.post(table(mapped), form | {"do": "remove:2"}))

    assert added.count('class="map-row"') == len(form["row"]) + 2
    assert moved.index('name="source-2"') < moved.index('name="source-1"')
    assert 'name="source-2"' not in removed
    assert 'value="upper"' in added and 'value="upper"' in moved


def test_the_second_editor_is_told_by_name_and_overwrites_nothing(office: Client, technician: Client, mapped: Shop) -> None:
    office.post(table(mapped), form_of(mapped) | {"do": "save"})
    seen = form_of(mapped, name__transform="upper")

    office.post(table(mapped), form_of(mapped, name__transform="lower") | {"do": "save"})
    page = text(technician.post(table(mapped), seen | {"do": "save"}))

    saved = next(row for row in MappingDraft.objects.get().content["fields"] if (row["entity"], row["target"]) == ("product", "name"))
    assert "Jana Nováková saved the draft meanwhile" in page
    assert "Nothing was overwritten." in page
    assert saved["transform"] == "lower"
    assert 'value="upper"' in page


def test_rows_read_before_somebody_changed_what_is_in_force_are_not_put_over_it(office: Client, mapped: Shop) -> None:
    seen = form_of(mapped, name__transform="upper")
    row = FieldMapping.objects.get(shop=mapped, entity="product", target="ean")
    row.transform = "digits"
    row.save()
    record_version(mapped)

    page = text(office.post(table(mapped), seen | {"do": "save"}))

    assert "The mappings in force have changed meanwhile" in page
    assert not MappingDraft.objects.exists()


def test_what_a_draft_does_is_said_before_it_is_activated(office: Client, mapped: Shop) -> None:
    office.post(table(mapped), form_of(mapped, name__transform="upper") | {"do": "save"})

    page = text(office.get(reverse("workbench:effect", args=[mapped.pk])))

    assert "2 of the last 2" in page
    assert "FRITÉZA RM-700" in page
    assert f"{table(mapped)}?sample=" in page


def test_a_wrong_draft_cannot_be_activated(office: Client, mapped: Shop) -> None:
    office.post(table(mapped), form_of(mapped, name__source="name[") | {"do": "save"})
    revision = MappingDraft.objects.get().revision

    page = text(office.get(reverse("workbench:effect", args=[mapped.pk])))
    office.post(reverse("workbench:activate", args=[mapped.pk]), {"revision": revision})

    assert "It cannot be put into force as it is" in page
    assert MappingVersion.objects.filter(shop=mapped).count() == 1


def test_activation_makes_a_version_and_offers_to_send_what_it_affects(office: Client, mapped: Shop) -> None:
    office.post(table(mapped), form_of(mapped, name__transform="upper") | {"do": "save"})
    revision = MappingDraft.objects.get().revision

    offer = office.post(reverse("workbench:activate", args=[mapped.pk]), {"revision": revision, "comment": "Velká písmena"}, follow=True)
    untouched = SyncJob.objects.count()
    office.post(reverse("workbench:apply", args=[mapped.pk, 2]))

    version = MappingVersion.objects.get(shop=mapped, number=2)
    assert (version.comment, str(version.author)) == ("Velká písmena", "jana")
    assert FieldMapping.objects.get(shop=mapped, entity="product", target="name").transform == "upper"
    assert not MappingDraft.objects.exists()
    assert "2 records that passed lately come out otherwise" in text(offer)
    assert untouched == 0
    assert set(SyncJob.objects.values_list("key", flat=True)) == {"guid-RM-600", "guid-RM-700"}


def test_a_draft_that_was_saved_after_the_effect_was_shown_is_not_activated(office: Client, mapped: Shop) -> None:
    draft = open_draft(mapped, None)
    save_draft(mapped, revision=draft.revision, content={**draft.content, "fields": draft.content["fields"][:-1]}, user=make_user("eva"))

    answer = office.post(reverse("workbench:activate", args=[mapped.pk]), {"revision": draft.revision}, follow=True)

    assert "saved the draft meanwhile" in text(answer)
    assert MappingVersion.objects.filter(shop=mapped).count() == 1


def test_discarding_asks_first(office: Client, mapped: Shop) -> None:
    office.post(table(mapped), form_of(mapped, name__transform="upper") | {"do": "save"})
    address = reverse("workbench:discard", args=[mapped.pk])

    question = text(office.get(address))
    there = MappingDraft.objects.exists()
    office.post(address, {"revision": MappingDraft.objects.get().revision})

    assert "These changes would be lost" in question
    assert "upper" in question
    assert there
    assert not MappingDraft.objects.exists()


def test_an_earlier_version_is_put_back_as_a_new_one(office: Client, mapped: Shop) -> None:
    draft = open_draft(mapped, None)
    office.post(table(mapped), form_of(mapped, name__transform="upper") | {"do": "save"})
    office.post(reverse("workbench:activate", args=[mapped.pk]), {"revision": draft.revision + 1})
    address = reverse("workbench:put_back", args=[mapped.pk, 1])

    question = text(office.get(address))
    office.post(address, {"comment": "Zpátky"})

    assert "2 of the last 2" in question
    assert FieldMapping.objects.get(shop=mapped, entity="product", target="name").transform == "strip|truncate:255"
    assert MappingVersion.objects.get(shop=mapped, number=3).comment == "Zpátky"


def test_any_two_versions_are_compared(office: Client, mapped: Shop) -> None:
    office.post(table(mapped), form_of(mapped, name__transform="upper") | {"do": "save"})
    office.post(reverse("workbench:activate", args=[mapped.pk]), {"revision": MappingDraft.objects.get().revision})
    chosen = {"action": "compare_chosen", "_selected_action": list(MappingVersion.objects.values_list("pk", flat=True))}

    page = text(office.post(reverse("admin:mappings_mappingversion_changelist"), chosen, follow=True))

    assert "From version 1 to version 2" in page
    assert "strip|truncate:255" in page
    assert "transform: upper" in page


def test_a_moved_row_is_one_difference_and_not_a_difference_of_each_row(office: Client, mapped: Shop) -> None:
    office.post(table(mapped), form_of(mapped) | {"do": "save"})
    form = form_of(mapped)
    form["row"][0], form["row"][1] = form["row"][1], form["row"][0]

    office.post(table(mapped), form | {"do": "save"})
    page = text(office.get(reverse("workbench:discard", args=[mapped.pk])))

    assert "position: code, name" in page
    assert page.count("<tr>") == 2


def test_those_who_may_only_look_cannot_save_activate_or_discard(visitor: Client, mapped: Shop) -> None:
    user = make_user("divak", group="")
    user.user_permissions.add(Permission.objects.get(codename="view_fieldmapping"))
    client = Client()
    client.force_login(user)
    draft = open_draft(mapped, None)

    page = text(client.get(table(mapped)))
    refused = [
        client.post(table(mapped), form_of(mapped) | {"do": "save"}),
        client.post(reverse("workbench:activate", args=[mapped.pk]), {"revision": draft.revision}),
        client.post(reverse("workbench:discard", args=[mapped.pk]), {"revision": draft.revision}),
        client.post(reverse("workbench:put_back", args=[mapped.pk, 1])),
        visitor.get(table(mapped)),
    ]

    assert 'value="save"' not in page
    assert [answer.status_code for answer in refused] == [403] * 5


def test_a_preview_is_asked_of_a_worker_and_followed_by_its_number(office: Client, mapped: Shop) -> None:
    asked = {"do": "fetch", "by": "code", "value": "RM-600"}

    number = office.post(reverse("workbench:fetch", args=[mapped.pk, "product"]), form_of(mapped) | asked).json()["preview"]
    busy = office.post(reverse("workbench:preview", args=[mapped.pk, "product"]), form_of(mapped) | {"preview": number}).json()
    Preview.objects.filter(pk=number).update(state=Preview.State.READY, samples=[SampleRecord.objects.get(key="RM-600").pk])
    ready = office.post(reverse("workbench:preview", args=[mapped.pk, "product"]), form_of(mapped) | {"preview": number}).json()

    preview = Preview.objects.get()
    assert (preview.by, preview.value, preview.asked_by) == ("code", "RM-600", "jana")
    assert busy["busy"]
    assert not ready["busy"]
    assert "would be created" in ready["panel"]


def test_a_preview_of_another_shop_is_not_shown(office: Client, mapped: Shop) -> None:
    other = Shop.objects.create(name="Jiný", eshop_id="9", external_prefix="jiny", bluejet=mapped.bluejet)
    foreign = Preview.objects.create(shop=other, entity="product", by="last", state=Preview.State.FAILED)

    page = text(office.get(f"{table(mapped)}?preview={foreign.pk}"))

    assert f'name="preview" value="{foreign.pk}"' not in page


def test_records_of_a_flow_that_is_off_are_not_said_to_be_on_their_way(office: Client, mapped: Shop) -> None:
    FlowSetting.objects.filter(shop=mapped).update(mode=FlowSetting.Mode.OFF)
    session = office.session
    session["affected_by_mappings"] = {"version": MappingVersion.objects.get().pk, "keys": {"product": ["RM-600"]}, "beyond": []}
    session.save()

    answer = office.post(reverse("workbench:apply", args=[mapped.pk, 1]), follow=True)

    assert "Nothing was sent: the flows that bring these records are switched off." in text(answer)
    assert not SyncJob.objects.exists()


def test_a_full_pass_is_started_only_where_it_is_ticked(office: Client, mapped: Shop) -> None:
    session = office.session
    session["affected_by_mappings"] = {"version": MappingVersion.objects.get().pk, "keys": {"product": ["RM-600"]}, "beyond": ["product"]}
    session.save()

    page = text(office.get(reverse("workbench:apply", args=[mapped.pk, 1])))
    office.post(reverse("workbench:apply", args=[mapped.pk, 1]))

    assert "and pass over all the others" in page
    assert SyncJob.objects.count() == 1
    assert not SyncRun.objects.exists()


def test_default_rows_that_were_edited_are_offered_the_change_and_taken_into_the_draft(mapped: Shop) -> None:
    offer = {"key": ["product", "to_bluejet", "mj"], "row": said(Row("product", "mj", "unit", "lower"))}
    mapped.followed_pack.offers = [offer, {"key": ["product", "to_bluejet", "zaruka"], "row": None}]
    mapped.followed_pack.save()
    client = Client()
    client.force_login(make_user())
    here = reverse("workbench:offers", args=[mapped.pk])

    page = client.get(here).content.decode()
    client.post(here, {"do": "take", "offer": "product/to_bluejet/mj"})
    client.post(here, {"do": "leave", "offer": "product/to_bluejet/zaruka"})

    assert "product → mj" in page and "product → zaruka" in page
    assert ("has no such row any more" in page, page.count("Take ours away in the draft")) == (True, 1)
    draft = MappingDraft.objects.get(shop=mapped)
    assert [row["transform"] for row in draft.content["fields"] if row["target"] == "mj" and row["entity"] == "product"] == ["lower"]
    assert "nothing to decide" in client.get(here).content.decode()


def test_who_may_only_look_decides_on_no_offered_row(mapped: Shop) -> None:
    client = Client()
    user = make_user(group="")
    user.user_permissions.add(Permission.objects.get(codename="view_fieldmapping"))
    client.force_login(user)

    assert client.post(reverse("workbench:offers", args=[mapped.pk]), {"do": "leave", "offer": "x"}).status_code == 403
