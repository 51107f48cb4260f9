"""Editing mappings: versions in the editor's name, defaults, and refusals with a sentence."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from mappings.models import FieldMapping, MappingVersion, StatusMapping
from mappings.packs import install_default
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
    address = reverse("admin:mappings_fieldmapping_change", args=[row.pk])
    form = {field: getattr(row, field) for field in ("entity", "direction", "target", "source", "default", "when", "position")}

    office.post(address, {**form, "shop": shop.pk, "transform": "strip|truncate:60", "required": "on", "active": "on"})
    page = office.get(reverse("admin:mappings_mappingversion_change", args=[MappingVersion.objects.latest("number").pk])).content.decode()

    assert "strip|truncate:255" in page
    assert "strip|truncate:60" in page
    assert "Jana Nováková" in page or "jana" in page


def test_a_row_that_the_engine_could_not_run_is_refused_with_a_sentence(office: Client, shop: Shop) -> None:
    row = {
        "shop": shop.pk,
        "entity": "product",
        "direction": "to_bluejet",
        "target": "name",
        "source": "name[",
        "when": "always",
        "position": 1,
    }

    page = office.post(reverse("admin:mappings_fieldmapping_add"), {**row, "transform": "shout"}).content.decode()

    assert "The expression ends too early" in page
    assert "There is no transform “shout”." in page
    assert not FieldMapping.objects.exists()


def test_the_default_rows_come_at_the_press_of_a_button(office: Client, shop: Shop) -> None:
    answer = office.post(reverse("admin:mappings_fieldmapping_install"), follow=True).content.decode()

    assert FieldMapping.objects.filter(shop=shop, entity="order").exists()
    assert "default rows were added" in answer


def test_the_one_shop_that_there_is_need_not_be_chosen(office: Client, shop: Shop) -> None:
    page = office.get(reverse("admin:mappings_statusmapping_add")).content.decode()

    assert f'<option value="{shop.pk}" selected>' in page
