"""What the client makes of Shoptet's answers: recorded JSON in, records out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from clients.shoptet.house_numbers import join_house_number
from clients.shoptet.normalise_customer import normalise_customer
from clients.shoptet.normalise_order import normalise_order
from clients.shoptet.normalise_product import normalise_product
from clients.shoptet.normalise_settings import normalise_eshop, with_paths
from clients.shoptet.normalise_stock import normalise_movement, normalise_supply
from clients.shoptet.records import CustomerRecord, OrderItem, OrderRecord, ProductRecord, StockRecord
from clients.shoptet.wire import WireError
from tests.clients.fake_partner import recorded_data

MOVED = "2026-03-02T09:02:27+01:00"
SPEC = Path(__file__).resolve().parent.parent / "recorded" / "spec"


def product() -> dict[str, Any]:
    return recorded_data("product__two_variants")


def order(name: str = "order__eur_with_set_coupon_and_gift") -> dict[str, Any]:
    return recorded_data(name)["order"]


def subset(record: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: record[name] for name in names}


def test_a_product_becomes_one_record_per_variant() -> None:
    first, second = normalise_product(product())

    assert subset(first, "id", "code", "name", "productName", "variantName") == {
        "id": "PAN-28",
        "code": "PAN-28",
        "name": "Pánev nerezová, Průměr: 28 cm",
        "productName": "Pánev nerezová",
        "variantName": "Průměr: 28 cm",
    }
    assert second["code"] == "PAN-32/Č"
    assert first["siblings"] == second["siblings"] == ["PAN-28", "PAN-32/Č"]


def test_a_variants_prices_are_given_with_and_without_vat() -> None:
    first, second = normalise_product(product())

    assert subset(first, "price", "priceWithVat", "priceWithoutVat", "vatRate", "includingVat", "currency") == {
        "price": Decimal("1089.00"),
        "priceWithVat": Decimal("1089.00"),
        "priceWithoutVat": Decimal("900.00"),
        "vatRate": Decimal("21.00"),
        "includingVat": True,
        "currency": "CZK",
    }
    assert second["priceWithoutVat"] == Decimal("1065.37")
    assert subset(first, "purchasePrice", "purchasePriceWithoutVat") == {
        "purchasePrice": Decimal("612.00"),
        "purchasePriceWithoutVat": Decimal("612.00"),
    }
    assert first["actionPrice"] == {
        "price": Decimal("989.00"),
        "priceWithVat": Decimal("989.00"),
        "priceWithoutVat": Decimal("817.36"),
        "fromDate": "2026-03-01",
        "toDate": None,
    }


BOUGHT = Decimal("121.00")


@pytest.mark.parametrize(
    ("bought", "net"),
    [
        ({"price": "121.00", "vatRate": "21.00", "includingVat": True}, Decimal("100.00")),
        ({"price": "121.00", "vatRate": "12.00", "includingVat": True}, Decimal("108.04")),
        ({"price": "121.00", "vatRate": "21.00", "includingVat": False}, BOUGHT),
        ({"price": "121.00", "vatRate": "0.00", "includingVat": True}, BOUGHT),
        ({"price": "121.00", "includingVat": True}, Decimal("100.00")),
        ({"price": "121.00", "vatRate": "21.00"}, Decimal("100.00")),
        ({"price": "0.00", "vatRate": "21.00", "includingVat": True}, Decimal("0.00")),
        ({"price": None, "vatRate": "21.00", "includingVat": True}, None),
        ({"price": "121.00", "vatRate": "2100.00", "includingVat": True}, None),
        (None, None),
    ],
)
def test_a_purchase_price_is_told_without_vat_whatever_it_was_entered_with(bought: Any, net: Decimal | None) -> None:
    data = product()
    data["variants"][0] |= {"includingVat": True, "vatRate": "21.00", "prices": {"purchasePrice": bought}, "perPricelistPrices": []}

    assert normalise_product(data)[0]["purchasePriceWithoutVat"] == net


def test_a_price_list_that_still_holds_the_purchase_price_is_asked_where_the_variant_has_none() -> None:
    data = product()
    data["variants"][0] |= {"prices": None, "includingVat": True, "vatRate": "21.00", "currencyCode": "CZK"}
    row = data["variants"][0]["perPricelistPrices"][0]
    other = {**row, "currencyCode": "EUR", "price": {"buyPrice": "5.00"}, "prices": None}
    own = {**row, "currencyCode": "CZK", "includingVat": True, "vatRate": "21.00", "price": {"buyPrice": "121.00"}, "prices": None}
    data["variants"][0]["perPricelistPrices"] = [other, own]

    assert normalise_product(data)[0]["purchasePriceWithoutVat"] == Decimal("100.00")


@pytest.mark.parametrize(
    ("bought", "net"),
    [
        ({"withVat": "121.00", "withoutVat": "100.00", "vat": "21.00", "vatRate": "21.00"}, Decimal("100.00")),
        ({"withVat": "121.00", "withoutVat": None, "vat": None, "vatRate": "21.00"}, Decimal("100.00")),
        ({"withVat": None, "withoutVat": None, "vat": None, "vatRate": "21.00"}, None),
        (None, None),
    ],
)
def test_a_lines_purchase_price_is_told_without_vat(bought: Any, net: Decimal | None) -> None:
    data = order()
    data["items"][0]["purchasePrice"] = bought

    assert normalise_order(data)["items"][0]["purchasePrice"] == net


@pytest.mark.parametrize(
    ("codes", "carrier"),
    [
        ({"shippingMethodCode": "ppl-parcelshop"}, "ppl-parcelshop"),
        ({"shippingCompanyCode": "zasilkovna"}, "zasilkovna"),
        ({"shippingMethodCode": "ppl-parcelshop", "shippingCompanyCode": "ppl"}, "ppl-parcelshop"),
        ({"shippingMethodCode": None, "shippingCompanyCode": None}, ""),
    ],
)
def test_a_carrier_is_known_by_the_code_of_its_method_or_of_its_company(codes: dict[str, Any], carrier: str) -> None:
    data = order()
    data["shippingDetails"] = {"branchId": 4, "carrierId": 3060, "name": "Bratislava", **codes}

    shipping = normalise_order(data)["shipping"]

    assert (shipping["carrier"], shipping["branchId"], shipping["carrierId"]) == (carrier, "4", "3060")


def test_a_recycling_fee_is_told_with_its_unit() -> None:
    data, items = product(), order()
    data["variants"][0]["recyclingFee"] = {"id": 1, "category": "Sporáky", "fee": "7.50", "unit": "kg", "currency": "CZK"}
    items["items"][0]["recyclingFee"] = {"category": "Sporáky", "fee": "7.50", "unit": "pcs"}

    fees = normalise_product(data)[0]["recyclingFee"], normalise_order(items)["items"][0]["recyclingFee"]

    assert [subset(fee, "fee", "category", "unit") for fee in fees] == [
        {"fee": Decimal("7.50"), "category": "Sporáky", "unit": "kg"},
        {"fee": Decimal("7.50"), "category": "Sporáky", "unit": "pcs"},
    ]


def test_a_price_that_excludes_vat_gets_it_on_top() -> None:
    (record,) = normalise_product(recorded_data("product__set_without_stock"))

    assert subset(record, "priceWithVat", "priceWithoutVat", "includingVat") == {
        "priceWithVat": Decimal("504.00"),
        "priceWithoutVat": Decimal("450.00"),
        "includingVat": False,
    }


def test_what_each_stock_and_price_list_holds_goes_along() -> None:
    first, _ = normalise_product(product())

    assert first["stocks"] == [
        {"stockId": "1", "amount": Decimal("10.000"), "claim": Decimal("2.000"), "location": "A1", "changedAt": MOVED},
        {"stockId": "2", "amount": Decimal("2.000"), "claim": Decimal(0), "location": "", "changedAt": MOVED},
    ]
    assert first["priceLists"] == [
        {
            "id": "2",
            "price": Decimal("700.00"),
            "currency": "CZK",
            "includingVat": False,
            "vatRate": Decimal("21.00"),
            "purchasePrice": Decimal("612.00"),
        }
    ]


def test_images_start_with_the_main_one_and_are_whole_addresses() -> None:
    first, second = normalise_product(product())
    base = "https://www.gastro-vybaveni.cz/user/shop/big"

    assert first["images"] == [f"{base}/p%C3%A1nev%201.jpg", f"{base}/p%C3%A1nev%202.jpg"]
    assert first["imageUrl"] == f"{base}/28.jpg"
    assert second["imageUrl"] == first["images"][0]


def test_images_may_come_from_another_address() -> None:
    first, _ = normalise_product(product(), image_base="https://cdn.example/big/")

    assert first["imageUrl"] == "https://cdn.example/big/28.jpg"


def test_a_products_categories_parameters_and_times() -> None:
    first, _ = normalise_product(product())

    assert subset(first, "categoryName", "brand", "supplier", "warranty", "visible", "createdAt", "changedAt", "ean") == {
        "categoryName": "Pánve",
        "brand": "KitchenPro",
        "supplier": "Gastro Import s.r.o.",
        "warranty": "2 roky",
        "visible": True,
        "createdAt": "2018-05-29T09:02:27+02:00",
        "changedAt": "2026-03-02T09:05:00+01:00",
        "ean": "8590001000283",
    }
    assert [row["name"] for row in first["categories"]] == ["Pánve", "Novinky"]
    assert first["variantParameters"] == [{"name": "Průměr", "value": "28 cm"}]
    assert first["descriptiveParameters"] == [{"name": "Materiál", "value": "nerez"}, {"name": "Dno", "value": ""}]


def test_a_product_set_without_stock_and_sections_is_still_a_record() -> None:
    (record,) = normalise_product(recorded_data("product__set_without_stock"))

    assert record["setItems"] == [
        {"code": "PAN-28", "guid": "1b02cb8e-d7b5-11e0-9a5c-feab5ed617ed", "amount": Decimal("1.000")},
        {"code": "PAN-32/Č", "guid": "1b02cb8e-d7b5-11e0-9a5c-feab5ed617ed", "amount": Decimal("2.000")},
    ]
    assert subset(record, "name", "quantity", "stocks", "imageUrl", "brand", "categoryId", "visible", "changedAt", "ean") == {
        "name": "Sada pro kuchaře",
        "quantity": None,
        "stocks": [],
        "imageUrl": "",
        "brand": "",
        "categoryId": "",
        "visible": False,
        "changedAt": None,
        "ean": "",
    }


def test_a_price_that_is_not_set_is_none_and_not_zero() -> None:
    data = product()
    data["variants"][0]["price"] = None

    first, _ = normalise_product(data)

    assert subset(first, "price", "priceWithVat", "priceWithoutVat") == {"price": None, "priceWithVat": None, "priceWithoutVat": None}


def test_a_supply_says_what_shoptet_says_and_concludes_nothing_from_it() -> None:
    first, below_zero, uncounted = (normalise_supply(row, stock_id="1") for row in recorded_data("supplies")["supplies"])

    assert subset(first, "id", "amount", "claim") == {"id": "1:PAN-28", "amount": Decimal("10.000"), "claim": Decimal("2.000")}
    assert below_zero["changedAt"] is None
    assert uncounted["amount"] is None
    assert not {"onHand", "reserved", "available"} & first.keys()


def test_a_movement_says_what_was_left() -> None:
    first, second = (normalise_movement(row) for row in recorded_data("movements")["movements"])

    assert subset(first, "id", "code", "amount", "change", "order_code") == {
        "id": 126222,
        "code": "PAN-28",
        "amount": Decimal("10.000"),
        "change": Decimal("-2.000"),
        "order_code": "",
    }
    assert subset(second, "changed_at", "order_code") == {"changed_at": None, "order_code": "2026000057"}


def test_a_customer_is_who_the_main_account_says() -> None:
    record = normalise_customer(recorded_data("customer__company")["customer"])

    assert subset(record, "firstName", "lastName", "fullName", "email", "phone") == {
        "firstName": "Marie Nová",
        "lastName": "Dvořáková",
        "fullName": "Ing. Marie Nová Dvořáková, Ph.D.",
        "email": "marie@ulipy.cz",
        "phone": "+420777888999",
    }
    assert subset(record, "company", "companyId", "vatId", "taxId", "isCompany", "priceListId", "group") == {
        "company": "Restaurace U Lípy s.r.o.",
        "companyId": "27082440",
        "vatId": "CZ27082440",
        "taxId": "",
        "isCompany": True,
        "priceListId": "2",
        "group": {"id": "4", "name": "Velkoobchod"},
    }


def test_a_customers_addresses_are_written_in_one_line_each() -> None:
    record = normalise_customer(recorded_data("customer__company")["customer"])

    assert record["billingAddress"] == {
        "company": "Restaurace U Lípy s.r.o.",
        "fullName": "Ing. Marie Nová Dvořáková, Ph.D.",
        "street": "Francouzská 123/4",
        "houseNumber": "123/4",
        "city": "Praha 2",
        "district": "Praha",
        "additional": "4. patro",
        "zip": "120 00",
        "country": "CZ",
        "region": "Hlavní město Praha",
    }
    assert subset(record["deliveryAddresses"][0], "street", "isDefault") == {"street": "Skladová 5", "isDefault": True}


def test_a_customer_without_account_group_and_company_is_still_a_record() -> None:
    record = normalise_customer(recorded_data("customer__bare")["customer"])

    assert subset(record, "firstName", "lastName", "email", "isCompany", "group", "deliveryAddresses", "birthDate", "disabledOrders") == {
        "firstName": "",
        "lastName": "Novák",
        "email": "",
        "isCompany": False,
        "group": None,
        "deliveryAddresses": [],
        "birthDate": "1980-01-31",
        "disabledOrders": True,
    }


@pytest.mark.parametrize(
    ("street", "number", "expected"),
    [
        ("Dlouhá", "5", "Dlouhá 5"),
        ("Dlouhá 5", "5", "Dlouhá 5"),
        ("Dlouhá 15", "5", "Dlouhá 15 5"),
        ("", "5", "5"),
        ("Dlouhá 5", "", "Dlouhá 5"),
        ("5", "5", "5"),
    ],
)
def test_a_house_number_stands_once(street: str, number: str, expected: str) -> None:
    assert join_house_number(street, number) == expected


def test_an_orders_money_and_its_rounding() -> None:
    record = normalise_order(order())

    expected = {
        "total": Decimal("97.57"),
        "totalWithoutVat": Decimal("81.91"),
        "vat": Decimal("15.66"),
        "toPay": Decimal("98.00"),
        "rounding": Decimal("0.43"),
        "currency": "EUR",
        "exchangeRate": Decimal("24.50500000"),
        "totalCzk": None,
        "paid": None,
    }
    assert subset(record, *expected) == expected


def test_the_lines_of_an_order_add_up_to_it() -> None:
    record = normalise_order(order())

    assert sum(item["total"] for item in record["items"]) == record["total"]
    assert sum(share["withVat"] for item in record["items"] for share in item["vatBreakdown"]) == record["total"]


def test_an_orders_line_keeps_unit_price_discount_and_surcharges() -> None:
    line = normalise_order(order())["items"][0]

    expected = {
        "id": "342",
        "productId": "1b02cb8e-d7b5-11e0-9a5c-feab5ed617ed",
        "code": "PAN-28",
        "type": "product",
        "name": "Pánev nerezová, Průměr: 28 cm",
        "quantity": Decimal("2.000"),
        "unit": "ks",
        "unitPrice": Decimal("43.56"),
        "unitPriceWithoutVat": Decimal("36.00"),
        "vatRate": Decimal("21.00"),
        "total": Decimal("78.41"),
        "discountRatio": Decimal("0.9000"),
        "purchasePrice": Decimal("24.48"),
        "surcharges": ["Gravírování: logo"],
        "stockLocation": "A1",
        "remark": "bez krabice",
    }
    assert subset(line, *expected) == expected


def test_a_coupon_is_negative_and_split_by_vat_rate() -> None:
    coupon = normalise_order(order())["items"][4]

    assert coupon["total"] == Decimal("-5.00")
    assert [(share["vatRate"], share["withVat"]) for share in coupon["vatBreakdown"]] == [
        (Decimal("21.00"), Decimal("-4.00")),
        (Decimal("12.00"), Decimal("-1.00")),
    ]


def test_a_set_costs_once_and_what_is_in_it_is_told_apart() -> None:
    record = normalise_order(order())

    assert [item["type"] for item in record["items"]] == ["product", "product-set", "shipping", "billing", "discount-coupon", "gift"]
    assert record["setComponents"] == [
        {
            "parentItemId": "343",
            "productId": "1b02cb8e-d7b5-11e0-9a5c-feab5ed617ed",
            "code": "PAN-32/Č",
            "name": "Pánev nerezová, Průměr: 32 cm",
            "quantity": Decimal("2.000"),
            "unit": "ks",
        }
    ]


def test_a_sets_parts_are_no_lines_even_where_shoptet_lists_them_as_items() -> None:
    data = order()
    data["items"].append(deepcopy(data["items"][0]) | {"itemType": "product-set-item", "itemId": 400})

    assert len(normalise_order(data)["items"]) == 6


def test_an_orders_people_places_and_terms() -> None:
    record = normalise_order(order())

    expected = {
        "number": "2026000057",
        "status": "-2",
        "statusName": "Vyřizuje se",
        "createdAt": "2026-03-29T01:30:00+01:00",
        "changedAt": "2026-03-29T03:30:00+02:00",
        "customerId": "00000003-d7b5-11e0-9a5c-feab5ed617ed",
        "addressesEqual": False,
        "payment": {"id": "00000050-d7b5-11e0-9a5c-feab5ed617ed", "name": "Kartou online"},
        "shipping": {
            "id": "00000060-d7b5-11e0-9a5c-feab5ed617ed",
            "name": "Zásilkovna",
            "branchId": "4",
            "branchName": "Hradec Králové",
            "carrier": "zasilkovna",
            "service": "",
            "carrierId": "",
        },
        "source": "E-shop",
        "stockId": "1",
        "vatPayer": True,
        "billingMethod": "Platební kartou",
        "customerRemark": "Zadní vchod",
        "trackingNumber": "DR123456",
        "additionalFields": [
            {"index": 1, "label": "Číslo objednávky zákazníka", "text": "OBJ-77"},
            {"index": 2, "label": "2. pole", "text": ""},
        ],
    }
    assert subset(record, *expected) == expected
    assert subset(record["customer"], "firstName", "lastName", "email", "companyId", "isCompany") == {
        "firstName": "Marie Nová",
        "lastName": "Dvořáková",
        "email": "marie@ulipy.cz",
        "companyId": "27082440",
        "isCompany": True,
    }
    assert subset(record["deliveryAddress"], "street", "country") == {"street": "Skladová 5", "country": "CZ"}


def test_a_guests_order_with_little_in_it_is_still_a_record() -> None:
    record = normalise_order(order("order__guest_bare"))

    expected = {
        "id": "OBJ/2026 č. 1",
        "customerId": None,
        "deliveryAddress": None,
        "addressesEqual": True,
        "payment": None,
        "shipping": None,
        "paid": True,
        "changedAt": None,
        "source": "",
        "toPay": Decimal("1089.00"),
        "rounding": Decimal("0.00"),
        "totalCzk": Decimal("1089.00"),
        "setComponents": [],
        "additionalFields": [],
    }
    assert subset(record, *expected) == expected
    assert record["items"][0]["productId"] == ""


def test_records_have_the_fields_that_their_types_promise() -> None:
    sample = normalise_order(order())

    assert set(sample) == set(OrderRecord.__annotations__)
    assert set(sample["items"][0]) == set(OrderItem.__annotations__)
    assert set(normalise_product(product())[0]) == set(ProductRecord.__annotations__)
    assert set(normalise_customer(recorded_data("customer__company")["customer"])) == set(CustomerRecord.__annotations__)
    supply = set(normalise_supply(recorded_data("supplies")["supplies"][0], stock_id="1"))
    assert supply == set(StockRecord.__annotations__) - {"onHand", "reserved", "available"}


def test_records_can_be_written_as_json_but_for_their_amounts() -> None:
    records = [*normalise_product(product()), normalise_order(order())]

    assert json.loads(json.dumps(records, default=str))


@pytest.mark.parametrize("field", ["code", "billingAddress", "price", "items"])
def test_an_order_without_what_it_needs_names_the_missing_field(field: str) -> None:
    data = order()
    del data[field]

    with pytest.raises(WireError, match=f"order.{field} is missing"):
        normalise_order(data)


@pytest.mark.parametrize("value", ["abc", "NaN", "Infinity", True, [], "1e999999"])
def test_an_amount_that_is_no_number_names_its_field_and_not_its_value(value: Any) -> None:
    data = order()
    data["price"]["withVat"] = value

    with pytest.raises(WireError, match=r"order\.price\.withVat is not a number"):
        normalise_order(data)


@pytest.mark.parametrize("told", ["2026-03-29T02:30:00", "0001-01-01T00:00:00+0100", "9999-12-31T23:59:59-1200", "0000-00-00", {"a": 1}, 7])
def test_a_time_that_cannot_be_told_in_another_zone_is_left_out_and_noted(told: Any) -> None:
    data = order()
    data["creationTime"] = told

    record = normalise_order(data)

    assert record["createdAt"] is None
    assert [note["field"] for note in record["unread"]] == ["creationTime"]


@pytest.mark.parametrize("name", ["order", "product"])
def test_the_specifications_flat_form_goes_through_with_exact_amounts(name: str) -> None:
    given = json.loads((SPEC / f"{name}__shoptet.json").read_text(encoding="utf-8"))

    record = normalise_order(given) if name == "order" else normalise_product(given)[0]

    assert set(record) == set(given)
    assert json.loads(json.dumps(record, default=float)) == given
    assert not any(isinstance(value, float) for value in record.values())


def test_a_shop_says_who_it_is_and_where_its_images_are() -> None:
    record = normalise_eshop(recorded_data("eshop"))

    assert subset(record, "id", "timeZone", "currency", "imageBase", "orderAdditionalFields") == {
        "id": "222651",
        "timeZone": "Europe/Prague",
        "currency": "CZK",
        "imageBase": "https://www.gastro-vybaveni.cz/user/shop/big/",
        "orderAdditionalFields": [{"index": 1, "label": "Číslo objednávky zákazníka"}],
    }


def test_categories_that_are_each_others_parents_do_not_hang() -> None:
    circle = [{"id": "a", "name": "A", "parentId": "b"}, {"id": "b", "name": "B", "parentId": "a"}]

    assert [category["path"] for category in with_paths(circle)] == ["B > A", "A > B"]
