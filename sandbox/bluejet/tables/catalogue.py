"""Products, stock, warehouses and price lists."""

from __future__ import annotations

from sandbox.bluejet.columns import Evidence, bit, choice, key, long_text, moment, money, reference, text
from sandbox.bluejet.tables.shared import CURRENCIES, EXTERNAL_ID

PRODUCT = Evidence(
    217,
    "product",
    "Produkty",
    "Products",
    (
        key("productid"),
        text("code", "Kód", required=True, indexed=True),
        text("name", "Název", required=True),
        text("category", "Kategorie"),
        text("ean", "EAN", indexed=True),
        # assumed
        long_text("popis", "Popis"),
        long_text("kratkypopis", "Krátký popis"),
        money("cenaprodej", "Prodejní cena bez DPH"),
        money("cenadphprodej", "Prodejní cena s DPH"),
        money("cenabezna", "Běžná cena"),
        money("sazbadph", "Sazba DPH"),
        money("cenanakup", "Nákupní cena"),
        choice("mena", "Měna", *CURRENCIES),
        text("mj", "Měrná jednotka"),
        text("znacka", "Značka"),
        text("dodavatel", "Dodavatel"),
        money("hmotnost", "Hmotnost (kg)"),
        long_text("obrazek", "Obrázek"),
        long_text("obrazky", "Další obrázky"),
        long_text("parametry", "Parametry"),
        text("zaruka", "Záruka"),
        long_text("url", "Odkaz do e-shopu"),
        bit("zobrazit", "Zobrazit"),
        long_text("poznamka", "Poznámka"),
        money("zasoba", "Zásoba (součet skladů)", virtual=True),
        money("akcnicenasupl", "Akční cena bez DPH"),
        money("akcnicenadphsupl", "Akční cena s DPH"),
        moment("akceodsupl", "Akce od"),
        moment("akcedosupl", "Akce do"),
        text("kodvyrobcesupl", "Kód výrobce"),
        text("druhsupl", "Druh produktu"),
        long_text("obsahsadysupl", "Obsah sady"),
        money("recyklacnipoplateksupl", "Recyklační poplatek"),
        text("recyklacesupl", "Recyklační poplatek: kategorie, jednotka, měna"),
        EXTERNAL_ID,
        bit("vyrazenosupl", "Vyřazeno"),
    ),
    headline=("code", "name", "category", "cenadphprodej", "mena", "zasoba"),
)

WAREHOUSE = Evidence(
    437,
    "warehouse",
    "Sklady",
    "Warehouses",
    (
        key("skladid"),
        text("kodskladu", "Kód skladu", required=True, indexed=True),
        text("nazev", "Název", required=True),
        text("typskladu", "Druh skladu"),
        text("mj", "Měrná jednotka"),
        bit("pouzivat", "Používat"),
        # assumed
        EXTERNAL_ID,
    ),
    headline=("kodskladu", "nazev", "typskladu"),
)

STOCK_CARD = Evidence(
    441,
    "stock_card",
    "Skladové karty",
    "Stock cards",
    (
        key("skladkartaid"),
        reference("productid", "Produkt", 217, required=True),
        reference("skladid", "Sklad", 437, required=True),
        money("mnozstvi", "Množství na skladě"),
        money("mnozstvirezervovane", "Rezervováno"),
        money("mnozstviobjednane", "Objednáno"),
        money("mnoszstvidisponibilni", "K dispozici", virtual=True),  # the vendor's own spelling
        money("cenajednotkova", "Cena za jednotku"),
        money("cenacelkem", "Cena celkem"),
        bit("fifo", "FIFO"),
        # assumed
        EXTERNAL_ID,
    ),
    headline=("productid", "skladid", "mnozstvi", "mnozstvirezervovane", "mnoszstvidisponibilni"),
)

PRICE_LIST = Evidence(
    250,
    "price_list",
    "Ceníky",
    "Price lists",
    (
        # assumed
        key("cenikid"),
        text("nazev", "Název", required=True, indexed=True),
        choice("typ", "Druh", "prodejní", "nákupní", "vzorový", "akční"),
        choice("mena", "Měna", *CURRENCIES),
        moment("platnostod", "Platí od"),
        moment("platnostdo", "Platí do"),
        EXTERNAL_ID,
    ),
    lines=253,
    headline=("nazev", "typ", "mena"),
)

PRICE_LIST_ITEM = Evidence(
    253,
    "price_list_item",
    "Ceníky – položky",
    "Price list items",
    (
        # assumed
        key("polozkaid"),
        reference("cenikid", "Ceník", 250, required=True, parent=True),
        reference("productid", "Produkt", 217, required=True),
        money("cenaprodej", "Cena bez DPH"),
        money("cenadphprodej", "Cena s DPH"),
        EXTERNAL_ID,
    ),
    headline=("cenaprodej", "cenadphprodej"),
)
