"""The evidences that the stand-in holds: numbers, Czech labels and columns.

Numbers, keys and the first columns of each table follow what is publicly known of BlueJet. Columns below a line `# assumed`
are plausible inventions: a real instance may name them otherwise, which is why the portal keeps every name in its configuration.
Names that end in `supl` are the instance's own, added columns. A virtual column is computed and refuses writes.
Every table also has `createdon` and `modifiedon`, set by the server.
"""

from __future__ import annotations

from sandbox.bluejet.columns import Column, Evidence, bit, choice, key, long_text, moment, money, reference, text, whole

CURRENCIES = ("CZK", "EUR", "USD", "GBP", "PLN", "HUF")
OFFER_STATES = ("Probíhající", "Odeslaná", "Potvrzená", "Stornovaná", "Zamítnutá", "Vzor")
ORDER_STATES = ("Probíhající", "Odeslaná", "Potvrzená", "Vyřízená", "Stornovaná")  # assumed: two of them are known from issued orders
INVOICE_STATES = ("Potvrzená", "Dobropisovaná", "Stornovaná")
PAYMENT_STATES = ("Neuhrazeno", "Částečně uhrazeno", "Uhrazeno", "Přeplaceno")  # assumed
PAYMENT_FORMS = ("Převodem", "Hotově", "Platební kartou", "Dobírkou", "Online platba", "Na fakturu", "Jiná")  # assumed
SHIPPING_FORMS = (  # assumed
    "Osobní odběr",
    "Česká pošta",
    "PPL",
    "DPD",
    "GLS",
    "Zásilkovna",
    "Paletová přeprava",
    "Vlastní doprava",
    "Elektronicky",
    "Jiná",
)

EXTERNAL_ID = text("externiidsupl", "Externí ID", indexed=True)  # assumed

STAMPS = (moment("createdon", "Vytvořeno"), moment("modifiedon", "Změněno"))


def address_columns() -> tuple[Column, ...]:
    return (text("street1", "Ulice"), text("town", "Město"), text("zipcode", "PSČ"), text("country", "Země"))


def custom_columns() -> tuple[Column, ...]:
    """Make six free columns of the instance for an order's additional fields."""
    return tuple(text(f"pole{number}supl", f"Doplňkové pole {number}") for number in range(1, 7))


OPPORTUNITY = Evidence(
    209,
    "opportunity",
    "Příležitosti",
    "Opportunities",
    (
        key("opportunityid"),
        # assumed
        text("nazev", "Název", required=True),
        reference("customerid", "Firma", 225),
        money("cenaprodej", "Očekávaná částka"),
    ),
    headline=("nazev", "cenaprodej"),
)

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
        EXTERNAL_ID,
        bit("vyrazenosupl", "Vyřazeno"),
    ),
    headline=("code", "name", "category", "cenadphprodej", "mena", "zasoba"),
)

CONTACT = Evidence(
    222,
    "contact",
    "Kontakty",
    "Contacts",
    (
        key("contactid"),
        reference("customerid", "Firma", 225),
        text("firstname", "Jméno"),
        text("lastname", "Příjmení", required=True),
        text("emailaddress1", "E-mail", indexed=True),
        text("mobilephone", "Mobil"),
        text("telephone1", "Telefon"),
        # assumed
        text("emailaddress2", "E-mail 2"),
        *address_columns(),
        text("skupinasupl", "Skupina zákazníků"),
        reference("cenikid", "Ceník", 250),
        moment("datumnarozeni", "Datum narození"),
        long_text("poznamka", "Poznámka"),
        text("fullname", "Celé jméno", virtual=True),
        EXTERNAL_ID,
        bit("vyrazenosupl", "Vyřazeno"),
    ),
    headline=("fullname", "emailaddress1", "mobilephone", "telephone1", "skupinasupl"),
)

COMPANY = Evidence(
    225,
    "company",
    "Firmy",
    "Companies",
    (
        key("customerid"),
        text("name", "Název", required=True),
        text("ico", "IČO", indexed=True),
        text("dic", "DIČ"),
        text("contactperson1", "Kontaktní osoba"),
        text("emailaddress1", "E-mail", indexed=True),
        text("emailaddress2", "E-mail 2"),
        text("telephone1", "Telefon"),
        text("mobilephone", "Mobil"),
        text("telephonevirtual", "Telefon (vypočtený)", virtual=True),
        text("emailaddvirtual", "E-mail (vypočtený)", virtual=True),
        # assumed
        *address_columns(),
        text("icdph", "IČ DPH"),
        text("skupinasupl", "Skupina zákazníků"),
        reference("cenikid", "Ceník", 250),
        long_text("poznamka", "Poznámka"),
        EXTERNAL_ID,
        bit("vyrazenosupl", "Vyřazeno"),
    ),
    headline=("name", "ico", "dic", "town", "emailaddvirtual"),
)

