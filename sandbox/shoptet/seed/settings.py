"""What the shop's owner has set: statuses, payments, shipping, stocks, groups, price lists, and the shop itself."""

from __future__ import annotations

from typing import Any

from sandbox.shoptet.identity import guid
from sandbox.shoptet.seed.products import SHOP_URL

ESHOP_ID = 222651
EXCHANGE_RATE_EUR = "24.85000000"
DEFAULT_STATUS, DONE_STATUS, WORKING_STATUS, CANCELLED_STATUS, PICKUP_STATUS = -1, -2, -3, -4, 11
DEFAULT_STOCK = 1

Record = dict[str, Any]


def _status(number: int, name: str, order: int, *, paid: bool = False, resolved: bool = False, color: str | None = None) -> Record:
    documents = {"generateProformaInvoice": False, "generateInvoice": resolved, "generateDeliveryNote": False, "generateProofPayment": None}
    return {
        "id": number, "name": name, "system": number < 0, "order": order, "markAsPaid": paid, "color": color, "backgroundColor": None,
        "changeOrderItems": True, "stockClaimResolved": resolved, "documents": documents,
    }  # fmt: skip


STATUSES: tuple[Record, ...] = (
    _status(DEFAULT_STATUS, "Nevyřízená", 1, color="#cc0000"),
    _status(WORKING_STATUS, "Vyřizuje se", 2, color="#e08a00"),
    _status(PICKUP_STATUS, "Připraveno k odběru", 3, color="#0a6ebd"),
    _status(DONE_STATUS, "Vyřízená", 4, resolved=True, color="#2f8f2f"),
    _status(CANCELLED_STATUS, "Stornovaná", 5, resolved=True, color="#777777"),
)
STATUS_NAMES: dict[int, str] = {status["id"]: status["name"] for status in STATUSES}


def _payment(code: str, name: str, type_id: int, price: str, billing: tuple[int, str], description: str | None = None) -> Record:
    return {
        "guid": guid("payment", code), "name": name, "description": description, "submethod": None,
        "paymentType": {"id": type_id, "code": code, "name": name}, "visible": True, "priority": type_id, "wholesale": False,
        "logoUrl": None, "_price": price, "_billing": {"id": billing[0], "name": billing[1]}, "_rounds": code in ("cod", "cash"),
    }  # fmt: skip


PAYMENTS: tuple[Record, ...] = (
    _payment("wire", "Platba převodem", 1, "0.00", (2, "Převodem")),
    _payment("cod", "Dobírka", 2, "39.00", (1, "Dobírka"), "Zaplatíte dopravci při převzetí."),
    _payment("card", "Kartou online", 3, "0.00", (4, "Kartou")),
    _payment("cash", "Hotově při odběru", 4, "0.00", (3, "Hotově")),
)


def _shipping(number: int, code: str, name: str, price: str, company: str | None, tracking: str | None = None) -> Record:
    return {
        "guid": guid("shipping", code), "name": name, "description": None,
        "shippingCompany": {"id": number, "code": company, "name": company.upper()} if company else None,
        "trackingUrl": tracking, "visible": True, "priority": number, "wholesale": False, "logoUrl": None, "_code": code, "_price": price,
    }  # fmt: skip


SHIPPINGS: tuple[Record, ...] = (
    _shipping(1, "ppl", "PPL – doručení na adresu", "119.00", "ppl", "https://www.ppl.cz/vyhledat-zasilku?shipmentId=#PACKAGE_NO#"),
    _shipping(2, "zasilkovna", "Zásilkovna – výdejní místo", "79.00", "zasilkovna", "https://tracking.packeta.com/cs/?id=#PACKAGE_NO#"),
    _shipping(3, "toptrans", "Nadrozměrná přeprava TOPTRANS", "690.00", "toptrans"),
    _shipping(4, "pickup", "Osobní odběr – prodejna Praha", "0.00", None),
)


def _stock(number: int, title: str, address: str | None, *, visible: bool = True, kind: str = "internalPhysical") -> Record:
    return {
        "id": number, "title": title, "isDeliveryPoint": address is not None, "visibleOnEshop": visible,
        "deliveryPointTitle": title if address else None, "deliveryPointAddress": address, "type": kind, "parentStockId": None,
    }  # fmt: skip


STOCKS: tuple[Record, ...] = (
    _stock(1, "Hlavní sklad Brno", None),
    _stock(2, "Prodejna Praha", "Lípová 12, 120 00 Praha 2"),
    _stock(3, "Sklad dodavatele", None, visible=False, kind="external"),
)


def _group(number: int, code: str, name: str, *, wholesale: bool = False, price_list: int = 1, due: int | None = None) -> Record:
    return {
        "id": number, "name": name, "customerGroupCode": code, "description": None, "defaultPricelistId": price_list, "maxDiscount": None,
        "priority": number, "emailNotification": True, "authRequired": wholesale, "registrationAllowed": True, "wholesale": wholesale,
        "tableLayout": False, "fullProfileRequired": wholesale, "defaultDueDays": due, "defaultOrderStatusId": None,
    }  # fmt: skip


