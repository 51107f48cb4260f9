"""Places the seeded orders: everyday ones, and one of every kind that an integration stumbles over."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sandbox.shoptet.clock import wire_time
from sandbox.shoptet.identity import guid
from sandbox.shoptet.money import price_parts
from sandbox.shoptet.order_changes import place_order
from sandbox.shoptet.order_items import ITEM
from sandbox.shoptet.order_request import OrderRequest, Wanted
from sandbox.shoptet.seed.settings import CANCELLED_STATUS, DEFAULT_STATUS, DONE_STATUS, PICKUP_STATUS, WORKING_STATUS
from sandbox.shoptet.shop import Shop

Record = dict[str, Any]
COMMON_SHIPPINGS = ("ppl", "ppl", "zasilkovna", "toptrans", "pickup")
COMMON_PAYMENTS = ("wire", "cod", "card", "card")


def seed_orders(shop: Shop, count: int) -> None:
    """Place the orders, oldest first, over the last two months."""
    chooser = random.Random(f"{shop.options.seed}/orders")
    variants = [
        (variant["code"], product) for product in shop.catalogue.own() for variant in product["variants"] if product["type"] == "product"
    ]
    guests, customers = _guests(chooser), list(shop.customers)
    now = shop.clock.now()
    for number in range(count):
        request = _special(number, shop, customers) or _everyday(chooser, number, variants, customers, guests)
        age = timedelta(hours=(count - number) * 9, minutes=chooser.randint(0, 500))
        shop.stock.moment = now - age
        order = place_order(shop, replace(request, created=now - age), announce=False)
        changed = min(now - age + timedelta(hours=chooser.randint(0, 60)), now - timedelta(minutes=5))
        shop.orders[order["code"]] = {**order, "changeTime": wire_time(changed)}
        shop.order_changes.touch(order["code"], moment=changed)
    shop.stock.moment = None


def _everyday(
    chooser: random.Random, number: int, variants: list[tuple[str, Record]], customers: list[str], guests: list[Record]
) -> OrderRequest:
    lines = tuple(
        Wanted(code, Decimal("0.250") * chooser.randint(1, 8) if _by_weight(product) else Decimal(chooser.choice((1, 1, 1, 2, 3, 6))))
        for code, product in chooser.sample(variants, chooser.randint(1, 4))
    )
    guest = number % 6 == 0 or not customers
    status = chooser.choices((DEFAULT_STATUS, WORKING_STATUS, DONE_STATUS, CANCELLED_STATUS), (25, 20, 50, 5))[0]
    coupon = chooser.choice(("GASTRO10", "LIPA200", "VITEJTE5")) if number % 9 == 4 else ""
    return OrderRequest(
        items=lines,
        customer="" if guest else chooser.choice(customers),
        guest=chooser.choice(guests) if guest else {},
        coupon=coupon,
        gift="BAR01" if number % 11 == 5 else "",
        shipping=chooser.choice(COMMON_SHIPPINGS),
        payment="cod" if coupon else chooser.choice(COMMON_PAYMENTS),
        paid=None if number % 31 == 7 else status == DONE_STATUS or chooser.random() < 0.2,
        status=status,
        remark="Prosím zavolat před doručením." if number % 13 == 2 else None,
        tracking=f"7040{number:08d}" if status == DONE_STATUS else None,
    )


def _by_weight(product: Record) -> bool:
    return bool(product["variants"][0]["amountDecimalPlaces"])


def _guests(chooser: random.Random) -> list[Record]:
    people = (
        ("Eliška Marná", "eliska.marna"),
        ("Bohumil Hrubín", "bohumil.hrubin"),
        ("Ing. Radek Šmíd", "radek.smid"),
        ("Zoe Weiß", "zoe.weiss"),
    )
    return [
        {"fullName": name, "email": f"{mail}@host.example", "phone": f"+420608{chooser.randint(100000, 999999)}", "street": "Nádražní",
         "houseNumber": str(chooser.randint(1, 99)), "city": "Olomouc", "zip": "779 00", "countryCode": "CZ"}
        for name, mail in people
    ]  # fmt: skip


def _special(number: int, shop: Shop, customers: list[str]) -> OrderRequest | None:
    """Return the special order that stands at a place in the row, or None."""
    specials = _specials(shop, customers)
    return specials[number // 5] if number % 5 == 1 and number // 5 < len(specials) else None


def _specials(shop: Shop, customers: list[str]) -> list[OrderRequest]:
    if len(customers) < 30 or len(shop.catalogue.own()) < 300:
        return []
    one, hotel, slovak, twin = customers[2], customers[12], customers[24], customers[7]
    mixed = (Wanted("KAF01/1000", Decimal(4)), Wanted("KNI01"), Wanted("SAL01/BIL", Decimal(12)))
    return [
        OrderRequest(mixed, customer=one, coupon="GASTRO10", payment="cod", status=WORKING_STATUS),
        OrderRequest((Wanted("SET-BISTRO", Decimal(2)), Wanted("UTE01")), customer=hotel, payment="wire", status=WORKING_STATUS),
        OrderRequest((Wanted("KVV01", Decimal("1.250")), Wanted("SIR01")), customer=one, payment="cod", shipping="zasilkovna"),
        OrderRequest((Wanted("GN01/065", Decimal(10)), Wanted("VIK01/P", Decimal(10))), customer=slovak, currency="EUR", payment="card",
            paid=True),
        OrderRequest((Wanted("NUZ02/20"), Wanted("DES01/CRV")), customer=slovak, currency="EUR", exchange_rate=Decimal("25.11500000"),
            coupon="GASTRO10"),
        OrderRequest((Wanted("RON01/M", Decimal(3)),), customer=slovak, currency="EUR", status=DONE_STATUS, paid=True, gift="BAR01"),
        OrderRequest((Wanted("SPO03"), Wanted("STU01/1400")), customer=hotel, shipping="toptrans", volume_discount=Decimal("1500.00"),
            payment="wire",
                     additional={1: "P-2026-118", 3: "přízemí, rampa"}),
        OrderRequest((Wanted("HRN01/24", ratio=Decimal("0.85")), Wanted("PAN01/28", Decimal(2), Decimal("0.9"))), customer=one,
            free_shipping=True),
        OrderRequest((Wanted("ZAS01/BIL", Decimal(2), surcharge=("Gravírování – Gravírování loga", Decimal(90))),), customer=one),
        OrderRequest((Wanted("UTE02", unit_price=Decimal(0)), Wanted("UTE03", Decimal(3))), customer=one,
            remark="Vzorek zdarma dle dohody."),
        OrderRequest((Wanted("TAL01/27", Decimal(24)),), customer=one, extra=(_vanished(linked=True),), payment="cod"),
        OrderRequest((Wanted("MIS01", Decimal(6)),), customer=one, extra=(_vanished(linked=False),), payment="wire"),
        OrderRequest((Wanted("MYC03/400"),), customer=twin, shipping="toptrans", delivery_address=_site(), payment="wire", paid=True),
        OrderRequest((Wanted("PIZ02"), Wanted("CHE01/5", Decimal(2))), customer=twin, status=CANCELLED_STATUS),
        OrderRequest((Wanted("SAL02/CER", Decimal(6)),), customer=one, status=PICKUP_STATUS, shipping="pickup", payment="cash"),
        OrderRequest((Wanted("VIN01", Decimal(6)), Wanted("PIV01/05", Decimal(12))), guest=_company_guest(), payment="wire"),
        OrderRequest((Wanted("KNI02"), Wanted("KNI03")), customer=one, shipping="zasilkovna", payment="card", paid=True,
            status=DONE_STATUS),
        OrderRequest((Wanted("SER01"), Wanted("SEJ01")), source=2, shipping="pickup", payment="cash", paid=True, status=DONE_STATUS,
            code="P260000017", stock=2),
        OrderRequest((Wanted("BAR03", Decimal(2)),), customer=one, external_code="HEU-88121", code="OBJ-26-017", source=3, paid=None),
        OrderRequest((Wanted("SET-KUCHAR"), Wanted("KAF02/250", Decimal(3))), customer=hotel, coupon="LIPA200", gift="BAR01",
            payment="cod"),
        OrderRequest((Wanted("BAR01"),), customer=one, coupon="LIPA200", free_shipping=True, payment="card", paid=True),
    ]  # fmt: skip


def _vanished(*, linked: bool) -> Record:
    """Return an item whose product was deleted: with its old identifiers, or with none."""
    parts = price_parts(Decimal("349.00"), Decimal(21))
    link = {"productGuid": guid("vanished"), "code": "STARY-01"} if linked else {}
    return {
        **ITEM,
        **link,
        "name": "Talíř Retro (ukončená řada)",
        "itemPrice": parts,
        "unitPrice": parts,
        "displayPrices": [parts],
        "productType": "product",
    }


def _site() -> Record:
    return {"fullName": "Stavbyvedoucí Karel Malý", "company": "Novostavba Penzion Ovčín", "street": "Nová", "houseNumber": "1",
        "city": "Plzeň",
            "zip": "301 00", "countryCode": "CZ"}  # fmt: skip


def _company_guest() -> Record:
    return {"fullName": "Dita Králová", "company": "Vinárna U Krále s.r.o.", "companyId": "27082440", "vatId": "CZ27082440",
        "taxId": "CZ27082440",
            "email": "dita@vinarna.example", "phone": "+420606222333", "street": "Horní", "houseNumber": "5", "city": "Mikulov",
            "zip": "692 01"}  # fmt: skip
