"""A first filling of the mapping tables from what both partners hold today; staff then correct it.

Only what can be told from the names is proposed. What cannot be told stays unmapped, and the records that need it are
parked with the name of what is missing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from clients.bluejet.interface import BlueJetClient
from clients.shoptet.client import ShoptetClient
from mappings.choices import MODEL_OF_TABLE
from mappings.versions import record_version
from shops.models import BlueJetAccount, Shop


@dataclass(frozen=True)
class Proposal:
    """One row of a table."""

    table: str
    shoptet_id: str
    shoptet_name: str
    bluejet_value: str
    bluejet_name: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StatusRule:
    """What a status whose name matches leads to, by dialect."""

    pattern: str
    document: str
    data: str
    rest: str
    cancels: bool = False


# The first that fits decides: "nevyřízená" holds "vyřízená".
STATUS_RULES = (
    StatusRule(r"storn|zrus|cancel", "offer", "Stornovaná", "Stornovaná", cancels=True),
    StatusRule(r"nevyriz|nova|prijat|ceka|pending|new", "offer", "Probíhající", "Nabídka"),
    StatusRule(r"vyrizuj|priprav|odesl|expedov|process|shipp", "order", "Potvrzená", "Objednávka"),
    StatusRule(r"vyriz|dokonc|doruc|done|complet|deliver", "order", "Vyřízená", "Vyřízená"),
)
PAYMENT_RULES = (
    (r"prevod|wire|transfer", "Převodem"),
    (r"dobir|cash on delivery|cod\b", "Dobírkou"),
    (r"kart|card", "Platební kartou"),
    (r"hotov|cash", "Hotově"),
    (r"online|gopay|comgate|paypal", "Online platba"),
    (r"faktur|invoice", "Na fakturu"),
)
SHIPPING_RULES = (
    (r"osobni|pickup|prodejn", "Osobní odběr"),
    (r"zasilkovn|packeta", "Zásilkovna"),
    (r"\bppl\b", "PPL"),
    (r"\bdpd\b", "DPD"),
    (r"\bgls\b", "GLS"),
    (r"ceska posta|balik", "Česká pošta"),
    (r"palet|nadrozmer|toptrans|geis", "Paletová přeprava"),
)


def plain(text: str) -> str:
    """Return a name in lower case without accents, to compare by."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def propose_categories(categories: Iterable[Mapping[str, Any]]) -> list[Proposal]:
    """Propose every category under its own name."""
    return [Proposal("category", row["id"], row.get("path") or row["name"], row["name"]) for row in categories if row["id"] and row["name"]]


def propose_statuses(statuses: Iterable[Mapping[str, Any]], dialect: str) -> list[Proposal]:
    """Propose a document and a state for the statuses whose names say what they are."""
    found = ((row, _status_rule(row["name"])) for row in statuses)
    return [
        Proposal("status", row["id"], row["name"], getattr(rule, dialect), extra={"document": rule.document, "cancels": rule.cancels})
        for row, rule in found
        if rule
    ]


def _status_rule(name: str) -> StatusRule | None:
    return next((rule for rule in STATUS_RULES if re.search(rule.pattern, plain(name))), None)


def propose_methods(table: str, methods: Iterable[Mapping[str, Any]], rules: Sequence[tuple[str, str]]) -> list[Proposal]:
    """Propose BlueJet's usual names for payment or shipping methods."""
    found = ((row, next((value for pattern, value in rules if re.search(pattern, plain(row["name"]))), "")) for row in methods)
    return [Proposal(table, row["id"], row["name"], value) for row, value in found if value]


def propose_warehouses(
    stocks: Iterable[Mapping[str, Any]], warehouses: Mapping[str, str], *, pair_leftovers: bool = False
) -> list[Proposal]:
    """Pair stocks with BlueJet's warehouses (id → name) by the words that their names share.

    `pair_leftovers` also pairs what shares no word, in order: right for a demonstration, wrong for a real shop.
    """
    free = dict(warehouses)
    proposals, left = [], []
    for row in stocks:
        best = max(free, key=lambda one: _shared_words(row["name"], free[one]), default=None)
        if best is None or not _shared_words(row["name"], free[best]):
            left.append(row)
            continue
        proposals.append(Proposal("warehouse", row["id"], row["name"], best, free.pop(best)))
    for row, (warehouse, name) in zip(left if pair_leftovers else (), free.items(), strict=False):
        proposals.append(Proposal("warehouse", row["id"], row["name"], warehouse, name))
    return proposals


def _shared_words(one: str, other: str) -> int:
    common = set(re.findall(r"\w+", plain(one))) & set(re.findall(r"\w+", plain(other)))
    return len(common - {"sklad", "warehouse", "stock"})


def propose_all(shop: Shop, shoptet: ShoptetClient, bluejet: BlueJetClient, *, pair_leftovers: bool = False) -> list[Proposal]:
    """Read both partners' lists and propose what can be told from them."""
    dialect = shop.bluejet.dialect
    proposals = propose_categories(shoptet.categories()) + propose_statuses(shoptet.order_statuses(), dialect)
    if dialect == BlueJetAccount.Dialect.REST:
        # This dialect takes the shop's own names where the tables say nothing else.
        return proposals + [Proposal("warehouse", row["id"], row["name"], row["name"]) for row in shoptet.stocks()]
    warehouses = {row.id: str(row.fields.get("nazev") or row.id) for page in bluejet.pages("warehouse") for row in page}
    return [
        *proposals,
        *propose_methods("payment", shoptet.payment_methods(), PAYMENT_RULES),
        *propose_methods("shipping", shoptet.shipping_methods(), SHIPPING_RULES),
        *propose_warehouses(shoptet.stocks(), warehouses, pair_leftovers=pair_leftovers),
    ]


@transaction.atomic
def save_proposals(shop: Shop, proposals: Iterable[Proposal], author: User | None = None) -> int:
    """Save the rows for values that have none yet; return how many are new."""
    made = 0
    for proposal in proposals:
        values = {"shoptet_name": proposal.shoptet_name, "bluejet_value": proposal.bluejet_value, "bluejet_name": proposal.bluejet_name}
        _row, is_new = MODEL_OF_TABLE[proposal.table]._default_manager.get_or_create(
            shop=shop, shoptet_id=proposal.shoptet_id, defaults=values | dict(proposal.extra)
        )
        made += is_new
    if made:
        record_version(shop, author, comment=_("Proposed from the partners' lists"))
    return made
