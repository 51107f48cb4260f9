"""The default packs: each row is sound, and BlueJet has the columns that they fill."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from clients.bluejet.evidences import DEFAULTS
from mappings.checks import check_row
from mappings.engine import map_record
from mappings.models import Entity, FieldMapping, MappingVersion
from mappings.packs import install_default, known_targets, pack_rows
from mappings.roles import resolve
from mappings.tables import Target
from sandbox.bluejet.evidences import KINDS
from shops.models import Shop
from tests.mappings.snapshots import pack_snapshot

KINDS_OF = {
    "product": ("product",),
    "stock": ("stock_card",),
    "contact": ("contact",),
    "company": ("company",),
    "address": ("address",),
    "order": ("offer", "order"),
    "order_line": ("offer_line", "order_line"),
}
ROLES = ("external_id", "natural", "code", "total", "state")
DATA_KINDS = [(entity, kind) for entity, kinds in KINDS_OF.items() for kind in kinds]

CUSTOMER: dict[str, Any] = {
    "id": "c-1",
    "firstName": "Jana",
    "lastName": "Nováková",
    "fullName": "Jana Nováková",
    "email": "Jana@Example.com",
    "phone": "+420 601 234 567",
    "company": "Bistro s.r.o.",
    "companyId": "123 45 678",
    "vatId": "CZ12345678",
    "billingAddress": {"company": "Bistro s.r.o.", "street": "Dlouhá 1", "city": "Brno", "zip": "602 00", "country": "CZ", "region": None},
    "deliveryAddresses": [{"id": "7", "street": "Krátká 2", "city": "Praha", "zip": "110 00", "country": "CZ", "company": ""}],
    "accounts": [{"email": "jana@example.com", "main": True}, {"email": "sklad@example.com", "main": False}],
    "group": {"id": "3", "name": "Velkoobchod"},
    "priceListId": "1",
    "remark": "platí včas",
}
ORDER: dict[str, Any] = {
    "id": "2026000123",
    "number": "2026000123",
    "createdAt": "2026-10-24T22:30:00+00:00",
    "status": "-1",
    "statusName": "Nevyřízená",
    "customer": {"firstName": "Jana", "lastName": "Nováková", "email": "jana@example.com"},
    "total": Decimal("40.17"),
    "totalWithoutVat": Decimal("33.20"),
    "vat": Decimal("6.97"),
    "toPay": Decimal("40.20"),
    "rounding": Decimal("0.03"),
    "currency": "EUR",
    "exchangeRate": Decimal("25.12300000"),
    "totalCzk": Decimal("1009.19"),
    "paid": False,
    "payment": {"id": "6", "name": "Převodem"},
    "shipping": {"id": "9", "name": "PPL", "branchId": None, "branchName": "Box 12"},
    "customerRemark": "zvonit",
    "eshopRemark": "stálý zákazník",
    "trackingNumber": "CZ77",
    "additionalFields": [{"index": 1, "label": "Patro", "text": "3"}, {"index": 2, "label": "Rampa", "text": ""}],
}
LINE: dict[str, Any] = {
    "id": "501",
    "productId": "guid-1",
    "code": "PAN-28",
    "type": "product",
    "name": "Pánev Barva: černá",
    "quantity": Decimal("3.000"),
    "unit": "ks",
    "unitPrice": Decimal("13.39"),
    "unitPriceWithoutVat": Decimal("11.0667"),
    "vatRate": Decimal("21.00"),
    "total": Decimal("40.17"),
    "totalWithoutVat": Decimal("33.20"),
    "vat": Decimal("6.97"),
    "surcharges": ["gravírování"],
    "remark": "",
    "order": ORDER,
}
STATUSES = {"-1": Target("Probíhající", "", {"document": "offer", "cancels": False})}


@pytest.mark.parametrize("dialect", ["rest", "data"])
def test_every_row_of_a_pack_passes_the_checks_of_the_form(dialect: str) -> None:
    rows = pack_rows(dialect)

    assert [check_row(row) for row in rows] == [{}] * len(rows)
    assert len({(row.entity, row.target) for row in rows}) == len(rows)


def test_the_packs_cover_the_entities_that_their_dialect_knows() -> None:
    assert {row.entity for row in pack_rows("data")} == set(Entity.values)
    assert {row.entity for row in pack_rows("rest")} == set(Entity.values) - {"company", "address"}


@pytest.mark.parametrize(("entity", "kind"), DATA_KINDS)
def test_the_data_pack_fills_only_columns_that_bluejet_has_and_lets_write(entity: str, kind: str) -> None:
    evidence = DEFAULTS["data"][kind]
    roles = {f"@{role}": getattr(evidence, role) for role in ROLES}
    columns = {column.name for column in KINDS[kind].columns if not column.virtual}

    targets = resolve(dict.fromkeys(known_targets("data", entity)), roles)

    assert set(targets) <= columns


@pytest.mark.parametrize(("entity", "kind"), DATA_KINDS)
def test_the_data_pack_fills_what_identifies_a_record_and_its_total_and_state(entity: str, kind: str) -> None:
    evidence = DEFAULTS["data"][kind]
    roles = {f"@{role}": getattr(evidence, role) for role in ROLES}
    wanted = {evidence.external_id, evidence.natural, evidence.total, evidence.state} - {""}

    assert wanted <= set(resolve(dict.fromkeys(known_targets("data", entity)), roles))


def test_an_order_reaches_the_data_dialect_with_everything_that_it_carries() -> None:
    snapshot = pack_snapshot("data", {"status": STATUSES, "payment": {"6": Target("Převodem")}, "shipping": {"9": Target("PPL")}})

    draft = map_record(
        snapshot, "order", ORDER, refs={"contactId": "k-1", "companyId": "f-1", "deliveryAddressId": "a-2", "addressId": "a-1"}
    )

    assert draft.problems == []
    assert draft.fields == {
        "@external_id": "shoptet:2026000123",
        "externicislosupl": "2026000123",
        "nazev": "E-shop 2026000123",
        "@state": "Probíhající",
        "datumvystaveni": "2026-10-25",
        "customerid": "f-1",
        "contactid": "k-1",
        "prijemfakturyadd": "a-1",
        "prijemcezboziadsupl": "a-2",
        "@total": Decimal("40.20"),
        "cenaprodej": Decimal("33.23"),
        "celkemdph": Decimal("6.97"),
        "zaokrouhleni": Decimal("0.03"),
        "mena": "EUR",
        "kurz": Decimal("25.123"),
        "cenaczk": Decimal("1009.19"),
        "formauhrady": "Převodem",
        "stavuhrady": "Neuhrazeno",
        "zpusobdopravy": "PPL",
        "cislozasilky": "CZ77",
        "vydejnisupl": "Box 12",
        "staveshopsupl": "Nevyřízená",
        "poznamka": "zvonit",
        "internipoznamka": "stálý zákazník\nPlatba: Převodem\nDoprava: PPL",
        "pole1supl": "Patro: 3",
    }


def test_a_line_reaches_the_data_dialect_with_its_money_and_its_product() -> None:
    draft = map_record(pack_snapshot("data"), "order_line", LINE, refs={"productIds": {"PAN-28": "p-1"}})

    assert draft.problems == []
    assert draft.fields == {
        "productid": "p-1",
        "kodzbozi": "PAN-28",
        "nazev": "Pánev Barva: černá",
        "mnozstvi": Decimal(3),
        "mj": "ks",
        "jcenaprodej": Decimal("11.0667"),
        "jcenadphprodej": Decimal("13.39"),
        "sazbadph": Decimal(21),
        "cenaprodej": Decimal("33.20"),
        "dph": Decimal("6.97"),
        "@total": Decimal("40.17"),
        "typsupl": "zboží",
        "poznamka": "gravírování",
        "@external_id": "shoptet:2026000123/501",
    }


def test_a_customer_reaches_the_data_dialect_as_contact_company_and_address() -> None:
    snapshot = pack_snapshot("data", {"price_list": {"1": Target("cenik-guid")}})
    delivery = {**CUSTOMER, **CUSTOMER["deliveryAddresses"][0], "id": "c-1:7", "kind": "delivery"}

    contact = map_record(snapshot, "contact", CUSTOMER, refs={"companyId": "f-1"})
    company = map_record(snapshot, "company", CUSTOMER)
    address = map_record(snapshot, "address", delivery, refs={"companyId": "f-1", "contactId": "k-1"})

    assert contact.problems == company.problems == address.problems == []
    assert contact.fields["lastname"] == "Nováková"
    assert contact.fields["customerid"] == "f-1"
    assert contact.fields["emailaddress1"] == "jana@example.com"
    assert contact.fields["emailaddress2"] == "sklad@example.com"
    assert contact.fields["skupinasupl"] == "Velkoobchod"
    assert contact.fields["cenikid"] == "cenik-guid"
    assert contact.fields["@external_id"] == "shoptet:c-1"
    assert {name: value for name, value in company.fields.items() if name not in company.create_only} == {
        "name": "Bistro s.r.o.",
        "ico": "12345678",
        "dic": "CZ12345678",
        "street1": "Dlouhá 1",
        "town": "Brno",
        "zipcode": "602 00",
        "country": "Česká republika",
        "@external_id": "shoptet:ico:12345678",
    }
    assert "contactperson1" in company.create_only
    assert address.fields["typsupl"] == "dodací"
    assert address.fields["customerid"] == "f-1"
    assert address.fields["@external_id"] == "shoptet:c-1:7"


def test_two_customers_of_one_company_share_its_external_id() -> None:
    snapshot = pack_snapshot("data")

    one = map_record(snapshot, "company", CUSTOMER)
    other = map_record(snapshot, "company", {**CUSTOMER, "id": "c-2", "companyId": "12345678"})

    assert one.fields["@external_id"] == other.fields["@external_id"]


def test_a_company_without_a_person_still_has_a_contact_with_a_name() -> None:
    draft = map_record(pack_snapshot("data"), "contact", {"id": "c", "company": "Bistro s.r.o.", "firstName": "", "lastName": ""})

    assert draft.problems == []
    assert draft.fields["lastname"] == "Bistro s.r.o."


def test_a_stock_needs_its_warehouse_and_carries_what_is_reserved() -> None:
    record = {
        "id": "2:PAN",
        "stockId": "2",
        "stockName": "Hlavní",
        "onHand": Decimal("12"),
        "reserved": Decimal("2"),
        "available": Decimal("10"),
    }

    mapped = map_record(pack_snapshot("data", {"warehouse": {"2": Target("w-guid")}}), "stock", record, refs={"productId": "p-1"})
    unmapped = map_record(pack_snapshot("data"), "stock", record, refs={"productId": "p-1"})

    assert mapped.fields == {
        "productid": "p-1",
        "skladid": "w-guid",
        "mnozstvi": Decimal(12),
        "mnozstvirezervovane": Decimal(2),
        "@external_id": "shoptet:2:PAN",
    }
    assert [problem.code for problem in unmapped.problems] == ["unmapped_warehouse"]


def test_a_product_reaches_the_data_dialect_with_vat_parameters_and_images() -> None:
    record = {
        "id": "PAN-28",
        "code": "PAN-28",
        "name": "Pánev",
        "description": "<p>Nerez</p>",
        "priceWithVat": Decimal("121.00"),
        "priceWithoutVat": Decimal("100.00"),
        "vatRate": Decimal("21.00"),
        "currency": "CZK",
        "imageUrl": "https://cdn.example.com/1.jpg",
        "images": ["https://cdn.example.com/1.jpg", "https://cdn.example.com/2.jpg"],
        "variantParameters": [{"name": "Průměr", "value": "28 cm"}],
        "descriptiveParameters": [{"name": "Materiál", "value": "nerez"}],
        "visible": False,
    }

    draft = map_record(pack_snapshot("data"), "product", record)

    assert draft.problems == []
    assert draft.fields == {
        "code": "PAN-28",
        "name": "Pánev",
        "popis": "Nerez",
        "cenaprodej": Decimal(100),
        "cenadphprodej": Decimal(121),
        "sazbadph": Decimal(21),
        "mena": "CZK",
        "obrazek": "https://cdn.example.com/1.jpg",
        "obrazky": "https://cdn.example.com/1.jpg\nhttps://cdn.example.com/2.jpg",
        "parametry": "Průměr: 28 cm\nMateriál: nerez",
        "zobrazit": False,
        "@external_id": "shoptet:PAN-28",
    }


@pytest.mark.parametrize("dialect", ["rest", "data"])
def test_every_row_of_a_pack_fits_its_columns(shop: Shop, dialect: str) -> None:
    for row in pack_rows(dialect):
        FieldMapping(shop=shop, **vars(row)).clean_fields()


def test_installing_twice_changes_nothing(shop: Shop) -> None:
    first = install_default(shop)
    again = install_default(shop)

    assert FieldMapping.objects.filter(shop=shop).count() == len(pack_rows("data"))
    assert first == again
    assert MappingVersion.objects.filter(shop=shop).count() == 1


def test_installing_leaves_an_entity_alone_that_staff_have_worked_on(shop: Shop) -> None:
    FieldMapping.objects.create(shop=shop, entity="product", source="code", target="code")

    install_default(shop)

    assert FieldMapping.objects.filter(shop=shop, entity="product").count() == 1
    assert FieldMapping.objects.filter(shop=shop, entity="order").exists()


def test_a_shop_gets_the_pack_of_its_dialect(shop: Shop) -> None:
    shop.bluejet.dialect = "rest"

    install_default(shop)

    assert FieldMapping.objects.filter(shop=shop, target="totalAmount").exists()
