"""What offers, orders and invoices share: states, header columns, line columns."""

from __future__ import annotations

from sandbox.bluejet.columns import Column, bit, choice, key, long_text, moment, money, reference, text, whole
from sandbox.bluejet.tables.shared import CURRENCIES, EXTERNAL_ID

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


def custom_columns() -> tuple[Column, ...]:
    """Make six free columns of the instance for an order's additional fields."""
    return tuple(text(f"pole{number}supl", f"Doplňkové pole {number}") for number in range(1, 7))


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
        long_text("obsahsadysupl", "Obsah sady"),
        money("recyklacnipoplateksupl", "Recyklační poplatek"),
        text("recyklacesupl", "Recyklační poplatek: kategorie, jednotka"),
        text("umistenisupl", "Umístění ve skladu"),
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
        text("vydejniidsupl", "ID výdejního místa"),
        text("dopravcesupl", "Dopravce"),
        text("dopravceidsupl", "ID dopravce"),
        long_text("sledovanisupl", "Sledování zásilky"),
        text("rezimdphsupl", "Režim DPH"),
        bit("platcedphsupl", "Plátce DPH"),
        text("prodejnikanalsupl", "ID prodejního kanálu"),
        bit("pokladnasupl", "Prodáno na pokladně"),
        money("kurzfakturacesupl", "Kurz pro fakturaci"),
        text("zpusobfakturacesupl", "Způsob fakturace"),
        text("jazyksupl", "Jazyk objednávky"),
        text("skladeshopsupl", "ID skladu v e-shopu"),
        text("externikodsupl", "Kód v externím systému"),
        *custom_columns(),
        EXTERNAL_ID,
    )


def document_headline(code: str) -> tuple[str, ...]:
    return (code, "nazev", "statuscode", "datumvystaveni", "cenadphprodej", "mena", "stavuhrady", "externiidsupl")
