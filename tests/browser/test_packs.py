"""Mappings carried from one shop to another as a file, and a table as a spreadsheet, by clicking."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse
from selenium.webdriver.common.by import By

from mappings.models import MappingVersion, StatusMapping
from mappings.pack_files import export_pack
from mappings.packs import install_default
from shops.models import BlueJetAccount, Shop
from tests.browser.staff import Staff

# The browser keeps connections to the live server open, which Python notices at some later moment.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning")]


def choose_file(staff: Staff, field: str, file: Path) -> None:
    """Choose a file in a form."""
    staff.browser.find_element(By.ID, field).send_keys(str(file))


def test_a_pack_is_moved_from_one_shop_to_another(office: Staff, shop: Shop, tmp_path: Path) -> None:
    install_default(shop)
    StatusMapping.objects.create(shop=shop, shoptet_id="-1", shoptet_name="Nevyřízená", bluejet_value="Probíhající")
    account = BlueJetAccount.objects.create(name="Druhý BlueJet", base_url="http://127.0.0.1:9/api/v1", dialect="data")
    other = Shop.objects.create(name="Gastro Slovensko", eshop_id="333", bluejet=account)
    file = tmp_path / "pack.json"
    file.write_text(export_pack(shop), encoding="utf-8")

    office.open(f"{reverse('admin:mappings_transfer')}?shop={other.pk}")
    choose_file(office, "id_pack_file", file)
    office.press("Ukázat, co změní")
    office.wait_for("Co balíček změní v e-shopu Gastro Slovensko")
    office.take_picture("pack-preview")
    office.fill("comment", "převzato z Gastra")
    office.press("Převzít balíček")
    office.wait_for("Gastro Slovensko")

    assert export_pack(other) == export_pack(shop)
    version = MappingVersion.objects.filter(shop=other).latest("number")
    assert (version.comment, str(version.author)) == ("převzato z Gastra", "jana")
    assert office.complaints() == []


def test_a_pack_with_mistakes_is_refused_with_their_list(office: Staff, shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "pack.json"
    file.write_text('{"format": 1, "dialect": "data", "fields": {"product": [{"target": "name", "sorce": "name"}]}}', encoding="utf-8")

    office.open(reverse("admin:mappings_transfer"))
    choose_file(office, "id_pack_file", file)
    office.press("Ukázat, co změní")
    office.wait_for("fields.product[1]: „sorce“ není známé.")

    office.wait_for("Nic se nezměnilo.")
    assert office.complaints() == []


def test_a_spreadsheet_is_looked_at_row_by_row_and_then_saved(office: Staff, shop: Shop, tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text("shoptet_id;bluejet_value\n1;Nože\n2;\n", encoding="utf-8")
    good.write_text("shoptet_id;bluejet_value\n1;Nože\n2;Hrnce\n", encoding="utf-8")

    office.open(reverse("admin:mappings_transfer"))
    choose_file(office, "id_sheet_file", bad)
    office.press("Ukázat řádky")
    office.wait_for("hodnota v BlueJetu: Pole nemůže být prázdné.")
    office.press("Vybrat jiný soubor")
    choose_file(office, "id_sheet_file", good)
    office.press("Ukázat řádky")
    office.press("Uložit řádky")
    office.wait_for("Gastro")

    assert MappingVersion.objects.latest("number").content["tables"]["category"][1]["bluejet_value"] == "Hrnce"
    assert office.complaints() == []
