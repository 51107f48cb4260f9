"""What the instance holds before the portal comes: warehouses, price lists, and a few records of the office's own."""

from __future__ import annotations

from sandbox.bluejet.store import Store

WAREHOUSES = (("HLAVNI", "Hlavní sklad", "Hlavní"), ("SHOWROOM", "Showroom Praha", "Prodejna"), ("ESHOP", "E-shop", "E-shop"))
PRICE_LISTS = (
    ("Základní", "prodejní", "CZK"),
    ("Velkoobchod", "prodejní", "CZK"),
    ("EUR", "prodejní", "EUR"),
    ("Letní akce", "akční", "CZK"),
)

COMPANIES = (
    {
        "name": "Bistro U Mostu s.r.o.",
        "ico": "27074358",
        "dic": "CZ27074358",
        "street1": "Nábřežní 12",
        "town": "Přerov",
        "zipcode": "750 02",
        "country": "Česká republika",
        "emailaddress1": "provoz@bistroumostu.example",
        "telephone1": "+420 581 100 200",
    },
    {
        "name": "Jídelny Haná a.s.",
        "ico": "45274649",
        "dic": "CZ45274649",
        "street1": "Masarykovo nám. 4",
        "town": "Prostějov",
        "zipcode": "796 01",
        "country": "Česká republika",
        "emailaddress1": "nakup@jidelnyhana.example",
        "mobilephone": "+420 602 300 400",
    },
    {
        "name": "GastroDovoz Wien GmbH",
        "dic": "ATU57489612",
        "street1": "Lerchenfelder Straße 80",
        "town": "Wien",
        "zipcode": "1080",
        "country": "Rakousko",
        "emailaddress1": "order@gastrodovoz.example",
        "poznamka": "Dodavatel",
    },
)
CONTACTS = (
    ("Bistro U Mostu s.r.o.", "Milada", "Hrubá", "hruba@bistroumostu.example", "+420 603 111 222"),
    ("Jídelny Haná a.s.", "Radim", "Zapletal", "zapletal@jidelnyhana.example", "+420 604 222 333"),
    ("", "Dagmar", "Konečná", "dagmar.konecna@example.com", "+420 605 333 444"),
)
PRODUCTS = (
    ("SERVIS-HODINA", "Servisní práce – hodina", "Služby", "650", "786.5", "hod"),
    ("MONTAZ-PLYN", "Montáž a revize plynového spotřebiče", "Služby", "2900", "3509", "ks"),
    ("NAHR-TESNENI-K10", "Těsnění dveří konvektomatu K10", "Náhradní díly", "1240", "1500.4", "ks"),
    ("NAHR-TERMOSTAT-90", "Termostat 30–90 °C", "Náhradní díly", "389", "470.69", "ks"),
)


def seed_store(store: Store) -> None:
    """Fill an empty store."""
    for code, name, kind in WAREHOUSES:
        store.insert("warehouse", kodskladu=code, nazev=name, typskladu=kind, pouzivat=True)
    for name, kind, currency in PRICE_LISTS:
        store.insert("price_list", nazev=name, typ=kind, mena=currency)
    companies = {str(fields["name"]): store.insert("company", **fields) for fields in COMPANIES}
    for company, first, last, mail, phone in CONTACTS:
        owner = {"customerid": companies[company]} if company else {}
        store.insert("contact", firstname=first, lastname=last, emailaddress1=mail, mobilephone=phone, **owner)
    _seed_products(store)
    _seed_offer(store, companies["Bistro U Mostu s.r.o."])


def _seed_products(store: Store) -> None:
    main = store.rows("warehouse")[0]["skladid"]
    for code, name, category, net, gross, unit in PRODUCTS:
        prices = {"cenaprodej": net, "cenadphprodej": gross, "sazbadph": "21", "mena": "CZK"}
        product = store.insert("product", code=code, name=name, category=category, mj=unit, **prices)
        if category == "Náhradní díly":
            store.insert("stock_card", productid=product, skladid=main, mnozstvi=12, mnozstvirezervovane=2)


def _seed_offer(store: Store, company: str) -> None:
    product = store.find("product", "code", "NAHR-TESNENI-K10")[0]["productid"]
    sums = {"cenaprodej": "2480", "cenadphprodej": "3000.8", "celkemdph": "520.8", "mena": "CZK"}
    offer = store.insert("offer", nazev="Těsnění pro bistro", customerid=company, statuscode="Odeslaná", **sums)
    line = {"kodzbozi": "NAHR-TESNENI-K10", "nazev": "Těsnění dveří konvektomatu K10", "mnozstvi": "2", "mj": "ks", "sazbadph": "21"}
    prices = {"jcenaprodej": "1240", "cenaprodej": "2480", "cenadphprodej": "3000.8"}
    store.insert("offer_line", nabidkaid=offer, productid=product, **line, **prices)
