"""People, companies, their addresses and opportunities."""

from __future__ import annotations

from sandbox.bluejet.columns import Evidence, bit, key, long_text, moment, money, reference, text
from sandbox.bluejet.tables.shared import EXTERNAL_ID, address_columns

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
        money("koeficientcenysupl", "Cenový koeficient"),
        bit("zakazobjednaveksupl", "Zákaz objednávek"),
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