ADDRESS = Evidence(
    243,
    "address",
    "Adresy",
    "Addresses",
    (
        key("addressid"),
        text("recipient", "Příjemce"),
        *address_columns(),
        # assumed
        reference("customerid", "Firma", 225),
        reference("contactid", "Kontakt", 222),
        text("companyname", "Firma na adrese"),
        text("region", "Kraj"),
        text("telephone1", "Telefon"),
        text("emailaddress1", "E-mail"),
        text("typsupl", "Druh adresy"),
        long_text("poznamka", "Poznámka"),
        EXTERNAL_ID,
    ),
    headline=("recipient", "street1", "town", "zipcode", "country"),
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


def line_columns(parent: str, no: int) -> tuple[Column, ...]:
    """List the columns of a document's line; quantities and prices are the writer's."""
    return (
        # the names of the key and of the header's column are assumed for all three tables of lines
        key("polozkaid"),
        reference(parent, "Doklad", no, required=True, parent=True),
        reference("productid", "Produkt", 217),
        text("nazev", "Název", required=True),
        money("mnozstvi", "Množství", required=True),
        money("jcenanakup", "Nákupní cena za jednotku"),
        money("jcenaprodej", "Cena za jednotku bez DPH"),
        money("cenanakup", "Nákupní cena"),
        money("cenaprodej", "Cena bez DPH"),
        money("cenikcenaprodej", "Ceníková cena"),
        money("finalnicenaprodej", "Konečná cena"),
        # assumed
        text("kodzbozi", "Kód zboží", indexed=True),
        money("jcenadphprodej", "Cena za jednotku s DPH"),
        money("cenadphprodej", "Cena s DPH"),
        money("dph", "DPH"),
        money("sazbadph", "Sazba DPH"),
        money("sleva", "Sleva v %"),
        text("mj", "Měrná jednotka"),
        text("typsupl", "Druh položky"),
        long_text("poznamka", "Poznámka"),
        whole("poradi", "Pořadí"),
        EXTERNAL_ID,
    )


LINE_HEADLINE = ("kodzbozi", "nazev", "mnozstvi", "mj", "jcenaprodej", "sazbadph", "cenadphprodej", "typsupl")


def document_columns(states: tuple[str, ...]) -> tuple[Column, ...]:
    """List the columns that offers, orders and invoices share."""
    return (
        text("nazev", "Název"),
        reference("customerid", "Firma", 225),
        choice("statuscode", "Stav", *states),
        moment("datumvystaveni", "Datum vystavení"),
        reference("prijemadd", "Adresa příjemce", 243),
        reference("prijemfakturyadd", "Fakturační adresa", 243),
        reference("prijemcezboziadsupl", "Dodací adresa", 243),
        money("cenanakup", "Nákupní cena"),
        money("cenaprodej", "Cena bez DPH"),
        money("cenadphprodej", "Cena s DPH"),
        choice("mena", "Měna", *CURRENCIES),
        money("kurz", "Kurz"),
        choice("formauhrady", "Forma úhrady", *PAYMENT_FORMS),
        choice("stavuhrady", "Stav úhrady", *PAYMENT_STATES),
        # assumed
        reference("contactid", "Kontakt", 222),
        money("celkemdph", "DPH celkem"),
        money("cenaczk", "Cena s DPH v Kč"),
        money("zaokrouhleni", "Zaokrouhlení"),
        choice("zpusobdopravy", "Způsob dopravy", *SHIPPING_FORMS),
        text("cislozasilky", "Číslo zásilky"),
        text("externicislosupl", "Číslo objednávky v e-shopu", indexed=True),
        text("vydejnisupl", "Výdejní místo"),
        text("zdrojsupl", "Zdroj objednávky"),
        text("staveshopsupl", "Stav v e-shopu"),
        long_text("poznamka", "Poznámka zákazníka"),
        long_text("internipoznamka", "Interní poznámka"),
        *custom_columns(),
        EXTERNAL_ID,
    )


def document_headline(code: str) -> tuple[str, ...]:
    return (code, "nazev", "statuscode", "datumvystaveni", "cenadphprodej", "mena", "stavuhrady", "externiidsupl")


OFFER = Evidence(
    293,
    "offer",
    "Vydané nabídky",
    "Issued offers",
    (
        key("nabidkaid"),
        text("kodnabidky", "Kód nabídky", indexed=True),
        reference("mainprijemcezboziadsupl", "Hlavní dodací adresa", 243),
        moment("datumplatnosti", "Platí do"),
        *document_columns(OFFER_STATES),
    ),
    code="kodnabidky",
    code_pattern="{number}/{year}",
    lines=291,
    headline=document_headline("kodnabidky"),
)

OFFER_LINE = Evidence(
    291, "offer_line", "Položky nabídek", "Offer lines", line_columns("nabidkaid", 293), headline=LINE_HEADLINE
)

# Key and code as in the issued orders (356); the other columns are assumed to be like theirs.
ORDER = Evidence(
    321,
    "order",
    "Přijaté objednávky",
    "Received orders",
    (
        key("objednavkaid"),
        text("kodobjednavky", "Kód objednávky", indexed=True),
        moment("datumpotvrzeni", "Datum potvrzení"),
        reference("puvodninabidkaid", "Vznikla z nabídky", 293),
        *document_columns(ORDER_STATES),
    ),
    code="kodobjednavky",
    code_pattern="ORDER{number}/{year}",
    lines=322,
    headline=document_headline("kodobjednavky"),
)

# assumed: the number of this table is not public
ORDER_LINE = Evidence(
    322, "order_line", "Položky přijatých objednávek", "Received order lines", line_columns("objednavkaid", 321), headline=LINE_HEADLINE
)

INVOICE = Evidence(
    323,
    "invoice",
    "Vydané faktury",
    "Issued invoices",
    (
        key("fakturaid"),
        text("kodfaktury", "Kód faktury", indexed=True),
        text("rozpisdphsupl", "Rozpis DPH"),
        bit("paytaxes", "Plátce DPH"),
        # assumed
        moment("datumsplatnosti", "Datum splatnosti"),
        reference("objednavkaid", "Objednávka", 321),
        *document_columns(INVOICE_STATES),
    ),
    code="kodfaktury",
    code_pattern="{year}{number:05d}",
    lines=324,
    headline=document_headline("kodfaktury"),
)

INVOICE_LINE = Evidence(
    324, "invoice_line", "Položky faktur", "Invoice lines", line_columns("fakturaid", 323), headline=LINE_HEADLINE
)

ATTACHMENT = Evidence(
    341,
    "attachment",
    "Přílohy",
    "Attachments",
    (
        # assumed
        key("prilohaid"),
        text("nazev", "Název souboru", required=True),
        long_text("url", "Odkaz"),
        text("objectid", "Záznam", indexed=True),
    ),
    headline=("nazev", "url"),
)

PURCHASE = Evidence(
    356,
    "purchase",
    "Vydané objednávky",
    "Purchase orders",
    (
        key("objednavkaid"),
        text("kodobjednavky", "Kód objednávky", indexed=True),
        moment("datumpotvrzeni", "Datum potvrzení"),
        reference("opportunityid", "Příležitost", 209),
        reference("parentobjednavka", "Souhrnná objednávka", 356),
        *document_columns(ORDER_STATES),
    ),
    code="kodobjednavky",
    code_pattern="V{number}/{year}",
    lines=354,
    headline=document_headline("kodobjednavky"),
)

PURCHASE_LINE = Evidence(
    354, "purchase_line", "Položky vydaných objednávek", "Purchase order lines", line_columns("objednavkaid", 356), headline=LINE_HEADLINE
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

ALL = (
    PRODUCT,
    STOCK_CARD,
    WAREHOUSE,
    CONTACT,
    COMPANY,
    ADDRESS,
    OFFER,
    OFFER_LINE,
    ORDER,
    ORDER_LINE,
    PURCHASE,
    PURCHASE_LINE,
    INVOICE,
    INVOICE_LINE,
    PRICE_LIST,
    PRICE_LIST_ITEM,
    OPPORTUNITY,
    ATTACHMENT,
)

EVIDENCES: dict[int, Evidence] = {evidence.no: evidence for evidence in ALL}
KINDS: dict[str, Evidence] = {evidence.kind: evidence for evidence in ALL}
