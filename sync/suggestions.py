"""Proposals for values without a row, by the likeness of names; nothing is saved until somebody accepts it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from mappings.category_tree import CATEGORY, inherit
from mappings.choices import MODEL_OF_TABLE
from mappings.models import PartnerValue, Side
from mappings.partner_lists import labels_of, values_of
from shops.models import Shop
from sync.proposals import PAYMENT_RULES, SHIPPING_RULES, Proposal, plain, propose_methods, propose_statuses

# Below this the two names are as likely to be strangers.
ALIKE = 0.7
SURE = 1.0
BY_RULE = 0.9
SUGGESTED_TABLES = tuple(table for table in MODEL_OF_TABLE if table != "payment_state")


@dataclass(frozen=True)
class Suggestion:
    """A row that could be, and how alike the two names are, from 0 to 1; `is_own_name` where BlueJet would get a new value."""

    proposal: Proposal
    likeness: float
    is_own_name: bool = False

    @property
    def key(self) -> str:
        """Name the suggestion in a form: accepting it later means exactly this one."""
        return f"{self.proposal.table}|{self.proposal.shoptet_id}|{self.proposal.bluejet_value}"

    @property
    def percent(self) -> int:
        """The likeness for people."""
        return round(self.likeness * 100)


def suggest(shop: Shop, table: str) -> list[Suggestion]:
    """Suggest rows for the values of one table that have none, the likeliest first."""
    ours, theirs = values_of(shop.pk, Side.SHOPTET, table), values_of(shop.pk, Side.BLUEJET, table)
    names = labels_of(ours)
    targets = [one for one in theirs if one.vanished_at is None]
    rows = set(MODEL_OF_TABLE[table]._default_manager.filter(shop=shop).values_list("shoptet_id", flat=True))
    missing = [one for one in ours if one.vanished_at is None and one.value not in rows]
    found = (_suggest_one(shop, one, names[one.value], targets) for one in missing)
    own_names = _own_names(missing, names, rows) if table == CATEGORY else {}
    suggestions = [one or own_names.get(value.value) for value, one in zip(missing, found, strict=True)]
    return sorted((one for one in suggestions if one), key=lambda one: (-one.likeness, one.proposal.shoptet_name))


def _suggest_one(shop: Shop, value: PartnerValue, name: str, targets: Sequence[PartnerValue]) -> Suggestion | None:
    likest = max(targets, key=lambda one: likeness(str(value), str(one)), default=None)
    degree = likeness(str(value), str(likest)) if likest else 0.0
    by_rule = _by_rule(shop, value)
    if by_rule and (degree < SURE or value.table == "status"):  # a status needs its document, which only a rule knows
        return Suggestion(by_rule, BY_RULE)
    if likest is None or degree < ALIKE or value.table == "status":
        return None
    return Suggestion(Proposal(value.table, value.value, name, likest.value, likest.name), degree)


def _by_rule(shop: Shop, value: PartnerValue) -> Proposal | None:
    """Recognise statuses, payments and shippings by the words that shops use for them."""
    row = {"id": value.value, "name": value.name}
    rules: Mapping[str, Callable[[], list[Proposal]]] = {
        "status": lambda: propose_statuses([row], shop.bluejet.dialect),
        "payment": lambda: propose_methods("payment", [row], PAYMENT_RULES),
        "shipping": lambda: propose_methods("shipping", [row], SHIPPING_RULES),
    }
    found = rules[value.table]() if value.table in rules else []
    return found[0] if found else None


def _own_names(missing: Sequence[PartnerValue], names: Mapping[str, str], rows: set[str]) -> dict[str, Suggestion]:
    """Offer a category under its own name, unless it inherits: BlueJet takes any text there."""
    inherited = inherit(dict.fromkeys(rows, True), {one.value: one.parent for one in missing})
    free = [one for one in missing if one.value not in inherited and one.name]
    return {one.value: Suggestion(Proposal(CATEGORY, one.value, names[one.value], one.name), 0.0, is_own_name=True) for one in free}


def likeness(one: str, other: str) -> float:
    """Say how alike two names are, without regard to case, accents and the order of words."""
    left, right = _words(one), _words(other)
    if not left or not right:
        return 0.0
    if left == right:
        return SURE
    return min(0.99, SequenceMatcher(None, " ".join(left), " ".join(right)).ratio())


def _words(text: str) -> list[str]:
    return sorted(re.findall(r"\w+", plain(text)))
