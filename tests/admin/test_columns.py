"""BlueJet's columns in the admin: their page, its button, and the marks on the field mappings."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mappings.models import FieldMapping
from shops.models import Shop
from sync.models import BlueJetColumn, ColumnReading


@pytest.fixture
def row(shop: Shop) -> FieldMapping:
    """Return a row to a column that BlueJet, as it was read, does not have."""
    now, account = timezone.now(), shop.bluejet
    BlueJetColumn.objects.create(account=account, kind="product", name="name", type="text", seen_at=now)
    BlueJetColumn.objects.create(account=account, kind="product", name="productid", type="id", read_only=True, seen_at=now)
    ColumnReading.objects.create(account=account, kind="product", rows=200, read_at=now)
    ColumnReading.objects.create(account=account, kind="order_line", error="BlueJet refused it.", read_at=now)
    return FieldMapping.objects.create(shop=shop, entity="product", source="name", target="nazev")


def page_of(client: Client, name: str, *args: int) -> str:
    return client.get(reverse(f"admin:{name}", args=args)).content.decode()


def test_the_page_lists_the_columns_and_the_mappings_that_do_not_fit(office: Client, row: FieldMapping) -> None:
    page = page_of(office, "shops_bluejetaccount_columns", row.shop.bluejet_id)

    assert "1 field mapping does not fit" in page
    assert "BlueJet shows no column “nazev” in products." in page
    assert "<code>productid</code>" in page
    assert "BlueJet refused it." in page


def test_the_button_asks_a_worker(office: Client, row: FieldMapping, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr("sync.admin.accounts.enqueue", lambda *call: asked.append(call))

    page = office.post(reverse("admin:shops_bluejetaccount_read_columns", args=[row.shop.bluejet_id]), follow=True).content.decode()

    assert asked == [("read_columns", row.shop.bluejet_id)]
    assert 'data-refresh="2"' in page


def test_a_row_that_does_not_fit_is_marked_in_the_list(office: Client, row: FieldMapping) -> None:
    listed = page_of(office, "mappings_fieldmapping_changelist")

    assert "BlueJet shows no column “nazev” in products." in listed


def test_the_workbench_offers_the_columns_that_may_be_written(office: Client, row: FieldMapping) -> None:
    page = office.get(reverse("workbench:table", args=[row.shop_id, "product"])).content.decode()

    assert '<option value="name">text</option>' in page
    assert '<option value="productid">' not in page
    assert '<option value="@external_id">' in page


def test_who_may_not_edit_mappings_may_not_ask(visitor: Client, row: FieldMapping) -> None:
    assert visitor.get(reverse("admin:shops_bluejetaccount_columns", args=[row.shop.bluejet_id])).status_code == 403
    assert visitor.post(reverse("admin:shops_bluejetaccount_read_columns", args=[row.shop.bluejet_id])).status_code == 403
