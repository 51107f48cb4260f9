"""The words of the pages in Czech and English."""

from __future__ import annotations

from collections.abc import Callable

Translate = Callable[[str], str]

CZECH = {
    "title": "BlueJet – sandbox",
    "overview": "Přehled",
    "data": "Evidence",
    "rest": "REST",
    "faults": "Poruchy",
    "log": "Zápisy",
    "search": "Hledat",
    "records": "záznamů",
    "no_records": "Zatím tu nic není.",
    "nothing_found": "Hledání ničemu neodpovídá.",
    "newer": "← novější",
    "older": "starší →",
    "lines": "Položky",
    "sum_of_lines": "Součet položek",
    "agrees": "souhlasí s hlavičkou",
    "differs": "nesouhlasí s hlavičkou",
    "addresses": "Adresy pro portál",
    "login": "přihlášení",
    "last_writes": "Poslední zápisy",
    "requests": "Požadavky",
    "at_once": "nejvíc najednou",
    "switch_on": "Zapnout",
    "switch_off": "Vypnout",
    "all_off": "Vypnout všechny",
    "no_faults": "Žádná porucha není zapnutá, server odpovídá, jak má.",
    "fault": "Porucha",
    "path": "Cesta (reg. výraz)",
    "times": "Kolikrát (prázdné = stále)",
    "seconds": "Sekund",
    "struck": "zasáhla",
    "fault_on": "Porucha je zapnutá",
    "back": "Zpět na přehled",
    "not_found": "Tuto stránku sandbox nemá.",
    "other_language": "English",
    "number": "Číslo",
    "when": "Kdy",
    "what": "Co",
    "used_in": "Odkazují sem",
    "server_sets": "vypočtený sloupec",
    "show_empty": "Zobrazit i prázdné sloupce",
    "inserted": "vložen",
    "updated": "změněn",
    "deleted": "smazán",
    "all_requests": "jakýkoli požadavek",
    "switch_note": "Porucha se týká obou rozhraní. Přihlášení se vyhne, pokud ho cesta nejmenuje.",
    "products": "Produkty",
    "contacts": "Kontakty",
    "orders": "Objednávky",
    "stock": "Sklad",
}

ENGLISH = {
    "title": "BlueJet – sandbox",
    "overview": "Overview",
    "data": "Evidences",
    "rest": "REST",
    "faults": "Faults",
    "log": "Writes",
    "search": "Search",
    "records": "records",
    "no_records": "Nothing here yet.",
    "nothing_found": "Nothing matches the search.",
    "newer": "← newer",
    "older": "older →",
    "lines": "Lines",
    "sum_of_lines": "Sum of the lines",
    "agrees": "agrees with the header",
    "differs": "differs from the header",
    "addresses": "Addresses for the portal",
    "login": "login",
    "last_writes": "Latest writes",
    "requests": "Requests",
    "at_once": "most at once",
    "switch_on": "Switch on",
    "switch_off": "Switch off",
    "all_off": "Switch all off",
    "no_faults": "No fault is on; the server answers as it should.",
    "fault": "Fault",
    "path": "Path (regular expression)",
    "times": "Times (empty = always)",
    "seconds": "Seconds",
    "struck": "struck",
    "fault_on": "A fault is on",
    "back": "Back to the overview",
    "not_found": "The sandbox has no such page.",
    "other_language": "Česky",
    "number": "Number",
    "when": "When",
    "what": "What",
    "used_in": "Referred to by",
    "server_sets": "computed column",
    "show_empty": "Show empty columns too",
    "inserted": "inserted",
    "updated": "updated",
    "deleted": "deleted",
    "all_requests": "any request",
    "switch_note": "A fault strikes both dialects. The login is spared unless the path names it.",
    "products": "Products",
    "contacts": "Contacts",
    "orders": "Orders",
    "stock": "Stock",
}

FAULT_WORDS = {
    "outage": ("Výpadek: každé spojení se zavře", "Outage: every connection is closed"),
    "drop_before": ("Spojení spadne před zpracováním", "Connection drops before the request is worked on"),
    "drop_after": ("Zapíše, pak spojení spadne", "Commits, then the connection drops"),
    "delay_answer": ("Zapíše, odpoví až po chvíli", "Commits, answers only later"),
    "late_commit": ("Zapíše až po chvíli, neodpoví nikdy", "Commits only later, never answers"),
    "error_after": ("Zapíše, odpoví 500", "Commits, answers 500"),
    "slow": ("Pomalé zpracování", "Works slowly"),
    "malformed": ("Odpověď není JSON", "Answer is not JSON"),
    "truncated": ("Odpověď je uříznutá", "Answer is cut off"),
    "429": ("429: příliš mnoho požadavků", "429: too many requests"),
    "500": ("500: chyba serveru", "500: server error"),
    "503": ("503: mimo provoz", "503: out of service"),
    "400": ("400: odmítnuto", "400: refused"),
    "401": ("401: neplatný token", "401: token not valid"),
    "413": ("413: příliš velký požadavek", "413: request too large"),
}


def translator(language: str) -> Translate:
    """Return the look-up of a language's words; an unknown key is shown as it is."""
    words = ENGLISH if language == "en" else CZECH
    return lambda key: words.get(key, key)


def fault_word(kind: str, language: str) -> str:
    """Describe a fault in one line."""
    czech, english = FAULT_WORDS.get(kind, (kind, kind))
    return english if language == "en" else czech
