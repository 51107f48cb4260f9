"""Mappings in and out of the admin: downloads, previews, confirmations, refusals."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mappings.models import FieldMapping, MappingVersion, StatusMapping
from mappings.pack_files import export_pack
from mappings.packs import install_default
from shops.models import BlueJetAccount, Shop

PACK = {"format": 1, "dialect": "data", "tables": {"status": [{"shoptet_id": "-1", "bluejet_value": "Potvrzená", "document": "order"}]}}


def upload(content: str | bytes, name: str = "pack.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def put_in(client: Client, shop: Shop, **form: Any) -> str:
    return client.post(reverse("admin:mappings_pack_import", args=[shop.pk]), form, follow=True).content.decode()


def put_table_in(client: Client, shop: Shop, **form: Any) -> str:
    return client.post(reverse("admin:mappings_table_import", args=[shop.pk]), form, follow=True).content.decode()


@pytest.fixture
def status(shop: Shop) -> StatusMapping:
    """Return a status that the shop maps."""
    return StatusMapping.objects.create(shop=shop, shoptet_id="-1", shoptet_name="Nevyřízená", bluejet_value="Probíhající")


def test_the_page_offers_the_pack_and_every_table(office: Client, status: StatusMapping) -> None:
    page = office.get(reverse("admin:mappings_transfer")).content.decode()

    assert reverse("admin:mappings_pack_export", args=[status.shop_id]) in page
    assert reverse("admin:mappings_table_export", args=[status.shop_id, "status", "xlsx"]) in page
    assert "Put a pack in" in page


def test_a_pack_is_downloaded_as_a_file(office: Client, status: StatusMapping) -> None:
    answer = office.get(reverse("admin:mappings_pack_export", args=[status.shop_id]))

    assert answer["Content-Disposition"].startswith('attachment; filename="mapping-gastro-')
    assert answer.content.decode() == export_pack(status.shop)


def test_a_pack_is_shown_before_it_is_put_in(office: Client, status: StatusMapping) -> None:
    page = put_in(office, status.shop, file=upload(json.dumps(PACK)))

    assert "Probíhající" in page
    assert "Potvrzená" in page
    assert "Put the pack in" in page
    assert StatusMapping.objects.get().bluejet_value == "Probíhající"


def test_a_confirmed_pack_is_a_version_in_the_persons_name(office: Client, status: StatusMapping) -> None:
    put_in(office, status.shop, file=upload(json.dumps(PACK)))
    base = MappingVersion.objects.latest("number").number

    page = put_in(office, status.shop, pack=json.dumps(PACK), base=base, confirmed="yes", comment="z druhého e-shopu")

    version = MappingVersion.objects.latest("number")
    assert (str(version.author), version.comment) == ("jana", "z druhého e-shopu")
    assert f"now has the mappings of version {version.number}" in page
    assert StatusMapping.objects.get().document == "order"


def test_a_change_in_between_is_shown_instead_of_overwritten(office: Client, status: StatusMapping) -> None:
    put_in(office, status.shop, file=upload(json.dumps(PACK)))
    base = MappingVersion.objects.latest("number").number
    StatusMapping.objects.create(shop=status.shop, shoptet_id="-9", bluejet_value="Nová")

    page = put_in(office, status.shop, pack=json.dumps(PACK), base=base, confirmed="yes")

    assert "Somebody has changed the mappings meanwhile." in page
    assert StatusMapping.objects.count() == 2


def test_a_wrong_pack_is_refused_with_the_list_of_what_is_wrong(office: Client, status: StatusMapping) -> None:
    wrong = PACK | {"colour": 1, "tables": {"status": [{"shoptet_id": "-1"}], "taste": []}}

    page = put_in(office, status.shop, file=upload(json.dumps(wrong)), confirmed="yes")

    assert "“colour” is not known in a pack." in page
    assert "“bluejet_value” is missing." in page
    assert "“taste” is not known among the tables" in page
    assert "Nothing was changed." in page


@pytest.mark.parametrize("content", [b"\xff\xfe", b"PK\x03\x04", b"", b"null"])
def test_a_file_that_is_no_pack_at_all_is_refused_with_a_sentence(office: Client, shop: Shop, content: bytes) -> None:
    page = put_in(office, shop, file=upload(content))

    assert "The pack was refused" in page


def test_a_pack_moves_from_one_shop_to_another_in_the_browser(office: Client, status: StatusMapping) -> None:
    install_default(status.shop)
    account = BlueJetAccount.objects.create(name="Druhý", base_url="http://127.0.0.1:9/api/v1", dialect="data")
    other = Shop.objects.create(name="Druhý e-shop", eshop_id="7", bluejet=account)
    pack = office.get(reverse("admin:mappings_pack_export", args=[status.shop_id])).content.decode()

    put_in(office, other, pack=pack, confirmed="yes")

    assert FieldMapping.objects.filter(shop=other).count() == FieldMapping.objects.filter(shop=status.shop).count()
    assert export_pack(other) == pack


def test_a_spreadsheet_is_shown_row_by_row_before_anything_is_saved(office: Client, status: StatusMapping) -> None:
    text = "shoptet_id;bluejet_value;document\n-1;Probíhající;offer\n-2;Odeslaná;faktura\n-3;;order\n"

    page = put_table_in(office, status.shop, table="status", file=upload(text, "statuses.csv"))

    assert "2 bad rows" in page
    assert "“faktura” is not one of" in page
    assert "This field cannot be blank." in page
    assert "Save the rows" not in page
    assert StatusMapping.objects.count() == 1


def test_a_confirmed_spreadsheet_is_saved_as_one_version(office: Client, status: StatusMapping) -> None:
    rows = "shoptet_id,bluejet_value,document\n-1,Odeslaná,offer\n-2,Potvrzená,order\n"

    page = put_table_in(office, status.shop, table="status", rows=rows, confirmed="yes")

    assert "now has the mappings of version 1" in page
    assert dict(StatusMapping.objects.values_list("shoptet_id", "bluejet_value")) == {"-1": "Odeslaná", "-2": "Potvrzená"}


def test_a_table_is_downloaded_as_a_spreadsheet(office: Client, status: StatusMapping) -> None:
    xlsx, csv = (office.get(reverse("admin:mappings_table_export", args=[status.shop_id, "status", form])) for form in ("xlsx", "csv"))

    assert xlsx.content[:2] == b"PK"
    assert "Nevyřízená" in csv.content.decode("utf-8-sig")


def test_who_may_only_look_takes_out_and_puts_nothing_in(visitor: Client, shop: Shop) -> None:
    assert visitor.get(reverse("admin:mappings_transfer")).status_code == 403
    assert visitor.get(reverse("admin:mappings_pack_export", args=[shop.pk])).status_code == 403
    assert visitor.post(reverse("admin:mappings_pack_import", args=[shop.pk]), {"pack": json.dumps(PACK)}).status_code == 403
    assert visitor.post(reverse("admin:mappings_table_import", args=[shop.pk]), {"table": "status"}).status_code == 403


def test_an_unknown_table_or_form_has_no_page(office: Client, shop: Shop) -> None:
    assert office.get(reverse("admin:mappings_table_export", args=[shop.pk, "colour", "csv"])).status_code == 404
    assert office.get(reverse("admin:mappings_table_export", args=[shop.pk, "status", "exe"])).status_code == 404
    assert "Choose the table" in put_table_in(office, shop, table="colour")
