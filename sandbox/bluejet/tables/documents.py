"""Offers, received and issued orders, invoices, with their lines, and attachments."""

from __future__ import annotations

from sandbox.bluejet.columns import Evidence, bit, key, long_text, moment, reference, text
from sandbox.bluejet.tables.document_columns import (
    INVOICE_STATES,
    LINE_HEADLINE,
    OFFER_STATES,
    ORDER_STATES,
    document_columns,
    document_headline,
    line_columns,
)

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

OFFER_LINE = Evidence(291, "offer_line", "Položky nabídek", "Offer lines", line_columns("nabidkaid", 293), headline=LINE_HEADLINE)

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

INVOICE_LINE = Evidence(324, "invoice_line", "Položky faktur", "Invoice lines", line_columns("fakturaid", 323), headline=LINE_HEADLINE)

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