GROUPS: tuple[Record, ...] = (
    _group(1, "retail", "Maloobchod"),
    _group(2, "wholesale", "Velkoobchod", wholesale=True, price_list=2, due=14),
    _group(3, "hotels", "Hotely a školy", wholesale=True, price_list=2, due=30),
    _group(4, "vip", "VIP"),
)

PRICE_LISTS: tuple[Record, ...] = ({"id": 1, "name": "Hlavní ceník"}, {"id": 2, "name": "Velkoobchod"})
PRICE_LIST_FACTORS = {1: "1.00", 2: "0.85"}
ADDITIONAL_FIELDS = ("Číslo poptávky", "Kontaktní osoba na stavbě", "Patro", "Čas závozu", "Interní kód", "Poznámka skladu")
SOURCES = {1: "E-shop", 2: "Pokladna", 3: "Heureka"}
COUPONS = {"GASTRO10": ("percent", "10"), "LIPA200": ("amount", "200"), "VITEJTE5": ("percent", "5")}
GIFTS = ({"id": 1, "code": "BAR01", "currencyCode": "CZK", "orderPrice": "3000.00", "includingVat": True, "priority": 1},)

IMAGE_CUTS = (("orig", None, None), ("big", 1024, 768), ("detail", 360, 270), ("category", 216, 105), ("related", 100, 100))


CURRENCY_NAMES = {"CZK": ("Česká koruna", "Kč"), "EUR": ("Euro", "€"), "USD": ("Americký dolar", "$"), "PLN": ("Polský zlotý", "zł"),
    "HUF": ("Maďarský forint", "Ft"), "GBP": ("Britská libra", "£")}  # fmt: skip


def currency(code: str, rate: str, *, default: bool = False) -> Record:
    """Return one currency of the shop."""
    title, symbol = CURRENCY_NAMES[code]
    return {
        "code": code, "title": title, "isDefault": default, "isDefaultAdmin": default,
        "isDefaultDocuments": default, "isVisible": True, "exchangeRate": rate, "priority": 1 if default else 2,
        "display": {"text": symbol, "location": "right", "decimalsSeparator": ",", "thousandsSeparator": " "},
        "priceDecimalPlaces": 2, "documentPriceDecimalPlaces": 2, "rounding": "none", "minimalOrderValue": None,
        "bankAccount": {"accountNumber": "2000145399/0800", "iban": "CZ6508000000002000145399", "bic": "GIBACZPX",
        "ownerName": "Gastro Lípa s.r.o."},
    }  # fmt: skip


ESHOP: Record = {
    "contactInformation": {
        "eshopId": ESHOP_ID, "eshopName": "Gastro Lípa", "eshopCategory": "Gastro", "url": SHOP_URL, "eshopTitle": "Gastro Lípa",
        "eshopSubtitle": "Vybavení pro profesionální kuchyně", "contactPerson": "Jana Lipová", "email": "info@gastrolipa.example",
        "phone": "+420541000111", "mobilePhone": "+420777000111", "skypeAccount": None, "contactPhotoUrl": None,
    },
    "billingInformation": {
        "billingName": "Gastro Lípa s.r.o.", "company": {"companyId": "28935675", "vatId": "CZ28935675", "taxId": "CZ28935675"},
        "address": {"streetAddress": "Průmyslová 7", "city": "Brno", "zip": "602 00"},
        "country": {"countryCode": "CZ", "countryName": "Česká republika"}, "registration": "C 98765", "evNumber": None,
        "phone": "+420541000111", "email": "info@gastrolipa.example", "billingEmail": "ucetni@gastrolipa.example",
    },
    "settings": {
        "vatPayer": True, "cashDeskOnly": False, "trackStockClaims": True, "maxProductAmount": 100000, "maxEmailAmount": 10000,
        "defaultPricelist": PRICE_LISTS[0], "eshopLanguage": "cs", "timezone": "Europe/Prague", "dateFormat": "j.n.Y", "timeFormat": "H:i",
        "internals": "cs", "exchangeRateFlip": False, "negativeStockAmount": "allowed", "oss": False, "stockControlDisabled": False,
        "wholesaleSplitActive": False,
    },
    "currencies": [currency("CZK", "1.00000000", default=True), currency("EUR", EXCHANGE_RATE_EUR)],
    "taxClasses": [
        {"title": title, "rates": [{"zone": "Výchozí", "vatRate": rate}], "isDefault": rate == "21.00"}
        for title, rate in (("Základní sazba", "21.00"), ("Snížená sazba", "12.00"), ("Nulová sazba", "0.00"))
    ],
    "activeModules": [{"title": "Sklady", "name": "stock"}, {"title": "Sety", "name": "sets"}, {"title": "Webhooky", "name": "webhooks"}],
    "urls": [
        {"ident": "admin-orders-list", "url": f"{SHOP_URL}/admin/prehled-objednavek/"},
        {"ident": "admin-customers-list", "url": f"{SHOP_URL}/admin/zakaznici/"},
        {"ident": "oauth", "url": f"{SHOP_URL}/action/OAuthServer/"},
    ],
    "socialNetworks": {"facebookUrl": None, "facebookText": None, "twitterAccount": None, "instagramAccount": None},
    "trial": False,
}  # fmt: skip
