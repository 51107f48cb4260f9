"""People, companies and addresses as the portal kept them before the country belonged to a company's key.

`happen` plays the same story in Shoptet each time: the same GUIDs and order codes come of it. `tests/recorded/before/people.json` holds
what the portal made of it at commit 0b365ad, in the data dialect: its links, and what BlueJet held.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sandbox.bluejet.evidences import KINDS as EVIDENCES
from sync.models import RecordLink
from tests.sync.portal import Portal

KEPT = Path(__file__).parents[1] / "recorded" / "before" / "people.json"

HOME = {"street": "Dlouhá", "houseNumber": "5", "city": "Brno", "zip": "602 00"}
CUSTOMERS_BEFORE: dict[str, dict[str, Any]] = {
    "dotted": {"company": "Kavárna Na Nároží s.r.o.", "companyId": "27.082.440", "vatId": "CZ27082440"},
    "prefixed": {"company": "Energie a.s.", "companyId": "CZ45274649", "vatId": "CZ45274649"},
    "zeros": {"company": "Město Lípa", "companyId": "260428"},
    "dash": {"company": "Jana Malá", "companyId": "-"},
    "dash2": {"company": "Petr Velký", "companyId": "-"},
    "wrong": {"company": "Pekárna Chyba", "companyId": "12345678"},
    "slovak": {
        "company": "Reštaurácia s.r.o.",
        "companyId": "36631124",
        "vatId": "SK2020123456",
        "taxId": "2020123456",
        "countryCode": "SK",
    },
    "austrian": {"company": "Wirtshaus GmbH", "companyId": "fn 123456a", "countryCode": "AT"},
    "numberless": {"company": "Spolek přátel kávy"},
}
GUESTS_BEFORE: tuple[dict[str, Any], ...] = (
    {"email": "anna@zakaznik.example", "fullName": "Anna Nová", "street": "Dlouhá 12a", "houseNumber": "12 A", "zip": "602 00"},
    {"email": "bistro@zakaznik.example", "company": "Bistro Most", "companyId": "000 06 947", "street": "Dlouhá", "houseNumber": "12"},
    {"email": "klub@zakaznik.example", "company": "Klub", "street": "Krátká", "houseNumber": "1"},
    {"email": "", "fullName": "Bez Adresy", "street": "Úzká", "houseNumber": "3"},
)


def happen(portal: Portal) -> tuple[dict[str, str], list[str]]:
    """Let the customers register and order, and the guests order; return the GUIDs by name and the codes of the orders."""
    guids = {name: _register(portal, name, billing) for name, billing in CUSTOMERS_BEFORE.items()}
    wishes: list[dict[str, Any]] = [{"guest": guest} for guest in GUESTS_BEFORE] + [{"customer": guids["dotted"]}]
    return guids, [str(portal.control("/orders", {"items": [{"code": "SPO01"}], **wish})["code"]) for wish in wishes]


def _register(portal: Portal, name: str, billing: dict[str, Any]) -> str:
    account = {"email": f"{name}@firma.example", "fullName": f"Osoba {name}", "phone": "+420777111222"}
    return str(portal.control("/customers", {"account": account, "billingAddress": {**HOME, **billing}})["guid"])


def bring_back(portal: Portal) -> None:
    """Put the portal and BlueJet where they were then."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    store = portal.bluejet.store
    store.clear()
    for kind, rows in kept["bluejet"].items():
        table = store.tables[EVIDENCES[kind].no]
        for row in rows:
            table.put(row[table.evidence.key], row)
    shop = portal.shop
    RecordLink.objects.bulk_create([RecordLink(shop=shop, account=shop.bluejet, **link) for link in kept["links"]])
