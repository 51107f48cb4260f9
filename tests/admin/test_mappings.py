"""Editing mappings: versions in the editor's name, defaults, and refusals with a sentence."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from mappings.models import FieldMapping, MappingVersion, StatusMapping
from mappings.packs import install_default
from mappings.versions import record_version
from shops.models import Shop


def test_every_saved_row_is_a_version_in_the_editors_name(office: Client, shop: Shop) -> None:
    row = {"shop": shop.pk, "shoptet_id": "-2", "shoptet_name": "Vyřizuje se", "bluejet_value": "Potvrzená", "document": "order"}

    office.post(reverse("admin:mappings_statusmapping_add"), row)

    version = MappingVersion.objects.get()
    assert version.author is not None
    assert (version.author.get_username(), version.number) == ("jana", 1)
    assert "Vyřizuje se → Potvrzená" in version.comment


def test_deleting_rows_is_a_version_too(office: Client, shop: Shop) -> None:
    rows = [StatusMapping.objects.create(shop=shop, shoptet_id=str(number), bluejet_value="A") for number in range(2)]

    chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"}
    office.post(reverse("admin:mappings_statusmapping_changelist"), chosen)

    assert not StatusMapping.objects.exists()
    assert MappingVersion.objects.get().content["tables"]["status"] == []


def test_a_versions_page_shows_what_changed(office: Client, shop: Shop) -> None:
    install_default(shop)
    row = FieldMapping.objects.filter(shop=shop, entity="product", target="name").get()
    record_version(shop)
    row.transform = "strip|truncate:60"
    row.save()
    record_version(shop, get_user_model().objects.get(username="jana"), "shorter names")

    page = office.get(reverse("admin:mappings_mappingversion_change", args=[MappingVersion.objects.latest("number").pk])).content.decode()

    assert "strip|truncate:255" in page
    assert "strip|truncate:60" in page
    assert "Jana Nováková" in page or "jana" in page


def test_a_row_in_the_list_leads_to_the_workbench_and_is_not_changed_past_it(office: Client, shop: Shop) -> None:
    install_default(shop)
    row = FieldMapping.objects.get(shop=shop, entity="product", target="name")
    address = reverse("admin:mappings_fieldmapping_change", args=[row.pk])

    listed = office.get(reverse("admin:mappings_fieldmapping_changelist")).content.decode()
    answers = [office.get(address), office.post(address, {"target": "name", "source": "code"})]
    added = office.post(reverse("admin:mappings_fieldmapping_add"), {"target": "name", "source": "code"})

    row.refresh_from_db()
    assert address in listed
    assert [answer["Location"] for answer in answers] == [f"/admin/sync/workbench/{shop.pk}/product/?direction=to_bluejet"] * 2
    assert (added.status_code, row.source) == (403, "name || code")


def test_the_default_rows_come_at_the_press_of_a_button(office: Client, shop: Shop) -> None:
    answer = office.post(reverse("admin:mappings_fieldmapping_install"), follow=True).content.decode()

    assert FieldMapping.objects.filter(shop=shop, entity="order").exists()
    assert "default rows were added" in answer


def test_the_one_shop_that_there_is_need_not_be_chosen(office: Client, shop: Shop) -> None:
    page = office.get(reverse("admin:mappings_statusmapping_add")).content.decode()

    assert f'<option value="{shop.pk}" selected>' in page
